"""Shapes of answers: errors, headers for other sites, the choice of a route."""

from __future__ import annotations

import re
from collections.abc import Iterable, MutableMapping
from typing import Any

#: What answers that may change at any time say about themselves.
UNSTABLE_API_MESSAGE = (
    "This API is not part of Datasette's stable interface and may change at any time"
)


def error_body(messages: Any, status: int) -> dict[str, Any]:
    """The object of a JSON error (API-245): `ok`, `error`, `errors` and `status`.

    `messages` is one message or several of them.
    """
    if isinstance(messages, str):
        messages = [messages]
    errors = [str(message) for message in messages]
    return {"ok": False, "error": "; ".join(errors), "errors": errors, "status": status}


def add_cors_headers(headers: MutableMapping[str, str]) -> None:
    """Adds the headers that let pages of other sites read the answer (API-245)."""
    headers.update(
        {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Headers": "Authorization, Content-Type",
            "Access-Control-Expose-Headers": "Link",
            "Access-Control-Allow-Methods": "GET, POST, HEAD, OPTIONS",
            "Access-Control-Max-Age": "3600",
        }
    )


def resolve_routes(
    routes: Iterable[tuple[re.Pattern[str], Any]], path: str
) -> tuple[re.Match[str] | None, Any]:
    """The first route whose pattern matches the path: the match and its view (API-247)."""
    for pattern, view in routes:
        match = pattern.match(path)
        if match is not None:
            return match, view
    return None, None


async def initial_path_for_datasette(datasette: Any) -> str:
    """The page to begin with: a database when there is one, its table when there is one (API-247)."""
    names = [name for name in datasette.databases if name != "_internal"]
    if len(names) != 1:
        return datasette.urls.instance()
    tables = await datasette.databases[names[0]].table_names()
    if len(tables) != 1:
        return datasette.urls.database(names[0])
    return datasette.urls.table(names[0], tables[0])
