"""What 1.0 removed and plugins still use."""

import json
import sqlite3

import pytest

from datasette import Forbidden, Permission, hookimpl
from datasette._earlier import hooks, internal, metadata, notes, queries, rights
from datasette._host import declare
from datasette._host.hooks import call
from datasette._host.output import current_plugin
from datasette.app import Datasette
from datasette.plugins import pm

TABLES = [("data", "open"), ("data", "closed"), ("vault", "jewels")]


class Site(Datasette):
    """A site with two databases, whose server knows nobody's rights but these."""

    def __init__(self, allowed=(), **kwargs):
        super().__init__(**kwargs)
        self.databases = {"data": None, "vault": None}
        self.asked = []
        self.is_allowed = set(allowed)

    def get_internal_database(self):
        return self

    async def execute(self, sql):
        wanted = TABLES if "child" in sql and "NULL AS child" not in sql else []
        wanted = wanted or [(name, None) for name in self.databases]
        return [{"parent": parent, "child": child} for parent, child in wanted]

    async def allowed(self, *, action, resource=None, actor=None):
        self.asked.append((action, rights.resource_of(resource)))
        return (action, rights.resource_of(resource)) in self.is_allowed


@pytest.fixture
def plugged():
    registered = []

    def plug(**implementations):
        plugin = type("Plugin", (), {})()
        for name, function in implementations.items():
            setattr(plugin, name, hookimpl(function))
        pm.register(plugin, name=f"plugin_{len(registered)}")
        registered.append(plugin)
        return plugin

    yield plug
    for plugin in registered:
        pm.unregister(plugin)


async def rules_of(site, action, actor=None):
    (one,) = list(hooks.adapted("permission_resources_sql"))
    given = {"datasette": site, "actor": actor, "action": action}
    found = await one.function(*[given[name] for name in one.names])
    if found is None:
        return None
    rows = sqlite3.connect(":memory:").execute(found.sql, found.params).fetchall()
    assert all(row[3] == "permission_allowed() of plugin_0" for row in rows)
    return {row[:3] for row in rows}


async def test_a_plugin_that_denies_a_table_is_a_rule_about_it(plugged):
    async def permission_allowed(actor, action, resource):
        if action == "view-table" and resource == ("data", "closed"):
            return bool(actor and actor["id"] == "ann")

    plugged(
        permission_allowed=lambda actor, action, resource: permission_allowed(
            actor, action, resource
        )
    )
    site = Site()
    assert await rules_of(site, "view-table") == {("data", "closed", 0)}
    assert await rules_of(site, "view-table", {"id": "ann"}) == {("data", "closed", 1)}
    assert await rules_of(site, "view-database") is None
    assert await rules_of(site, "debug-menu") is None


async def test_who_is_kept_from_a_database_is_kept_from_what_is_in_it(plugged):
    def permission_allowed(action, resource):
        if action == "view-database" and resource == "vault":
            return False

    plugged(permission_allowed=permission_allowed)
    site = Site()
    assert await rules_of(site, "view-database") == {("vault", None, 0)}
    for action in ("view-table", "view-query", "execute-sql", "view-database-download"):
        assert await rules_of(site, action) == {("vault", None, 0)}, action
    assert await rules_of(site, "insert-row") is None


async def test_who_is_kept_from_the_instance_is_kept_from_everything(plugged):
    plugged(permission_allowed=lambda action: False if action == "view-instance" else None)
    site = Site()
    for action in ("view-instance", "view-database", "view-table", "view-query", "execute-sql"):
        assert await rules_of(site, action) == {(None, None, 0)}, action
    assert await rules_of(site, "insert-row") is None


async def test_a_plugin_that_fails_is_not_passed_over(plugged):
    def permission_allowed(action):
        raise ValueError("broken")

    plugged(permission_allowed=permission_allowed)
    with pytest.raises(ValueError, match="broken"):
        await rules_of(Site(), "view-table")


def test_where_the_new_hook_is_there_the_old_one_rests(plugged):
    plugged(permission_allowed=lambda action: False, permission_resources_sql=lambda action: None)
    assert hooks.adapted("permission_resources_sql") == []


