"""Questions about permissions in the words of the server's own code (API-15). The server answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


async def build_allowed_resources_sql(
    datasette: Any,
    actor: dict[str, Any] | None,
    action: str,
    *,
    parent: str | None = None,
    include_is_private: bool = False,
) -> tuple[str, dict[str, Any]]:
    """SQL over the internal database that yields what the actor may do this with (API-67)."""
    sql, params = await datasette.allowed_resources_sql(
        action=action, actor=actor, parent=parent, include_is_private=include_is_private
    )
    return sql, params


async def check_permissions_for_actions(
    *,
    datasette: Any,
    actor: dict[str, Any] | None,
    actions: Sequence[str],
    parent: str | None,
    child: str | None,
) -> dict[str, bool]:
    """Which of the actions the actor may do with one resource."""
    answers = {}
    for action in dict.fromkeys(actions):
        answers[action] = await check_permission_for_resource(
            datasette=datasette, actor=actor, action=action, parent=parent, child=child
        )
    return answers


async def check_permission_for_resource(
    *,
    datasette: Any,
    actor: dict[str, Any] | None,
    action: str,
    parent: str | None,
    child: str | None,
) -> bool:
    """Whether the actor may do this with one resource."""
    resource = None
    if parent is not None:
        resource = datasette.resource_for_action(action, parent, child)
    return await datasette.allowed(action=action, resource=resource, actor=actor)
