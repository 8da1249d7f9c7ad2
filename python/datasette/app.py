"""The `Datasette` object that plugins get (API-22 to API-113)."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from itsdangerous import URLSafeSerializer

from . import plugins as _plugins
from ._base_context import TEMPLATE_BASE_CONTEXT
from ._earlier import internal
from ._earlier.methods import EarlierMethods
from ._host.event_facts import OWN_EVENTS, OnTheirWay
from ._host.requests import info_of
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
from .database import Database, database_of
from .default_actions import DEFAULT_ACTIONS
from .plugins import pm
from .settings import DEFAULT_SETTINGS, SETTINGS, Setting
from .url_builder import Urls
from .utils.asgi import DatabaseNotFound, Forbidden, RowNotFound, TableNotFound
from .utils.baseconv import base62
from .views._wrapping import wrap_view

if TYPE_CHECKING:
    from jinja2 import Environment

    from ._host.calls import Calls
    from ._host.link import Link
    from .permissions import Action, Resource

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


class Datasette(EarlierMethods):
    """The site, as its plugins see it."""

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
        self.files = tuple(str(file) for file in [*(files or ()), *(immutables or ())])
        self.immutables = {str(file) for file in immutables or ()}
        self.cache_headers = cache_headers
        self.cors = cors
        self.inspect_data = inspect_data
        self.config: dict[str, Any] = config or {}
        self._site_metadata: dict[str, Any] = metadata or {}
        self.sqlite_extensions = sqlite_extensions
        self.template_dir = template_dir
        self.plugins_dir = plugins_dir
        self.static_mounts = list(static_mounts or ())
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
        self.databases: dict[str, Database] = {}
        self._secret = secret or secrets.token_hex(32)
        self._settings = dict(DEFAULT_SETTINGS, **(settings or {}))
        self._link: Link = None  # type: ignore[assignment]
        self._calls: Calls = None  # type: ignore[assignment]
        self._internal_database = Database(self)
        self._internal_database.name = INTERNAL_DB_NAME
        self._startup_invoked = False
        self._told_events = OnTheirWay()
        _plugins.load_installed()
        if plugins_dir:
            _plugins.load_folder(plugins_dir)

    # What the server tells ------------------------------------------------------------------

    def _note_databases(self, facts: list[dict[str, Any]]) -> None:
        known = self.databases
        self.databases = {
            one["name"]: known.get(one["name"]) or database_of(self, one) for one in facts
        }

    def _note_actions(self, actions: dict[str, Action]) -> None:
        self.actions = {**self.actions, **actions}

    def _note_event_classes(self, classes: list[type]) -> None:
        self.event_classes = (*OWN_EVENTS, *classes)

    async def _attached(self) -> None:
        self._note_databases(await self._link.ask("databases"))
        self._startup_invoked = True

    def _event_of(self, facts: dict[str, Any]) -> Any:
        return self._told_events.of(self.event_classes, facts)

    # Databases ------------------------------------------------------------------------------

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
            return internal.database(self)
        return self.databases[name]

    def get_internal_database(self) -> Database:
        """The server's own database (API-46)."""
        return self._internal_database

    # Settings and configuration -------------------------------------------------------------

    def setting(self, key: str) -> Any:
        """The value of a setting; None for an unknown one (API-55)."""
        return self._settings.get(key)

    def settings_dict(self) -> dict[str, Any]:
        """All settings."""
        return dict(self._settings)

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

    # Rights ---------------------------------------------------------------------------------

    async def allowed(
        self, *, action: str, resource: Resource | None = None, actor: Any = None
    ) -> bool:
        """Whether the actor may do the action to the resource (API-60)."""
        right = {
            "action": action,
            "actor": actor,
            "parent": getattr(resource, "parent", None),
            "child": getattr(resource, "child", None),
        }
        return bool(await self._link.ask("allowed", right))

    async def ensure_permission(
        self, *, action: str, resource: Resource | None = None, actor: Any = None
    ) -> None:
        """Raises Forbidden where the actor may not (API-62)."""
        if not await self.allowed(action=action, resource=resource, actor=actor):
            raise Forbidden(action)

    async def check_visibility(
        self, actor: Any, action: str, resource: Resource | None = None
    ) -> tuple[bool, bool]:
        """Whether the actor may, and whether anonymous visitors may not (API-63)."""
        visible = await self.allowed(action=action, resource=resource, actor=actor)
        if not visible:
            return False, False
        private = not await self.allowed(action=action, resource=resource, actor=None)
        return visible, private

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