async def test_registered_permissions_are_actions(plugged):
    one = Permission("dig", "dg", "Dig a hole", True, True, True)
    other = Permission("rest", None, None, False, False, False)
    plugged(register_permissions=lambda datasette: [one, other])
    (registering,) = hooks.adapted("register_actions")
    dig, rest = registering.function(None)
    assert (dig.name, dig.abbr, dig.description, dig.takes_child) == (
        "dig",
        "dg",
        "Dig a hole",
        True,
    )
    assert (rest.name, rest.takes_parent) == ("rest", False)
    (defaults,) = hooks.adapted("permission_resources_sql")
    assert "1 AS allow" in defaults.function(Site(), "dig").sql
    assert defaults.function(Site(default_deny=True), "dig") is None
    assert defaults.function(Site(), "rest") is None


def test_the_slot_of_stored_queries_had_another_name(plugged):
    plugged(top_canned_query=lambda database, query_name: f"{database}/{query_name}")
    (one,) = hooks.adapted("top_stored_query")
    assert one.names == ("database", "query_name")
    assert one.function("a", "b") == "a/b"


async def test_rights_that_the_server_knows_are_asked_for():
    site = Site({("view-table", ("data", "open")), ("view-database", ("data", None))})
    allowed = site.permission_allowed
    assert await allowed(None, "view-table", ("data", "open")) is True
    assert await allowed(None, "view-table", ("data", "closed"), default=True) is False
    assert await allowed(None, "view-database", "data") is True
    assert await allowed(None, "view-database", "vault", default=None) is False
    assert await allowed(None, "debug-menu", default=True) is False
    # Not said where: it is allowed where it is allowed everywhere.
    assert await allowed(None, "view-database", default=True) is False
    site.is_allowed.add(("view-database", ("vault", None)))
    assert await allowed(None, "view-database") is True


async def test_rights_that_nobody_registered_are_those_of_hooks_and_configuration(plugged):
    ann, ben = {"id": "ann"}, {"id": "ben"}
    config = {
        "permissions": {"paint": {"id": "ann"}},
        "databases": {"vault": {"permissions": {"paint": False}}},
    }
    site = Site(config=config)
    allowed = site.permission_allowed
    assert await allowed(ann, "sing") is False
    assert await allowed(ann, "sing", default=True) is True
    assert await allowed(ann, "sing", default=None) is None
    assert await allowed(ann, "paint") is True
    assert await allowed(ben, "paint", default=True) is False
    assert await allowed(ann, "paint", "vault") is False
    plugged(permission_allowed=lambda actor, action: True if action == "sing" else None)
    assert await allowed(ann, "sing") is True
    plugged(permission_allowed=lambda actor, action: False if actor == ben else None)
    assert await allowed(ben, "sing") is False
    for restricted, answer in (
        ({}, False),
        ({"a": ["sing"]}, True),
        ({"d": {"x": ["sing"]}}, False),
    ):
        assert await allowed({"id": "ann", "_r": restricted}, "sing") is answer


async def test_all_of_a_list_is_needed_but_what_the_narrower_contains():
    chain = [("view-table", ("data", "open")), ("view-database", "data"), "view-instance"]
    await Site({("view-table", ("data", "open"))}).ensure_permissions(None, chain)
    with pytest.raises(Forbidden):
        await Site({("view-database", ("data", None))}).ensure_permissions(None, chain)
    other = [("view-database", "data"), ("view-database", "vault")]
    with pytest.raises(Forbidden):
        await Site({("view-database", ("data", None))}).ensure_permissions(None, other)
    with pytest.raises(Forbidden):
        await Site().ensure_permissions(None, ["view-instance"])


def test_actions_are_permissions():
    site = Site()
    assert site.permissions["view-table"].takes_resource is True
    assert site.get_permission("vd").name == "view-database"
    with pytest.raises(KeyError):
        site.get_permission("nothing")


def test_metadata_and_configuration_are_one_document():
    site = Site(
        metadata={
            "title": "A site",
            "licence": "CC0",
            "databases": {"data": {"title": "Data", "tables": {"open": {"title": "Open"}}}},
        },
        config={"databases": {"data": {"queries": {"q": {"sql": "select 1"}}}}},
    )
    assert site.metadata("title") == "A site"
    assert site.metadata("title", database="data") == "Data"
    assert site.metadata("title", database="data", table="open") == "Open"
    assert site.metadata("licence", database="data", table="open") == "CC0"
    assert site.metadata("licence", database="data", fallback=False) is None
    assert site.metadata("title", database="nothing") == "A site"
    assert site.metadata(database="data")["queries"]["q"]["sql"] == "select 1"
    assert site.metadata(database="data")["licence"] == "CC0"
    assert site.table_metadata("data", "open") == {"title": "Open"}
    assert site.table_metadata("data", "missing") == {}
    assert site.database_metadata("data")["title"] == "Data"
    with pytest.raises(AssertionError):
        site.metadata("title", table="open")
    assert metadata.merged({"a": {"b": 1}}, {"a": {"c": 2}}) == {"a": {"b": 1, "c": 2}}


