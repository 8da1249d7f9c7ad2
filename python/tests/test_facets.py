"""Facets: which are asked for, what they count, which are worth suggesting."""

import json

import pytest

from datasette import Request
from datasette.database import QueryInterrupted, Results
from datasette.facets import ArrayFacet, ColumnFacet, DateFacet, Facet, load_facet_configs
from datasette.utils.sqlite import sqlite3


class _Urls:
    def path(self, path):
        return f"/prefix{path}"


class _Datasette:
    """Answers from one connection; what contains one of the texts takes too long."""

    def __init__(self, conn, slow=(), config=None, **settings):
        self.conn = conn
        self.slow = slow
        self.config = config or {}
        self.urls = _Urls()
        self.limits = []
        self.settings = {
            "default_facet_size": 30,
            "max_returned_rows": 50,
            "facet_time_limit_ms": 200,
            "facet_suggest_time_limit_ms": 60,
            **settings,
        }

    def setting(self, name):
        return self.settings[name]

    def absolute_url(self, request, path):
        return f"http://localhost{path}"

    async def execute(self, database, sql, params=None, custom_time_limit=None, **options):
        assert database == "db"
        if custom_time_limit is not None:
            self.limits.append(custom_time_limit)
            if any(text in sql for text in self.slow):
                raise QueryInterrupted(None, sql, params)
        cursor = self.conn.execute(sql, params or [])
        return Results(cursor.fetchall(), False, cursor.description)

    async def expand_foreign_keys(self, actor, database, table, column, values):
        assert (database, table) == ("db", "t")
        return {(column, value): f"label {value}" for value in values} if column == "kind" else {}


@pytest.fixture
def conn():
    conn = sqlite3.connect(":memory:")
    conn.row_factory = sqlite3.Row
    conn.execute("create table t (id integer primary key, kind, _size, tags, day, odd)")
    for number in range(24):
        tags = json.dumps([["x", "y"], ["x", "x"], []][number % 3])
        day = f"2020-01-0{number % 4 + 1} 10:00"
        values = (number, "abc"[number % 3], number % 2, tags, day, f"v{number}")
        conn.execute("insert into t values (?, ?, ?, ?, ?, ?)", values)
    yield conn
    conn.close()


def _facet(kind, conn, query="", datasette=None, **options):
    request = Request.fake(f"/db/t?{query}")
    options = {"sql": "select * from t", "table": "t", "row_count": 24, **options}
    return kind(datasette or _Datasette(conn), request, "db", **options)


# Proves: API-220
def test_facets_are_asked_for_by_configuration_and_by_the_query_string():
    request = Request.fake('/x?_facet=a&_facet=b&_facet_date={"simple":"c"}&_facet_my_kind=&d=1')
    config = {"facets": ["m", {"array": "n"}, {"date": {"column": "o"}}]}
    assert load_facet_configs(request, config) == {
        "column": [
            {"source": "metadata", "config": {"simple": "m"}},
            {"source": "request", "config": {"simple": "a"}},
            {"source": "request", "config": {"simple": "b"}},
        ],
        "array": [{"source": "metadata", "config": {"simple": "n"}}],
        "date": [
            {"source": "metadata", "config": {"column": "o"}},
            {"source": "request", "config": {"simple": "c"}},
        ],
        "my_kind": [{"source": "request", "config": {"simple": ""}}],
    }
    assert load_facet_configs(Request.fake("/x"), None) == {}
    with pytest.raises(AssertionError, match=r"should be \{type: config\}"):
        load_facet_configs(request, {"facets": [{"a": 1, "b": 2}]})


# Proves: API-218
def test_a_facet_is_made_for_a_table_or_for_sql(conn):
    facet = Facet("ds", "request", "db", table="a b", params={"p": 1}, table_config={"x": 1})
    assert (facet.ds, facet.request, facet.database, facet.table) == ("ds", "request", "db", "a b")
    assert facet.sql == 'select * from "a b"'
    assert (facet.params, facet.table_config, facet.row_count) == ({"p": 1}, {"x": 1}, None)
    assert (Facet.type, Facet.suggest_consider) == (None, 1000)
    assert Facet("ds", "request", "db", sql="select 1").params == []
    with pytest.raises(AssertionError, match="Must provide either table= or sql="):
        Facet("ds", "request", "db")


# Proves: API-219
async def test_a_kind_of_its_own_builds_on_the_base_class(conn):
    class Own(Facet):
        type = "own"

    facet = _facet(Own, conn, "_facet_own=x&_facet=y&blank=")
    assert facet.get_configs() == [{"source": "request", "config": {"simple": "x"}}]
    assert facet.get_querystring_pairs() == [("_facet_own", "x"), ("_facet", "y"), ("blank", "")]
    assert await facet.get_columns("select 1 as a, :b as b", {"b": 2}) == ["a", "b"]
    assert await facet.suggest() == []
    with pytest.raises(NotImplementedError):
        await facet.facet_results()


