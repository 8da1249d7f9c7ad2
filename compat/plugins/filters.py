"""Conditions on the rows of a table."""

from datasette import Forbidden, hookimpl
from datasette.filters import FilterArguments
from datasette.plugins import pm
from datasette.utils.asgi import BadRequest


@hookimpl
def filters_from_request(request, database, table, datasette):
    wanted = request.args.get("_filter")
    if wanted == "where":
        return FilterArguments(["id > 1"], {}, ["with <more> than one"], {})
    if wanted == "parameters":

        async def filters():
            columns = await datasette.get_database(database).table_columns(table)
            return FilterArguments(
                [f"{columns[0]} = :own_id", ":own_text = 'x'"],
                params={"own_id": 2, "own_text": "x", "own_unused": None},
                human_descriptions=[f"the {columns[0]} is two"],
            )

        return filters
    if wanted == "context":
        return FilterArguments([], extra_context={"supports_search": True, "count": 77, "own": "shown"})
    if wanted == "clash":
        return FilterArguments(["id = :p0"], params={"p0": 3})
    if wanted == "empty":
        return FilterArguments([])
    if wanted == "error":
        raise ValueError("cannot filter")
    if wanted == "bad":
        raise BadRequest("no such filter")
    if wanted == "forbidden":

        async def refuse():
            raise Forbidden("not these rows")

        return refuse
    if wanted == "sql":
        return FilterArguments(["no such sql ("])
    if wanted == "missing":
        return FilterArguments(["id = :nowhere"])


class Second:
    @hookimpl
    def filters_from_request(self, request):
        if request.args.get("_second"):
            return FilterArguments(["id < :second"], {"second": int(request.args["_second"])}, ["and few"], {})


pm.register(Second(), name="second")
