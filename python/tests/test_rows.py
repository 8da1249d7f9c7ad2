"""Rows, their names in URLs, and values in JSON."""

import json

import pytest

from datasette.utils import (
    CustomJSONEncoder,
    CustomRow,
    MultiParams,
    PaginatedResources,
    compound_keys_after_sql,
    path_from_row_pks,
    remove_infinites,
    row_sql_params_pks,
    urlsafe_components,
)
from datasette.utils.sqlite import sqlite3


@pytest.fixture
def conn():
    conn = sqlite3.connect(":memory:")
    conn.row_factory = sqlite3.Row
    yield conn
    conn.close()


# Proves: API-239
def test_a_custom_row_is_read_by_number_and_by_name():
    row = CustomRow(["a", "b"], {"a": 1, "b": {"value": 2, "label": "two"}})
    assert row[0] == row["a"] == 1
    assert row[-1] == row["b"] == {"value": 2, "label": "two"}
    assert list(row) == [1, {"value": 2, "label": "two"}]
    assert list(row.keys()) == ["a", "b"]
    assert dict(row.items())["a"] == 1
    assert json.loads(json.dumps(row))["b"]["label"] == "two"
    empty = CustomRow(["a"])
    empty["a"] = 5
    assert empty[0] == 5


# Proves: API-179
def test_multi_params_are_read_by_first_value():
    params = MultiParams({"a": ["1", "2"], "b": [""]})
    assert params["a"] == params.get("a") == "1"
    assert params.getlist("a") == ["1", "2"]
    assert params["b"] == ""
    assert params.getlist("none") == []
    assert params.get("none") is None
    assert params.get("none", 5) == 5
    assert list(params) == list(params.keys()) == ["a", "b"]
    assert len(params) == 2
    assert "a" in params and "none" not in params
    with pytest.raises(KeyError):
        params["none"]


# Proves: API-179
def test_multi_params_are_made_from_pairs_and_from_nothing_else():
    params = MultiParams([["a", "1"], ("a", "2"), ("b", "3")])
    assert params.getlist("a") == ["1", "2"]
    assert params["b"] == "3"
    with pytest.raises(AssertionError, match="dictionary of key"):
        MultiParams({"a": "1"})
    with pytest.raises(AssertionError, match="pairs"):
        MultiParams([("a", "b", "c")])


# Proves: API-244
def test_a_row_is_named_by_its_key(conn):
    row = conn.execute("select 7 as rowid, 'a/b' as a, 2 as b").fetchone()
    assert path_from_row_pks(row, ["a", "b"], False) == "a~2Fb,2"
    assert path_from_row_pks(row, ["a", "b"], False, quote=False) == "a/b,2"
    assert path_from_row_pks(row, [], True) == "7"
    expanded = {"a": {"value": "x,y", "label": "label"}}
    assert path_from_row_pks(expanded, ["a"], False) == "x~2Cy"
    assert urlsafe_components("a~2Fb,x~2Cy,") == ["a/b", "x,y", ""]


# Proves: API-244
def test_rows_after_a_compound_key_are_those_that_sort_later(conn):
    conn.execute("create table t (a, b, c)")
    keys = [(a, b, c) for a in range(3) for b in range(3) for c in range(3)]
    conn.executemany("insert into t values (?, ?, ?)", keys)
    for position, key in enumerate(keys):
        condition = compound_keys_after_sql(["a", "b", "c"], start_index=4)
        params = {f"p{4 + i}": value for i, value in enumerate(key)}
        found = conn.execute(f"select * from t where {condition} order by a, b, c", params)
        assert [tuple(row) for row in found] == keys[position + 1 :]
    assert compound_keys_after_sql(["select"]) == '(("select" > :p0))'


class _Database:
    def __init__(self, keys):
        self.keys = keys

    async def primary_keys(self, table):
        assert table == "a b"
        return self.keys


# Proves: API-244
async def test_the_statement_of_one_row():
    assert await row_sql_params_pks(_Database(["id", "x y"]), "a b", ["1", "2"]) == (
        'select * from "a b" where "id"=:p0 AND "x y"=:p1',
        {"p0": "1", "p1": "2"},
        ["id", "x y"],
    )
    assert await row_sql_params_pks(_Database([]), "a b", ["1"]) == (
        'select rowid, * from "a b" where "rowid"=:p0',
        {"p0": "1"},
        ["rowid"],
    )


# Proves: API-230
def test_json_of_rows_cursors_and_bytes(conn):
    row = conn.execute("select 1 as a, 'x' as b").fetchone()
    cursor = conn.execute("select 2 as c")
    text = json.dumps([row, cursor, b"\xff\x00"], cls=CustomJSONEncoder)
    assert json.loads(text) == [[1, "x"], [[2]], {"$base64": True, "encoded": "/wA="}]
    with pytest.raises(TypeError):
        json.dumps(object(), cls=CustomJSONEncoder)


# Proves: API-245
def test_infinite_numbers_become_null():
    row = [1, "x"]
    assert remove_infinites(row) is row
    assert remove_infinites([float("inf"), 2.5, float("-inf")]) == [None, 2.5, None]
    assert remove_infinites({"a": float("inf"), "b": "inf"}) == {"a": None, "b": "inf"}


class _Datasette:
    async def allowed_resources(self, action, actor, **options):
        self.asked = (action, actor, options)
        number = int(options["next"])
        following = str(number + 1) if number < 3 else None
        return PaginatedResources([f"r{number}"], following, _datasette=self)


# Proves: API-66
async def test_all_resources_of_all_pages_follow_each_other():
    datasette = _Datasette()
    page = PaginatedResources(
        ["r1"],
        "2",
        _datasette=datasette,
        _action="view-table",
        _actor={"id": "a"},
        _parent="db",
        _include_reasons=True,
        _limit=1,
    )
    assert [resource async for resource in page.all()] == ["r1", "r2", "r3"]
    assert datasette.asked == (
        "view-table",
        {"id": "a"},
        {
            "parent": "db",
            "include_is_private": False,
            "include_reasons": True,
            "limit": 1,
            "next": "3",
        },
    )
