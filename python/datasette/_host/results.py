"""The results of hooks on their way to the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..jump import JumpSQL
from ..permissions import PermissionSQL
from ..utils import PrefixedUrlString
from . import responses

if TYPE_CHECKING:
    from .calls import Calls


async def nothing(_calls: Calls, _value: Any, _plugin: str) -> None:
    """Hooks whose results count for nothing."""


async def as_it_is(_calls: Calls, value: Any, _plugin: str) -> Any:
    """Plain data."""
    return value


def _url(calls: Calls, url: Any) -> str:
    # The server puts its prefix before what starts with a slash, once (HOOK-47).
    if isinstance(url, PrefixedUrlString):
        base = calls.datasette.setting("base_url")
        if base != "/" and url.startswith(base):
            return "/" + str(url)[len(base) :]
    return str(url)


async def asset_urls(calls: Calls, value: Any, _plugin: str) -> list[dict[str, Any]]:
    """Style sheets and scripts: addresses, or dictionaries with one."""
    assets = []
    for one in value:
        if isinstance(one, dict):
            asset: dict[str, Any] = {"url": _url(calls, one["url"])}
            if one.get("sri"):
                asset["sri"] = one["sri"]
            asset["module"] = bool(one.get("module"))
            assets.append(asset)
        else:
            assets.append({"url": _url(calls, one)})
    return assets


async def body_script(_calls: Calls, value: Any, _plugin: str) -> dict[str, Any]:
    """A script: its text, or a dictionary with it (HOOK-50, HOOK-52)."""
    if isinstance(value, dict):
        return {"script": str(value["script"]), "module": bool(value.get("module"))}
    return {"script": str(value)}


async def template_vars(calls: Calls, value: Any, _plugin: str) -> dict[str, Any] | None:
    """Variables of templates (HOOK-53, HOOK-54)."""
    if value is None:
        return None
    assert isinstance(value, dict), f"extra_vars is of type {type(value)}"
    return {str(name): calls.functions.value(one) for name, one in value.items()}


async def filters(_calls: Calls, value: Any, _plugin: str) -> dict[str, Any] | None:
    """Conditions of a table page."""
    if not value:
        return None
    params = value.params or {}
    return {
        "where_clauses": list(value.where_clauses),
        "params": [(str(name), one) for name, one in params.items()],
        "human_descriptions": list(value.human_descriptions or []),
        "extra_context": dict(value.extra_context or {}),
    }


async def permission_sql(calls: Calls, value: Any, plugin: str) -> dict[str, Any] | None:
    """Rules about who may do what (HOOK-145)."""
    rules: list[PermissionSQL] = []
    _collect(value, rules)
    if not rules:
        return None
    return {
        "sql": [
            {
                "sql": rule.sql,
                "restriction_sql": rule.restriction_sql,
                "params": list((rule.params or {}).items()),
                "source": rule.source or plugin,
            }
            for rule in rules
        ]
    }


def _collect(value: Any, into: list[PermissionSQL]) -> None:
    if value is None:
        return
    if isinstance(value, PermissionSQL):
        into.append(value)
    elif isinstance(value, (list, tuple)):
        for one in value:
            _collect(one, into)
    else:
        raise TypeError(
            f"permission_resources_sql must return PermissionSQL, a list of them or None, not {value!r}"
        )


async def response(_calls: Calls, value: Any, _plugin: str) -> dict[str, Any] | None:
    """A response, whole."""
    return None if value is None else await responses.whole(value)


async def mandatory_response(calls: Calls, value: Any, plugin: str) -> dict[str, Any] | None:
    """A response that must be one (HOOK-163)."""
    assert value, "Default forbidden() plugin should have returned a response"
    return await response(calls, value, plugin)


async def links(_calls: Calls, value: Any, _plugin: str) -> list[dict[str, Any]] | None:
    """Entries of the menu of every page."""
    if not value:
        return None
    return [{"href": str(one["href"]), "label": str(one["label"])} for one in value]


async def actions(_calls: Calls, value: Any, _plugin: str) -> list[dict[str, Any]] | None:
    """Entries of an actions menu: links and buttons (HOOK-173)."""
    if not value:
        return None
    items = []
    for one in value:
        item: dict[str, Any] = {"label": str(one["label"])}
        if one.get("description"):
            item["description"] = str(one["description"])
        if one.get("type") == "button":
            attributes = one.get("attrs") or {}
            item["attrs"] = [(str(name), str(text)) for name, text in attributes.items()]
        else:
            item["href"] = str(one["href"])
        items.append(item)
    return items


async def jump_items(_calls: Calls, value: Any, _plugin: str) -> dict[str, Any] | None:
    """Entries of the jump menu (HOOK-182)."""
    if value is None:
        return None
    items = [one for one in (value if isinstance(value, (list, tuple)) else [value]) if one]
    for one in items:
        if not isinstance(one, JumpSQL):
            raise TypeError("jump_items_sql must return JumpSQL instances")
    return {
        "sql": [
            {
                "sql": one.sql,
                "params": list((one.params or {}).items()),
                "database": one.database,
            }
            for one in items
        ]
    }


async def actors(_calls: Calls, value: Any, _plugin: str) -> list[tuple[Any, Any]]:
    """Actors by id."""
    return list(value.items())


async def html(_calls: Calls, value: Any, _plugin: str) -> str | None:
    """HTML for a slot of a page (HOOK-189)."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise TypeError(f"sequence item 0: expected str instance, {type(value).__name__} found")
    return str(value)


async def truthy(_calls: Calls, value: Any, _plugin: str) -> Any:
    """Data that counts only where it is not empty."""
    return value or None


CONVERTERS = {
    "startup": nothing,
    "shutdown": nothing,
    "prepare_jinja2_environment": nothing,
    "extra_css_urls": asset_urls,
    "extra_js_urls": asset_urls,
    "extra_body_script": body_script,
    "extra_template_vars": template_vars,
    "actor_from_request": truthy,
    "actors_from_ids": actors,
    "filters_from_request": filters,
    "permission_resources_sql": permission_sql,
    "forbidden": mandatory_response,
    "handle_exception": response,
    "menu_links": links,
    "jump_items_sql": jump_items,
    "row_actions": actions,
    "table_actions": actions,
    "view_actions": actions,
    "query_actions": actions,
    "database_actions": actions,
    "homepage_actions": actions,
    "track_event": nothing,
    "top_homepage": html,
    "top_database": html,
    "top_table": html,
    "top_row": html,
    "top_query": html,
    "top_stored_query": html,
}
"""What becomes of the results of each hook that is called for its answer."""
