"""Pages of plugins: every form of a view, of a path and of an answer."""

import asyncio
import json
import re

from datasette import Forbidden, NotFound, Response, hookimpl
from datasette.plugins import pm
from datasette.utils.asgi import AsgiStream, BadRequest, PayloadTooLarge


def plain(request):
    return Response.text(f"plain {request.method} {request.path}")


async def told(datasette, request, scope, send, receive):
    await asyncio.sleep(0)
    return Response.json(
        {
            "vars": request.url_vars,
            "route": scope["url_route"],
            "route_path": scope.get("route_path"),
            "actor": [request.actor, scope["actor"]],
            "csrftoken": scope["csrftoken"]() == scope["csrftoken"]() != "",
            "same": request.scope is scope,
            "type": scope["type"],
            "method": scope["method"],
            "path": scope["path"],
            "raw_path": scope["raw_path"].decode("latin-1"),
            "query_string": scope["query_string"].decode("latin-1"),
            "host": [value.decode() for name, value in scope["headers"] if name == b"host"],
            "url": request.full_path,
        }
    )


class Counter:
    """A page that is a class: made anew for each request."""

    def __init__(self):
        self.calls = 0

    async def __call__(self, request):
        self.calls += 1
        return Response.html(f"<p>call {self.calls} of {request.url_vars.get('name')}</p>")


class Still:
    """The same without waiting."""

    def __call__(self, datasette):
        return Response.text(f"still {type(datasette).__name__}")


class Own:
    """A response of no known class."""

    async def asgi_send(self, send):
        await send({"type": "http.response.start", "status": 202, "headers": [[b"content-type", b"text/plain"]]})
        await send({"type": "http.response.body", "body": b"one ", "more_body": True})
        await send({"type": "http.response.body", "body": b"two"})


async def sends(send, request):
    if request.args.get("_nothing"):
        return None
    await send(
        {
            "type": "http.response.start",
            "status": 203,
            "headers": [(b"content-type", b"text/plain; charset=utf-8"), (b"link", b"<a>"), (b"link", b"<b>")],
        }
    )
    await send({"type": "http.response.body", "body": "gesendet: ü".encode()})


async def body(request):
    if "form" in request.headers.get("content-type", ""):
        posted = await request.post_vars()
        return Response.json({"form": posted})
    raw = await request.post_body()
    try:
        return Response.json({"json": json.loads(raw)})
    except ValueError:
        return Response.text(f"{len(raw)} bytes")


async def form(request):
    read = await request.form(files=True)
    found = {}
    for name in read:
        value = read[name]
        if isinstance(value, str):
            found[name] = read.getlist(name)
        else:
            found[name] = [value.filename, value.content_type, value.size, (await value.read()).decode()]
    return Response.json(found)


async def receives(receive):
    message = await receive()
    return Response.json({"type": message["type"], "body": message["body"].decode(), "more": message["more_body"]})


def stream():
    async def parts(writer):
        for number in range(3):
            await writer.write(f"part {number}\n")

    return AsgiStream(parts, content_type="text/plain; charset=utf-8", headers={"x-parts": "3"})


def fails(request):
    way = request.url_vars["way"]
    if way == "missing":
        raise NotFound("Nothing at all")
    if way == "forbidden":
        raise Forbidden("Not for you")
    if way == "bad":
        raise BadRequest("What was that?")
    if way == "large":
        raise PayloadTooLarge("Too much")
    if way == "error":
        raise ValueError("The words of an accident")
    if way == "text":
        return "a text"
    if way == "none":
        return None
    if way == "dictionary":
        return {"a": 1}


def unknown_name(request, database):
    return Response.text("never")


def instance_of(message):
    """A view that adds a message for the next page, or is asked for one."""

    def view(datasette, request):
        datasette.add_message(request, message, datasette.WARNING)
        return Response.redirect("/")

    return view


class Answers:
    """The answers that `Response` makes."""

    def __call__(self, request):
        kind = request.args.get("kind")
        if kind == "json":
            return Response.json({"a": [1, None, "é"]}, status=201, headers={"x-frame-options": "DENY"})
        if kind == "error":
            return Response.error(["one", "two"], status=422)
        if kind == "redirect":
            return Response.redirect("/-/elsewhere", status=301)
        if kind == "cookies":
            response = Response.text("cookies")
            response.set_cookie("a", "1", max_age=60, httponly=True, samesite="strict", secure=True, path="/x")
            response.set_cookie("b", "two words", domain="example.com", expires=5)
            return response
        if kind == "bytes":
            return Response(b"\x89PNG", content_type="image/png", headers={"cache-control": "no-store"})
        if kind == "nothing":
            return Response(None, status=204)
        return Response("body", 200, {"X-Upper": "A"}, "text/html; charset=utf-8")


@hookimpl
def register_routes(datasette):
    return [
        (r"^/-/plain$", plain),
        (r"^/-/lambda$", lambda: Response.text("lambda")),
        (r"/-/told/(?P<first>[^/]+)(?:/(?P<rest>.*))?", told),
        (re.compile(r"^/-/(?i:counter)/(?P<name>\w+)$"), Counter),
        (r"^/-/still$", Still),
        (r"^/-/own$", lambda: Own()),
        (r"^/-/sends$", sends),
        (r"^/-/body$", body),
        (r"^/-/form$", form),
        (r"^/-/receives$", receives),
        (r"^/-/stream$", stream),
        (r"^/-/fails/(?P<way>\w+)(\.json)?$", fails),
        (r"^/-/unknown-name$", unknown_name),
        (r"^/-/message$", instance_of("From a <plugin>")),
        (r"^/-/answers$", Answers),
        (r"^/shop/suppliers$", lambda: Response.text("instead of a table")),
        (r"^/-/first$", lambda: Response.text("the first of the file")),
        (r"^/-/first$", lambda: Response.text("the second of the file")),
    ]


class Earlier:
    """Registered later, and so asked before."""

    @hookimpl
    def register_routes(self):
        return ((r"^/-/plain$", lambda: Response.text("the earlier plugin")) for _ in range(1))


pm.register(Earlier(), name="earlier")
