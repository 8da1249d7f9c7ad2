"""Actions, resources, rules and how rules are resolved."""

import dataclasses

import pytest

from datasette import Permission, plugins
from datasette.permissions import (
    Action,
    AllowedResource,
    PermissionSQL,
    Resource,
    SkipPermissions,
)
from datasette.resources import DatabaseResource, QueryResource, TableResource
from datasette.utils import permissions as resolving
from datasette.utils.actions_sql import (
    build_allowed_resources_sql,
    check_permission_for_resource,
    check_permissions_for_actions,
)
from datasette.utils.sqlite import sqlite3


# Proves: API-205
def test_an_action_is_compared_by_what_it_is():
    action = Action(name="a", description="d", abbr="ab", resource_class=TableResource)
    assert action == Action(name="a", description="d", abbr="ab", resource_class=TableResource)
    assert action != Action(name="a", description="d")
    assert len({action, dataclasses.replace(action)}) == 1
    with pytest.raises(TypeError):
        Action("a", "d")
    with pytest.raises(dataclasses.FrozenInstanceError):
        action.name = "b"
    assert Action(name="a", description=None).also_requires is None


# Proves: API-205
@pytest.mark.parametrize(
    ("resource_class", "takes_parent", "takes_child"),
    [(None, False, False), (DatabaseResource, True, False), (TableResource, True, True)],
)
def test_an_action_takes_what_its_resource_has(resource_class, takes_parent, takes_child):
    action = Action(name="a", description="", resource_class=resource_class)
    assert (action.takes_parent, action.takes_child) == (takes_parent, takes_child)


# Proves: API-206
def test_a_hierarchy_has_at_most_two_levels():
    class Shelf(Resource):
        name = "shelf"

        @classmethod
        async def resources_sql(cls, datasette, actor=None):
            return "select 'a' as parent, null as child"

    class Book(Shelf):
        name = "book"
        parent_class = Shelf

    assert (Book("s", "b").parent, Book("s", "b").child) == ("s", "b")
    with pytest.raises(
        ValueError, match="Resource Page creates a 3-level hierarchy: Shelf -> Book"
    ):

        class Page(Shelf):
            parent_class = Book


# Proves: API-206
def test_a_kind_without_its_sql_cannot_be_used():
    class Incomplete(Resource):
        name = "incomplete"

    with pytest.raises(TypeError):
        Incomplete("a")


# Proves: API-207
def test_a_resource_is_shown_and_compared_by_its_names():
    table = TableResource("db", "T")
    assert str(table) == "db/T"
    assert str(DatabaseResource("db")) == "db"
    assert repr(table) == "TableResource(parent='db', child='T')"
    assert TableResource.normalize_child("TÉa") == "tÉa"
    assert QueryResource.normalize_child("Tea") == "Tea"
    assert (
        Action(name="a", description="", resource_class=TableResource).normalize_child("A") == "a"
    )
    assert Action(name="a", description="").normalize_child("A") == "A"


# Proves: API-207
@pytest.mark.parametrize(
    "make", [lambda: TableResource("d", "t"), lambda: object.__new__(TableResource)]
)
def test_whether_a_resource_is_private_must_have_been_asked_for(make):
    resource = make()
    assert resource.reasons is None
    with pytest.raises(AttributeError, match="include_is_private=True"):
        _ = resource.private
    resource.private = False
    assert resource.private is False


# Proves: API-208
def test_the_kinds_of_the_server_know_their_parents():
    assert DatabaseResource(database="d").parent == "d"
    table, query = TableResource(database="d", table="t"), QueryResource(database="d", query="q")
    assert (table.parent, table.child) == ("d", "t")
    assert (query.parent, query.child) == ("d", "q")
    kinds = (DatabaseResource, TableResource, QueryResource)
    assert [kind.name for kind in kinds] == ["database", "table", "query"]
    assert [kind.parent_class for kind in kinds] == [None, DatabaseResource, DatabaseResource]


async def test_the_kinds_of_the_server_list_what_there_is():
    conn = sqlite3.connect(":memory:")
    conn.executescript(
        """
        create table catalog_databases (database_name);
        create table catalog_tables (database_name, table_name);
        create table catalog_views (database_name, view_name);
        create table queries (database_name, name);
        insert into catalog_databases values ('d');
        insert into catalog_tables values ('d', 't');
        insert into catalog_views values ('d', 'v');
        insert into queries values ('d', 'q'), ('gone', 'q');
        """
    )
    for kind, expected in (
        (DatabaseResource, [("d", None)]),
        (TableResource, [("d", "t"), ("d", "v")]),
        (QueryResource, [("d", "q")]),
    ):
        cursor = conn.execute(await kind.resources_sql(None))
        assert [column[0] for column in cursor.description] == ["parent", "child"]
        assert cursor.fetchall() == expected
    conn.close()


# Proves: API-209
def test_rules_for_everything_have_parameters_of_their_own():
    allow, deny = PermissionSQL.allow("because"), PermissionSQL.deny("no")
    assert set(allow.params) != set(deny.params)
    conn = sqlite3.connect(":memory:")
    assert conn.execute(allow.sql, allow.params).fetchall() == [(None, None, 1, "because")]
    assert conn.execute(deny.sql, deny.params).fetchall() == [(None, None, 0, "no")]
    conn.close()
    empty = PermissionSQL()
    assert (empty.sql, empty.params, empty.source, empty.restriction_sql) == (None,) * 4


