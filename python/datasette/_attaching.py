"""Databases that plugins bring to the site and take away (API-45 to API-52)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ._earlier import internal
from .database import Database, Results, database_of

if TYPE_CHECKING:
    from ._host.link import Link


class Databases(dict[str, Database]):
    """The databases by name. An entry that a plugin sets itself is attached too (OOP-12)."""

    def __init__(
        self, datasette: AttachedDatabases, entries: Iterable[tuple[str, Database]]
    ) -> None:
        super().__init__(entries)
        self._datasette = datasette

    def copy(self) -> Databases:
        """The same databases in a mapping of its own, which attaches nothing."""
        return Databases(self._datasette, self.items())

    def __setitem__(self, name: str, database: Database) -> None:
        super().__setitem__(name, database)
        if self._datasette.databases is self:
            self._datasette._attach(database, name, database.route or name)

    def __delitem__(self, name: str) -> None:
        super().__delitem__(name)
        if self._datasette.databases is self:
            self._datasette._detach(name)


class AttachedDatabases:
    """The part of `Datasette` that knows the databases."""

    databases: dict[str, Database]
    if TYPE_CHECKING:

        @property
        def _link(self) -> Link: ...

    _internal_database: Database
    _unsettled = False

    def _note_databases(self, facts: list[dict[str, Any]]) -> None:
        known = self.databases
        entries: list[tuple[str, Database]] = []
        for one in facts:
            name = one["name"]
            database = known.get(name)
            if database is None:
                database = database_of(self, one)
            else:
                database._note(one)
            entries.append((name, database))
        self.databases = Databases(self, entries)

    def get_database(self, name: str | None = None, route: str | None = None) -> Database:
        """The database of that name, or at that route, or the first (API-45)."""
        if route is not None:
            for database in self.databases.values():
                if database.route == route:
                    return database
            raise KeyError
        if name is None:
            return next(iter(self.databases.values()))
        if name == internal.NAME and name not in self.databases:
            return internal.database(self)  # type: ignore[arg-type]
        return self.databases[name]

    def get_internal_database(self) -> Database:
        """The server's own database (API-46)."""
        return self._internal_database

    def add_database(
        self, db: Database, name: str | None = None, route: str | None = None
    ) -> Database:
        """Attaches a database under a name that nobody has yet (API-47, API-48)."""
        wanted = name = db.suggest_name() if name is None else name
        number = 2
        while name in self.databases:
            name = f"{wanted}_{number}"
            number += 1
        self._attach(db, name, route or name)
        db.name = name
        db._route = route or name
        # Another mapping each time: who iterates over the former is not disturbed (API-34).
        self.databases = Databases(self, [*self.databases.items(), (name, db)])
        return db

    def add_memory_database(
        self, memory_name: str, name: str | None = None, route: str | None = None
    ) -> Database:
        """Attaches a database in memory (API-49)."""
        return self.add_database(
            Database(self, memory_name=memory_name),  # type: ignore[arg-type]
            name=name,
            route=route,
        )

    def remove_database(self, name: str) -> None:
        """Closes a database and takes it away (API-50)."""
        self.get_database(name).close()
        self._detach(name)
        self.databases = Databases(
            self, [pair for pair in self.databases.items() if pair[0] != name]
        )

    def _attach(self, database: Database, name: str, route: str) -> None:
        key = database._key()
        self._link.ask_now("attach_database", {"key": key, "name": name, "route": route})
        database._server_name = name
        self._unsettled = True

    def _detach(self, name: str) -> None:
        self._link.ask_now("detach_database", name)

    async def _settled(self) -> None:
        """Waits until the server knows what is in databases that were attached."""
        while self._unsettled:
            self._unsettled = False
            await self._refresh_schemas()

    async def _refresh_schemas(self) -> None:
        raise NotImplementedError

    async def execute(
        self,
        db_name: str,
        sql: str,
        params: Any = None,
        truncate: bool = False,
        custom_time_limit: int | None = None,
        page_size: int | None = None,
        log_sql_errors: bool = True,
    ) -> Results:
        """Runs a statement on the database of that name (API-52)."""
        return await self.databases[db_name].execute(
            sql,
            params,
            truncate=truncate,
            custom_time_limit=custom_time_limit,
            page_size=page_size,
            log_sql_errors=log_sql_errors,
        )
