"""What a statement would do, as SQLite's authorizer tells it (API-150)."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ._names import escape_sqlite
from .sqlite import SQLiteTableType, sqlite3, sqlite_table_type


@dataclass(frozen=True)
class Operation:
    """One thing that a statement does."""

    #: `read`, `insert`, `update`, `delete`, `select`, `function`, `create`, `alter`, `drop`, `begin`,
    #: `commit`, `rollback`, `savepoint`, `attach`, `detach`, `pragma`, `analyze`, `reindex`, `vacuum`
    #: or `unknown`.
    operation: str
    #: `table`, `index`, `view`, `trigger`, `virtual-table`, `schema`, `statement`, `transaction`,
    #: `database`, `pragma`, `function` or `unknown`.
    target_type: str
    database: str | None
    table: str | None
    #: The database as SQLite calls it on this connection: `main`, `temp` or an attached one.
    sqlite_schema: str | None
    table_kind: SQLiteTableType | None = None
    #: The name of what it is done to.
    target: str | None = None
    columns: tuple[str, ...] = ()
    #: The trigger or view that does it.
    source: str | None = None
    #: Whether SQLite does it by itself in the course of another operation.
    internal: bool = False


@dataclass(frozen=True)
class SQLAnalysis:
    """All that a statement does."""

    operations: tuple[Operation, ...]


_ROWS = ("read", "insert", "update", "delete")
_SCHEMA_TARGETS = ("table", "index", "view", "trigger", "virtual-table")
_SCHEMA_TABLES = frozenset(
    {"sqlite_master", "sqlite_schema", "sqlite_temp_master", "sqlite_temp_schema"}
)
_FUNCTIONS_OF_ALTER = frozenset(
    """
    length like printf sqlite_drop_column sqlite_rename_column sqlite_rename_quotefix
    sqlite_rename_table sqlite_rename_test substr
    """.split()
)


def _codes() -> dict[int, str]:
    """The names of the authorizer's actions, without `SQLITE_`."""
    names = """
        CREATE_INDEX CREATE_TABLE CREATE_TEMP_INDEX CREATE_TEMP_TABLE CREATE_TEMP_TRIGGER
        CREATE_TEMP_VIEW CREATE_TRIGGER CREATE_VIEW CREATE_VTABLE DELETE DROP_INDEX DROP_TABLE
        DROP_TEMP_INDEX DROP_TEMP_TABLE DROP_TEMP_TRIGGER DROP_TEMP_VIEW DROP_TRIGGER DROP_VIEW
        DROP_VTABLE INSERT PRAGMA READ SELECT TRANSACTION UPDATE ATTACH DETACH ALTER_TABLE REINDEX
        ANALYZE FUNCTION SAVEPOINT RECURSIVE
    """.split()
    return {
        getattr(sqlite3, f"SQLITE_{name}"): name
        for name in names
        if hasattr(sqlite3, f"SQLITE_{name}")
    }


_CODES = _codes()


class _Recorder:
    """Listens to the authorizer. Operations that differ only by column become one."""

    def __init__(self, database_name: str | None, names: Mapping[str, str]) -> None:
        self.found: dict[Operation, set[str]] = {}
        self._database_name = database_name
        self._names = names

    def database(self, schema: str | None) -> str | None:
        """What the server calls a database that SQLite calls so."""
        if schema is not None and schema in self._names:
            return self._names[schema]
        if schema == "main" and self._database_name is not None:
            return self._database_name
        return schema

    def record(self, operation: Operation, column: str | None = None) -> None:
        columns = self.found.setdefault(operation, set())
        if column is not None:
            columns.add(column)

    def __call__(
        self, code: int, one: str | None, two: str | None, schema: str | None, source: str | None
    ) -> int:
        name = _CODES.get(code, str(code))
        database = self.database(schema)

        def record(
            operation: str,
            target_type: str,
            target: str | None,
            *,
            table: str | None = None,
            of: str | None = None,
            at: str | None = schema,
            column: str | None = None,
        ) -> None:
            found = Operation(operation, target_type, of, table, at, target=target, source=source)
            self.record(found, column)

        kind = name.lower()
        if kind in _ROWS and one is not None:
            column = two if kind in ("read", "update") else None
            if one in _SCHEMA_TABLES:
                record(kind, "schema", one, of=database, column=column)
            else:
                record(kind, "table", one, table=one, of=database, column=column)
        elif kind.startswith(("create_", "drop_")) and one is not None:
            verb, _, what = kind.partition("_")
            target_type = what.removeprefix("temp_").replace("vtable", "virtual-table")
            table = two if target_type in ("index", "trigger") else one
            record(verb, target_type, one, table=table, of=database)
        elif name == "ALTER_TABLE" and two is not None:
            # Here SQLite says the database first.
            record("alter", "table", two, table=two, of=self.database(one), at=one)
        elif name == "TRANSACTION" and one is not None:
            record(one.lower(), "transaction", one, at=None)
        elif name in ("ATTACH", "DETACH") and one is not None:
            record(kind, "database", one, at=None)
        elif name == "PRAGMA" and one is not None:
            record("pragma", "pragma", one)
        elif name == "ANALYZE":
            target_type = "database" if one is None else "table"
            record("analyze", target_type, one, table=one, of=database)
        elif name == "REINDEX" and one is not None:
            record("reindex", "index", one, of=database)
        elif name == "SELECT":
            record("select", "statement", None)
        elif name == "FUNCTION" and two is not None:
            record("function", "function", two)
        elif name == "SAVEPOINT" and one is not None:
            record("savepoint", "transaction", one if two is None else f"{one} {two}")
        elif name != "RECURSIVE":
            record("unknown", "unknown", f"SQLITE_{name}", of=database)
        return sqlite3.SQLITE_OK


