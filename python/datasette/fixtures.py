"""Databases for tests, with one table for each thing that a table can be (API-263).

The names of tables and columns and the numbers of rows are those that plugins' tests know. What is in
the rows is not stable.
"""

from __future__ import annotations

import json
import os
import random
import string
from collections.abc import Iterator
from itertools import islice, product
from typing import Any

from datasette.utils.sqlite import sqlite3

__all__ = [
    "EXTRA_DATABASE_SQL",
    "TABLES",
    "TABLE_PARAMETERIZED_SQL",
    "generate_compound_rows",
    "generate_sortable_rows",
    "populate_extra_database",
    "populate_fixture_database",
    "write_extra_database",
    "write_fixture_database",
]

_SCHEMA = """
CREATE TABLE simple_primary_key (id integer primary key, content text);
CREATE TABLE primary_key_multiple_columns (
    id varchar(30) primary key, content text, content2 text
);
CREATE TABLE primary_key_multiple_columns_explicit_label (
    id varchar(30) primary key, content text, content2 text
);
CREATE TABLE compound_primary_key (
    pk1 varchar(30), pk2 varchar(30), content text, PRIMARY KEY (pk1, pk2)
);
CREATE TABLE compound_three_primary_keys (
    pk1 varchar(30), pk2 varchar(30), pk3 varchar(30), content text,
    PRIMARY KEY (pk1, pk2, pk3)
);
CREATE INDEX idx_compound_three_primary_keys_content
    ON compound_three_primary_keys(content);
CREATE TABLE foreign_key_references (
    pk varchar(30) primary key,
    foreign_key_with_label integer REFERENCES simple_primary_key(id),
    foreign_key_with_blank_label integer REFERENCES simple_primary_key(id),
    foreign_key_with_no_label varchar(30) REFERENCES primary_key_multiple_columns(id),
    foreign_key_compound_pk1 varchar(30),
    foreign_key_compound_pk2 varchar(30),
    FOREIGN KEY (foreign_key_compound_pk1, foreign_key_compound_pk2)
        REFERENCES compound_primary_key(pk1, pk2)
);
CREATE TABLE complex_foreign_keys (
    pk varchar(30) primary key,
    f1 integer REFERENCES simple_primary_key(id),
    f2 integer REFERENCES simple_primary_key(id),
    f3 integer REFERENCES simple_primary_key(id)
);
CREATE TABLE custom_foreign_key_label (
    pk varchar(30) primary key,
    foreign_key_with_custom_label text
        REFERENCES primary_key_multiple_columns_explicit_label(id)
);
CREATE TABLE sortable (
    pk1 varchar(30), pk2 varchar(30), content text, sortable integer,
    sortable_with_nulls real, sortable_with_nulls_2 real, text text,
    PRIMARY KEY (pk1, pk2)
);
CREATE TABLE no_primary_key (content text, a text, b text, c text);
CREATE TABLE "123_starts_with_digits" (content text);
CREATE TABLE "Table With Space In Name" (pk varchar(30) primary key, content text);
CREATE TABLE "table/with/slashes.csv" (pk varchar(30) primary key, content text);
CREATE TABLE "select" ("group" text, "having" text, "and" text, "json" text);
CREATE TABLE tags (tag TEXT PRIMARY KEY);
CREATE TABLE searchable (
    pk integer primary key, text1 text, text2 text, "name with . and spaces" text
);
CREATE TABLE searchable_tags (
    searchable_id integer REFERENCES searchable(pk),
    tag text REFERENCES tags(tag),
    PRIMARY KEY (searchable_id, tag)
);
CREATE TABLE infinity (value REAL);
CREATE TABLE facet_cities (id integer primary key, name text);
CREATE TABLE facetable (
    pk integer primary key, created text, planet_int integer, on_earth integer, state text,
    _city_id integer REFERENCES facet_cities(id), _neighborhood text, tags text,
    complex_array text, distinct_some_null, n text
);
CREATE TABLE binary_data (data BLOB);
CREATE TABLE roadside_attractions (
    pk integer primary key, name text, address text, url text, latitude real, longitude real
);
CREATE TABLE attraction_characteristic (pk integer primary key, name text);
CREATE TABLE roadside_attraction_characteristics (
    attraction_id INTEGER REFERENCES roadside_attractions(pk),
    characteristic_id INTEGER REFERENCES attraction_characteristic(pk)
);
CREATE VIEW paginated_view AS
    SELECT content, '- ' || content || ' -' AS content_extra FROM no_primary_key;
CREATE VIEW simple_view AS
    SELECT content, upper(content) AS upper_content FROM simple_primary_key;
CREATE VIEW searchable_view AS SELECT * FROM searchable;
CREATE VIEW searchable_view_configured_by_metadata AS SELECT * FROM searchable;
"""

