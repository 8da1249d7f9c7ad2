"""Exceptions: their statuses, messages and attributes."""

import pytest

from datasette import Forbidden, NotFound, PayloadTooLarge, TokenInvalid
from datasette.database import DatasetteClosedError, MultipleValues, QueryInterrupted
from datasette.utils import (
    BadMetadataError,
    ConnectionProblem,
    InvalidSql,
    SpatialiteConnectionProblem,
    SpatialiteNotFound,
    StartupError,
    ValueAsBooleanError,
    WriteLimitExceeded,
    asgi,
)
from datasette.views.base import DatasetteError
from datasette.write_sql import QueryWriteRejected


# Proves: API-194
@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (asgi.Base400, 400),
        (NotFound, 404),
        (Forbidden, 403),
        (asgi.BadRequest, 400),
        (PayloadTooLarge, 413),
    ],
)
def test_an_exception_has_a_status_and_a_message(kind, status):
    assert kind.status == kind("why").status == status
    assert kind("why").args[0] == "why"
    assert issubclass(kind, asgi.Base400)


# Proves: API-195
def test_what_was_not_found_is_named():
    database = asgi.DatabaseNotFound("d")
    assert (str(database), database.database_name) == ("Database not found", "d")
    table = asgi.TableNotFound("d", "t")
    assert (str(table), table.database_name, table.table) == ("Table not found", "d", "t")
    row = asgi.RowNotFound("d", "t", ["1"])
    assert (str(row), row.database_name) == ("Row not found", "d")
    assert (row.table_name, row.pk_values) == ("t", ["1"])
    assert all(isinstance(each, NotFound) for each in (database, table, row))


# Proves: API-196
def test_an_error_for_a_page_has_all_its_parts():
    error = DatasetteError("m", "t", {"a": 1}, 400, "x.html", True, "plain")
    assert (error.message, error.title, error.error_dict) == ("m", "t", {"a": 1})
    assert (error.status, error.message_is_html, error.plain_message) == (400, True, "plain")
    plain = DatasetteError("m")
    assert (plain.title, plain.error_dict, plain.status) == (None, {}, 500)
    assert plain.message_is_html is False
    assert plain.plain_message is None


# Proves: API-197
def test_the_exceptions_of_the_utilities_are_what_they_are():
    kinds = [StartupError, InvalidSql, BadMetadataError, SpatialiteNotFound, WriteLimitExceeded]
    assert all(issubclass(kind, Exception) for kind in [*kinds, ConnectionProblem])
    assert issubclass(SpatialiteConnectionProblem, ConnectionProblem)
    assert issubclass(ValueAsBooleanError, ValueError)


# Proves: API-198
def test_the_exceptions_of_databases_say_what_they_are_about():
    error = QueryInterrupted(ValueError("interrupted"), "select :a", {"a": 1})
    assert (str(error.e), error.sql, error.params) == ("interrupted", "select :a", {"a": 1})
    assert str(error) == "QueryInterrupted: interrupted"
    assert issubclass(MultipleValues, Exception)
    assert issubclass(DatasetteClosedError, RuntimeError)


# Proves: API-198
def test_the_exceptions_of_tokens_and_writes_keep_their_message():
    assert TokenInvalid().message == str(TokenInvalid()) == "Invalid token"
    assert TokenInvalid("why").message == "why"
    assert QueryWriteRejected("why").message == str(QueryWriteRejected("why")) == "why"


# Proves: OOP-23
def test_an_error_that_a_plugin_words_keeps_its_words():
    from datasette._host.failures import describe

    for status, kind in (
        (400, "bad_request"),
        (404, "not_found"),
        (418, "bad_request"),
        (500, "spoken"),
    ):
        described = describe(DatasetteError("Its own words", status=status))
        assert (described["kind"], described["message"]) == (kind, "Its own words")
    assert describe(ValueError("private"))["kind"] == "failed"
