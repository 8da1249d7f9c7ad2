"""The `Datasette` object that plugins get, and that their tests make (API-22 to API-113)."""

from __future__ import annotations

import collections
import dataclasses
import os
import secrets
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from itsdangerous import URLSafeSerializer

from . import plugins as _plugins
from ._attaching import AttachedDatabases, Databases
from ._base_context import TEMPLATE_BASE_CONTEXT
from ._earlier.methods import EarlierMethods
from ._host.event_facts import OWN_EVENTS, OnTheirWay
from ._host.requests import info_of
from ._object.column_types import ColumnTypes
from ._object.files import StaticFiles
from ._object.folder import FolderContents, checked_settings, folder_contents
from ._object.life import Life
from ._object.metadata import Metadata
from ._object.queries import Queries
from ._object.rights import Rights
from ._object.tasks import ServedTasks
from ._object.tokens import Tokens
from ._resolving import (
    NotFoundExplicit,
    PermissionCheck,
    ResolvedRow,
    ResolvedTable,
    ResourcesSQL,
    expand_foreign_keys,
    resolve_database,
    resolve_row,
    resolve_table,
)
from .client import DatasetteClient
from .database import Database
from .default_actions import DEFAULT_ACTIONS
from .default_column_types import OWN_COLUMN_TYPES
from .plugins import pm
from .renderer import json_renderer
from .settings import DEFAULT_SETTINGS, SETTINGS, Setting
from .url_builder import Urls
from .utils import find_spatialite, move_plugins_and_allow, move_table_config
from .utils.asgi import DatabaseNotFound, RowNotFound, TableNotFound
from .utils.baseconv import base62
from .views._wrapping import wrap_view

if TYPE_CHECKING:
    from jinja2 import Environment

    from ._embedded.site import Site
    from ._host.calls import Calls
    from ._host.link import Link
    from .column_types import ColumnType
    from .permissions import Action

INTERNAL_DB_NAME = "__INTERNAL__"
"""Name of the server's own database."""

SQLITE_LIMIT_ATTACHED = 10
"""Databases that one query can name with `--crossdb`."""

__all__ = [
    "DEFAULT_SETTINGS",
    "INTERNAL_DB_NAME",
    "SETTINGS",
    "SQLITE_LIMIT_ATTACHED",
    "TEMPLATE_BASE_CONTEXT",
    "DatabaseNotFound",
    "Datasette",
    "DatasetteClient",
    "NotFoundExplicit",
    "PermissionCheck",
    "ResolvedRow",
    "ResolvedTable",
    "ResourcesSQL",
    "RowNotFound",
    "Setting",
    "TableNotFound",
    "pm",
    "wrap_view",
]


@dataclasses.dataclass
class _MadeOf:
    """The arguments that a site's program is started with."""

    files: list[str]
    immutables: list[str]
    config: dict[str, Any]
    metadata: dict[str, Any]
    settings: dict[str, Any]
    inspect_data: dict[str, Any] | None
    memory: bool
    internal: str | None
    template_dir: str | Path | None
    static_mounts: list[tuple[str, str]]
    #: The folder that relative paths start at.
    folder: str


