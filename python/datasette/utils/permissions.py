"""Rules of access from plugins: gathered from the hook, resolved in SQL (PermissionSQL, API-209)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from datasette.permissions import PermissionSQL, _skip_permission_checks

from ._callables import await_me_maybe

#: Stands for all rules while checks are skipped.
SKIP_PERMISSION_CHECKS = object()

Actor = Mapping[str, Any]


async def gather_permission_sql_from_hooks(
    *, datasette: Any, actor: Actor | None, action: str
) -> list[PermissionSQL] | object:
    """The rules of all plugins of this process, each with the name of its plugin as `source`.

    `SKIP_PERMISSION_CHECKS` while checks are skipped; no hook is called then.
    """
    if _skip_permission_checks.get():
        return SKIP_PERMISSION_CHECKS
    from datasette.plugins import pm

    given = {"datasette": datasette, "actor": actor, "action": action}
    rules: list[PermissionSQL] = []
    # The last one is called first. One by one, so that it is known whose rules they are.
    for implementation in reversed(pm.hook.permission_resources_sql.get_hookimpls()):
        if implementation.hookwrapper or implementation.wrapper:
            continue
        result = implementation.function(*(given[name] for name in implementation.argnames))
        for rule in _rules_in(await await_me_maybe(result), action):
            rule.source = rule.source or implementation.plugin_name
            rule.params = {"action": action, **_actor_parameters(actor), **(rule.params or {})}
            rules.append(rule)
    return rules


def build_rules_union(
    actor: Actor | None, plugins: Sequence[PermissionSQL]
) -> tuple[str, dict[str, Any]]:
    """One statement with the rules of all, and its parameters.

    It yields `parent`, `child`, `allow`, `reason` and `source_plugin`. Parameters keep their names:
    `actor`, `actor_id` and `action` are taken, and plugins choose names that do not meet.
    """
    params = _actor_parameters(actor)
    parts = []
    for rules in plugins:
        params.update(rules.params or {})
        if rules.sql is not None:
            source = str(rules.source).replace("'", "''")
            parts.append(
                f"SELECT parent, child, allow, reason, '{source}' AS source_plugin "
                f"FROM (\n{rules.sql}\n)"
            )
    if not parts:
        parts = [
            "SELECT NULL AS parent, NULL AS child, NULL AS allow, NULL AS reason, "
            "'none' AS source_plugin WHERE 0"
        ]
    return "\nUNION ALL\n".join(parts), params


async def resolve_permissions_from_catalog(
    db: Any,
    actor: Actor | None,
    plugins: Sequence[Any],
    action: str,
    candidate_sql: str,
    candidate_params: Mapping[str, Any] | None = None,
    *,
    implicit_deny: bool = True,
) -> list[dict[str, Any]]:
    """Decides about each `parent` and `child` that `candidate_sql` yields.

    The rule that names most wins: one for the child, else for the parent, else for all; of equal ones
    a denial. Where no rule matches, `implicit_deny` decides: denied, or undecided (`allow` is None).
    With restrictions only what is allowed and inside of all of them is in the answer.

    Gives dictionaries with `parent`, `child`, `allow`, `reason`, `source_plugin`, `depth`, `action`
    and `resource`.
    """
    rules = [plugin(action) if callable(plugin) else plugin for plugin in plugins]
    if not all(isinstance(rule, PermissionSQL) for rule in rules):
        raise TypeError("Plugin providers must return PermissionSQL instances")
    union_sql, params = build_rules_union(actor, rules)
    restrictions = [rule.restriction_sql for rule in rules if rule.restriction_sql]
    restricted = ""
    if restrictions:
        each = " AND ".join(
            f"EXISTS (SELECT 1 FROM ({sql}) AS r WHERE (r.parent IS NULL OR r.parent = c.parent) "
            "AND (r.child IS NULL OR r.child = c.child))"
            for sql in restrictions
        )
        restricted = f"WHERE w.allow = 1 AND {each}"
    sql = f"""
        WITH candidates AS (
            {candidate_sql}
        ),
        rules AS (
            {union_sql}
        ),
        ranked AS (
            SELECT c.parent, c.child, r.allow, r.reason, r.source_plugin,
                iif(r.child IS NOT NULL, 2, r.parent IS NOT NULL) AS depth,
                row_number() OVER (
                    PARTITION BY c.parent, c.child
                    ORDER BY iif(r.child IS NOT NULL, 2, r.parent IS NOT NULL) DESC,
                        r.allow != 0, r.source_plugin
                ) AS place
            FROM candidates c
            JOIN rules r ON (r.parent IS NULL OR r.parent = c.parent)
                AND (r.child IS NULL OR r.child = c.child)
        )
        SELECT c.parent, c.child,
            coalesce(w.allow, iif(:implicit_deny, 0, NULL)) AS allow,
            coalesce(w.reason, iif(:implicit_deny, 'implicit deny', NULL)) AS reason,
            w.source_plugin,
            coalesce(w.depth, -1) AS depth,
            :action AS action,
            '/' || coalesce(c.parent || coalesce('/' || c.child, ''), '') AS resource
        FROM candidates c
        LEFT JOIN ranked w ON w.place = 1 AND w.parent IS c.parent AND w.child IS c.child
        {restricted}
        ORDER BY c.parent, c.child
    """
    bound = {
        **(candidate_params or {}),
        **params,
        "action": action,
        "implicit_deny": int(implicit_deny),
    }
    return [dict(row) for row in await db.execute(sql, bound)]


async def resolve_permissions_with_candidates(
    db: Any,
    actor: Actor | None,
    plugins: Sequence[Any],
    candidates: Sequence[tuple[str | None, str | None]],
    action: str,
    *,
    implicit_deny: bool = True,
) -> list[dict[str, Any]]:
    """Decides about pairs of parent and child, like `resolve_permissions_from_catalog`."""
    params: dict[str, Any] = {}
    selects = []
    for number, (parent, child) in enumerate(candidates):
        params[f"candidate_parent_{number}"] = parent
        params[f"candidate_child_{number}"] = child
        selects.append(
            f"SELECT :candidate_parent_{number} AS parent, :candidate_child_{number} AS child"
        )
    return await resolve_permissions_from_catalog(
        db,
        actor,
        plugins,
        action,
        " UNION ALL ".join(selects) or "SELECT NULL AS parent, NULL AS child WHERE 0",
        params,
        implicit_deny=implicit_deny,
    )


def _rules_in(result: Any, action: str) -> Iterator[PermissionSQL]:
    """What an implementation returned, as single rules."""
    if result is None:
        return
    if isinstance(result, PermissionSQL):
        yield result
    elif isinstance(result, (list, tuple)):
        for item in result:
            yield from _rules_in(item, action)
    elif callable(result):
        yield from _rules_in(result(action), action)
    else:
        raise TypeError(
            "Plugin providers must return PermissionSQL instances, sequences, or callables"
        )


def _actor_parameters(actor: Actor | None) -> dict[str, Any]:
    return {
        "actor": json.dumps(actor) if actor else None,
        "actor_id": actor.get("id") if actor else None,
    }
