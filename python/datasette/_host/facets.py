"""Kinds of facets of plugins (HOOK-91 to HOOK-93)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .work import called

if TYPE_CHECKING:
    from .calls import Calls


async def _instance(calls: Calls, params: dict[str, Any]) -> Any:
    datasette, database, table = calls.datasette, params["database"], params["table"]
    config = await datasette.table_config(database, table) if table else {}
    return calls.registry.facets[params["id"]](
        datasette,
        calls.requests.of(params["request"]),
        database,
        sql=params["sql"],
        params=dict(params["params"]),
        table=table,
        table_config=config,
        row_count=params["row_count"],
    )


async def results(calls: Calls, params: dict[str, Any]) -> dict[str, Any]:
    """Counted facets, and the names of those that took too long."""
    instance = await _instance(calls, params)
    owner = calls.registry.facets.owner(params["id"])
    found, timed_out = await called(owner, instance.facet_results)
    if isinstance(found, dict):
        found = list(found.values())
    return {"results": found, "timed_out": list(timed_out)}


async def suggest(calls: Calls, params: dict[str, Any]) -> list[dict[str, Any]]:
    """Facets worth having."""
    instance = await _instance(calls, params)
    owner = calls.registry.facets.owner(params["id"])
    return list(await called(owner, instance.suggest))
