"""The column types that are always there; all of them for text columns (HOOK-104)."""

from __future__ import annotations

import json
import re
from typing import Any

from markupsafe import Markup

from datasette.column_types import ColumnType, SQLiteType

_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class UrlColumnType(ColumnType):
    """An address of the web, shown as a link."""

    name = "url"
    description = "URL"
    sqlite_types = (SQLiteType.TEXT,)

    async def render_cell(
        self,
        value: Any,
        column: str,
        table: str,
        database: str,
        datasette: Any,
        request: Any,
    ) -> Markup | None:
        """A link; other text as it is."""
        if not isinstance(value, str) or not value:
            return None
        address = value.strip()
        if not _URL.fullmatch(address):
            return Markup.escape(address)
        return Markup('<a href="{}">{}</a>').format(address, address)

    async def validate(self, value: Any, datasette: Any) -> str | None:
        """Lets through addresses, blanks and null."""
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return "URL must be a string"
        return None if _URL.fullmatch(value.strip()) else "Invalid URL"


class EmailColumnType(ColumnType):
    """An e-mail address, shown as a link."""

    name = "email"
    description = "Email address"
    sqlite_types = (SQLiteType.TEXT,)

    async def render_cell(
        self,
        value: Any,
        column: str,
        table: str,
        database: str,
        datasette: Any,
        request: Any,
    ) -> Markup | None:
        """A link."""
        if not isinstance(value, str) or not value:
            return None
        address = value.strip()
        return Markup('<a href="mailto:{}">{}</a>').format(address, address)

    async def validate(self, value: Any, datasette: Any) -> str | None:
        """Lets through addresses, blanks and null."""
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return "Email must be a string"
        return None if _EMAIL.fullmatch(value.strip()) else "Invalid email address"


class JsonColumnType(ColumnType):
    """JSON, shown with indentation."""

    name = "json"
    description = "JSON data"
    sqlite_types = (SQLiteType.TEXT,)

    async def render_cell(
        self,
        value: Any,
        column: str,
        table: str,
        database: str,
        datasette: Any,
        request: Any,
    ) -> Markup | None:
        """Indented JSON; what is none is left to others."""
        if value is None:
            return None
        try:
            parsed = json.loads(value) if isinstance(value, str) else value
            return Markup("<pre>{}</pre>").format(json.dumps(parsed, indent=2))
        except (TypeError, ValueError):
            return None

    async def validate(self, value: Any, datasette: Any) -> str | None:
        """Lets through JSON, blanks and null."""
        if not isinstance(value, str) or value == "":
            return None
        try:
            json.loads(value)
        except ValueError:
            return "Invalid JSON"
        return None


class TextareaColumnType(ColumnType):
    """Text of several lines."""

    name = "textarea"
    description = "Multiline text"
    sqlite_types = (SQLiteType.TEXT,)


#: The server's own types by name.
OWN_COLUMN_TYPES: dict[str, type[ColumnType]] = {
    kind.name: kind for kind in (UrlColumnType, EmailColumnType, JsonColumnType, TextareaColumnType)
}
