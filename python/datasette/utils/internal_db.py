"""The tables of the internal database that plugins may read (API-15). The server makes them."""

#: What the server knows about databases, and what was stored about them.
INTERNAL_DB_SCHEMA_TABLES = frozenset(
    {
        "catalog_databases",
        "catalog_tables",
        "catalog_views",
        "catalog_columns",
        "catalog_indexes",
        "catalog_foreign_keys",
        "metadata_instance",
        "metadata_databases",
        "metadata_resources",
        "metadata_columns",
        "column_types",
        "queries",
    }
)
