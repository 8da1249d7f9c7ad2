"""SQL of visitors that changes a database (API-17, API-71). The server decides about it."""

from __future__ import annotations

from typing import Any


class QueryWriteRejected(Exception):
    """The statement does something that no visitor may do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


async def ensure_query_write_permissions(
    datasette: Any,
    database: str,
    sql: str,
    *,
    actor: dict[str, Any] | None = None,
    params: dict[str, Any] | None = None,
    analysis: Any = None,
) -> Any:
    """Raises `Forbidden` or `QueryWriteRejected` when the actor may not run the statement."""
    return await datasette.ensure_query_write_permissions(
        database, sql, actor=actor, params=params, analysis=analysis
    )
