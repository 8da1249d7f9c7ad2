"""Who asks: actors that plugins find, ids they know, tokens they refuse."""

from datasette import Response, TokenInvalid, hookimpl
from datasette.plugins import pm


class Header:
    """An actor from a header, in one form."""

    def __init__(self, name, form, first=None):
        self.name, self.form = name, form

    @hookimpl
    def actor_from_request(self, datasette, request):
        datasette.asked = [*getattr(datasette, "asked", []), self.name]
        value = request.headers.get(f"x-{self.name}")
        if value is None:
            return None
        return self.form(None if value == "nobody" else {"id": value, "by": self.name})


def later(value):
    async def actor():
        return value

    return actor


pm.register(Header("plain", lambda value: value), name="plain")
pm.register(Header("later", later), name="later")
pm.register(Header("coroutine", lambda value: later(value)()), name="coroutine")
pm.register(Header("function", lambda value: lambda: value), name="function")


@hookimpl
def actor_from_request(request):
    wanted = request.args.get("_actor")
    if wanted == "refused":

        async def refuse():
            raise TokenInvalid("The token is too old")

        return refuse
    if wanted == "refused_at_once":
        raise TokenInvalid("The token is too old")
    if wanted == "error":
        raise ValueError("Who is that?")
    if wanted == "empty":
        return {}
    if wanted == "no_id":
        return {"name": "Somebody", "list": [1, None, 2.5], "display": "<b>"}
    if wanted == "text":
        return "ann"


@hookimpl
def actors_from_ids(datasette, actor_ids):
    if "nobody" in actor_ids:
        return None

    async def found():
        return {one: {"id": one, "name": f"Name of {one}"} for one in actor_ids}

    return found


@hookimpl
def register_routes():
    return [
        (r"^/-/asked\.json$", asked),
        (r"^/-/actor-of-view\.json$", lambda request: Response.json(request.actor)),
        (r"^/-/ids/(?P<ids>.*)$", ids),
    ]


def asked(datasette):
    names, datasette.asked = getattr(datasette, "asked", []), []
    return Response.json(names)


async def ids(datasette, request):
    wanted = request.url_vars["ids"].split(",")
    wanted = [int(one) if one.isdigit() else one for one in wanted]
    found = await datasette.actors_from_ids(wanted)
    return Response.json([[one, found.get(one)] for one in wanted])
