"""Configuration of plugins (PLUG-55 to PLUG-60)."""

from __future__ import annotations

import os
from typing import Any

from .utils import resolve_env_secrets


def plugin_config(
    config: dict[str, Any], name: str, database: str | None, table: str | None, fallback: bool
) -> Any:
    """The most specific configuration of the plugin, references resolved."""
    return resolve_env_secrets(_found(config, name, database, table, fallback), os.environ)


def _found(
    config: dict[str, Any], name: str, database: str | None, table: str | None, fallback: bool
) -> Any:
    top = (config.get("plugins") or {}).get(name)
    block = (config.get("databases") or {}).get(database) if database is not None else None
    if block is None:
        return top if database is None or fallback else None
    of_database = (block.get("plugins") or {}).get(name)
    if table is None:
        return of_database
    tables = (block.get("tables") or {}).get(table) or {}
    of_table = (tables.get("plugins") or {}).get(name)
    if of_table is not None or not fallback:
        return of_table
    return of_database or top
