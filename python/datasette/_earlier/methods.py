"""Methods of `Datasette` that were removed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from ..permissions import Permission
from . import metadata, rights
from .notes import note

if TYPE_CHECKING:
    from ..app import Datasette

_UNSET: Any = object()


class EarlierMethods:
    """What `Datasette` could do in earlier releases."""

    _site_metadata: dict[str, Any]

    @property
    def _own(self) -> Datasette:
        return cast("Datasette", self)

    async def permission_allowed(
        self, actor: Any, action: str, resource: Any = None, *, default: Any = _UNSET
    ) -> Any:
        """Whether the actor may do the action to the resource."""
        note("datasette.permission_allowed()", "Use await datasette.allowed() instead.")
        fallback = False if default is _UNSET else default
        return await rights.permission_allowed(self._own, actor, action, resource, fallback)

    async def ensure_permissions(self, actor: Any, permissions: Sequence[Any]) -> None:
        """Raises Forbidden unless the actor may do all of it."""
        note("datasette.ensure_permissions()", "Use await datasette.ensure_permission() instead.")
        await rights.ensure_permissions(self._own, actor, permissions)

    @property
    def permissions(self) -> dict[str, Permission]:
        """All actions by name, as permissions."""
        note("datasette.permissions", "Use datasette.actions instead.")
        return {name: _permission(one) for name, one in self._own.actions.items()}

    def get_permission(self, name_or_abbr: str) -> Permission:
        """An action by its name or short name; raises KeyError."""
        note("datasette.get_permission()", "Use datasette.get_action() instead.")
        for one in self._own.actions.values():
            if name_or_abbr in (one.name, one.abbr):
                return _permission(one)
        raise KeyError(f"No permission found with name or abbreviation {name_or_abbr}")

    def metadata(
        self,
        key: str | None = None,
        database: str | None = None,
        table: str | None = None,
        fallback: bool = True,
    ) -> Any:
        """Metadata and configuration as they were one document."""
        note("datasette.metadata()", "Use await datasette.get_instance_metadata() and its like.")
        return metadata.lookup(self._document(), key, database, table, fallback)

    def table_metadata(self, database: str, table: str) -> dict[str, Any]:
        """Metadata and configuration of a table."""
        note("datasette.table_metadata()", "Use await datasette.get_resource_metadata() instead.")
        return metadata.block(self._document(), database, table)

    def database_metadata(self, database: str) -> dict[str, Any]:
        """Metadata and configuration of a database."""
        note(
            "datasette.database_metadata()", "Use await datasette.get_database_metadata() instead."
        )
        return metadata.block(self._document(), database)

    def _document(self) -> dict[str, Any]:
        return metadata.merged(self._site_metadata, self._own.config or {})


def _permission(action: Any) -> Permission:
    return Permission(
        name=action.name,
        abbr=action.abbr,
        description=action.description,
        takes_database=action.takes_parent,
        takes_resource=action.takes_child,
        default=False,
    )
