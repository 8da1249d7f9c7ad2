"""What databases say about their tables, what paths name, labels."""

import pytest

from datasette import Request
from datasette._introspection import AttachedDatabase, Introspection
from datasette._resolving import (
    expand_foreign_keys,
    resolve_database,
    resolve_row,
    resolve_table,
)
from datasette.database import QueryInterrupted, Results
from datasette.utils.asgi import BadRequest, DatabaseNotFound, RowNotFound, TableNotFound
from datasette.utils.sqlite import sqlite3
from datasette.views._wrapping import wrap_view

SCHEMA = """
    create table people (id integer primary key, name text, town integer references towns (id));
    create table towns (id integer primary key, label text);
    create table codes (code text unique, note text, extra text);
    create table two (id integer primary key, other text);
    create table plain (a text, b text);
    create table titled (a text, TITLE text, name text);
    create table compound (a text, b text, primary key (b, a));
    create table lost (x integer references nowhere (id), y integer references compound (a));
    create table casing (town integer references TOWNS);
    create virtual table people_fts using fts5(name, content="people");
    create view grown as select * from people;
    create index by_name on people (name);
    create table _private (x);
    insert into towns values (1, 'Aa'), (2, 'Bb');
    insert into people values (1, 'x', 1), (2, 'y', 2), (3, 'z', null);
    insert into compound values ('a/b', 'c');
"""


class _Database(Introspection):
    is_mutable = True
    name = "db"
    route = "route/x"

    def __init__(self, datasette):
        self.ds = datasette
        self.conn = sqlite3.connect(":memory:")
        self.conn.row_factory = sqlite3.Row
        self.conn.executescript(SCHEMA)
        self.slow = ()

    async def execute(self, sql, params=None, truncate=False, custom_time_limit=None):
        if any(text in sql for text in self.slow):
            raise QueryInterrupted(None, sql, params)
        cursor = self.conn.execute(sql, params or [])
        return Results(cursor.fetchall(), False, cursor.description)

    async def execute_fn(self, fn):
        return fn(self.conn)


class _Datasette:
    config = {"databases": {"db": {"tables": {"plain": {"hidden": True, "label_column": "b"}}}}}
    forbidden = ()

    def __init__(self):
        self.database = _Database(self)

    def get_database(self, name=None, route=None):
        if (name or self.database.name, route or self.database.route) != ("db", "route/x"):
            raise KeyError
        return self.database

    async def table_config(self, database, table):
        return self.config["databases"][database]["tables"].get(table, {})

    async def allowed(self, *, action, resource, actor):
        assert (action, actor) == ("view-table", {"id": "a"})
        return resource.child not in self.forbidden

    async def resolve_database(self, request):
        return await resolve_database(self, request)

    async def resolve_table(self, request):
        return await resolve_table(self, request)


@pytest.fixture
def datasette():
    made = _Datasette()
    yield made
    made.database.conn.close()


@pytest.fixture
def db(datasette):
    return datasette.database


# Proves: API-153
async def test_tables_and_views_are_listed_and_found_by_their_exact_name(db):
    names = await db.table_names()
    assert names == sorted(names)
    assert {"people", "towns", "people_fts"} <= set(names)
    assert await db.view_names() == ["grown"]
    assert await db.table_exists("people") is True
    assert await db.table_exists("People") is False
    assert await db.table_exists("grown") is False
    assert await db.view_exists("grown") is True
    assert await db.view_exists("people") is False


async def test_columns_and_keys_of_a_table(db):
    assert await db.table_columns("people") == ["id", "name", "town"]
    column = (await db.table_column_details("people"))[0]
    assert column == (0, "id", "INTEGER", 0, None, 1, 0)
    fields = ("cid", "name", "type", "notnull", "default_value", "is_pk", "hidden")
    assert column._fields == fields
    assert await db.primary_keys("compound") == ["b", "a"]
    assert await db.primary_keys("plain") == []


async def test_foreign_keys_and_full_text_tables(db):
    key = {"column": "town", "other_table": "towns", "other_column": "id"}
    assert await db.foreign_keys_for_table("people") == [key]
    everything = await db.get_all_foreign_keys()
    assert everything["people"] == {"incoming": [], "outgoing": [{**key}]}
    assert everything["towns"]["incoming"][-1] == {
        "other_table": "people",
        "column": "id",
        "other_column": "town",
    }
    assert await db.fts_table("people") == "people_fts"
    assert await db.fts_table("towns") is None


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("plain", "b"),
        ("codes", "code"),
        ("titled", "TITLE"),
        ("people", "name"),
        ("two", "other"),
        ("towns", "label"),
        ("compound", None),
        ("lost", None),
        ("nowhere", None),
    ],
)
async def test_a_table_has_a_column_that_says_what_a_row_is(db, table, column):
    assert await db.label_column_for_table(table) == column


async def test_some_tables_are_hidden(db):
    hidden = await db.hidden_table_names()
    assert hidden[0] == "plain"
    assert {"_private", "people_fts", "people_fts_data"} <= set(hidden)
    assert not {"people", "towns"} & set(hidden)
    db.conn.execute("create table geometry_columns (x)")
    db.conn.execute("create table idx_people (x)")
    hidden = await db.hidden_table_names()
    assert {"spatial_ref_sys", "KNN2", "idx_people"} <= set(hidden)