_FULL_TEXT = """
CREATE VIRTUAL TABLE searchable_fts USING FTS5 (
    text1, text2, [name with . and spaces], content="searchable", content_rowid="pk"
);
INSERT INTO searchable_fts (searchable_fts) VALUES ('rebuild');
"""

EXTRA_DATABASE_SQL = """
CREATE TABLE searchable (pk integer primary key, text1 text, text2 text);
CREATE VIEW searchable_view AS SELECT * FROM searchable;
INSERT INTO searchable VALUES (1, 'brass kettle', 'slow river'), (2, 'slow river', 'oak gate');
CREATE VIRTUAL TABLE searchable_fts USING FTS3 (text1, text2, content="searchable");
INSERT INTO searchable_fts (rowid, text1, text2) SELECT rowid, text1, text2 FROM searchable;
"""
"""A second, small database: a table, a view of it and an older kind of full-text table."""


def generate_compound_rows(num: int) -> Iterator[tuple[str, str, str, str]]:
    """Rows of `compound_three_primary_keys`: three letters, and all of them with hyphens."""
    for letters in islice(product(string.ascii_lowercase, repeat=3), num):
        one, two, three = letters
        yield one, two, three, "-".join(letters)


def generate_sortable_rows(num: int) -> Iterator[dict[str, Any]]:
    """Rows of `sortable`: the same chance numbers each time, some of them null."""
    chance = random.Random(2017)

    def number_or_null() -> float | None:
        return chance.random() if chance.random() < 0.66 else None

    for one, two in islice(product(string.ascii_lowercase, repeat=2), num):
        yield {
            "pk1": one,
            "pk2": two,
            "content": f"{one}-{two}",
            "sortable": chance.randint(-100, 100),
            "sortable_with_nulls": number_or_null(),
            "sortable_with_nulls_2": number_or_null(),
            "text": chance.choice(["$null", "$some"]),
        }


def _facetable_rows() -> Iterator[tuple[Any, ...]]:
    # City, and how many rows are there; the last city is on another planet.
    places = ((1, "CA", 6), (2, "CA", 4), (3, "MI", 4), (4, "MC", 1))
    tags = [["red", "round"], ["red", "square"]]
    number = 0
    for city, state, count in places:
        for _ in range(count):
            number += 1
            has_more = number <= len(tags)
            yield (
                number,
                f"2019-01-{14 + number // 5:02} 08:00:00",
                2 if city == 4 else 1,
                0 if city == 4 else 1,
                state,
                city,
                f"Quarter {(number - 1) % 14 + 1}",
                json.dumps(tags[number - 1] if has_more else []),
                json.dumps([{"key": "value"}] if number == 1 else []),
                ("one", "two")[number - 1] if has_more else None,
                f"n{number}" if has_more else None,
            )


