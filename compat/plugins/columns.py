"""Column types: how their cells look, what they refuse, what JSON shows."""

import asyncio

from datasette import Response, hookimpl
from datasette.column_types import ColumnType, SQLiteType
from markupsafe import Markup


class Stars(ColumnType):
    """A number from 0 to 5."""

    name = "stars"
    description = "Number of stars"
    sqlite_types = (SQLiteType.INTEGER,)

    async def render_cell(self, value, column, table, database, datasette, request):
        if not isinstance(value, int):
            return None
        if request.args.get("_plain"):
            return f"<{value}> {column} {table} {database} {self.config}"
        sign = (self.config or {}).get("sign", "*")
        return Markup("<b>{}</b>").format(sign * value)

    async def validate(self, value, datasette):
        await asyncio.sleep(0)
        if value is None:
            return "is missing"
        if not isinstance(value, int) or not 0 <= value <= 5:
            return f"{value!r} is no number of stars"


class Loud(ColumnType):
    """Text in capitals wherever JSON shows it."""

    name = "loud"
    description = "Capitals"

    async def transform_value(self, value, datasette):
        return value.upper() if isinstance(value, str) else {"was": value}

    async def validate(self, value, datasette):
        if value == "error":
            raise ValueError("cannot judge")
        if value == "":
            return "is empty"
        return None


class Hidden(ColumnType):
    """Renders nothing, which leaves the cell as it is."""

    name = "hidden"
    description = ""
    sqlite_types = (SQLiteType.TEXT, SQLiteType.INTEGER)

    async def render_cell(self, value, column, table, database, datasette, request):
        return "" if value == "Spade" else None


@hookimpl
def register_column_types(datasette):
    return [Stars, Loud, Hidden]


@hookimpl
def render_cell(value, column, column_type, request):
    if request.args.get("_types"):
        return f"{column}: {column_type and column_type.name} {column_type and column_type.config}"


@hookimpl
def register_routes():
    return [(r"^/-/types/(?P<table>\w+)\.json$", types)]


async def types(datasette, request):
    table = request.url_vars["table"]
    found = await datasette.get_column_types("shop", table)
    return Response.json({name: [one.name, one.config, one.description] for name, one in found.items()})
