"""Events: of the server and of plugins; tokens of a handler of our own."""

from dataclasses import dataclass

from datasette import Event, Response, TokenHandler, TokenInvalid, hookimpl
from datasette.plugins import pm


@dataclass
class Ring(Event):
    """Somebody rang."""

    name = "ring"
    times: int = 1


@dataclass
class Unknown(Event):
    """An event that nobody registered."""

    name = "unknown"


@dataclass
class LoudRing(Ring):
    """A kind of ring, registered as its base."""

    name = "ring"


@hookimpl
def register_events(datasette):
    async def events():
        return [Ring]

    return events


@hookimpl
def track_event(datasette, event):
    async def note():
        properties = event.properties()
        datasette.heard = [
            *getattr(datasette, "heard", []),
            [event.name, type(event).__name__, event.actor, properties, event.created.tzinfo is not None],
        ]

    return note


class Second:
    @hookimpl
    def track_event(self, datasette, event):
        datasette.heard = [*getattr(datasette, "heard", []), f"then {event.name}"]
        if event.name == "ring" and event.times > 2:
            raise ValueError("too loud")


pm.register(Second(), name="second")


class Plain(TokenHandler):
    """Tokens that say who they are: `plain_ann`."""

    name = "plain"

    async def create_token(self, datasette, actor_id, *, expires_after=None, restrictions=None):
        return f"plain_{actor_id}"

    async def verify_token(self, datasette, token):
        if not token.startswith("plain_"):
            return None
        if token == "plain_":
            raise TokenInvalid("A token of nobody")
        return {"id": token[6:], "token": "plain"}


@hookimpl
def register_token_handler(datasette):
    return [Plain(), "not a handler"]


@hookimpl
def register_routes():
    return [(r"^/-/heard\.json$", heard), (r"^/-/ring/(?P<times>\d+)$", ring), (r"^/-/unknown$", unknown)]


def heard(datasette):
    events, datasette.heard = getattr(datasette, "heard", []), []
    return Response.json(events)


async def ring(datasette, request):
    times = int(request.url_vars["times"])
    kind = LoudRing if times == 2 else Ring
    await datasette.track_event(kind(actor=request.actor, times=times))
    return Response.text("rung")


async def unknown(datasette, request):
    try:
        await datasette.track_event(Unknown(actor=None))
    except AssertionError as error:
        return Response.text(str(error)[:19], status=500)
