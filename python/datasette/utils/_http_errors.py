"""Exceptions that become answers with a status (API-194, API-195). The message is `args[0]`."""

from __future__ import annotations

from typing import Any


class Base400(Exception):
    """The request cannot be answered, and it is the request's fault."""

    status = 400


class BadRequest(Base400):
    """The request is not understood."""

    status = 400


class Forbidden(Base400):
    """The actor may not do this."""

    status = 403


class NotFound(Base400):
    """There is nothing there."""

    status = 404


class PayloadTooLarge(Base400):
    """The body of the request is larger than allowed."""

    status = 413


class DatabaseNotFound(NotFound):
    """There is no such database."""

    def __init__(self, database_name: str) -> None:
        super().__init__("Database not found")
        self.database_name = database_name


class TableNotFound(NotFound):
    """There is no such table or view in the database."""

    def __init__(self, database_name: str, table: str) -> None:
        super().__init__("Table not found")
        self.database_name = database_name
        self.table = table


class RowNotFound(NotFound):
    """There is no such row in the table."""

    def __init__(self, database_name: str, table: str, pk_values: Any) -> None:
        super().__init__("Row not found")
        self.database_name = database_name
        self.table_name = table
        self.pk_values = pk_values
