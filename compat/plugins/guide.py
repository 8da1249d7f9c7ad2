"""What the guide about plugins shows."""

from datasette import Response, hookimpl
from datasette.resources import TableResource
from markupsafe import Markup


@hookimpl
def render_cell(value, column, datasette):
    if isinstance(value, str) and value.startswith("#"):
        sign = (datasette.plugin_config("colours") or {}).get("sign", "■")
        return Markup('<span style="color: {}">{}</span> {}').format(value, sign, value)


async def rows(datasette, request):
    database, table = request.url_vars["database"], request.url_vars["table"]
    await datasette.ensure_permission(
        action="view-table", resource=TableResource(database, table), actor=request.actor
    )
    found = await datasette.get_database(database).execute(f"select count(*) from [{table}]")
    return Response.json({"rows": found.first()[0]})


@hookimpl
def register_routes():
    return [(r"^/(?P<database>[^/]+)/(?P<table>[^/]+)/-/rows$", rows)]
