"""What stands around the server: a wrapper, and on which loop and thread things happen."""

import asyncio
import threading

from datasette import Response, hookimpl
from datasette.utils.asgi import Forbidden


@hookimpl
def startup(datasette):
    async def start():
        datasette.loop = asyncio.get_running_loop()
        datasette.thread = threading.get_ident()
        datasette.lock = asyncio.Lock()
        datasette.queue = asyncio.Queue()
        datasette.notes = {}

    return start


def noted(datasette, name):
    """Whether this runs where the start ran."""
    try:
        same = asyncio.get_running_loop() is datasette.loop
    except RuntimeError:
        same = None
    datasette.notes[name] = [same, threading.get_ident() == datasette.thread]


@hookimpl
def asgi_wrapper(datasette):
    def wrap(app):
        async def wrapped(scope, receive, send):
            if scope["type"] != "http":
                return await app(scope, receive, send)
            headers = dict(scope["headers"])
            if b"x-outer-actor" in headers:
                scope = {**scope, "actor": {"id": headers[b"x-outer-actor"].decode(), "outer": True}}

            async def sending(message):
                if message["type"] == "http.response.start":
                    message = {**message, "headers": [*message["headers"], (b"link", b"<outer>")]}
                await send(message)

            await app(scope, receive, sending)

        return wrapped

    return wrap


@hookimpl
def actor_from_request(datasette, request):
    async def actor():
        noted(datasette, "actor_from_request")
        name = request.headers.get("x-inner-actor")
        return {"id": name} if name else None

    return actor


@hookimpl
def prepare_connection(conn, database, datasette):
    def note():
        noted(datasette, "sql_function")
        return 1

    conn.create_function("note", 0, note)


@hookimpl
def extra_template_vars(datasette):
    async def variables():
        noted(datasette, "extra_template_vars")
        return {}

    return variables


@hookimpl
def register_routes():
    return [(r"^/-/notes\.json$", notes), (r"^/-/meet$", meet), (r"^/-/who\.json$", who)]


async def notes(datasette):
    noted(datasette, "view")
    found, datasette.notes = datasette.notes, {}
    return Response.json(found)


async def meet(datasette):
    async def other():
        async with datasette.lock:
            await datasette.queue.put("met")

    async with datasette.lock:
        task = asyncio.create_task(other())
    word = await asyncio.wait_for(datasette.queue.get(), 30)
    await task
    return Response.text(word)


def who(request):
    return Response.json([request.actor, request.scope.get("actor")])
