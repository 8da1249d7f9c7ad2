"""Cells of pages: rendered by several plugins, in every form, and recorded."""

import json

from datasette import hookimpl
from datasette.plugins import pm
from markupsafe import Markup


def described(value):
    """What a plugin gets to see of a value."""
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return json.dumps(value)


@hookimpl
def render_cell(row, value, column, table, pks, database, datasette, request, column_type):
    wanted = request and request.args.get("_cell")
    if wanted == "given":
        return f"{type(value).__name__} {described(value)} {column} {table} {pks} {database} {column_type}"
    if wanted == "row":
        seen = [row[column] == value, described(row[0]), list(row.keys()), len(list(row))]
        seen.append([described(one) for one in dict(row).values()])
        return str(seen)
    if wanted == "html":
        return Markup("<b>{}</b>").format(column)
    if wanted == "text":
        return "<b>text</b>"
    if wanted == "later" and column == "name":

        async def shown():
            return f"{await number(database)} later"

        async def number(name):
            return len(name)

        return shown
    if wanted == "coroutine" and column == "name":

        async def markup():
            return Markup("<i>coroutine</i>")

        return markup()
    if wanted == "function" and column == "name":
        return lambda: "function"
    if wanted == "none_later":

        async def none():
            return None

        return none
    if wanted == "falsy":
        return {"name": "", "website": Markup(""), "id": 0, "country": False}.get(column)
    if wanted == "number" and column == "name":
        return 12
    if wanted == "list" and column == "name":
        return ["<a>", 1]


class Second:
    """Asked only where the first answers nothing."""

    @hookimpl(trylast=True)
    def render_cell(self, column, value, request):
        if request and request.args.get("_second") and column != "id":
            return f"second {value}"


pm.register(Second(), name="second")
