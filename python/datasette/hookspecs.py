"""The markers of pluggy and the 43 hooks that a plugin may implement (HOOK-01, API-07, PLUG-63).

Each specification says what an implementation returns. "Awaitable" means that the result may also
be a function without arguments or a coroutine: the server resolves it (PLUG-72).
"""

from pluggy import HookimplMarker, HookspecMarker

#: Marks a function as a specification of a hook.
hookspec = HookspecMarker("datasette")
#: Marks a function of a plugin as an implementation of a hook.
hookimpl = HookimplMarker("datasette")


# Life of the server


@hookspec
def startup(datasette):
    """The server starts. Awaitable; what it returns is not used."""


@hookspec
def shutdown(datasette):
    """The server stops. Awaitable; what it returns is not used and an error is only logged."""


@hookspec
def asgi_wrapper(datasette):
    """A function that takes an ASGI application and returns the one around it."""


@hookspec
def prepare_connection(conn, database, datasette):
    """A connection to `database` was opened: add functions, extensions or pragmas to it."""


# Templates


@hookspec
def prepare_jinja2_environment(env, datasette):
    """The environment of the templates was made: add filters, globals or tests. Awaitable."""


@hookspec
def jinja2_environment_from_request(datasette, request, env):
    """The environment that renders the answer to this request."""


@hookspec
def extra_css_urls(template, database, table, columns, view_name, request, datasette):
    """Style sheets of this page: a list of addresses or of dictionaries. Awaitable."""


@hookspec
def extra_js_urls(template, database, table, columns, view_name, request, datasette):
    """Scripts of this page: a list of addresses or of dictionaries. Awaitable."""


@hookspec
def extra_body_script(template, database, table, columns, view_name, request, datasette):
    """JavaScript before the end of the body: text, or a dictionary. Awaitable."""


@hookspec
def extra_template_vars(template, database, table, columns, view_name, request, datasette):
    """More variables for the template: a dictionary. Awaitable."""


@hookspec
def render_cell(row, value, column, table, pks, database, datasette, request, column_type):
    """The HTML of one cell, or None to leave it to others. Awaitable."""


@hookspec
def top_homepage(datasette, request):
    """HTML for the top of the first page. Awaitable."""


@hookspec
def top_database(datasette, request, database):
    """HTML for the top of the page of a database. Awaitable."""


@hookspec
def top_table(datasette, request, database, table):
    """HTML for the top of the page of a table or view. Awaitable."""


@hookspec
def top_row(datasette, request, database, table, row):
    """HTML for the top of the page of a row. Awaitable."""


@hookspec
def top_query(datasette, request, database, sql):
    """HTML for the top of the page of an SQL query. Awaitable."""


@hookspec
def top_stored_query(datasette, request, database, query_name):
    """HTML for the top of the page of a stored query. Awaitable."""


# Menus


@hookspec
def menu_links(datasette, actor, request):
    """Entries of the main menu: dictionaries with `href` and `label`. Awaitable."""


@hookspec
def jump_items_sql(datasette, actor, request):
    """Entries of the jump menu: one or more `datasette.jump.JumpSQL`. Awaitable."""


@hookspec
def homepage_actions(datasette, actor, request):
    """Entries of the action menu of the first page. Awaitable."""


@hookspec
def database_actions(datasette, actor, database, request):
    """Entries of the action menu of a database. Awaitable."""


@hookspec
def table_actions(datasette, actor, database, table, request):
    """Entries of the action menu of a table. Awaitable."""


@hookspec
def view_actions(datasette, actor, database, view, request):
    """Entries of the action menu of a view. Awaitable."""


@hookspec
def row_actions(datasette, actor, request, database, table, row):
    """Entries of the action menu of a row. Awaitable."""


@hookspec
def query_actions(datasette, actor, database, query_name, request, sql, params):
    """Entries of the action menu of a query; `query_name` is None for SQL of the visitor. Awaitable."""


# Things that a plugin adds


@hookspec
def register_routes(datasette):
    """Pages: a list of pairs of a regular expression and a view."""


@hookspec
def register_output_renderer(datasette):
    """Formats: a dictionary with `extension`, `render` and perhaps `can_render`, or a list of them."""


@hookspec
def register_facet_classes():
    """Kinds of facets: a list of subclasses of `datasette.facets.Facet`."""


@hookspec
def register_actions(datasette):
    """Kinds of permissions: a list of `datasette.permissions.Action`."""


@hookspec
def register_column_types(datasette):
    """Column types: a list of subclasses of `datasette.column_types.ColumnType`."""


@hookspec
def register_magic_parameters(datasette):
    """Magic parameters of queries: a list of pairs of a prefix and a function."""


@hookspec
def register_events(datasette):
    """Kinds of events: a list of subclasses of `datasette.events.Event`. Awaitable."""


@hookspec
def register_token_handler(datasette):
    """What makes and checks tokens: a `datasette.tokens.TokenHandler`, or a list of them."""


@hookspec
def register_commands(cli):
    """The command line is built: add commands to its Click group."""


@hookspec
def publish_subcommand(publish):
    """`datasette publish` is built: add commands to its Click group."""


# Requests


@hookspec
def actor_from_request(datasette, request):
    """Who asks: a dictionary, or None. Awaitable."""


@hookspec(firstresult=True)
def actors_from_ids(datasette, actor_ids):
    """The actors of these ids: a dictionary from id to actor. Awaitable."""


@hookspec
def permission_resources_sql(datasette, actor, action):
    """Rules of access: a `datasette.permissions.PermissionSQL`, a list of them, or None. Awaitable."""


@hookspec
def filters_from_request(request, database, table, datasette):
    """Conditions of a table page: a `datasette.filters.FilterArguments`. Awaitable."""


@hookspec
def forbidden(datasette, request, message):
    """The answer instead of a 403. Awaitable."""


@hookspec
def handle_exception(datasette, request, exception):
    """The answer to a request that raised, or None. Awaitable."""


# Changes


@hookspec
def track_event(datasette, event):
    """Something happened: an instance of a subclass of `datasette.events.Event`. Awaitable."""


@hookspec
def write_wrapper(datasette, database, request, transaction):
    """A write is about to run: a generator function that takes `conn` and perhaps `track_event`.

    The generator yields once. What is before the yield runs before the write and on its connection;
    the value of the yield is the result of the write; an exception of the write is raised there.
    Events given to `track_event` are sent when the write was committed. None: no wrapper.
    """
