"""The databases for tests of plugins, and facts about databases that do not change."""

import hashlib

import pytest

from datasette import fixtures
from datasette.inspect import inspect_hash, inspect_tables, inspect_views
from datasette.utils.sqlite import sqlite3

COUNTS = {
    "123_starts_with_digits": 0,
    "Table With Space In Name": 0,
    "attraction_characteristic": 2,
    "binary_data": 3,
    "complex_foreign_keys": 1,
    "compound_primary_key": 3,
    "compound_three_primary_keys": 1001,
    "custom_foreign_key_label": 1,
    "facet_cities": 4,
    "facetable": 15,
    "foreign_key_references": 2,
    "infinity": 3,
    "no_primary_key": 202,
    "primary_key_multiple_columns": 1,
    "primary_key_multiple_columns_explicit_label": 1,
    "roadside_attraction_characteristics": 5,
    "roadside_attractions": 4,
    "searchable": 2,
    "searchable_fts": 2,
    "searchable_tags": 2,
    "select": 1,
    "simple_primary_key": 5,
    "sortable": 201,
    "table/with/slashes.csv": 1,
    "tags": 2,
    "paginated_view": 202,
    "searchable_view": 2,
    "searchable_view_configured_by_metadata": 2,
    "simple_view": 5,
}


@pytest.fixture
def conn():
    conn = sqlite3.connect(":memory:")
    conn.row_factory = sqlite3.Row
    yield conn
    conn.close()


# Proves: API-231, API-263
def test_the_tables_and_views_are_filled(conn):
    fixtures.populate_fixture_database(conn)
    names = conn.execute(
        "select name from sqlite_master where type in ('table', 'view') "
        "and name not like 'searchable\\_fts\\_%' escape '\\'"
    )
    counts = {
        name: conn.execute(f'select count(*) from "{name}"').fetchone()[0] for (name,) in names
    }
    assert counts == COUNTS
    assert conn.execute("pragma foreign_key_check").fetchall() == []
    blobs = [row[0] for row in conn.execute("select data from binary_data")]
    assert [type(blob) for blob in blobs] == [bytes, bytes, type(None)]
    infinite = [row[0] for row in conn.execute("select value from infinity")]
    assert infinite == [float("inf"), float("-inf"), 1.5]
    found = conn.execute("select rowid from searchable_fts where searchable_fts match 'kettle'")
    assert [row[0] for row in found] == [1]


# Proves: API-263
def test_the_second_database_has_an_older_kind_of_full_text(conn):
    fixtures.populate_extra_database(conn)
    found = conn.execute("select rowid from searchable_fts where searchable_fts match 'gate'")
    assert [row[0] for row in found] == [2]
    assert conn.execute("select count(*) from searchable_view").fetchone()[0] == 2


# Proves: API-263
@pytest.mark.parametrize("which", ["fixture", "extra"])
def test_files_are_the_same_databases(tmp_path, conn, which):
    path = tmp_path / "a.db"
    getattr(fixtures, f"write_{which}_database")(path)
    getattr(fixtures, f"populate_{which}_database")(conn)
    written = sqlite3.connect(path)
    assert list(written.iterdump()) == list(conn.iterdump())
    written.close()


# Proves: API-263
def test_rows_can_be_had_without_a_database():
    rows = list(fixtures.generate_compound_rows(28))
    assert len(rows) == 28
    assert rows[0] == ("a", "a", "a", "a-a-a")
    assert rows[-1] == ("a", "b", "b", "a-b-b")
    sortable = list(fixtures.generate_sortable_rows(201))
    assert sortable == list(fixtures.generate_sortable_rows(201))
    assert list(sortable[0]) == (
        "pk1 pk2 content sortable sortable_with_nulls sortable_with_nulls_2 text".split()
    )
    assert len({(row["pk1"], row["pk2"]) for row in sortable}) == 201
    for column in ("sortable_with_nulls", "sortable_with_nulls_2"):
        assert {type(row[column]) for row in sortable} == {float, type(None)}
    assert isinstance(fixtures.TABLES, str) and isinstance(fixtures.EXTRA_DATABASE_SQL, str)
    assert len(fixtures.TABLE_PARAMETERIZED_SQL) == 3


def test_facts_about_a_database(conn, tmp_path):
    fixtures.populate_fixture_database(conn)
    tables = inspect_tables(conn, {"tables": {"tags": {"hidden": True}}})
    assert tables["compound_primary_key"] == {
        "name": "compound_primary_key",
        "columns": ["pk1", "pk2", "content"],
        "primary_keys": ["pk1", "pk2"],
        "count": 3,
        "hidden": False,
        "fts_table": None,
        "foreign_keys": {"incoming": [], "outgoing": []},
    }
    assert tables["searchable"]["fts_table"] == "searchable_fts"
    hidden = {name for name, table in tables.items() if table["hidden"]}
    assert {"tags", "searchable_fts", "searchable_fts_data"} <= hidden
    assert "searchable" not in hidden
    assert tables["searchable_tags"]["foreign_keys"]["outgoing"]
    assert "simple_view" in inspect_views(conn)
    path = tmp_path / "a.db"
    path.write_bytes(b"x" * 3_000_000)
    assert inspect_hash(path) == hashlib.sha256(b"x" * 3_000_000).hexdigest()
