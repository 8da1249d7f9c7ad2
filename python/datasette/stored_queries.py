"""Stored queries as data (API-86)."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

#: Stands for "leave it as it is" where None means "take it away".
UNCHANGED: Any = object()


@dataclass
class StoredQuery:
    """A query that has a name in a database."""

    database: str
    name: str
    sql: str
    title: str | None
    description: str | None
    description_html: str | None
    hide_sql: bool
    #: What is put after the `#` of its address.
    fragment: str | None
    #: The names of its parameters, in the order of the form.
    parameters: list[str]
    is_write: bool
    #: Only for its owner.
    is_private: bool
    #: Runs with more rights than those of who runs it.
    is_trusted: bool
    #: `config`, `user` or `plugin`.
    source: str
    owner_id: str | None
    on_success_message: str | None
    on_success_message_sql: str | None
    on_success_redirect: str | None
    on_error_message: str | None
    on_error_redirect: str | None
    #: Whether somebody without an actor could not see it; None unless that was asked for.
    private: bool | None = None


@dataclass
class StoredQueryPage:
    """A page of `datasette.list_queries()`."""

    queries: list[StoredQuery]
    #: The cursor of the following page.
    next: str | None
    has_more: bool
    limit: int


def stored_query_to_dict(query: StoredQuery) -> dict[str, Any]:
    """The query as JSON shows it; `private` only where it is known."""
    data = dataclasses.asdict(query)
    if query.private is None:
        del data["private"]
    return data


def stored_query_page_to_dict(page: StoredQueryPage) -> dict[str, Any]:
    """The page as JSON shows it."""
    return {
        "queries": [stored_query_to_dict(query) for query in page.queries],
        "next": page.next,
        "limit": page.limit,
    }