def _contents() -> dict[str, list[Any]]:
    """The rows of each table."""
    return {
        "simple_primary_key": [
            (1, "hello"),
            (2, "world"),
            (3, ""),
            (4, "RENDER_CELL_DEMO"),
            (5, "RENDER_CELL_ASYNC"),
        ],
        "primary_key_multiple_columns": [("1", "hey", "world")],
        "primary_key_multiple_columns_explicit_label": [("1", "hey", "world2")],
        "compound_primary_key": [
            ("a", "b", "c"),
            ("a/b", ".c-d", "c"),
            ("d", "e", "RENDER_CELL_DEMO"),
        ],
        "compound_three_primary_keys": list(generate_compound_rows(1001)),
        "foreign_key_references": [
            ("1", 1, 3, "1", "a", "b"),
            ("2", None, None, None, None, None),
        ],
        "complex_foreign_keys": [("1", 1, 2, 1)],
        "custom_foreign_key_label": [("1", "1")],
        "sortable": [tuple(row.values()) for row in generate_sortable_rows(201)],
        "no_primary_key": [
            *((str(n), f"a{n}", f"b{n}", f"c{n}") for n in range(1, 202)),
            ("RENDER_CELL_DEMO", "a202", "b202", "c202"),
        ],
        "table/with/slashes.csv": [("3", "hey")],
        "select": [
            ("group", "having", "and", '{"href": "http://example.com/", "label": "Example"}')
        ],
        "tags": [("metal",), ("water",)],
        "searchable": [
            (1, "brass kettle", "slow river", "heron"),
            (2, "slow river", "oak gate", "magpie"),
        ],
        "searchable_tags": [(1, "metal"), (2, "water")],
        "infinity": [(float("inf"),), (float("-inf"),), (1.5,)],
        "facet_cities": [(1, "Oakland"), (2, "Fresno"), (3, "Lansing"), (4, "Syrtis")],
        "facetable": list(_facetable_rows()),
        "roadside_attractions": [
            (1, "The Tilted House", "1 Hill Road", "https://tilted.example/", 37.02, -122.0),
            (2, "Museum of Lost Keys", "22 Main Street", "https://keys.example/", 37.32, -121.95),
            (3, "Giant Teapot", "7 Coast Highway", None, 37.58, -122.34),
            (4, "Footprint Hall", "90 Forest Lane", "https://footprint.example/", 37.04, -122.07),
        ],
        "attraction_characteristic": [(1, "Museum"), (2, "Paranormal")],
        "roadside_attraction_characteristics": [(1, 2), (2, 2), (4, 2), (3, 1), (4, 1)],
    }


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    # SQL has no word for infinity.
    return {"inf": "1e999", "-inf": "-1e999"}.get(repr(value), repr(value))


def _insert(table: str, rows: list[Any]) -> str:
    # One statement for a table is one transaction.
    values = ",\n".join(f"({', '.join(map(_literal, row))})" for row in rows)
    return f'INSERT INTO "{table}" VALUES\n{values};'


#: The SQL that makes and fills all tables but `binary_data`.
TABLES = "\n".join(
    [_SCHEMA, *(_insert(table, rows) for table, rows in _contents().items()), _FULL_TEXT]
)

#: Statements for what SQL text cannot say, with their values.
TABLE_PARAMETERIZED_SQL: list[tuple[str, list[Any]]] = [
    ("insert into binary_data (data) values (?);", [b"\x15\x1c\x02\xc7\xad\x05\xfe"]),
    ("insert into binary_data (data) values (?);", [b"\x15\x1c\x03\xc7\xad\x05\xfe"]),
    ("insert into binary_data (data) values (null);", []),
]


def populate_fixture_database(conn: Any) -> None:
    """Makes and fills the tables on a connection."""
    conn.executescript(TABLES)
    for sql, values in TABLE_PARAMETERIZED_SQL:
        with conn:
            conn.execute(sql, values)


def populate_extra_database(conn: Any) -> None:
    """Makes and fills the tables of the second database on a connection."""
    conn.executescript(EXTRA_DATABASE_SQL)


def write_fixture_database(db_filename: str | os.PathLike[str]) -> None:
    """Makes a file with the tables."""
    _write(db_filename, populate_fixture_database)


def write_extra_database(db_filename: str | os.PathLike[str]) -> None:
    """Makes a file with the tables of the second database."""
    _write(db_filename, populate_extra_database)


def _write(db_filename: str | os.PathLike[str], populate: Any) -> None:
    conn = sqlite3.connect(db_filename)
    try:
        populate(conn)
    finally:
        conn.close()
