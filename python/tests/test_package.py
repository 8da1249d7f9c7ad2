"""What can be imported from the package itself."""

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import datasette
from datasette import hookimpl, hookspec, hookspecs
from datasette.version import __version_info__

HOOKS = """
    startup(datasette)
    shutdown(datasette)
    asgi_wrapper(datasette)
    prepare_connection(conn, database, datasette)
    prepare_jinja2_environment(env, datasette)
    extra_css_urls(template, database, table, columns, view_name, request, datasette)
    extra_js_urls(template, database, table, columns, view_name, request, datasette)
    extra_body_script(template, database, table, columns, view_name, request, datasette)
    extra_template_vars(template, database, table, columns, view_name, request, datasette)
    publish_subcommand(publish)
    register_commands(cli)
    render_cell(row, value, column, table, pks, database, datasette, request, column_type)
    register_output_renderer(datasette)
    register_facet_classes()
    register_actions(datasette)
    register_column_types(datasette)
    register_routes(datasette)
    actor_from_request(datasette, request)
    actors_from_ids(datasette, actor_ids)
    jinja2_environment_from_request(datasette, request, env)
    filters_from_request(request, database, table, datasette)
    permission_resources_sql(datasette, actor, action)
    register_magic_parameters(datasette)
    forbidden(datasette, request, message)
    handle_exception(datasette, request, exception)
    menu_links(datasette, actor, request)
    jump_items_sql(datasette, actor, request)
    row_actions(datasette, actor, request, database, table, row)
    table_actions(datasette, actor, database, table, request)
    view_actions(datasette, actor, database, view, request)
    query_actions(datasette, actor, database, query_name, request, sql, params)
    database_actions(datasette, actor, database, request)
    homepage_actions(datasette, actor, request)
    track_event(datasette, event)
    register_events(datasette)
    top_homepage(datasette, request)
    top_database(datasette, request, database)
    top_table(datasette, request, database, table)
    top_row(datasette, request, database, table, row)
    top_query(datasette, request, database, sql)
    top_stored_query(datasette, request, database, query_name)
    register_token_handler(datasette)
    write_wrapper(datasette, database, request, transaction)
"""


def _specifications():
    return {
        name: value for name, value in vars(hookspecs).items() if hasattr(value, "datasette_spec")
    }


# Proves: API-01, API-02, API-03
@pytest.mark.parametrize(
    "name",
    "hookimpl hookspec Response Request NotFound Forbidden actor_matches_allow Event Context "
    "TokenHandler TokenRestrictions Permission __version__ __version_info__ TokenInvalid "
    "PayloadTooLarge BackgroundTask BackgroundTaskSupervisor".split(),
)
def test_the_package_exports_the_name(name):
    assert getattr(datasette, name) is not None


# Proves: API-01
def test_the_version_is_the_one_plugins_ask_for():
    assert datasette.__version__ == "1.0a41"
    assert datasette.__version_info__ == ("1", "0a41") == __version_info__


# Proves: API-04
def test_modules_can_be_imported_from_the_package():
    from datasette import events, tracer

    assert events.Event is datasette.Event
    assert callable(tracer.trace)


# Proves: HOOK-01, API-07
def test_the_hooks_are_exactly_those_of_the_table():
    found = {
        f"{name}({', '.join(inspect.signature(hook).parameters)})"
        for name, hook in _specifications().items()
    }
    assert found == {line.strip() for line in HOOKS.strip().splitlines()}
    assert len(found) == 43


# Proves: PLUG-69
def test_only_actors_from_ids_stops_at_its_first_result():
    first = [n for n, hook in _specifications().items() if hook.datasette_spec["firstresult"]]
    assert first == ["actors_from_ids"]


# Proves: PLUG-63, PLUG-64
def test_the_markers_are_those_of_pluggy_for_this_project():
    @hookimpl(tryfirst=True, specname="startup", optionalhook=True)
    def implementation(datasette):
        """Never called."""

    @hookspec
    def specification():
        """Never called."""

    options = implementation.datasette_impl
    assert options["tryfirst"] and options["optionalhook"]
    assert options["specname"] == "startup"
    assert hasattr(specification, "datasette_spec")


# What plugins import without asking for it, and the distributions that bring it.
TAKEN_FOR_GRANTED = (
    "asgiref click click-default-group Jinja2 markupsafe httpx2 pluggy uvicorn aiofiles PyYAML "
    "mergedeep itsdangerous sqlite-utils asyncinject setuptools pip pydantic opentelemetry-api httpx"
).split()


# Proves: API-20, API-21
def test_what_plugins_take_for_granted_is_installed_with_the_package():
    text = (Path(__file__).parent.parent / "pyproject.toml").read_text()
    assert 'requires-python = ">=3.10"' in text
    listed = text.partition("\ndependencies = [\n")[2].partition("]")[0]
    required = dict(re.findall(r'"([A-Za-z0-9-]+)([^"]*)"', listed))
    assert set(TAKEN_FOR_GRANTED) <= set(required)
    assert required["sqlite-utils"] == ">=4.0"
    assert required["pydantic"] == ">=2"


# Proves: API-232
def test_the_sqlite_module_is_one_and_the_same():
    import sqlite3

    from datasette import utils
    from datasette.utils import sqlite

    assert utils.sqlite3 is sqlite.sqlite3
    if not sqlite.using_pysqlite3:
        assert sqlite.sqlite3 is sqlite3
    with pytest.raises(utils.sqlite3.OperationalError):
        utils.sqlite3.connect(":memory:").execute("select nope")


def test_what_plugins_seldom_need_is_imported_when_they_do():
    code = (
        "import sys, datasette; "
        "print([n for n in ('click', 'yaml', 'mergedeep', 'jinja2', 'httpx') if n in sys.modules]); "
        "from datasette.utils import StaticMount; print('click' in sys.modules)"
    )
    folder = Path(__file__).parent.parent
    output = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert output.split("\n")[:2] == ["[]", "True"]
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        datasette.utils.nothing  # noqa: B018
