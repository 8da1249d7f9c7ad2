"""Hooks that were removed, as implementations of what replaced them.

Where a plugin implements the new one as well it was written for both, and the old one rests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .._host.implementation import Implementation, implementation_of
from .._host.work import called
from ..permissions import Action, Permission, PermissionSQL
from ..plugins import pm
from ..resources import DatabaseResource, TableResource
from ..utils import await_me_maybe
from . import rights
from .notes import note

REMOVED = {
    "permission_allowed": "Implement permission_resources_sql() instead.",
    "register_permissions": "Implement register_actions() instead.",
    "top_canned_query": "Implement top_stored_query() instead.",
    "canned_queries": "Call datasette.add_query() in startup() instead.",
    "skip_csrf": "Requests that send no cookies need no exception.",
}
"""The removed hooks, and what to do instead."""

_SUCCESSORS = {
    "permission_allowed": "permission_resources_sql",
    "register_permissions": "register_actions",
    "top_canned_query": "top_stored_query",
}


def implementers(hook: str) -> list[Any]:
    """Implementations of a removed hook in call order, as pluggy knows them."""
    caller = getattr(pm.hook, hook, None)
    if caller is None:
        return []
    found = [one for one in reversed(caller.get_hookimpls()) if not one.hookwrapper]
    successor = _SUCCESSORS.get(hook)
    if successor is None:
        return found
    modern = {one.plugin_name for one in getattr(pm.hook, successor).get_hookimpls()}
    return [one for one in found if one.plugin_name not in modern]


def given_to(one: Any, arguments: dict[str, Any]) -> Any:
    """Calls an implementation with those of the arguments that it names."""
    return called(one.plugin_name, one.function, *[arguments[name] for name in one.argnames])


def answers(hook: str, arguments: dict[str, Any]) -> Iterable[Any]:
    """The answers of all implementations of a removed hook; some have to be awaited."""
    for one in implementers(hook):
        yield given_to(one, arguments)


def tell() -> None:
    """Notes which plugins implement removed hooks."""
    for hook, instead in REMOVED.items():
        for one in implementers(hook):
            note(f"hook {hook}()", instead, one.plugin_name)


def adapted(hook: str) -> list[Implementation]:
    """Implementations of a hook that adapt those of a removed one."""
    if hook == "permission_resources_sql":
        found = [_as(hook, one, _rules(one)) for one in implementers("permission_allowed")]
        registering = implementers("register_permissions")
        return found + [_as(hook, one, _defaults(one)) for one in registering]
    if hook == "register_actions":
        return [_as(hook, one, _actions(one)) for one in implementers("register_permissions")]
    if hook == "top_stored_query":
        return [_as(hook, one, one.function) for one in implementers("top_canned_query")]
    return []


def _as(hook: str, one: Any, function: Callable[..., Any]) -> Implementation:
    """An implementation that stands where another one does."""
    raw = type(one)(one.plugin, one.plugin_name, function, {**one.opts, "specname": hook})
    return implementation_of(raw, hook)


def _rules(one: Any) -> Callable[..., Any]:
    async def permission_resources_sql(
        datasette: Any, actor: Any, action: str
    ) -> PermissionSQL | None:
        async def ask(about: str, resource: Any) -> Any:
            given = {"datasette": datasette, "actor": actor, "action": about}
            return await await_me_maybe(given_to(one, {**given, "resource": resource}))

        return await rights.rules(datasette, ask, action, one.plugin_name)

    return permission_resources_sql


def _actions(one: Any) -> Callable[..., Any]:
    def register_actions(datasette: Any) -> list[Action]:
        return [_action(registered) for registered in _registered(one, datasette)]

    return register_actions


def _defaults(one: Any) -> Callable[..., Any]:
    def permission_resources_sql(datasette: Any, action: str) -> PermissionSQL | None:
        if datasette.default_deny:
            return None
        for registered in _registered(one, datasette):
            if registered.name == action and registered.default:
                return PermissionSQL.allow(reason=f"default of {action}")
        return None

    return permission_resources_sql


def _registered(one: Any, datasette: Any) -> list[Permission]:
    return list(given_to(one, {"datasette": datasette}) or ())


def _action(permission: Permission) -> Action:
    kind: Any = None
    if permission.takes_resource:
        kind = TableResource
    elif permission.takes_database:
        kind = DatabaseResource
    return Action(
        name=permission.name,
        abbr=permission.abbr,
        description=permission.description,
        resource_class=kind,
    )