# Proves: API-210
def test_the_old_class_can_still_be_made():
    old = Permission("n", "a", "d", True, False, default=True)
    assert (old.takes_database, old.default, old.implies_can_view) == (True, True, False)


# Proves: API-211
async def test_checks_are_skipped_only_inside():
    from datasette.permissions import _skip_permission_checks

    with SkipPermissions():
        assert _skip_permission_checks.get() is True
        with SkipPermissions():
            pass
        assert _skip_permission_checks.get() is True
    assert _skip_permission_checks.get() is False


def test_an_allowed_resource_has_a_reason():
    resource, reason = AllowedResource(DatabaseResource("d"), "why")
    assert (str(resource), reason) == ("d", "why")


class _Database:
    def __init__(self):
        self.conn = sqlite3.connect(":memory:")
        self.conn.row_factory = sqlite3.Row

    async def execute(self, sql, params):
        return self.conn.execute(sql, params).fetchall()


def _rule(parent, child, allow, source="s"):
    sql = f"select {parent} as parent, {child} as child, {allow} as allow, '{allow}' as reason"
    return PermissionSQL(sql=sql, source=source)


ALL, DB, TABLE = ("null", "null"), ("'d'", "null"), ("'d'", "'t'")


@pytest.mark.parametrize(
    ("rules", "implicit_deny", "expected"),
    [
        ([], True, (0, "implicit deny", -1)),
        ([], False, (None, None, -1)),
        ([(*ALL, 1)], True, (1, "1", 0)),
        ([(*ALL, 1), (*ALL, 0)], True, (0, "0", 0)),
        ([(*ALL, 0), (*DB, 1)], True, (1, "1", 1)),
        ([(*DB, 0), (*TABLE, 1), (*ALL, 0)], True, (1, "1", 2)),
        ([(*DB, 1), (*TABLE, 1), (*TABLE, 0)], True, (0, "0", 2)),
        ([("'other'", "null", 1)], True, (0, "implicit deny", -1)),
    ],
)
async def test_the_rule_that_names_most_wins_and_a_denial_among_equals(
    rules, implicit_deny, expected
):
    (row,) = await resolving.resolve_permissions_with_candidates(
        _Database(),
        {"id": "a"},
        [_rule(*rule) for rule in rules],
        [("d", "t")],
        "view-table",
        implicit_deny=implicit_deny,
    )
    assert (row["allow"], row["reason"], row["depth"]) == expected
    assert (row["action"], row["resource"]) == ("view-table", "/d/t")


async def test_a_restriction_leaves_only_what_is_inside_of_all_of_them():
    rules = [
        PermissionSQL.allow("all"),
        PermissionSQL(restriction_sql="select 'd' as parent, null as child"),
        PermissionSQL(
            restriction_sql="select 'd', 't' union all select 'e' as parent, null as child"
        ),
    ]
    rules[2].restriction_sql = "select 'd' as parent, 't' as child union all select 'e', null"
    rows = await resolving.resolve_permissions_with_candidates(
        _Database(), None, rules, [("d", "t"), ("d", "u"), ("e", "t")], "view-table"
    )
    assert [row["resource"] for row in rows] == ["/d/t"]


async def test_rules_are_gathered_with_the_names_of_their_plugins():
    from datasette import hookimpl

    class One:
        @hookimpl
        def permission_resources_sql(self, actor, action):
            return [PermissionSQL.allow(f"{actor['id']} {action}"), None]

    class Two:
        @hookimpl
        def permission_resources_sql(self):
            async def later():
                return PermissionSQL(sql="select 1", source="own")

            return later

    class Three:
        @hookimpl
        def permission_resources_sql(self):
            return None

    made = [One(), Two(), Three()]
    for number, plugin in enumerate(made):
        plugins.pm.register(plugin, name=f"plugin-{number}")
    try:
        rules = await resolving.gather_permission_sql_from_hooks(
            datasette=None, actor={"id": "a"}, action="view-table"
        )
        with SkipPermissions():
            skipped = await resolving.gather_permission_sql_from_hooks(
                datasette=None, actor=None, action="view-table"
            )
    finally:
        for plugin in made:
            plugins.pm.unregister(plugin)
    assert [rule.source for rule in rules] == ["own", "plugin-0"]
    assert "a view-table" in rules[1].params.values()
    assert rules[1].params["actor_id"] == "a"
    assert skipped is resolving.SKIP_PERMISSION_CHECKS


class _Datasette:
    async def allowed(self, *, action, resource, actor):
        return (action, str(resource), actor) == ("view-table", "d/t", {"id": "a"})

    def resource_for_action(self, action, parent, child):
        return TableResource(parent, child)

    async def allowed_resources_sql(self, **options):
        return "select 1", options


async def test_questions_in_the_words_of_the_servers_code_are_answered_by_it():
    asked = {"datasette": _Datasette(), "actor": {"id": "a"}, "parent": "d", "child": "t"}
    assert await check_permission_for_resource(action="view-table", **asked) is True
    assert await check_permissions_for_actions(actions=["view-table", "drop-table"], **asked) == {
        "view-table": True,
        "drop-table": False,
    }
    sql, params = await build_allowed_resources_sql(_Datasette(), None, "view-table", parent="d")
    assert (sql, params["parent"]) == ("select 1", "d")
