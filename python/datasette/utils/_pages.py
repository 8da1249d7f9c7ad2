"""Resources that an actor may use, page by page (API-64, API-66)."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datasette.permissions import Resource


@dataclasses.dataclass
class PaginatedResources:
    """One page of `datasette.allowed_resources()`.

    `next` is the token of the following page, None on the last one.
    """

    resources: list[Resource]
    next: str | None
    _datasette: Any = dataclasses.field(default=None, repr=False)
    _action: str | None = dataclasses.field(default=None, repr=False)
    _actor: Any = dataclasses.field(default=None, repr=False)
    _parent: str | None = dataclasses.field(default=None, repr=False)
    _include_is_private: bool = dataclasses.field(default=False, repr=False)
    _include_reasons: bool = dataclasses.field(default=False, repr=False)
    _limit: int = dataclasses.field(default=100, repr=False)

    async def all(self) -> AsyncIterator[Resource]:
        """The resources of this page and of all that follow, which are asked for when needed."""
        page = self
        while True:
            for resource in page.resources:
                yield resource
            if not page.next:
                return
            page = await self._datasette.allowed_resources(
                self._action,
                self._actor,
                parent=self._parent,
                include_is_private=self._include_is_private,
                include_reasons=self._include_reasons,
                limit=self._limit,
                next=page.next,
            )
