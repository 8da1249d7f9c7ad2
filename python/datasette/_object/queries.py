"""Stored queries (API-80 to API-87)."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .._host.failures import ServerError
from .._resolving import ResourcesSQL
from ..stored_queries import UNCHANGED, StoredQuery, StoredQueryPage
from ..utils import tilde_encode, urlsafe_components

if TYPE_CHECKING:
    from .._host.link import Link
    from ..database import Database

_SORT_KEY = "lower(coalesce(nullif(q.title, ''), q.name))"


class Queries:
    """Stores, changes, finds and lists queries."""

    _link: Link
    _internal_database: Database

    async def allowed_resources_sql(
        self,
        *,
        action: str,
        actor: dict[str, Any] | None = None,
        parent: str | None = None,
        include_is_private: bool = False,
    ) -> ResourcesSQL:
        """What the actor may do the action to."""
        raise NotImplementedError

    async def add_query(
        self,
        database: str,
        name: str,
        sql: str,
        *,
        title: str | None = None,
        description: str | None = None,
        description_html: str | None = None,
        hide_sql: bool = False,
        fragment: str | None = None,
        parameters: Iterable[str] | None = None,
        is_write: bool = False,
        is_private: bool = False,
        is_trusted: bool = False,
        source: str = "plugin",
        owner_id: str | None = None,
        on_success_message: str | None = None,
        on_success_message_sql: str | None = None,
        on_success_redirect: str | None = None,
        on_error_message: str | None = None,
        on_error_redirect: str | None = None,
        replace: bool = True,
    ) -> None:
        """Stores a query. Without `replace` a name that is taken raises
        `sqlite3.IntegrityError`."""
        query = StoredQuery(
            database=database,
            name=name,
            sql=sql,
            title=title,
            description=description,
            description_html=description_html,
            hide_sql=bool(hide_sql),
            fragment=fragment,
            parameters=list(parameters or ()),
            is_write=bool(is_write),
            is_private=bool(is_private),
            is_trusted=bool(is_trusted),
            source=source,
            owner_id=owner_id,
            on_success_message=on_success_message,
            on_success_message_sql=on_success_message_sql,
            on_success_redirect=on_success_redirect,
            on_error_message=on_error_message,
            on_error_redirect=on_error_redirect,
        )
        try:
            await self._store(query, replace)
        except ServerError as error:
            if error.kind != "conflict":
                raise
            raise sqlite3.IntegrityError(
                "UNIQUE constraint failed: queries.database_name, queries.name"
            ) from None

    async def update_query(
        self,
        database: str,
        name: str,
        *,
        sql: Any = UNCHANGED,
        title: Any = UNCHANGED,
        description: Any = UNCHANGED,
        description_html: Any = UNCHANGED,
        hide_sql: Any = UNCHANGED,
        fragment: Any = UNCHANGED,
        parameters: Any = UNCHANGED,
        is_write: Any = UNCHANGED,
        is_private: Any = UNCHANGED,
        is_trusted: Any = UNCHANGED,
        source: Any = UNCHANGED,
        owner_id: Any = UNCHANGED,
        on_success_message: Any = UNCHANGED,
        on_success_message_sql: Any = UNCHANGED,
        on_success_redirect: Any = UNCHANGED,
        on_error_message: Any = UNCHANGED,
        on_error_redirect: Any = UNCHANGED,
    ) -> None:
        """Changes what is given of a query; None takes a text away."""
        given = {
            "sql": sql,
            "title": title,
            "description": description,
            "description_html": description_html,
            "hide_sql": hide_sql,
            "fragment": fragment,
            "parameters": parameters,
            "is_write": is_write,
            "is_private": is_private,
            "is_trusted": is_trusted,
            "source": source,
            "owner_id": owner_id,
            "on_success_message": on_success_message,
            "on_success_message_sql": on_success_message_sql,
            "on_success_redirect": on_success_redirect,
            "on_error_message": on_error_message,
            "on_error_redirect": on_error_redirect,
        }
        changes = {key: value for key, value in given.items() if value is not UNCHANGED}
        if "parameters" in changes:
            changes["parameters"] = list(changes["parameters"] or ())
        for key in ("hide_sql", "is_write", "is_private", "is_trusted"):
            if key in changes:
                changes[key] = bool(changes[key])
        query = await self.get_query(database, name)
        if query is not None and changes:
            await self._store(dataclasses.replace(query, **changes), True)

    async def remove_query(self, database: str, name: str, source: str | None = None) -> None:
        """Removes a query; where a source is given, only if it has that one."""
        await self._link.ask("remove_query", {"database": database, "name": name, "source": source})

    async def get_query(self, database: str, name: str) -> StoredQuery | None:
        """The query of that name."""
        found = await self._internal_database.execute(
            "select * from queries where database_name = :database and name = :name",
            {"database": database, "name": name},
        )
        row = found.first()
        return None if row is None else _query(row)

    async def count_queries(
        self,
        database: str | None = None,
        *,
        actor: dict[str, Any] | None = None,
        q: str | None = None,
        is_write: bool | None = None,
        is_private: bool | None = None,
        is_trusted: bool | None = None,
        source: str | None = None,
        owner_id: str | None = None,
    ) -> int:
        """How many queries the actor may view."""
        flags = {"is_write": is_write, "is_private": is_private, "is_trusted": is_trusted}
        wanted = await self._wanted(database, actor, q, flags, source, owner_id, False)
        found = await self._internal_database.execute(
            f"select count(*) from {wanted.sql}", wanted.params
        )
        return int(found.single_value())

    async def list_queries(
        self,
        database: str | None = None,
        *,
        actor: dict[str, Any] | None = None,
        limit: int = 50,
        cursor: str | None = None,
        q: str | None = None,
        is_write: bool | None = None,
        is_private: bool | None = None,
        is_trusted: bool | None = None,
        source: str | None = None,
        owner_id: str | None = None,
        include_private: bool = False,
    ) -> StoredQueryPage:
        """A page of the queries that the actor may view, in the order of their titles."""
        limit = min(max(1, int(limit)), 1000)
        flags = {"is_write": is_write, "is_private": is_private, "is_trusted": is_trusted}
        wanted = await self._wanted(database, actor, q, flags, source, owner_id, include_private)
        # Of one database it is left out: that is what cursors say.
        keys = [_SORT_KEY, "q.name"] if database else ["q.database_name", _SORT_KEY, "q.name"]
        params = {**wanted.params, "limit": limit + 1}
        sql = f"select q.*, {_SORT_KEY} as sort_key, allowed.* from {wanted.sql}"
        after = _components(cursor)
        if len(after) == len(keys):
            names = [f"cursor_{place}" for place in range(len(keys))]
            params.update(zip(names, after))
            places = ", ".join(f":{name}" for name in names)
            sql += f" and ({', '.join(keys)}) > ({places})"
        found = await self._internal_database.execute(
            f"{sql} order by {', '.join(keys)} limit :limit", params
        )
        rows = found.rows[:limit]
        has_more = len(found.rows) > limit
        token = None
        if has_more:
            last = [rows[-1]["sort_key"], rows[-1]["name"]]
            parts = last if database else [rows[-1]["database_name"], *last]
            token = ",".join(tilde_encode(part) for part in parts)
        queries = [_query(row) for row in rows]
        if include_private:
            for query, row in zip(queries, rows):
                query.private = bool(row["is_private_to_visitors"])
        return StoredQueryPage(queries=queries, next=token, has_more=has_more, limit=limit)

    async def _store(self, query: StoredQuery, replace: bool) -> None:
        stored = dataclasses.asdict(query)
        del stored["private"]
        await self._link.ask("store_query", {"query": stored, "replace": replace})

    async def _wanted(
        self,
        database: str | None,
        actor: dict[str, Any] | None,
        search: str | None,
        flags: dict[str, bool | None],
        source: str | None,
        owner_id: str | None,
        include_private: bool,
    ) -> ResourcesSQL:
        allowed = await self.allowed_resources_sql(
            action="view-query", actor=actor, parent=database, include_is_private=include_private
        )
        params = dict(allowed.params)
        conditions = ["1 = 1"]
        if search:
            like = " or ".join(
                f"q.{column} like :query_search"
                for column in ("name", "title", "description", "sql")
            )
            conditions.append(f"({like})")
            params["query_search"] = f"%{search}%"
        equal: dict[str, Any] = {
            "database_name": database,
            "source": source,
            "owner_id": owner_id,
            **{key: None if flag is None else int(flag) for key, flag in flags.items()},
        }
        for column, value in equal.items():
            if value is not None:
                conditions.append(f"q.{column} = :query_{column}")
                params[f"query_{column}"] = value
        private = ", is_private as is_private_to_visitors" if include_private else ""
        sql = (
            f"queries q join (select parent, child{private} from ({allowed.sql})) allowed "
            "on allowed.parent = q.database_name and allowed.child = q.name "
            f"where {' and '.join(conditions)}"
        )
        return ResourcesSQL(sql, params)


def _components(cursor: str | None) -> list[str]:
    try:
        return urlsafe_components(cursor) if cursor else []
    except ValueError:
        return []


def _query(row: sqlite3.Row) -> StoredQuery:
    options = json.loads(row["options"] or "{}")
    return StoredQuery(
        database=row["database_name"],
        name=row["name"],
        sql=row["sql"],
        title=row["title"],
        description=row["description"],
        description_html=row["description_html"],
        hide_sql=bool(options.get("hide_sql")),
        fragment=options.get("fragment"),
        parameters=json.loads(row["parameters"] or "[]"),
        is_write=bool(row["is_write"]),
        is_private=bool(row["is_private"]),
        is_trusted=bool(row["is_trusted"]),
        source=row["source"],
        owner_id=row["owner_id"],
        on_success_message=options.get("on_success_message"),
        on_success_message_sql=options.get("on_success_message_sql"),
        on_success_redirect=options.get("on_success_redirect"),
        on_error_message=options.get("on_error_message"),
        on_error_redirect=options.get("on_error_redirect"),
    )
