"""SQL read as text, time limits, and what a connection says about its tables."""

import pytest

from datasette.utils import (
    ConnectionProblem,
    InvalidSql,
    check_connection,
    derive_named_parameters,
    detect_fts,
    detect_fts_sql,
    detect_json1,
    detect_primary_keys,
    detect_spatialite,
    get_all_foreign_keys,
    get_outbound_foreign_keys,
    named_parameters,
    sqlite_timelimit,
    table_column_details,
    table_columns,
    validate_sql_select,
)
from datasette.utils import sqlite as sqlite_module
from datasette.utils.sql_analysis import analyze_sql_tables
from datasette.utils.sqlite import sqlite3


# Proves: API-227
@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("select 1", []),
        ("select :a, :b_2, :a", ["a", "b_2", "a"]),
        ("select ':no', \":no\", `:no`, [:no], :yes", ["yes"]),
        ("select ':it''s:no' || :yes", ["yes"]),
        ("select 1 -- :no\n, :yes /* :no */", ["yes"]),
        ("select '--' || :yes", ["yes"]),
        ("select :yes /* open :no", ["yes"]),
    ],
)
async def test_parameters_are_found_outside_of_strings_and_comments(sql, names):
    assert named_parameters(sql) == names
    assert await derive_named_parameters(None, sql) == names


# Proves: API-241
@pytest.mark.parametrize(
    "sql",
    [
        "select 1",
        "  SELECT 1",
        "with a as (select 1) select * from a",
        "explain select 1",
        "explain query plan select 1",
        "explain  query plan  with a as (select 1) select 1",
        "-- comment\nselect 1",
        "/* one */ /* two */ select 1",
        "select * from pragma_table_info('t')",
        "select * from pragma_function_list()",
        "select '-- not a comment' from t",
    ],
)
def test_these_statements_may_be_run(sql):
    validate_sql_select(sql)


# Proves: API-241
@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("update t set a = 1", "Statement must be a SELECT"),
        ("", "Statement must be a SELECT"),
        ("selection", "Statement must be a SELECT"),
        ("explain update t set a = 1", "Statement must be a SELECT"),
        ("/* select */ delete from t", "Statement must be a SELECT"),
        ("select * from pragma_writable_schema", "Statement contained a disallowed PRAGMA"),
        ("select 1; PRAGMA journal_mode", "Statement contained a disallowed PRAGMA"),
    ],
)
def test_these_statements_may_not_be_run(sql, message):
    with pytest.raises(InvalidSql, match=message):
        validate_sql_select(sql)


ENDLESS = "with recursive n(x) as (select 1 union all select x + 1 from n) select max(x) from n"


# Proves: API-242
@pytest.mark.parametrize("ms", [1, 30])
def test_a_statement_is_interrupted_at_its_limit_and_only_inside(ms):
    conn = sqlite3.connect(":memory:")
    with sqlite_timelimit(conn, ms), pytest.raises(sqlite3.OperationalError, match="interrupted"):
        conn.execute(ENDLESS).fetchone()
    assert conn.execute(ENDLESS.replace("from n)", "from n limit 50000)")).fetchone() == (50000,)
    conn.close()


@pytest.fixture
def conn():
    conn = sqlite3.connect(":memory:")
    conn.executescript(
        """
        create table t (a integer, b text, g as (b || 'x'), primary key (b, a));
        create table "s p" (
            id integer primary key, t_b text references t(b), gone integer references gone(x)
        );
        create table two (a, b, foreign key (a, b) references t(a, b));
        create view v as select a from t;
        create virtual table t_fts using fts5(b, content="t");
        create virtual table lone_fts using fts4(x);
        create virtual table places using rtree(id, x1, x2);
        create virtual table words using fts5vocab('T_FTS', 'row');
        create table _private (x);
        analyze;
        """
    )
    yield conn
    conn.close()


# Proves: API-243
def test_columns_and_keys_of_a_table(conn):
    assert table_columns(conn, "t") == ["a", "b", "g"]
    details = table_column_details(conn, "t")
    assert details[1] == (1, "b", "TEXT", 0, None, 1, 0)
    assert details[2].name == "g" and details[2].hidden
    assert detect_primary_keys(conn, "t") == ["b", "a"]
    assert detect_primary_keys(conn, "s p") == ["id"]
    assert detect_primary_keys(conn, "_private") == []
    assert table_columns(conn, "v") == ["a"]


# Proves: API-243
def test_foreign_keys_of_one_column_are_found(conn):
    assert sorted(get_outbound_foreign_keys(conn, "s p"), key=lambda key: key["column"]) == [
        {"column": "gone", "other_table": "gone", "other_column": "x"},
        {"column": "t_b", "other_table": "t", "other_column": "b"},
    ]
    assert get_outbound_foreign_keys(conn, "two") == []
    everything = get_all_foreign_keys(conn)
    assert everything["t"]["incoming"] == [
        {"other_table": "s p", "column": "b", "other_column": "t_b"}
    ]
    assert everything["s p"]["outgoing"] == [
        {"other_table": "t", "column": "t_b", "other_column": "b"}
    ]
    assert everything["_private"] == {"incoming": [], "outgoing": []}


# Proves: API-243
def test_full_text_tables_are_found(conn):
    assert detect_fts(conn, "t") == "t_fts"
    assert detect_fts(conn, "lone_fts") == "lone_fts"
    assert detect_fts(conn, "s p") is None
    # A name is no pattern.
    assert detect_fts(conn, "%") is None
    assert detect_fts(conn, "_") is None
    sql, params = detect_fts_sql("t")
    assert conn.execute(sql, params).fetchall() == [("t_fts",)]


