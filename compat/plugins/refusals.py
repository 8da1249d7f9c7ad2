"""What those see who may not."""

from datasette import Response, hookimpl


@hookimpl
def forbidden(datasette, request, message):
    wanted = request.args.get("_forbidden")
    if wanted == "redirect":
        return Response.redirect(f"/-/login?{message.replace(' ', '+')}")
    if wanted == "page":

        async def page():
            html = await datasette.render_template("error.html", {"title": "No", "error": message}, request=request)
            return Response.html(html, status=402)

        return page
    if wanted == "json":
        return Response.json({"message": message, "actor": request.actor}, status=403)
    if wanted == "error":
        raise ValueError("refused badly")
    if wanted == "none_later":

        async def none():
            return None

        return none
    if wanted == "text":
        return "a text"