def analyze_sql_tables(
    conn: Any,
    sql: str,
    params: Any = None,
    *,
    database_name: str | None = None,
    schema_to_database: Mapping[str, str] | None = None,
) -> SQLAnalysis:
    """What the statement would do on this connection. It is prepared, but not run.

    `CREATE VIEW` is the exception: SQLite looks into the view only when it is read, so the view is
    made inside of a savepoint and read there. Use a connection of its own for it.
    """
    recorder = _Recorder(database_name, schema_to_database or {})
    bound = params if params is not None else {}
    conn.set_authorizer(recorder)
    try:
        program = conn.execute(f"EXPLAIN {sql}", bound).fetchall()
        _allow_all(conn)
        if not recorder.found:
            recorder.record(_without_operations(conn, program, recorder))
        kinds = {
            operation: sqlite_table_type(conn, operation.table, schema=operation.sqlite_schema)
            for operation in recorder.found
            if operation.target_type == "table"
            and operation.operation in _ROWS
            and operation.table is not None
        }
    finally:
        _remove_authorizer(conn)
    internal = _internal(recorder.found)
    operations = [
        Operation(
            **{
                **vars(operation),
                "table_kind": kinds.get(operation),
                "columns": tuple(sorted(columns)),
                "internal": operation in internal,
            }
        )
        for operation, columns in recorder.found.items()
    ]
    views = [
        each for each in operations if (each.operation, each.target_type) == ("create", "view")
    ]
    if views:
        for read in _reads_of_views(conn, sql, bound, views, database_name, schema_to_database):
            if read not in operations:
                operations.append(read)
    return SQLAnalysis(tuple(operations))


def _without_operations(conn: Any, program: list[Any], recorder: _Recorder) -> Operation:
    """What it is that the authorizer was not asked about."""
    vacuum = next((row for row in program if row[1] == "Vacuum"), None)
    if vacuum is None:
        return Operation("unknown", "statement", recorder.database("main"), None, None)
    schemas = {row[0]: row[1] for row in conn.execute("PRAGMA database_list")}
    schema = schemas.get(vacuum[2])
    database = recorder.database(schema)
    return Operation("vacuum", "database", database, None, schema, target=database)


def _internal(found: Mapping[Operation, Any]) -> set[Operation]:
    """What SQLite does by itself while it changes the schema."""
    changes = [
        each
        for each in found
        if each.operation in ("create", "alter", "drop") and each.target_type in _SCHEMA_TARGETS
    ]
    dropped = {
        (each.database, each.table)
        for each in changes
        if each.operation == "drop" and each.target_type in ("table", "view")
    }
    emptied = {
        each
        for each in found
        if each.operation == "delete"
        and each.target_type == "table"
        and (each.database, each.table) in dropped
    }
    if not changes:
        return emptied
    uses_tables = any(
        each.operation in _ROWS and each.target_type == "table" and each not in emptied
        for each in found
    )
    return emptied | {
        each
        for each in found
        if each.target_type == "schema"
        or each.operation == "reindex"
        or (not uses_tables and each.operation == "function" and each.target in _FUNCTIONS_OF_ALTER)
    }


def _reads_of_views(
    conn: Any,
    sql: str,
    bound: Any,
    views: list[Operation],
    database_name: str | None,
    schema_to_database: Mapping[str, str] | None,
) -> list[Operation]:
    reads = []
    conn.execute("SAVEPOINT datasette_view")
    try:
        conn.execute(sql, bound)
        for view in views:
            if view.sqlite_schema is None or view.table is None:
                raise sqlite3.OperationalError("Could not determine the created view name")
            name = f"{escape_sqlite(view.sqlite_schema)}.{escape_sqlite(view.table)}"
            analysis = analyze_sql_tables(
                conn,
                f"SELECT * FROM {name}",
                database_name=database_name,
                schema_to_database=schema_to_database,
            )
            reads += [
                each
                for each in analysis.operations
                if each.operation == "read"
                and (each.sqlite_schema, each.table) != (view.sqlite_schema, view.table)
            ]
    finally:
        conn.execute("ROLLBACK TO datasette_view")
        conn.execute("RELEASE datasette_view")
    return reads


def _allow_all(conn: Any) -> None:
    conn.set_authorizer(lambda *_: sqlite3.SQLITE_OK)


def _remove_authorizer(conn: Any) -> None:
    # Python 3.10 takes None for a function and then cannot call it.
    if sys.version_info >= (3, 11):
        conn.set_authorizer(None)
    else:
        _allow_all(conn)
