"""Metadata of the instance, of databases, of what is in them, and of columns (API-57 to API-59)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .._host.link import Link


class Metadata:
    """Reads and writes stored metadata: keys and texts."""

    _link: Link

    async def _metadata_of(self, of: Any) -> dict[str, Any]:
        return dict(await self._link.ask("metadata", {"of": of}))

    async def _set_metadata(self, of: Any, key: str, value: Any) -> None:
        await self._link.ask("set_metadata", {"of": of, "key": key, "value": value})

    async def get_instance_metadata(self) -> dict[str, Any]:
        """The instance's."""
        return await self._metadata_of("instance")

    async def get_database_metadata(self, database_name: str) -> dict[str, Any]:
        """A database's."""
        return await self._metadata_of({"database": database_name})

    async def get_resource_metadata(self, database_name: str, resource_name: str) -> dict[str, Any]:
        """A table's, view's or query's."""
        return await self._metadata_of({"resource": [database_name, resource_name]})

    async def get_column_metadata(
        self, database_name: str, resource_name: str, column_name: str
    ) -> dict[str, Any]:
        """A column's."""
        return await self._metadata_of({"column": [database_name, resource_name, column_name]})

    async def set_instance_metadata(self, key: str, value: str) -> None:
        """Stores one value of the instance."""
        await self._set_metadata("instance", key, value)

    async def set_database_metadata(self, database_name: str, key: str, value: str) -> None:
        """Stores one value of a database."""
        await self._set_metadata({"database": database_name}, key, value)

    async def set_resource_metadata(
        self, database_name: str, resource_name: str, key: str, value: str
    ) -> None:
        """Stores one value of a table, view or query."""
        await self._set_metadata({"resource": [database_name, resource_name]}, key, value)

    async def set_column_metadata(
        self, database_name: str, resource_name: str, column_name: str, key: str, value: str
    ) -> None:
        """Stores one value of a column."""
        of = {"column": [database_name, resource_name, column_name]}
        await self._set_metadata(of, key, value)
