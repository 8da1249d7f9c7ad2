"""What the server tells plugins about: the classes of events (EVT-01..14)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from typing import Any


def _now() -> datetime:
    return datetime.now(timezone.utc)


@dataclass
class Event(ABC):
    """Something happened. Subclasses are data classes with a `name` (EVT-01)."""

    @property
    @abstractmethod
    def name(self) -> str:
        """What the kind of event is called; subclasses set a class attribute."""

    #: When it happened.
    created: datetime = field(init=False, default_factory=_now)
    #: Who did it.
    actor: dict[str, Any] | None

    def properties(self) -> dict[str, Any]:
        """All fields but `actor` and `created` (EVT-02)."""
        values = asdict(self)
        del values["actor"], values["created"]
        return values


@dataclass
class LoginEvent(Event):
    """Somebody signed in with the address that the server prints for root (EVT-04)."""

    name = "login"


@dataclass
class LogoutEvent(Event):
    """Somebody signed out (EVT-05)."""

    name = "logout"


@dataclass
class CreateTokenEvent(Event):
    """A token was made on the page for it (EVT-06)."""

    name = "create-token"
    #: In seconds; None for a token that does not end.
    expires_after: int | None
    restrict_all: list[str]
    restrict_database: dict[str, list[str]]
    restrict_resource: dict[str, dict[str, list[str]]]


@dataclass
class CreateTableEvent(Event):
    """A table was created (EVT-07)."""

    name = "create-table"
    database: str
    table: str
    #: Its CREATE TABLE statement.
    schema: str


@dataclass
class DropTableEvent(Event):
    """A table was dropped (EVT-08)."""

    name = "drop-table"
    database: str
    table: str


@dataclass
class AlterTableEvent(Event):
    """The columns of a table were changed (EVT-09)."""

    name = "alter-table"
    database: str
    table: str
    before_schema: str
    after_schema: str


@dataclass
class InsertRowsEvent(Event):
    """Rows were inserted (EVT-10)."""

    name = "insert-rows"
    database: str
    table: str
    #: As many as were asked for.
    num_rows: int
    ignore: bool
    replace: bool


@dataclass
class UpsertRowsEvent(Event):
    """Rows were inserted or updated (EVT-11)."""

    name = "upsert-rows"
    database: str
    table: str
    #: As many as were asked for.
    num_rows: int


@dataclass
class UpdateRowEvent(Event):
    """A row was updated (EVT-12)."""

    name = "update-row"
    database: str
    table: str
    #: The values of its key.
    pks: list[Any]


@dataclass
class DeleteRowEvent(Event):
    """A row was deleted (EVT-13)."""

    name = "delete-row"
    database: str
    table: str
    #: The values of its key.
    pks: list[Any]


@dataclass
class RenameTableEvent(Event):
    """A table has a new name (EVT-14)."""

    name = "rename-table"
    database: str
    old_table: str
    new_table: str
