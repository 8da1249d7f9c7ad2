"""The kinds of things that the server's own actions are permitted on (API-208)."""

from __future__ import annotations

from typing import Any

from datasette.permissions import Resource


class DatabaseResource(Resource):
    """A database."""

    name = "database"
    parent_class = None

    def __init__(self, database: str) -> None:
        super().__init__(parent=database)

    @classmethod
    async def resources_sql(cls, datasette: Any, actor: Any = None) -> str:
        """All databases."""
        return "SELECT database_name AS parent, NULL AS child FROM catalog_databases"


class TableResource(Resource):
    """A table or view of a database."""

    name = "table"
    parent_class = DatabaseResource
    case_insensitive_child = True

    def __init__(self, database: str, table: str) -> None:
        super().__init__(parent=database, child=table)

    @classmethod
    async def resources_sql(cls, datasette: Any, actor: Any = None) -> str:
        """All tables and views of all databases."""
        return (
            "SELECT database_name AS parent, table_name AS child FROM catalog_tables "
            "UNION ALL "
            "SELECT database_name AS parent, view_name AS child FROM catalog_views"
        )


class QueryResource(Resource):
    """A stored query of a database."""

    name = "query"
    parent_class = DatabaseResource

    def __init__(self, database: str, query: str) -> None:
        super().__init__(parent=database, child=query)

    @classmethod
    async def resources_sql(cls, datasette: Any, actor: Any = None) -> str:
        """All stored queries of databases that are there."""
        return (
            "SELECT queries.database_name AS parent, queries.name AS child FROM queries "
            "JOIN catalog_databases USING (database_name)"
        )
