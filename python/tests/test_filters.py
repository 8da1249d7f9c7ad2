"""Conditions of table pages, their words, and entries of the jump menu."""

import pytest

from datasette.filters import FilterArguments, Filters
from datasette.jump import JumpSQL, namespace_sql_params
from datasette.utils.sqlite import sqlite3

KEYS = (
    "exact not contains notcontains endswith startswith gt gte lt lte like notlike glob in notin "
    "arraycontains arraynotcontains date isnull notnull isblank notblank"
).split()


# Proves: API-221
def test_what_is_left_out_is_empty():
    arguments = FilterArguments(["a = 1"])
    assert arguments.where_clauses == ["a = 1"]
    assert (arguments.params, arguments.human_descriptions) == ({}, [])
    assert arguments.extra_context == {}
    full = FilterArguments(["a"], {"p": 1}, ["words"], {"x": 2})
    assert (full.params, full.human_descriptions, full.extra_context) == (
        {"p": 1},
        ["words"],
        {"x": 2},
    )


# Proves: API-222
def test_the_lookups_are_these():
    lookups = list(Filters([]).lookups())
    assert [key for key, _, _ in lookups] == KEYS
    assert [key for key, _, no_argument in lookups if no_argument] == KEYS[-4:]
    assert {key: display for key, display, _ in lookups}["gte"] == "≥"


# Proves: API-222
def test_a_name_is_cut_at_its_last_two_underscores():
    filters = Filters([("a", "1"), ("b__gt", "2"), ("c__d__not", "3")])
    assert list(filters.selections()) == [
        ("a", "exact", "1"),
        ("b", "gt", "2"),
        ("c__d", "not", "3"),
    ]
    assert filters.has_selections() is True
    assert Filters([]).has_selections() is False


@pytest.fixture
def conn():
    conn = sqlite3.connect(":memory:")
    conn.execute('create table "t x" (id integer primary key, n integer, s text, "a b" text)')
    rows = [
        (1, 5, "apple", '["x", "y"]'),
        (2, 10, "banana", '["y"]'),
        (3, None, "", "[]"),
        (4, 7, None, '["z"]'),
        (5, 12, "2020-01-02 03:04", "[]"),
    ]
    conn.executemany('insert into "t x" values (?, ?, ?, ?)', rows)
    yield conn
    conn.close()


# Proves: API-222, API-223
@pytest.mark.parametrize(
    ("pairs", "ids"),
    [
        ([("n", "5")], [1]),
        ([("n__not", "5")], [2, 4, 5]),
        ([("s__contains", "an")], [2]),
        ([("s__notcontains", "an")], [1, 3, 5]),
        ([("s__endswith", "le")], [1]),
        ([("s__startswith", "ba")], [2]),
        ([("n__gt", "7")], [2, 5]),
        ([("n__gte", "7")], [2, 4, 5]),
        ([("n__lt", "7.5")], [1, 4]),
        ([("n__lte", "7")], [1, 4]),
        ([("s__like", "%pp%")], [1]),
        ([("s__notlike", "%pp%")], [2, 3, 5]),
        ([("s__glob", "b*")], [2]),
        ([("n__in", "5, 12")], [1, 5]),
        ([("n__in", "[5, 12]")], [1, 5]),
        ([("n__notin", "5,12")], [2, 4]),
        ([("a b__arraycontains", "y")], [1, 2]),
        ([("a b__arraynotcontains", "y")], [3, 4, 5]),
        ([("s__date", "2020-01-02")], [5]),
        ([("n__isnull", "1")], [3]),
        ([("s__notnull", "1")], [1, 2, 3, 5]),
        ([("s__isblank", "1")], [3, 4]),
        ([("s__notblank", "1")], [1, 2, 5]),
        ([("n__in", "5,10,12"), ("s__contains", "a"), ("n__gt", "5")], [2]),
        ([("n__nothing", "5")], [1, 2, 3, 4, 5]),
    ],
)
def test_a_condition_finds_its_rows(conn, pairs, ids):
    clauses, params = Filters(pairs).build_where_clauses("t x")
    where = f"where {' and '.join(clauses)}" if clauses else ""
    found = conn.execute(f'select id from "t x" {where} order by id', params)
    assert [row[0] for row in found] == ids


# Proves: API-222, API-223
def test_the_clauses_and_their_parameters():
    pairs = [("a", "1"), ("b__in", "x,y"), ("c__gt", "5"), ("d__lt", "2.5"), ("e__gte", "inf")]
    clauses, params = Filters([*pairs, ("f__isnull", "1"), ("g__lte", "1")]).build_where_clauses(
        "t"
    )
    assert clauses == [
        '"a" = :p0',
        "b in (:p1, :p2)",
        '"c" > :p3',
        '"d" < :p4',
        '"e" >= :p5',
        '"f" is null',
        '"g" <= :p6',
    ]
    # What is no finite number stays text.
    assert params == {
        "p0": "1",
        "p1": "x",
        "p2": "y",
        "p3": 5,
        "p4": 2.5,
        "p5": "inf",
        "p6": 1,
    }


# Proves: API-222
@pytest.mark.parametrize(
    ("pairs", "extra", "words"),
    [
        ([], None, ""),
        ([("a", "1")], None, "where a = 1"),
        ([("a", "x")], None, 'where a = "x"'),
        ([("a__not", "x"), ("b__gte", "5")], None, 'where a != "x" and b ≥ 5'),
        (
            [("a__in", "1,2"), ("b__isnull", "1")],
            ['search matches "x"'],
            'where search matches "x", a in ["1", "2"] and b is null',
        ),
        ([("d__date", "2020-01-01")], None, 'where "d" is on date 2020-01-01'),
    ],
)
def test_conditions_are_told_in_words(pairs, extra, words):
    assert Filters(pairs).human_description_en(extra) == words


# Proves: API-224
@pytest.mark.parametrize(
    ("options", "search_text"),
    [
        ({}, "Label Menu item"),
        ({"display_name": "Shown", "description": "About"}, "Label Shown About"),
        ({"search_text": "own"}, "own"),
    ],
)
def test_a_menu_item_is_a_row(conn, options, search_text):
    item = JumpSQL.menu_item(label="Label", url="/x", item_type="kind", **options)
    cursor = conn.execute(item.sql, item.params)
    row = dict(zip((column[0] for column in cursor.description), cursor.fetchone()))
    assert row == {
        "type": "kind",
        "label": "Label",
        "description": options.get("description", "Menu item"),
        "url": "/x",
        "search_text": search_text,
        "display_name": options.get("display_name"),
    }
    assert item.database is None


# Proves: API-224
def test_parameters_get_names_that_do_not_meet():
    sql, params = namespace_sql_params("select :a, :ab, :c, 'x'::a", {"a": 1, "ab": 2}, "p1")
    assert sql == "select :p1_a, :p1_ab, :c, 'x'::a"
    assert params == {"p1_a": 1, "p1_ab": 2}
    assert namespace_sql_params("select :a", {}, "p") == ("select :a", {})
    fragment = JumpSQL("select 1", {"a": 1}, "db")
    assert (fragment.sql, fragment.params, fragment.database) == ("select 1", {"a": 1}, "db")
