"""Queries that plugins of earlier releases made up anew for every request, kept as stored queries."""

from __future__ import annotations

import asyncio
from typing import Any

from ..utils import await_me_maybe
from .hooks import given_to, implementers

_OPTIONS = (
    "title",
    "description",
    "description_html",
    "hide_sql",
    "fragment",
    "on_success_message",
    "on_success_message_sql",
    "on_success_redirect",
    "on_error_message",
    "on_error_redirect",
)


class EarlierQueries:
    """The queries of `canned_queries()`, as they were stored last."""

    def __init__(self, datasette: Any) -> None:
        self._datasette = datasette
        self._stored: dict[tuple[str, str], dict[str, Any]] = {}
        self._lock = asyncio.Lock()

    async def refresh(self, databases: list[str] | None = None) -> None:
        """Asks plugins again, and stores what changed since.

        Plugins are asked as nobody in particular: a query that was meant for one actor is none that
        others may see."""
        async with self._lock:
            for database in databases or list(self._datasette.databases):
                await self._refresh(database)

    async def _refresh(self, database: str) -> None:
        given = {"datasette": self._datasette, "database": database, "actor": None}
        queries: dict[str, dict[str, Any]] = {}
        # Of two plugins with a query of one name, the one that is asked last has it.
        for one in implementers("canned_queries"):
            for name, query in (await await_me_maybe(given_to(one, given)) or {}).items():
                queries[name] = {"sql": query} if isinstance(query, str) else dict(query)
        for name, query in queries.items():
            if self._stored.get((database, name)) != query:
                await self._store(database, name, query)
        gone = [place for place in self._stored if place[0] == database and place[1] not in queries]
        for place in gone:
            await self._datasette.remove_query(*place, source="plugin")
            del self._stored[place]

    async def _store(self, database: str, name: str, query: dict[str, Any]) -> None:
        options = {key: query[key] for key in _OPTIONS if query.get(key) is not None}
        await self._datasette.add_query(
            database,
            name,
            query["sql"],
            parameters=query.get("params"),
            is_write=bool(query.get("write")),
            # Whoever may view it may run it, as it was.
            is_trusted=True,
            source="plugin",
            **options,
        )
        self._stored[(database, name)] = query