# Proves: API-243
def test_features_of_a_connection(conn):
    assert detect_json1(conn) is detect_json1() is True
    assert detect_spatialite(conn) is False
    conn.execute("create table geometry_columns (x)")
    assert detect_spatialite(conn) is True
    check_connection(conn)


# Proves: API-243, API-197
def test_a_table_whose_module_is_missing_is_a_problem(tmp_path):
    path = tmp_path / "broken.db"
    conn = sqlite3.connect(path)
    conn.executescript(
        "pragma writable_schema = on;"
        "insert into sqlite_master values "
        "('table', 'x', 'x', 0, 'create virtual table x using nothing_like_it(a)');"
    )
    conn.close()
    conn = sqlite3.connect(path)
    with pytest.raises(ConnectionProblem, match="no such module: nothing_like_it"):
        check_connection(conn)
    conn.close()


# Proves: API-249
def test_what_sqlite_can_do_follows_from_its_version(monkeypatch):
    assert sqlite_module.sqlite_version() == tuple(map(int, sqlite3.sqlite_version.split(".")))
    assert sqlite_module.supports_returning() is (sqlite_module.sqlite_version() >= (3, 35))
    questions = {
        sqlite_module.supports_table_xinfo: (3, 26, 0),
        sqlite_module.supports_generated_columns: (3, 31, 0),
        sqlite_module.supports_table_list: (3, 37, 0),
    }
    for question, since in questions.items():
        monkeypatch.setattr(sqlite_module, "sqlite_version", lambda since=since: since)
        assert question() is True
        older = (3, since[1] - 1, 9)
        monkeypatch.setattr(sqlite_module, "sqlite_version", lambda older=older: older)
        assert question() is False


# Proves: API-249
@pytest.mark.parametrize("has_table_list", [True, False])
def test_hidden_tables_are_known_with_and_without_the_pragma(conn, monkeypatch, has_table_list):
    monkeypatch.setattr(sqlite_module, "supports_table_list", lambda: has_table_list)
    hidden = sqlite_module.sqlite_hidden_table_names(conn)
    expected = ["_private", "lone_fts_segments", "places_node", "sqlite_stat1", "t_fts_data"]
    assert set(expected) <= set(hidden)
    assert hidden[-1] == "t_fts"
    assert hidden[:-1] == sorted(hidden[:-1])
    assert not {"t", "s p", "lone_fts", "places", "v"} & set(hidden)
    kinds = {"t": "table", "v": "view", "places": "virtual", "t_fts_data": "shadow", "x": None}
    for name, kind in kinds.items():
        assert sqlite_module.sqlite_table_type(conn, name) == kind


# Proves: API-249
def test_a_table_called_like_the_pragma_cannot_lie(conn):
    conn.execute("create table pragma_table_list (name, type, schema)")
    conn.execute("insert into pragma_table_list values ('places', 'table', 'main')")
    assert sqlite_module.sqlite_table_type(conn, "places") == "virtual"


def test_tables_that_show_others_are_known(conn):
    sources = sqlite_module.sqlite_derived_table_dependencies(conn)
    assert sources["t_fts"] == "t"
    assert sources["t_fts_data"] == "t_fts"
    assert sources["places_node"] == "places"
    # Names of SQLite are the same in upper and lower case.
    assert sources["words"] == "t_fts"
    assert "t" not in sources and "lone_fts" not in sources


@pytest.mark.parametrize(
    "declaration",
    [
        "create virtual table x /* using y */ using fts5(b, content='t')",
        'CREATE VIRTUAL TABLE IF NOT EXISTS "x" USING "fts5"(b, content = [t])',
        "create virtual table main.x -- fts3\n using fts5(b,content=t)",
    ],
)
def test_declarations_are_read_in_all_their_spellings(declaration):
    conn = sqlite3.connect(":memory:")
    conn.execute("create table t (b)")
    conn.execute(declaration)
    assert sqlite_module.sqlite_derived_table_dependencies(conn)["x"] == "t"
    conn.close()


def _analyzed(conn, sql):
    found = analyze_sql_tables(conn, sql, database_name="db").operations
    return {(each.operation, each.target_type, each.table) for each in found if not each.internal}


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select a from t", {("select", "statement", None), ("read", "table", "t")}),
        ("insert into t (a, b) values (1, 2)", {("insert", "table", "t")}),
        ("delete from two", {("delete", "table", "two")}),
        ("drop view v", {("drop", "view", "v")}),
        ("vacuum", {("vacuum", "database", None)}),
        ("attach ':memory:' as other", {("attach", "database", None)}),
        ("create view w as select b from t", {("create", "view", "w"), ("read", "table", "t")}),
    ],
)
def test_a_statement_is_analyzed_without_being_run(conn, sql, expected):
    before = conn.execute("select * from sqlite_master").fetchall()
    assert _analyzed(conn, sql) == expected
    assert conn.execute("select * from sqlite_master").fetchall() == before
    assert conn.execute("select count(*) from t").fetchone() == (0,)


def test_an_analysis_tells_columns_kinds_and_databases(conn):
    read, *_ = (
        each
        for each in analyze_sql_tables(conn, "select b, a from t", database_name="db").operations
        if each.operation == "read"
    )
    assert (read.database, read.columns, read.table_kind) == ("db", ("a", "b"), "table")
    insert, *_ = analyze_sql_tables(conn, "insert into places values (1, 2, 3)").operations
    assert (insert.operation, insert.table_kind) == ("insert", "virtual")
    with pytest.raises(sqlite3.OperationalError):
        analyze_sql_tables(conn, "select nope")
    # The connection is as it was.
    assert conn.execute("select count(*) from t").fetchone() == (0,)
