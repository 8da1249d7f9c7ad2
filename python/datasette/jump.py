"""Entries of the jump menu as SQL (API-224, HOOK-182..187)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_PARAMETER = re.compile(r"(?<!:):([A-Za-z_][A-Za-z0-9_]*)")


@dataclass
class JumpSQL:
    """A SELECT that yields `type`, `label`, `description`, `url`, `search_text` and `display_name`.

    It runs on the internal database, or on the one called `database`.
    """

    sql: str
    params: dict[str, Any] | None = None
    database: str | None = None

    @classmethod
    def menu_item(
        cls,
        *,
        label: str,
        url: str,
        description: str = "Menu item",
        search_text: str | None = None,
        display_name: str | None = None,
        item_type: str = "menu",
    ) -> JumpSQL:
        """One fixed entry. It is found by all of its words unless `search_text` is given."""
        if search_text is None:
            words = (label, display_name, description)
            search_text = " ".join(word for word in words if word is not None)
        values = {
            "type": item_type,
            "label": label,
            "description": description,
            "url": url,
            "search_text": search_text,
            "display_name": display_name,
        }
        columns = ", ".join(f":{name} AS {name}" for name in values)
        return cls(sql=f"SELECT {columns}", params=values)


def namespace_sql_params(
    sql: str, params: Mapping[str, Any], prefix: str
) -> tuple[str, dict[str, Any]]:
    """The statement and its parameters, with a prefix before each name.

    Statements can then be joined without their parameters meeting.
    """
    if not params:
        return sql, {}

    def renamed(match: re.Match[str]) -> str:
        name = match.group(1)
        return f":{prefix}_{name}" if name in params else match.group()

    return _PARAMETER.sub(renamed, sql), {
        f"{prefix}_{name}": value for name, value in params.items()
    }
