"""Magic parameters of stored queries."""

import asyncio

from datasette import hookimpl
from datasette.plugins import pm


def own(key, request):
    if key == "error":
        raise ValueError("no magic")
    if key == "missing":
        raise KeyError("missing")
    return {"path": request.path, "number": 7, "none": None, "float": 1.5}.get(key, f"own {key}")


async def later(key, request):
    await asyncio.sleep(0)
    return f"later {key} {request.args.get('x')}"


@hookimpl
def register_magic_parameters(datasette):
    return [("own", own), ("later", later), ("now", lambda key, request: f"not the time: {key}")]


class Last:
    @hookimpl(trylast=True)
    def register_magic_parameters(self):
        return [("random", lambda key, request: f"not at random: {key}")]


pm.register(Last(), name="last")