# Proves: API-159
async def test_the_statements_that_made_a_table(db):
    definition = await db.get_table_definition("people")
    table, index = definition.split(";\n")
    assert table.startswith("CREATE TABLE people (")
    assert index == "CREATE INDEX by_name on people (name);"
    assert await db.get_view_definition("grown") == "CREATE VIEW grown as select * from people;"
    assert await db.get_table_definition("nowhere") is None
    assert await db.get_view_definition("people") is None


# Proves: API-160
async def test_rows_are_counted_up_to_a_limit(db):
    db.slow = ["titled"]
    db.conn.executemany("insert into plain values (?, ?)", [("a", "b")] * 10_050)
    counts = await db.table_counts()
    assert (counts["people"], counts["plain"], counts["titled"]) == (3, 10_001, None)
    assert db.cached_table_counts is None
    db.is_mutable = False
    counts = await db.table_counts()
    assert await db.table_counts() is counts is db.cached_table_counts


async def test_databases_beside_this_one_are_listed(db):
    db.conn.execute("create temp table t (x)")
    assert await db.attached_databases() == []
    db.conn.execute("attach ':memory:' as other")
    assert await db.attached_databases() == [AttachedDatabase(2, "other", "")]


async def test_derived_tables_are_asked_for_when_the_schema_changed(db):
    sources = await db.derived_table_dependencies()
    assert (sources["people_fts"], sources["people_fts_data"]) == ("people", "people_fts")
    assert await db.derived_table_dependencies() is sources
    db.conn.execute("create virtual table more using fts5(label, content='towns')")
    assert (await db.derived_table_dependencies())["more"] == "towns"


def _request(**names):
    return Request.fake("/", url_vars=names)


async def test_the_names_of_a_path_are_resolved(datasette, db):
    assert await resolve_database(datasette, _request(database="route~2Fx")) is db
    table = await resolve_table(datasette, _request(database="route~2Fx", table="people"))
    assert table == (db, "people", False)
    assert (table.db, table.table, table.is_view) == table
    view = await resolve_table(datasette, _request(database="route~2Fx", table="grown"))
    assert view.is_view is True
    row = await resolve_row(
        datasette, _request(database="route~2Fx", table="compound", pks="c,a~2Fb")
    )
    assert (row.pks, row.pk_values) == (["b", "a"], ["c", "a/b"])
    assert row.params == {"p0": "c", "p1": "a/b"}
    assert tuple(row.row) == ("a/b", "c")
    assert db.conn.execute(row.sql, row.params).fetchone() == row.row
    fields = ("db", "table", "sql", "params", "pks", "pk_values", "row")
    assert row._fields == fields


@pytest.mark.parametrize(
    ("names", "error"),
    [
        ({"database": "none"}, DatabaseNotFound),
        ({"database": "route~2Fx", "table": "none"}, TableNotFound),
        ({"database": "route~2Fx", "table": "people", "pks": "9"}, RowNotFound),
        ({"database": "route~2Fx", "table": "people", "pks": "1,2"}, BadRequest),
    ],
)
async def test_names_of_nothing_are_not_found(datasette, names, error):
    request = _request(**{"table": "people", "pks": "1", **names})
    with pytest.raises(error):
        await resolve_row(datasette, request)


async def test_values_of_foreign_keys_get_labels(datasette, db):
    async def labels(table, column, values):
        return await expand_foreign_keys(datasette, {"id": "a"}, "db", table, column, values)

    assert await labels("people", "town", [1, 2, 2, 9]) == {("town", 1): "Aa", ("town", 2): "Bb"}
    # The key names its table in other letters, and no column.
    assert await labels("casing", "town", [2]) == {("town", 2): "Bb"}
    assert await labels("people", "name", ["x"]) == {}
    assert await labels("lost", "x", [1]) == {}
    assert await labels("lost", "y", ["q"]) == {("y", "q"): "q"}
    datasette.forbidden = ("towns",)
    assert await labels("people", "town", [1]) == {}
    datasette.forbidden = ()
    db.slow = ["select id, label"]
    assert await labels("people", "town", [1]) == {}


async def _view(view, **options):
    request = Request({"type": "http"}, "receive")
    return await wrap_view(view, "ds")(request, "send")


async def test_views_of_all_kinds_get_what_they_name():
    async def later(datasette, request, send):
        return (datasette, request.receive, send)

    def at_once(scope, receive):
        return (scope["type"], receive)

    class View:
        async def __call__(self, request, datasette):
            return datasette

    assert await _view(later) == ("ds", "receive", "send")
    assert await _view(at_once) == ("http", "receive")
    assert await _view(View) == "ds"
    assert wrap_view(View, "ds").view_class is View
    assert wrap_view(later, "ds").__name__ == "later"
    with pytest.raises(ValueError, match="must be a function or a class"):
        wrap_view("view", "ds")
    with pytest.raises(TypeError, match="missing"):
        await _view(lambda nothing: None)
