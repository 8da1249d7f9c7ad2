"""What plugins give to templates (HOOK-53, OOP-09): data crosses, everything else stays here."""

from __future__ import annotations

import math
from typing import Any

from markupsafe import Markup

from .handles import PassingHandles

_DEEPEST = 50
_LONGEST = 200


class Functions:
    """Objects that were given to templates, by their numbers."""

    def __init__(self) -> None:
        self.handles: PassingHandles[Any] = PassingHandles(2_000)

    def value(self, value: Any) -> dict[str, Any]:
        """A value for a template as it crosses."""
        if is_data(value):
            return {"data": value}
        if type(value) is Markup:
            return {"html": str(value)}
        return {"foreign": [self.handles.add(value), _shown(value)]}


def is_data(value: Any, depth: int = 0) -> bool:
    """Whether the value is nothing but data, so that a copy of it is as good."""
    kind = type(value)
    if value is None or kind in (bool, str):
        return True
    if kind is int:
        return -(1 << 63) <= value < 1 << 63
    if kind is float:
        return math.isfinite(value)
    if depth > _DEEPEST:
        return False
    if kind is list:
        return all(is_data(item, depth + 1) for item in value)
    if kind is dict:
        return all(type(key) is str and is_data(item, depth + 1) for key, item in value.items())
    return False


def _shown(value: Any) -> str:
    try:
        return repr(value)[:_LONGEST]
    except Exception:  # noqa: BLE001 - it is a plugin's
        return f"<{type(value).__name__}>"
