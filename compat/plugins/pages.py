"""Pages that plugins render from templates, and variables that they add to all of them."""

import dataclasses

from datasette import Response, hookimpl


@dataclasses.dataclass
class Given:
    """A context as a data class."""

    word: str
    number: int = 7


@hookimpl
def extra_template_vars(request, template, view_name):
    return {"added": f"added to {template} of {view_name}", "clash": "of the hook"}


@hookimpl
def register_routes():
    return [(r"^/-/page/(?P<way>\w+)$", page)]


async def page(datasette, request):
    way = request.url_vars["way"]
    templates, context, given, view_name = "own.html", {"word": "<given>", "clash": "of the page"}, request, "own"
    if way == "several":
        templates = ["nowhere.html", "own.html", "default:base.html"]
    if way == "nothing":
        context = None
    if way == "class":
        context = Given("of a class")
    if way == "plain":
        given, view_name = None, None
    if way == "base":
        context = {"urls": "no urls", "request": "no request", "datasette_version": "0"}
    if way == "database":
        context = {"database": "shop", "table": "suppliers", "columns": ["id"], "word": "about a table"}
    if way == "missing":
        templates = "nowhere.html"
    return Response.html(await datasette.render_template(templates, context, request=given, view_name=view_name))
