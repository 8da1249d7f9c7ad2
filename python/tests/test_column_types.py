"""Column types: affinities, and the types that are always there."""

import pytest

from datasette.column_types import ColumnType, SQLiteType
from datasette.default_column_types import (
    EmailColumnType,
    JsonColumnType,
    TextareaColumnType,
    UrlColumnType,
)


# Proves: API-217
@pytest.mark.parametrize(
    ("declared", "affinity"),
    [
        ("INTEGER", "INTEGER"),
        ("bigint", "INTEGER"),
        ("FLOATING POINT", "INTEGER"),
        ("CHARINT", "INTEGER"),
        ("varchar(30)", "TEXT"),
        ("clob", "TEXT"),
        ("TEXT", "TEXT"),
        ("blob", "BLOB"),
        (None, "BLOB"),
        ("", "BLOB"),
        ("  ", "BLOB"),
        ("REAL", "REAL"),
        ("double precision", "REAL"),
        ("float", "REAL"),
        ("DECIMAL(10,5)", "NUMERIC"),
        ("boolean", "NUMERIC"),
    ],
)
def test_a_declared_type_has_the_affinity_that_sqlite_gives_it(declared, affinity):
    assert SQLiteType.from_declared_type(declared).value == affinity


# Proves: API-217
def test_the_affinities_are_these():
    names = ["TEXT", "INTEGER", "REAL", "BLOB", "NUMERIC"]
    assert [member.name for member in SQLiteType] == names
    assert [member.value for member in SQLiteType] == names


# Proves: API-216
async def test_the_base_class_leaves_everything_as_it_is():
    class Mine(ColumnType):
        name = "mine"
        description = "Mine"

    column = Mine(config={"a": 1})
    assert column.config == {"a": 1}
    assert Mine().config is None
    assert Mine.sqlite_types is None
    asked = {"column": "c", "table": "t", "database": "d", "datasette": None, "request": None}
    assert await column.render_cell(value="v", **asked) is None
    assert await column.validate("v", None) is None
    assert await column.transform_value("v", None) == "v"


# Proves: HOOK-104
def test_the_types_that_are_always_there_are_for_text():
    kinds = (UrlColumnType, EmailColumnType, JsonColumnType, TextareaColumnType)
    assert [kind.name for kind in kinds] == ["url", "email", "json", "textarea"]
    assert all(kind.sqlite_types == (SQLiteType.TEXT,) for kind in kinds)
    assert all(kind.description for kind in kinds)


@pytest.mark.parametrize(
    ("kind", "value", "html"),
    [
        (
            UrlColumnType,
            "https://a.b/?x&y",
            '<a href="https://a.b/?x&amp;y">https://a.b/?x&amp;y</a>',
        ),
        (UrlColumnType, " HTTP://a.b ", '<a href="HTTP://a.b">HTTP://a.b</a>'),
        (UrlColumnType, "javascript:alert(1)", "javascript:alert(1)"),
        (UrlColumnType, "<b>", "&lt;b&gt;"),
        (UrlColumnType, "", None),
        (UrlColumnType, 5, None),
        (EmailColumnType, "a@b.c", '<a href="mailto:a@b.c">a@b.c</a>'),
        (EmailColumnType, None, None),
        (JsonColumnType, '{"a":[1]}', "<pre>{\n  &#34;a&#34;: [\n    1\n  ]\n}</pre>"),
        (JsonColumnType, "{", None),
        (JsonColumnType, None, None),
        (TextareaColumnType, "a\nb", None),
    ],
)
async def test_cells_are_shown_as_what_they_mean(kind, value, html):
    assert await kind().render_cell(value, "c", "t", "d", None, None) == html


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        (UrlColumnType, "https://a.b", None),
        (UrlColumnType, "ftp://a.b", "Invalid URL"),
        (UrlColumnType, "https://a b", "Invalid URL"),
        (UrlColumnType, 5, "URL must be a string"),
        (EmailColumnType, "a@b.c", None),
        (EmailColumnType, "a@b", "Invalid email address"),
        (EmailColumnType, 5, "Email must be a string"),
        (JsonColumnType, "[1]", None),
        (JsonColumnType, "[1", "Invalid JSON"),
        (JsonColumnType, 5, None),
        (TextareaColumnType, 5, None),
        *(
            (kind, blank, None)
            for kind in (UrlColumnType, EmailColumnType, JsonColumnType)
            for blank in (None, "")
        ),
    ],
)
async def test_values_are_let_through_when_they_mean_something(kind, value, message):
    assert await kind().validate(value, None) == message