class Datasette(
    Life,
    Rights,
    Tokens,
    Metadata,
    Queries,
    ColumnTypes,
    StaticFiles,
    EarlierMethods,
    AttachedDatabases,
):
    """The site, as its plugins see it.

    Plugins get the one of the server that runs them. One that a test makes is a site of its own:
    `Datasette(memory=True)`, `await datasette.client.get("/")`.
    """

    INFO = 1
    WARNING = 2
    ERROR = 3

    def __init__(
        self,
        files: Sequence[str | Path] | None = None,
        immutables: Sequence[str | Path] | None = None,
        cache_headers: bool = True,
        cors: bool = False,
        inspect_data: dict[str, Any] | None = None,
        config: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
        sqlite_extensions: Sequence[Any] | None = None,
        template_dir: str | Path | None = None,
        plugins_dir: str | Path | None = None,
        static_mounts: Sequence[tuple[str, str]] | None = None,
        memory: bool = False,
        settings: dict[str, Any] | None = None,
        secret: str | None = None,
        version_note: str | None = None,
        config_dir: Path | None = None,
        pdb: bool = False,
        crossdb: bool = False,
        nolock: bool = False,
        internal: str | None = None,
        default_deny: bool = False,
    ) -> None:
        if isinstance(files, str):
            raise ValueError("files= must be a list of paths, not a string")
        assert config_dir is None or isinstance(config_dir, Path), (
            "config_dir= should be a pathlib.Path"
        )
        self._made_of = _MadeOf(
            files=[str(file) for file in files or ()],
            immutables=[str(file) for file in immutables or ()],
            config=config or {},
            metadata=metadata or {},
            settings=settings or {},
            inspect_data=inspect_data,
            memory=memory,
            internal=str(internal) if internal else None,
            template_dir=template_dir,
            static_mounts=[(str(mount), str(folder)) for mount, folder in static_mounts or ()],
            folder=os.getcwd(),
        )
        found = folder_contents(config_dir) if config_dir is not None else FolderContents()
        self.files = (*self._made_of.files, *self._made_of.immutables, *found.databases)
        self.inspect_data = inspect_data or found.inspect_data
        self.immutables = set(self._made_of.immutables) or found.immutables(self.files)
        self.cache_headers = cache_headers
        self.cors = cors
        self._site_metadata: dict[str, Any] = metadata or found.metadata
        metadata, config = move_plugins_and_allow(
            metadata or found.metadata, config or found.config
        )
        self._metadata_local, self.config = move_table_config(metadata, config)
        self.sqlite_extensions = [
            find_spatialite() if extension == "spatialite" else extension
            for extension in sqlite_extensions or ()
        ]
        self.template_dir = template_dir or found.template_dir
        self.plugins_dir = plugins_dir or found.plugins_dir
        self.static_mounts = list(static_mounts or found.static_mounts)
        self.version_note = version_note
        self.config_dir = config_dir
        self.pdb = pdb
        self.crossdb = crossdb
        self.nolock = nolock
        self.internal_db_path = internal
        self.default_deny = default_deny
        self.root_enabled = False
        self.actions: dict[str, Action] = dict(DEFAULT_ACTIONS)
        self.event_classes: tuple[type, ...] = ()
        self._column_types = dict(OWN_COLUMN_TYPES)
        self._renderers: dict[str, tuple[Any, Any]] = {}
        self._secret = secret or secrets.token_hex(32)
        self._settings = {**DEFAULT_SETTINGS, **checked_settings(self.config, settings)}
        self._static_asset_hashes: dict[Path, str] = {}
        self._permission_checks: collections.deque[PermissionCheck] = collections.deque(maxlen=200)
        self._executor: ThreadPoolExecutor | None = None
        self._connection: Link | None = None
        self._site: Site | None = None
        self._calls: Calls = None  # type: ignore[assignment]
        self._starting = threading.RLock()
        self._startup_invoked = False
        self._shutdown_invoked = False
        self._closed = False
        self._background_tasks = ServedTasks(self)
        self._refreshed_at = float("-inf")
        self._internal_database = Database(
            self, path=self._made_of.internal, is_temp_disk=self._made_of.internal is None
        )
        self._internal_database.name = INTERNAL_DB_NAME
        self._internal_database._server_name = INTERNAL_DB_NAME
        self._told_events = OnTheirWay()
        self.databases: dict[str, Database] = Databases(self, ())
        self._note_files(memory or crossdb)
        _plugins.load_installed()
        if self.plugins_dir:
            _plugins.load_folder(self.plugins_dir)

    def _note_files(self, memory: bool) -> None:
        """The databases, before the program that opens them says more about them."""
        if memory or not self.files:
            self._note_database("_memory", Database(self, is_mutable=False, is_memory=True))
        for file in self.files:
            database = Database(self, path=file, is_mutable=file not in self.immutables)
            self._note_database(Path(file).stem, database)

    def _note_database(self, suggested: str, database: Database) -> None:
        name, number = suggested, 2
        while name in self.databases:
            name, number = f"{suggested}_{number}", number + 1
        database.name = database.route = database._server_name = name
        self.databases = Databases(self, [*self.databases.items(), (name, database)])

    # What the server tells ------------------------------------------------------------------

    def _note_actions(self, actions: dict[str, Action]) -> None:
        self.actions = {**self.actions, **actions}

    def _note_event_classes(self, classes: list[type]) -> None:
        self.event_classes = (*OWN_EVENTS, *classes)

    def _note_column_types(self, kinds: dict[str, type[ColumnType]]) -> None:
        self._column_types = {**OWN_COLUMN_TYPES, **kinds}

    def _note_renderers(self, renderers: dict[str, tuple[Any, Any]]) -> None:
        self._renderers = {"json": (json_renderer, lambda: True), **renderers}

    async def _attached(self) -> None:
        self._note_databases(await self._link.ask("databases"))
        self._startup_invoked = True

    def _event_of(self, facts: dict[str, Any]) -> Any:
        return self._told_events.of(self.event_classes, facts)

    # Settings and configuration -------------------------------------------------------------

    def setting(self, key: str) -> Any:
        """The value of a setting; None for an unknown one (API-55)."""
        return self._settings.get(key)

    def settings_dict(self) -> dict[str, Any]:
        """All settings."""
        return {one.name: self.setting(one.name) for one in SETTINGS}

    @property
    def max_returned_rows(self) -> int:
        """Most rows of a page or a result."""
        return int(self._settings["max_returned_rows"])

    @property
    def sql_time_limit_ms(self) -> int:
        """How long a statement may take, in milliseconds."""
        return int(self._settings["sql_time_limit_ms"])

    @property
    def page_size(self) -> int:
        """Rows on a page."""
        return int(self._settings["default_page_size"])

    @property
    def executor(self) -> ThreadPoolExecutor | None:
        """A pool of threads, as many as databases are read with; None where that is without threads.

        The server reads with threads of its own: these are for plugins."""
        threads = self._settings["num_sql_threads"]
        if self._executor is None and threads:
            self._executor = ThreadPoolExecutor(max_workers=int(threads))
        return self._executor

    @property
    def renderers(self) -> dict[str, tuple[Any, Any]]:
        """Output formats: extension, then what renders and what says whether it can."""
        return self._renderers

    async def refresh_schemas(self, *, force: bool = False) -> None:
        """Brings the tables that tell of schemas up to date (API-51)."""
        now = time.monotonic()
        if force or now - self._refreshed_at >= 1:
            self._refreshed_at = now
            await self._refresh_schemas()

    async def _refresh_schemas(self) -> None:
        await self._link.ask("settle_databases")

    def plugin_config(
        self,
        plugin_name: str,
        database: str | None = None,
        table: str | None = None,
        fallback: bool = True,
    ) -> Any:
        """The configuration of a plugin (PLUG-55 to PLUG-60)."""
        from ._plugin_config import plugin_config

        return plugin_config(self.config, plugin_name, database, table, fallback)

    async def table_config(self, database: str, table: str) -> dict[str, Any]:
        """The configuration of a table, empty without one (API-54)."""
        block = (self.config.get("databases") or {}).get(database) or {}
        return ((block.get("tables") or {}).get(table)) or {}

    # What paths name ------------------------------------------------------------------------

    async def resolve_database(self, request: Any) -> Database:
        """The database that the path names (API-100, API-101)."""
        return await resolve_database(self, request)

    async def resolve_table(self, request: Any) -> ResolvedTable:
        """The table or view that the path names (API-100 to API-102)."""
        return await resolve_table(self, request)

    async def resolve_row(self, request: Any) -> ResolvedRow:
        """The row that the path names (API-100 to API-102)."""
        return await resolve_row(self, request)

    async def expand_foreign_keys(
        self, actor: Any, database: str, table: str, column: str, values: Sequence[Any]
    ) -> dict[tuple[str, Any], str]:
        """The labels of values of a foreign key (API-53)."""
        return await expand_foreign_keys(self, actor, database, table, column, values)

    # Signing, cookies, messages -------------------------------------------------------------

    def sign(self, value: Any, namespace: str = "default") -> str:
        """Signs a value (API-72, API-73)."""
        return str(URLSafeSerializer(self._secret, namespace).dumps(value))

    def unsign(self, signed: str, namespace: str = "default") -> Any:
        """The value that was signed; raises `itsdangerous.BadSignature`."""
        return URLSafeSerializer(self._secret, namespace).loads(signed)

    def set_actor_cookie(
        self, response: Any, actor: dict[str, Any], expire_after: int | None = None
    ) -> None:
        """Signs somebody in, for so many seconds (API-77)."""
        contents: dict[str, Any] = {"a": actor}
        if expire_after:
            contents["e"] = base62.encode(int(time.time()) + expire_after)
        response.set_cookie("ds_actor", self.sign(contents, "actor"))

    def delete_actor_cookie(self, response: Any) -> None:
        """Signs somebody out (API-77)."""
        response.set_cookie("ds_actor", "", expires=0, max_age=0)

    def add_message(self, request: Any, message: str, type: int = INFO) -> None:
        """A message that the visitor sees on the next page (API-78)."""
        kinds = {1: "info", 2: "warning", 3: "error"}
        info = info_of(request)
        if info is not None:
            self._link.ask_now(
                "add_message", {"request": info, "text": str(message), "kind": kinds[type]}
            )

    # Pages ----------------------------------------------------------------------------------

    @property
    def urls(self) -> Urls:
        """Builds addresses (API-199)."""
        return Urls(self)

    @property
    def client(self) -> DatasetteClient:
        """Asks the whole site (API-114)."""
        return DatasetteClient(self)

    @property
    def pm(self) -> Any:
        """The plugin manager."""
        return pm

    def close(self) -> None:
        """Closes the databases of a site that was made here, and ends its program."""
        super().close()
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)

    async def render_template(
        self,
        templates: Any,
        context: Any = None,
        request: Any = None,
        view_name: str | None = None,
    ) -> str:
        """A rendered template (API-91 to API-94)."""
        from ._rendering import render_template

        return await render_template(self, templates, context, request, view_name)

    @cached_property
    def _jinja_env(self) -> Environment:
        from ._host.claims import Baseline
        from ._host.environment import make

        environment = make(self)
        self._jinja_baseline = Baseline(environment)
        return environment

    def get_jinja_environment(self, request: Any = None) -> Environment:
        """The Jinja environment, for a request where it has one of its own (API-96)."""
        from ._rendering import jinja_environment

        return jinja_environment(self, request)

    def absolute_url(self, request: Any, path: str) -> str:
        """A path as an absolute address (API-98)."""
        url = urljoin(request.url, path)
        if url.startswith("http://") and self.setting("force_https_urls"):
            url = "https://" + url[len("http://") :]
        return url

    async def track_event(self, event: Any) -> None:
        """Tells all plugins of an event (API-99)."""
        assert isinstance(event, self.event_classes), f"Invalid event type: {type(event)}"
        await self._told_events.tell(self._link, event)
