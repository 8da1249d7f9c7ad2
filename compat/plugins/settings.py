"""What plugins read of the configuration, and what they keep on shared objects."""

from datasette import Response, hookimpl
from datasette.plugins import get_plugins, pm


@hookimpl
def startup(datasette):
    datasette.counter = 0
    datasette.get_database("shop").counter = 10


@hookimpl
def register_routes():
    return [(r"^/-/own-settings\.json$", own), (r"^/-/counter\.json$", counter), (r"^/-/registered\.json$", registered)]


def own(datasette, request):
    def config(*args, **kwargs):
        try:
            return datasette.plugin_config(*args, **kwargs)
        except Exception as error:
            return f"{type(error).__name__}"

    return Response.json(
        {
            "top": config("own"),
            "none": config("nobody"),
            "database": config("own", database="shop"),
            "database_without": config("other", database="shop"),
            "database_without_block": config("own", database="nowhere"),
            "table": config("own", database="shop", table="products"),
            "table_of_database": config("own", database="shop", table="orders"),
            "table_of_top": config("other", database="shop", table="orders"),
            "table_false": config("falsy", database="shop", table="products"),
            "exact_top": config("own", fallback=False),
            "exact_database": config("other", database="shop", fallback=False),
            "exact_table": config("own", database="shop", table="orders", fallback=False),
            "environment": config("environment"),
            "file": config("file"),
            "settings": datasette.setting("default_page_size"),
            "unknown_setting": datasette.setting("nothing"),
        }
    )


def counter(datasette):
    datasette.counter += 1
    database = datasette.get_database("shop")
    database.counter += 1
    return Response.json([datasette.counter, database.counter])


def registered(datasette):
    found = [one for one in get_plugins() if not one["name"].startswith("datasette.")]
    return Response.json(
        {
            "plugins": found,
            "names": [name for name, _ in pm.list_name_plugin() if "." not in name or name.endswith(".py")],
            "same": datasette.pm is pm,
            "project": pm.project_name,
            "module": [__name__, __file__.rpartition("/")[2]],
            "hooks": sorted(one.plugin_name for one in pm.hook.startup.get_hookimpls() if one.plugin_name.endswith(".py")),
            "called": pm.hook.a_hook(number=2),
        }
    )


class Hooks:
    """A hook of this plugin."""

    from pluggy import HookspecMarker

    @HookspecMarker("datasette")
    def a_hook(self, number):
        """Numbers of other plugins."""


pm.add_hookspecs(Hooks)


@hookimpl
def a_hook(number):
    return number + 1