@pytest.mark.parametrize(
    "sql",
    [
        "select database_name from tables",
        "\n  WITH t as (select * from tables) select database_name from t",
        "with recursive t(database_name) as (select database_name from tables) select * from t",
    ],
)
def test_tables_of_the_internal_database_have_their_old_names(sql):
    connection = sqlite3.connect(":memory:")
    for name in internal._TABLES:
        connection.execute(f"create table catalog_{name} (database_name)")
    connection.execute("insert into catalog_tables values ('data')")
    assert connection.execute(internal._with_tables(sql)).fetchall() == [("data",)]
    assert internal._with_tables("explain select 1") == "explain select 1"


def test_the_internal_database_has_its_old_name():
    site = Datasette()
    assert site.get_database("_internal").name == "__INTERNAL__"
    with pytest.raises(KeyError):
        site.get_database("_other")


async def test_queries_are_stored_when_they_changed(plugged):
    class Store:
        def __init__(self):
            self.databases = {"data": None}
            self.calls = []

        async def add_query(self, database, name, sql, **options):
            self.calls.append(
                ("add", database, name, sql, options["is_write"], options.get("title"))
            )
            assert options["is_trusted"] is True and options["source"] == "plugin"

        async def remove_query(self, database, name, source):
            self.calls.append(("remove", database, name, source))

    made = {"one": "select 1", "two": {"sql": "insert", "write": True, "title": "Two"}}

    async def answer():
        return made

    plugged(canned_queries=lambda datasette, database, actor: answer)
    store = Store()
    kept = queries.EarlierQueries(store)
    await kept.refresh()
    assert store.calls == [
        ("add", "data", "one", "select 1", False, None),
        ("add", "data", "two", "insert", True, "Two"),
    ]
    store.calls.clear()
    await kept.refresh()
    assert store.calls == []
    made.pop("two")
    made["one"] = {"sql": "select 2"}
    await kept.refresh()
    assert store.calls == [
        ("add", "data", "one", "select 2", False, None),
        ("remove", "data", "two", "plugin"),
    ]


def test_the_log_is_told_once_per_plugin_and_name(capsys):
    token = current_plugin.set("a-plugin")
    try:
        for name in ("x()", "x()", "y()"):
            notes.note(name, "Do something else.")
    finally:
        current_plugin.reset(token)
    told = capsys.readouterr().err.splitlines()
    assert told == [
        "deprecated: x() was removed from Datasette. Do something else.",
        "deprecated: y() was removed from Datasette. Do something else.",
    ]


def test_removed_hooks_are_told_of_when_plugins_are_loaded(plugged, capsys):
    plugged(skip_csrf=lambda scope: True)
    hooks.tell()
    assert "hook skip_csrf() was removed" in capsys.readouterr().err
    assert list(hooks.answers("skip_csrf", {"scope": {}})) == [True]


def test_rules_survive_any_name():
    found = json.loads(json.dumps([["it's", 'a"b', 1]]))
    assert sqlite3.connect(":memory:").execute(
        rights._RULES, {"earlier_rules": json.dumps(found), "earlier_reason": "x"}
    ).fetchall() == [("it's", 'a"b', 1, "x")]


async def test_what_stands_around_the_new_hook_does_not_take_the_old_one_away(plugged):
    def around(action):
        return (yield)

    plugged(permission_allowed=lambda action: False)
    wrapping = type("Wrapping", (), {})()
    wrapping.permission_resources_sql = hookimpl(around, wrapper=True)
    pm.register(wrapping, name="wrapping")
    try:
        registry = declare.Registry()
        site = Site()
        await registry.declare(site)
        calls = type("Calls", (), {"registry": registry, "datasette": site, "patience": 9})()
        calls.requests = type("Requests", (), {"of": staticmethod(lambda info: None)})()
        question = {"hook": "permission_resources_sql", "request": None, "actor": None}
        (origin,) = {one.origin for one in registry.by_hook["permission_resources_sql"]}
        question |= {"origin": origin, "rank": "normal", "arguments": {"action": "debug-menu"}}
        (outcome,) = await call(calls, question)
        assert outcome["plugin"] == "plugin_0"
        params = dict(outcome["value"]["sql"][0]["params"])
        assert json.loads(params["earlier_rules"]) == [[None, None, 0]]
    finally:
        pm.unregister(wrapping)
