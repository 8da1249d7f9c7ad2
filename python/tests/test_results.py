"""The results of queries."""

import pytest

from datasette.database import MultipleValues, Results
from datasette.utils.sqlite import sqlite3


def _results(sql, truncated=False):
    conn = sqlite3.connect(":memory:")
    conn.row_factory = sqlite3.Row
    cursor = conn.execute(sql)
    return Results(cursor.fetchall(), truncated, cursor.description)


# Proves: API-163
def test_results_are_rows_with_their_columns():
    results = _results("select 1 as a, 'x' as b union all select 2, 'y'", truncated=True)
    assert results.columns == ["a", "b"]
    assert [column[0] for column in results.description] == ["a", "b"]
    assert all(len(column) == 7 for column in results.description)
    assert results.truncated is True
    assert len(results) == len(results.rows) == 2
    assert [tuple(row) for row in results] == [(1, "x"), (2, "y")]
    assert results.dicts() == [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]
    assert tuple(results.first()) == (1, "x")
    empty = _results("select 1 as a where 0")
    assert (empty.first(), empty.dicts(), len(empty), empty.columns) == (None, [], 0, ["a"])


# Proves: API-164
def test_a_single_value_is_one_row_of_one_column():
    assert _results("select 5").single_value() == 5
    for sql in ("select 1, 2", "select 1 union all select 2", "select 1 where 0"):
        with pytest.raises(MultipleValues):
            _results(sql).single_value()
