"""Addresses of pages (API-199..204)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote_plus, urlencode

from .utils import PrefixedUrlString, path_with_format, tilde_encode


class Urls:
    """Makes addresses that begin with the `base_url` and encode names; `datasette.urls`."""

    def __init__(self, ds: Any) -> None:
        self.ds = ds

    def path(self, path: str, format: str | None = None) -> PrefixedUrlString:
        """A path below the `base_url`; what has the prefix already stays."""
        if not isinstance(path, PrefixedUrlString):
            path = self.ds.setting("base_url") + path.removeprefix("/")
        return _formatted(path, format)

    def instance(self, format: str | None = None) -> PrefixedUrlString:
        """The first page."""
        return self.path("", format=format)

    def static(self, path: str) -> PrefixedUrlString:
        """A file that comes with the server."""
        return self.path(f"-/static/{path}")

    def static_plugins(self, plugin: str, path: str) -> PrefixedUrlString:
        """A file that comes with a plugin."""
        return self.path(f"-/static-plugins/{plugin}/{path}")

    def logout(self) -> PrefixedUrlString:
        """The page to sign out on."""
        return self.path("-/logout")

    def database(self, database: str, format: str | None = None) -> PrefixedUrlString:
        """A database; `KeyError` when it is not there."""
        route = self.ds.get_database(database).route
        return self.path(tilde_encode(route), format=format)

    def database_query(
        self, database: str, sql: str, format: str | None = None
    ) -> PrefixedUrlString:
        """The results of SQL."""
        query_string = urlencode({"sql": sql})
        path = _formatted(self.database(database) + "/-/query", format)
        return path + f"?{query_string}"

    def table(self, database: str, table: str, format: str | None = None) -> PrefixedUrlString:
        """A table or view."""
        return _formatted(self.database(database) + f"/{tilde_encode(table)}", format)

    def query(self, database: str, query: str, format: str | None = None) -> PrefixedUrlString:
        """A stored query."""
        return _formatted(self.database(database) + f"/{tilde_encode(query)}", format)

    def row(
        self, database: str, table: str, row_path: str, format: str | None = None
    ) -> PrefixedUrlString:
        """A row; `row_path` is its name as `path_from_row_pks` writes it."""
        return _formatted(self.table(database, table) + f"/{row_path}", format)

    def row_blob(self, database: str, table: str, row_path: str, column: str) -> PrefixedUrlString:
        """What a column of a row contains, as a file."""
        query_string = f"_blob_column={quote_plus(column)}"
        return self.table(database, table) + f"/{row_path}.blob?{query_string}"


def _formatted(path: str, format: str | None) -> PrefixedUrlString:
    if format is not None:
        path = path_with_format(path=path, format=format)
    return PrefixedUrlString(path)
