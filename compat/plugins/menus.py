"""Menus, actions, slots and jumps: what they are told, and what they show."""

import json

from datasette import hookimpl
from datasette.jump import JumpSQL


def told(**given):
    """Arguments as a text."""
    return json.dumps(given, default=lambda value: dict(value) if hasattr(value, "keys") else str(value))


def listed(name, request, **given):
    """A link and two buttons."""
    if request.args.get("_no_actions"):
        return None
    return [
        {"href": f"/-/{name}?a=1&b=<2>", "label": f"<b>{name}</b>", "description": told(**given)},
        {
            "type": "button",
            "label": f"Push {name}",
            "description": "It & that",
            "attrs": {"data-name": name, "data-odd": "\"<>'&", "aria-label": "push"},
        },
        {"type": "button", "label": "Bare"},
        {"href": "javascript:alert(1)", "label": "Script"},
    ]


@hookimpl
def menu_links(datasette, actor, request):
    async def links():
        shown = [{"href": datasette.urls.path("/-/own"), "label": "Own <i>"}, {"href": "https://a.example/?a&b", "label": 7}]
        if actor:
            shown.append({"href": request.path, "label": actor["id"]})
        return shown

    return links


@hookimpl
def homepage_actions(datasette, actor, request):
    return listed("home", request, actor=actor)


@hookimpl
def database_actions(datasette, actor, database, request):
    return listed("database", request, actor=actor, database=database)


@hookimpl
def table_actions(datasette, actor, database, table, request):
    async def actions():
        visible = await datasette.get_database(database).table_exists(table)
        return listed("table", request, actor=actor, database=database, table=table, visible=visible)

    return actions


@hookimpl
def view_actions(datasette, actor, database, view, request):
    return lambda: listed("view", request, actor=actor, database=database, view=view)


@hookimpl
async def query_actions(datasette, actor, database, query_name, request, sql, params):
    return listed("query", request, database=database, query_name=query_name, sql=sql, params=params)


@hookimpl
def row_actions(datasette, actor, request, database, table, row):
    return listed("row", request, database=database, table=table, row=row, kind=type(row).__name__)


@hookimpl
def top_homepage(datasette, request):
    return f"<p>home {request.path}</p>"


@hookimpl
def top_database(datasette, request, database):
    return lambda: f"<p>database {database}</p>"


@hookimpl
async def top_table(datasette, request, database, table):
    return f"<p>table {database} {table} {request.url_vars['table']}</p>"


@hookimpl
def top_row(datasette, request, database, table, row):
    async def html():
        return f"<p>row {database} {table} {told(row=row)} {row[0]}</p>"

    return html


@hookimpl
def top_query(datasette, request, database, sql):
    return f"<p>query {database} {sql}</p>"


@hookimpl
def top_stored_query(datasette, request, database, query_name):
    return f"<p>stored {database} {query_name}</p>"


@hookimpl
def jump_items_sql(datasette, actor, request):
    wanted = request.args.get("_jump")
    if wanted == "none":
        return None
    if wanted == "text":
        return "select 1"
    if wanted == "error":
        raise ValueError("no jumps")
    if wanted == "bad_sql":
        return JumpSQL("select 'x' as type")
    if wanted == "bad_url":
        return JumpSQL(
            "select 'x' as type, 'bad' as label, null as description, "
            "json_object('method', '_private') as url, 'bad' as search_text, null as display_name"
        )

    async def items():
        return [
            None,
            JumpSQL(
                "select 'thing' as type, :label as label, :description as description, '/-/thing' as url, "
                ":label as search_text, null as display_name",
                {"label": "Hammer time", "description": f"for {actor and actor['id']}"},
            ),
            JumpSQL(
                "select 'product' as type, name as label, sku as description, "
                "json_object('method', 'row', 'database', 'shop', 'table', 'products', 'row_path', id) as url, "
                "name || ' ' || sku as search_text, 'The ' || name as display_name "
                "from products where id <= :label",
                {"label": 5},
                database="shop",
            ),
        ]

    return items
