"""CSV of what a view fetches page by page, streamed (API-16)."""

from __future__ import annotations

import csv
import hashlib
import io
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

from datasette.utils import (
    EscapeHtmlWriter,
    InvalidSql,
    LimitedWriter,
    add_cors_headers,
    path_from_row_pks,
    path_with_format,
    sqlite3,
)
from datasette.utils.asgi import AsgiStream, AsgiWriter, BadRequest, Request, Response

# Counts and facets are not for CSV.
_UNNEEDED = ("_nofacet", "_nocount")

Fetch = Callable[..., Awaitable[Any]]


async def stream_csv(
    datasette: Any, fetch_data: Fetch, request: Request, database: str
) -> AsgiStream | Response:
    """An answer with all rows as CSV.

    `fetch_data(request)` gives a tuple that begins with a dictionary: `columns`, `rows`, perhaps
    `expanded_columns`, `table`, `primary_keys`, and `next` while there are more; with `?_stream=1` it
    is asked again with `_next=`.
    """
    request = _without_unneeded(request)
    is_streaming = bool(request.args.get("_stream"))
    if is_streaming:
        if not datasette.setting("allow_csv_stream"):
            raise BadRequest("CSV streaming is disabled")
        if request.args.get("_next"):
            raise BadRequest("_next not allowed for CSV streaming")
    try:
        first = await fetch_data(request)
    except (sqlite3.OperationalError, InvalidSql) as error:
        from .base import DatasetteError

        raise DatasetteError(str(error), title="Invalid SQL", status=400) from error
    if isinstance(first, Response):
        return first

    async def pages() -> AsyncIterator[dict[str, Any]]:
        data = first[0]
        yield data
        while is_streaming and data.get("next"):
            data = (await fetch_data(request, _next=data["next"]))[0]
            yield data

    is_debugging = bool(request.args.get("_trace"))

    async def write_all(writer: AsgiWriter) -> None:
        limited = LimitedWriter(writer, datasette.setting("max_csv_mb"))
        target: Any = limited
        try:
            if is_debugging:
                await limited.write(
                    "<html><head><title>CSV debug</title></head>"
                    '<body><textarea style="width: 90%; height: 70vh">'
                )
                target = EscapeHtmlWriter(limited)
            expanded = set(first[0].get("expanded_columns") or ())
            headings = _headings(first[0]["columns"], expanded)
            if request.args.get("_header") != "off":
                await target.write(_line(headings))
            async for data in pages():
                cells = _Cells(datasette, request, database, data, expanded)
                for row in data["rows"]:
                    await target.write(_line(cells.of(row)))
            if is_debugging:
                await limited.write("</textarea></body></html>")
        except Exception as error:  # noqa: BLE001 - the status is sent, the body is all there is
            print(f"Caught this error: {error}", file=sys.stderr, flush=True)
            await writer.write(str(error))

    headers: dict[str, str] = {}
    if datasette.cors:
        add_cors_headers(headers)
    content_type = "text/html" if is_debugging else "text/plain"
    if request.args.get("_dl"):
        if not is_debugging:
            content_type = "text/csv"
        name = request.url_vars.get("table", database)
        headers["content-disposition"] = f'attachment; filename="{name}.csv"'
    return AsgiStream(write_all, headers=headers, content_type=f"{content_type}; charset=utf-8")


def _without_unneeded(request: Request) -> Request:
    added = [f"{name}=1" for name in _UNNEEDED if not request.args.get(name)]
    if not added:
        return request
    parts = [request.query_string] if request.query_string else []
    query_string = "&".join(parts + added).encode("latin-1")
    return Request({**request.scope, "query_string": query_string}, request.receive)


def _headings(columns: Sequence[str], expanded: set[str]) -> list[str]:
    headings = []
    for column in columns:
        headings.append(column)
        if column in expanded:
            headings.append(f"{column}_label")
    return headings


def _line(values: Sequence[Any]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(values)
    return buffer.getvalue()


class _Cells:
    """Makes rows of a page fit for CSV: labels beside values, addresses for bytes."""

    def __init__(
        self, datasette: Any, request: Request, database: str, data: Any, expanded: set[str]
    ) -> None:
        self.datasette = datasette
        self.request = request
        self.database = database
        self.data = data
        self.expanded = expanded

    def of(self, row: Any) -> list[Any]:
        values: list[Any] = []
        for column, value in zip(self.data["columns"], row):
            if isinstance(value, bytes):
                value = self._address(row, column, value)
            if column not in self.expanded:
                values.append(value)
            elif value is None:
                values += ["", ""]
            elif isinstance(value, dict):
                values += [value["value"], value["label"]]
            else:
                values += [value, ""]
        return values

    def _address(self, row: Any, column: str, value: bytes) -> str:
        """Where the bytes can be had: at their row, or as a part of the query's answer."""
        table = self.data.get("table")
        if table:
            pks = self.data.get("primary_keys") or []
            row_path = path_from_row_pks(row, pks, not pks)
            path: str = self.datasette.urls.row_blob(self.database, table, row_path, column)
            return self.datasette.absolute_url(self.request, path)
        digest = hashlib.sha256(value).hexdigest()
        path = path_with_format(
            request=self.request,
            format="blob",
            extra_qs={"_blob_column": column, "_blob_hash": digest},
            replace_format="csv",
        )
        url = self.datasette.absolute_url(self.request, path)
        for name in _UNNEEDED:
            url = url.replace(f"&{name}=1", "")
        return url