# Proves: API-219
@pytest.mark.parametrize(
    ("query", "configured", "size"),
    [
        ("", None, 30),
        ("_facet_size=5", None, 5),
        ("_facet_size=500", None, 50),
        ("_facet_size=max", 3, 50),
        ("_facet_size=many", None, 30),
        ("_facet_size=-1", 4, 4),
        ("", 4, 4),
        ("", "max", 50),
        ("_facet_size=7", 4, 7),
    ],
)
def test_the_number_of_values_is_asked_for_or_configured(conn, query, configured, size):
    config = {"databases": {"db": {"tables": {"t": {"facet_size": configured}}}}}
    datasette = _Datasette(conn, config=config if configured else None)
    assert _facet(ColumnFacet, conn, query, datasette).get_facet_size() == size


# Proves: API-219
async def test_rows_are_counted_when_nobody_did(conn):
    facet = _facet(ColumnFacet, conn, row_count=None)
    assert await facet.get_row_count() == 24
    facet = _facet(ColumnFacet, conn, row_count=None)
    facet.suggest_consider = 10
    assert await facet.get_row_count() == 10
    assert await _facet(ColumnFacet, conn, row_count=5).get_row_count() == 5


# Proves: API-219
async def test_the_values_of_a_column_are_counted(conn):
    datasette = _Datasette(conn)
    results, timed_out = await _facet(
        ColumnFacet, conn, "_facet=kind&kind=b&_facet_size=2", datasette
    ).facet_results()
    assert timed_out == []
    assert datasette.limits == [200]
    (found,) = results
    values = found.pop("results")
    assert found == {
        "name": "kind",
        "type": "column",
        "hideable": True,
        "toggle_url": "/prefix/db/t?kind=b&_facet_size=2",
        "truncated": True,
    }
    base = "http://localhost/prefix/db/t?_facet=kind"
    assert values == [
        {
            "value": "a",
            "label": "label a",
            "count": 8,
            "toggle_url": f"{base}&kind=b&_facet_size=2&kind=a",
            "selected": False,
        },
        {
            "value": "b",
            "label": "label b",
            "count": 8,
            "toggle_url": f"{base}&_facet_size=2",
            "selected": True,
        },
    ]


async def test_a_column_that_begins_with_an_underscore_is_filtered_exactly(conn):
    facet = _facet(
        ColumnFacet, conn, "_facet=_size&_size__exact=1", table_config={"facets": ["odd"]}
    )
    (configured, asked), _ = await facet.facet_results()
    assert (configured["name"], configured["hideable"]) == ("odd", False)
    one, two = asked["results"]
    assert (one["value"], one["toggle_url"].partition("?")[2]) == (
        0,
        "_facet=_size&_size__exact=1&_size__exact=0",
    )
    assert (two["selected"], two["toggle_url"].partition("?")[2]) == (True, "_facet=_size")


async def test_the_items_of_arrays_are_counted_once_for_each_array(conn):
    facet = _facet(ArrayFacet, conn, "_facet_array=tags&tags__arraycontains=y")
    (found,), _ = await facet.facet_results()
    assert [(v["value"], v["count"], v["selected"]) for v in found["results"]] == [
        ("x", 16, False),
        ("y", 8, True),
    ]
    assert found["toggle_url"] == "/prefix/db/t?tags__arraycontains=y"
    assert found["type"] == "array"


async def test_the_days_of_times_are_counted(conn):
    facet = _facet(DateFacet, conn, "_facet_date=day&day__date=2020-01-02")
    (found,), _ = await facet.facet_results()
    assert [(v["value"], v["count"], v["selected"]) for v in found["results"]] == [
        (f"2020-01-0{day}", 6, day == 2) for day in (1, 2, 3, 4)
    ]


@pytest.mark.parametrize(
    ("kind", "argument", "column"),
    [
        (ColumnFacet, "_facet", "kind"),
        (ArrayFacet, "_facet_array", "tags"),
        (DateFacet, "_facet_date", "day"),
    ],
)
async def test_what_takes_too_long_is_named(conn, kind, argument, column):
    datasette = _Datasette(conn, slow=[column])
    facet = _facet(kind, conn, f"{argument}={column}", datasette)
    assert await facet.facet_results() == ([], [column])


# Proves: API-219
@pytest.mark.parametrize(
    ("kind", "query", "names"),
    [
        (ColumnFacet, "", ["kind", "_size", "tags", "day"]),
        (ColumnFacet, "_facet=kind", ["_size", "tags", "day"]),
        (ColumnFacet, "_facet_size=2", ["_size"]),
        (ArrayFacet, "", ["tags"]),
        (ArrayFacet, "_facet_array=tags", []),
        (DateFacet, "", ["day"]),
    ],
)
async def test_facets_that_make_sense_are_suggested(conn, kind, query, names):
    datasette = _Datasette(conn)
    found = await _facet(kind, conn, query, datasette).suggest()
    assert [each["name"] for each in found] == names
    assert set(datasette.limits) == {60}
    for each in found:
        added = "_facet" if kind is ColumnFacet else f"_facet_{kind.type}"
        assert each["toggle_url"].endswith(f"{added}={each['name']}")
        assert each.get("type") == (None if kind is ColumnFacet else kind.type)


@pytest.mark.parametrize("kind", [ColumnFacet, ArrayFacet, DateFacet])
async def test_a_column_that_takes_too_long_is_not_suggested(conn, kind):
    datasette = _Datasette(conn, slow=["tags", "day", "kind", "_size"])
    assert await _facet(kind, conn, "", datasette).suggest() == []
