"""What the `Datasette` object offers, asked of a running site."""

import asyncio
import sqlite3

import pytest

from datasette import Forbidden, TokenHandler, TokenInvalid, TokenRestrictions, hookimpl
from datasette.column_types import ColumnType, SQLiteType
from datasette.default_column_types import UrlColumnType
from datasette.permissions import Action, Resource
from datasette.resources import DatabaseResource, QueryResource, TableResource
from datasette.utils import StartupError
from datasette.write_sql import QueryWriteRejected

SQL = """
create table plants (id integer primary key, name text, height real, data blob);
create table animals (id integer primary key, name text);
insert into plants values (1, 'Elm', 30.5, x'00');
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "data.db"
    connection = sqlite3.connect(path)
    connection.executescript(SQL)
    connection.close()
    return path


# Proves: API-57, API-58, API-59
async def test_metadata_is_read_and_written(make, file):
    datasette = make(
        [file],
        metadata={
            "title": "A site",
            "extra": {"a": 1},
            "databases": {
                "data": {
                    "source": "A book",
                    "tables": {"plants": {"title": "Plants", "columns": {"name": "Its name"}}},
                }
            },
        },
    )
    assert await datasette.get_instance_metadata() == {"title": "A site", "extra": '{"a": 1}'}
    assert await datasette.get_database_metadata("data") == {"source": "A book"}
    assert await datasette.get_resource_metadata("data", "plants") == {"title": "Plants"}
    column = await datasette.get_column_metadata("data", "plants", "name")
    assert column == {"description": "Its name"}
    await datasette.set_instance_metadata("title", "Another")
    await datasette.set_database_metadata("data", "license", "CC0")
    await datasette.set_resource_metadata("data", "plants", "title", "Trees")
    await datasette.set_column_metadata("data", "plants", "height", "description", "In metres")
    assert (await datasette.get_instance_metadata())["title"] == "Another"
    assert await datasette.get_database_metadata("data") == {"source": "A book", "license": "CC0"}
    assert await datasette.get_resource_metadata("data", "plants") == {"title": "Trees"}
    column = await datasette.get_column_metadata("data", "plants", "height")
    assert column == {"description": "In metres"}


# Proves: API-35, API-60, API-61, API-62, API-63
async def test_rights_are_asked_for(make, file):
    tables = {"plants": {"allow": {"id": "ann"}}}
    datasette = make([file], config={"databases": {"data": {"tables": tables}}})
    await datasette.invoke_startup()
    plants, animals = TableResource("data", "plants"), TableResource("data", "animals")
    ann = {"id": "ann"}

    async def may(resource, actor):
        return await datasette.allowed(action="view-table", resource=resource, actor=actor)

    assert await may(plants, ann) and await may(animals, None)
    assert not await may(plants, None)
    wanted = ["view-table", "view-table", "insert-row"]
    found = await datasette.allowed_many(actions=wanted, resource=plants, actor=ann)
    assert found == {"view-table": True, "insert-row": False}
    assert await datasette.check_visibility(ann, "view-table", plants) == (True, True)
    assert await datasette.check_visibility(ann, "view-table", animals) == (True, False)
    assert await datasette.check_visibility(None, "view-table", plants) == (False, False)
    with pytest.raises(TypeError):
        await datasette.check_visibility(None, "view-table", ("data", "plants"))
    with pytest.raises(Forbidden, match="view-table"):
        await datasette.ensure_permission(action="view-table", resource=plants)
    for asked in (
        datasette.allowed(action="nope"),
        datasette.allowed_many(actions=["view-instance", "nope"]),
    ):
        with pytest.raises(ValueError, match="Unknown action: nope"):
            await asked
    assert isinstance(datasette.actions["view-table"], Action)
    assert datasette.actions["view-table"].resource_class is TableResource


# Proves: API-64, API-65, API-66, API-67, API-68
async def test_what_is_allowed_is_listed_page_by_page(make, file):
    tables = {"plants": {"allow": {"id": "ann"}}}
    datasette = make([file], config={"databases": {"data": {"tables": tables}}})
    await datasette.invoke_startup()
    ann = {"id": "ann"}
    page = await datasette.allowed_resources(
        "view-table", ann, limit=1, include_is_private=True, include_reasons=True
    )
    (first,) = page.resources
    assert isinstance(first, TableResource)
    assert (first.parent, first.child, first.private) == ("data", "animals", False)
    assert first.reasons and all(isinstance(reason, str) for reason in first.reasons)
    assert page.next == "data,animals"
    listed = [(one.child, one.private) async for one in page.all()]
    assert listed == [("animals", False), ("plants", True)]
    plain = (await datasette.allowed_resources("view-table")).resources
    assert [one.child for one in plain] == ["animals"]
    with pytest.raises(AttributeError):
        _ = plain[0].private
    odd = await datasette.allowed_resources("view-table", ann, next="odd")
    assert len(odd.resources) == 2
    assert len((await datasette.allowed_resources("view-table", ann, limit=0)).resources) == 1
    none = await datasette.allowed_resources("view-table", ann, parent="other")
    assert none.resources == []
    sql, params = await datasette.allowed_resources_sql(
        action="view-table", actor=ann, include_is_private=True
    )
    found = await datasette.get_internal_database().execute(sql, params)
    assert found.columns == ["parent", "child", "reason", "is_private"]
    assert [(row["child"], row["is_private"]) for row in found] == [("animals", 0), ("plants", 1)]
    resource = datasette.resource_for_action("view-query", "data", "q")
    assert isinstance(resource, QueryResource) and str(resource) == "data/q"
    assert datasette.get_action("vt") is datasette.get_action("view-table")
    assert datasette.get_action("nope") is None
    for asked in (
        datasette.allowed_resources("nope"),
        datasette.allowed_resources_sql(action="nope"),
    ):
        with pytest.raises(ValueError, match="Unknown action: nope"):
            await asked
    with pytest.raises(ValueError, match="Unknown action: nope"):
        datasette.resource_for_action("nope", None, None)


# Proves: API-64, API-65, API-68
async def test_plugins_have_resources_of_their_own(make, plugged):
    class Garden(Resource):
        name = "garden"

        def __init__(self):
            raise AssertionError("made without it")

        @classmethod
        async def resources_sql(cls, datasette, actor=None):
            return "select 'kew' as parent, null as child union all select 'eden', null"

    class Plugin:
        @hookimpl
        def register_actions(self):
            return [Action(name="water", description="Waters", resource_class=Garden)]

        @hookimpl
        def permission_resources_sql(self, action):
            from datasette.permissions import PermissionSQL

            if action == "water":
                return PermissionSQL(
                    sql="select 'eden' as parent, null as child, 1 as allow, 'dry' as reason"
                )

    plugged(Plugin())
    datasette = make()
    await datasette.invoke_startup()
    page = await datasette.allowed_resources("water")
    assert [(type(one), one.parent) for one in page.resources] == [(Garden, "eden")]


# Proves: API-71
async def test_sql_that_writes_is_judged(make, file):
    grants = {"delete-row": {"id": "ann"}}
    datasette = make([file], config={"databases": {"data": {"permissions": grants}}})
    await datasette.invoke_startup()
    judge = datasette.ensure_query_write_permissions
    delete = "delete from plants where id = :id"
    assert await judge("data", delete, actor={"id": "ann"}) is None
    assert await judge("data", delete, actor={"id": "ann"}, params={"id": 1}) is None
    for sql, actor in (
        (delete, None),
        ("update plants set id = 1", {"id": "ann"}),
        ("insert into nothing values (1)", {"id": "ann"}),
    ):
        with pytest.raises(Forbidden):
            await judge("data", sql, actor=actor)
    with pytest.raises(QueryWriteRejected):
        await judge("data", "vacuum", actor={"id": "ann"})


# Proves: API-74, API-75, API-215
async def test_tokens_are_made_and_checked(make, plugged):
    datasette = make()
    await datasette.invoke_startup()
    restrictions = TokenRestrictions().allow_all("view-instance")
    token = await datasette.create_token("ann", expires_after=60, restrictions=restrictions)
    actor = await datasette.verify_token(token)
    assert (actor["id"], actor["_r"]) == ("ann", {"a": ["vi"]})
    headers = {"authorization": f"Bearer {token}"}
    seen = await datasette.client.get("/-/actor.json", headers=headers)
    assert seen.json()["actor"]["id"] == "ann"
    assert await datasette.verify_token("of nobody") is None
    with pytest.raises(TokenInvalid):
        await datasette.verify_token("dstok_x")

    class Handler(TokenHandler):
        name = "mine"

        async def create_token(self, datasette, actor_id, *, expires_after, restrictions):
            return f"mine-{actor_id}"

        async def verify_token(self, datasette, token):
            return {"id": token[5:]} if token.startswith("mine-") else None

    class Plugin:
        @hookimpl
        def register_token_handler(self):
            return Handler()

    plugged(Plugin())
    assert await datasette.create_token("ann") == "mine-ann"
    assert (await datasette.create_token("ann", handler="signed")).startswith("dstok_")
    assert await datasette.verify_token("mine-bob") == {"id": "bob"}
    message = r"'nope' not found. Available handlers: \['mine', 'signed'\]"
    with pytest.raises(ValueError, match=message):
        await datasette.create_token("ann", handler="nope")


# Proves: API-76
async def test_ids_become_actors(make, plugged):
    datasette = make()
    assert await datasette.actors_from_ids(["a", 1]) == {"a": {"id": "a"}, 1: {"id": 1}}

    class Plugin:
        @hookimpl
        def actors_from_ids(self, actor_ids):
            async def found():
                return {one: {"id": one, "name": "Ann"} for one in actor_ids}

            return found

    plugged(Plugin())
    assert await datasette.actors_from_ids(["a"]) == {"a": {"id": "a", "name": "Ann"}}


# Proves: API-80, API-81, API-82, API-83, API-86
async def test_queries_are_stored_changed_and_removed(make, file):
    datasette = make([file])
    await datasette.invoke_startup()
    await datasette.add_query(
        "data", "tall", "select * from plants where height > :height", parameters=["height"]
    )
    query = await datasette.get_query("data", "tall")
    assert (query.name, query.parameters, query.source) == ("tall", ["height"], "plugin")
    assert (query.title, query.hide_sql, query.private) == (None, False, None)
    assert (await datasette.client.get("/data/tall.json?height=1")).json()["rows"]
    with pytest.raises(sqlite3.IntegrityError):
        await datasette.add_query("data", "tall", "select 1", replace=False)
    await datasette.update_query("data", "tall", title="Tall ones", hide_sql=True, fragment="f")
    query = await datasette.get_query("data", "tall")
    assert (query.title, query.hide_sql, query.fragment) == ("Tall ones", True, "f")
    assert query.sql.startswith("select * from plants")
    await datasette.update_query("data", "tall", title=None, hide_sql=False)
    query = await datasette.get_query("data", "tall")
    assert (query.title, query.hide_sql, query.fragment) == (None, False, "f")
    await datasette.update_query("data", "nothing", title="Nothing")
    await datasette.remove_query("data", "tall", source="user")
    assert await datasette.get_query("data", "tall") is not None
    await datasette.remove_query("data", "tall", source="plugin")
    assert await datasette.get_query("data", "tall") is None


# Proves: API-84, API-85, API-87
async def test_queries_are_listed_for_who_asks(make, file):
    configured = {"databases": {"data": {"queries": {"z": "select 1"}}}}
    datasette = make([file], memory=True, config=configured)
    await datasette.invoke_startup()
    ann = {"id": "ann"}
    for name, title in (("one", "b"), ("two", "A"), ("three", None)):
        await datasette.add_query("data", name, f"select '{name}'", title=title)
    await datasette.add_query("data", "hers", "select 2", is_private=True, owner_id="ann")
    await datasette.add_query("_memory", "other", "select 3", is_write=True)
    page = await datasette.list_queries("data")
    assert [query.name for query in page.queries] == ["two", "one", "three", "z"]
    assert (page.next, page.has_more, page.limit) == (None, False, 50)
    assert await datasette.count_queries("data") == 4
    assert await datasette.count_queries(actor=ann) == 6
    names, cursor = [], None
    while True:
        page = await datasette.list_queries(actor=ann, limit=2, cursor=cursor)
        names += [(query.database, query.name) for query in page.queries]
        cursor = page.next
        if not page.has_more:
            break
    expected = ["two", "one", "hers", "three", "z"]
    assert names == [("_memory", "other"), *(("data", name) for name in expected)]
    page = await datasette.list_queries("data", actor=ann, include_private=True)
    assert {query.name: query.private for query in page.queries}["hers"] is False
    assert {query.name: query.private for query in page.queries}["one"] is False

    async def found(**asked):
        page = await datasette.list_queries(actor=ann, **asked)
        return [query.name for query in page.queries]

    assert await found(q="thr") == ["three"]
    assert await found(source="config") == ["z"]
    assert await found(owner_id="ann") == await found(is_private=True) == ["hers"]
    assert await found(is_write=True) == ["other"]
    assert await found(is_trusted=False, q="two") == ["two"]


class Height(ColumnType):
    name = "height"
    description = "Height"
    sqlite_types = (SQLiteType.REAL,)


# Proves: API-88, API-89, API-90
async def test_columns_have_types(make, file, plugged):
    class Plugin:
        @hookimpl
        def register_column_types(self):
            return [Height]

    plugged(Plugin())
    table = {"column_types": {"name": {"type": "url", "config": {"a": 1}}}}
    config = {"databases": {"data": {"tables": {"plants": table}}}}
    datasette = make([file], config=config)
    await datasette.invoke_startup()
    kind = await datasette.get_column_type("data", "plants", "name")
    assert (type(kind), kind.config) == (UrlColumnType, {"a": 1})
    assert await datasette.get_column_type("data", "plants", "height") is None
    await datasette.set_column_type("data", "plants", "height", "height")
    await datasette.set_column_type("data", "plants", "data", "of nobody", {"b": 2})
    kinds = await datasette.get_column_types("data", "plants")
    assert {name: type(one) for name, one in kinds.items()} == {
        "name": UrlColumnType,
        "height": Height,
    }
    with pytest.raises(ValueError, match=r"SQLite types REAL but data.plants.name has SQLite type"):
        await datasette.set_column_type("data", "plants", "name", "height")
    await datasette.remove_column_type("data", "plants", "name")
    assert await datasette.get_column_type("data", "plants", "name") is None


# Proves: API-97
async def test_static_files_have_addresses_with_a_hash(make, tmp_path):
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.txt").write_text("a")
    datasette = make(
        static_mounts=[("mine", str(tmp_path / "files"))], settings={"base_url": "/prefix/"}
    )
    await datasette.invoke_startup()
    url = datasette.static("app.css")
    assert url.startswith("/prefix/-/static/app.css?_hash=")
    assert (await datasette.client.request("GET", url, avoid_path_rewrites=True)).status_code == 200
    url = datasette.static("a.txt", mount="/mine/")
    assert url == "/prefix/mine/a.txt?_hash=ca978112ca1b"
    (tmp_path / "files" / "a.txt").write_text("b")
    assert datasette.static("a.txt", mount="mine") == url
    with pytest.raises(ValueError, match="Use either plugin= or mount=, not both"):
        datasette.static("a", plugin="b", mount="c")
    for mount in (None, "mine"):
        with pytest.raises(ValueError, match="Static asset path cannot escape static root"):
            datasette.static("../a.txt", mount=mount)
    for given in ({}, {"plugin": "nope"}, {"mount": "nope"}):
        with pytest.raises(FileNotFoundError):
            datasette.static("nope.css", **given)


# Proves: API-38, API-39, API-40, API-52
async def test_small_attributes(make, file, plugged):
    class Plugin:
        @hookimpl
        def register_output_renderer(self):
            return {"extension": "txt", "render": print}

    plugged(Plugin())
    datasette = make([file], settings={"max_returned_rows": 11, "sql_time_limit_ms": 999})
    await datasette.invoke_startup()
    assert (datasette.max_returned_rows, datasette.sql_time_limit_ms) == (11, 999)
    assert datasette.executor.submit(lambda: 1).result() == 1
    assert make(settings={"num_sql_threads": 0}).executor is None
    assert set(datasette.renderers) == {"json", "txt"}
    assert datasette.renderers["txt"][0] is print
    assert (await datasette.execute("data", "select 1")).single_value() == 1
    with pytest.raises(KeyError):
        datasette.get_database("nope")


# Proves: API-51
async def test_schemas_are_looked_at_on_demand(make, file):
    datasette = make([file])
    await datasette.invoke_startup()
    connection = sqlite3.connect(file)
    connection.execute("create table fungi (id integer)")
    connection.commit()
    connection.close()
    await datasette.refresh_schemas(force=True)
    found = await datasette.get_internal_database().execute(
        "select table_name from catalog_tables where table_name = 'fungi'"
    )
    assert found.single_value() == "fungi"


# Proves: API-106, API-107, API-108, API-109, API-110, API-111, API-112
async def test_tasks_run_beside_requests_and_are_listed(make, plugged, caplog):
    async def endless(datasette):
        running.set()
        await asyncio.Event().wait()

    async def crashes(datasette):
        raise RuntimeError("no more")

    async def never(datasette):
        raise AssertionError("was taken back")

    class Plugin:
        @hookimpl(trylast=True)
        def startup(self, datasette):
            tasks.append(datasette.add_background_task(endless, name="mine"))
            tasks.append(datasette.add_background_task(crashes, name="mine"))
            datasette.add_background_task(never).cancel()

    class Second:
        @hookimpl
        async def startup(self, datasette):
            await asyncio.sleep(0)
            assert not running.is_set()

    running, tasks = asyncio.Event(), []
    plugged(Plugin())
    plugged(Second())
    datasette = make()
    datasette.root_enabled = True
    await datasette.invoke_startup()
    assert [task.name for task in tasks] == ["mine", "mine-2"]
    assert [task.state for task in tasks] == ["registered", "registered"]
    await datasette.start_background_tasks()
    await running.wait()
    await asyncio.wait({tasks[1].task})
    root = {"id": "root"}
    while True:
        listed = (await datasette.client.get("/-/tasks.json", actor=root)).json()
        if listed["tasks"][1]["state"] == "crashed":
            break
    assert listed["launched"] is True
    assert [(one["name"], one["state"]) for one in listed["tasks"]] == [
        ("mine", "running"),
        ("mine-2", "crashed"),
    ]
    assert listed["tasks"][1]["exception"] == "RuntimeError('no more')"
    assert listed["tasks"][0]["function"].endswith("endless")
    assert (tasks[1].state, str(tasks[1].exception)) == ("crashed", "no more")
    assert "no more" in caplog.text
    late = datasette.add_background_task(crashes)
    while late.state != "crashed":
        await asyncio.sleep(0)
    tasks[0].cancel()
    await asyncio.wait({tasks[0].task})
    assert tasks[0].state == "cancelled"


# Proves: HOOK-08, OOP-23
async def test_a_plugin_that_refuses_to_start_is_heard_as_it_speaks(make, plugged):
    class Mine(StartupError):
        pass

    class Plugin:
        @hookimpl
        def startup(self):
            raise Mine("not so")

    plugged(Plugin())
    datasette = make()
    with pytest.raises(Mine, match="not so"):
        await datasette.invoke_startup()


# Proves: API-45, API-46, API-208
async def test_databases_are_found_by_name_and_route(make, file):
    datasette = make([file], memory=True)
    assert datasette.get_database().name == "_memory"
    assert datasette.get_database("data").path == str(file)
    assert datasette.get_database(route="data") is datasette.databases["data"]
    with pytest.raises(KeyError):
        datasette.get_database(route="nope")
    assert datasette.get_internal_database().name == "__INTERNAL__"
    await datasette.invoke_startup()
    page = await datasette.allowed_resources("view-database")
    assert [type(one) for one in page.resources] == [DatabaseResource, DatabaseResource]
