"""Actors: how they are shown, and allow blocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def actor_matches_allow(
    actor: Mapping[str, Any] | None, allow: Mapping[str, Any] | bool | None
) -> bool:
    """Whether an allow block lets this actor in (API-237).

    A block maps keys to the values that are let in: one, a list, or `*` for any. It matches when one
    key does. `unauthenticated: true` lets in who is nobody, and no block at all lets in everybody.
    """
    if allow is None or isinstance(allow, bool):
        return allow is not False
    if actor is None and allow.get("unauthenticated") is True:
        return True
    actor = actor or {}
    for key, wanted in allow.items():
        if wanted == "*" and key in actor:
            return True
        has = actor.get(key)
        if has is None:
            continue
        wanted_values = wanted if isinstance(wanted, list) else [wanted]
        has_values = has if isinstance(has, list) else [has]
        if any(value in wanted_values for value in has_values):
            return True
    return False


def display_actor(actor: Mapping[str, Any]) -> str:
    """What to call an actor: its display name, name, username, login or id (API-238)."""
    for key in ("display", "name", "username", "login", "id"):
        if actor.get(key):
            return actor[key]
    return str(actor)
