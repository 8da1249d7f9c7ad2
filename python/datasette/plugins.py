"""The plugins: found, loaded, listed (PLUG-01 to PLUG-42)."""

from __future__ import annotations

import importlib.metadata
import os
import pprint
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy

from . import hookspecs

DEFAULT_PLUGINS = (
    "datasette.publish.heroku",
    "datasette.publish.cloudrun",
    "datasette.facets",
    "datasette.filters",
    "datasette.sql_functions",
    "datasette.actor_auth_cookie",
    "datasette.default_permissions",
    "datasette.default_permissions.tokens",
    "datasette.default_permissions.sqlite_statistics",
    "datasette.default_actions",
    "datasette.default_column_types",
    "datasette.default_magic_parameters",
    "datasette.blob_renderer",
    "datasette.default_debug_menu",
    "datasette.default_jump_items",
    "datasette.default_database_actions",
    "datasette.default_table_actions",
    "datasette.default_query_actions",
    "datasette.handle_exception",
    "datasette.forbidden",
    "datasette.events",
)
"""Names of the plugins that are part of the server, which runs them itself (PLUG-27, PLUG-30)."""

pm = pluggy.PluginManager("datasette")
"""The plugin manager of this process (PLUG-01)."""

pm.add_hookspecs(hookspecs)

_from_files: set[int] = set()
_before_files: set[int] = set()
_state = {"loaded": False}


def _trace(hook_name: str, methods: Any, kwargs: Any) -> None:
    print(file=sys.stderr)
    print(f"{hook_name}:", file=sys.stderr)
    pprint.pprint(kwargs, width=40, indent=4, stream=sys.stderr)
    print("Hook implementations:", file=sys.stderr)
    pprint.pprint(methods, width=40, indent=4, stream=sys.stderr)


def _trace_results(outcome: Any, hook_name: str, methods: Any, kwargs: Any) -> None:
    results = outcome.get_result()
    print("Results:", file=sys.stderr)
    shown = results if isinstance(results, list) else [results]
    pprint.pprint(shown, width=40, indent=4, stream=sys.stderr)


if os.environ.get("DATASETTE_TRACE_PLUGINS"):
    pm.add_hookcall_monitoring(_trace, _trace_results)


def load_installed() -> None:
    """Loads the plugins of installed distributions, once (PLUG-03, PLUG-07 to PLUG-12)."""
    if _state["loaded"]:
        return
    _state["loaded"] = True
    _load_wanted()
    _before_files.update(id(plugin) for plugin in pm.get_plugins())


def _load_wanted() -> None:
    wanted = os.environ.get("DATASETTE_LOAD_PLUGINS")
    if wanted is None:
        if not hasattr(sys, "_called_from_test"):
            pm.load_setuptools_entrypoints("datasette")
        return
    for name in (name for name in wanted.split(",") if name.strip()):
        try:
            distribution = importlib.metadata.distribution(name)
        except (importlib.metadata.PackageNotFoundError, ValueError):
            sys.stderr.write(f"Plugin {name} could not be found\n")
            continue
        for entry in distribution.entry_points:
            if entry.group == "datasette":
                module = entry.load()
                pm.register(module, name=entry.name)
                # What pluggy does where it loads by itself, so that versions are known.
                installed: Any = _DistFacade(distribution)
                pm._plugin_distinfo.append((module, installed))


class _DistFacade:
    """A distribution as pluggy keeps it."""

    def __init__(self, distribution: Any) -> None:
        self._dist = distribution

    @property
    def project_name(self) -> str:
        """Its name."""
        return str(self._dist.metadata["Name"])

    @property
    def version(self) -> str:
        """Its version."""
        return self._dist.version

    def __getattr__(self, name: str) -> Any:
        return getattr(self._dist, name)


def load_folder(folder: str | Path) -> None:
    """Loads the files of a plugins directory (PLUG-15 to PLUG-20)."""
    for path in Path(folder).glob("*.py"):
        if not path.is_file():
            continue
        module = ModuleType(path.name)
        module.__file__ = str(path)
        # What this file imports from the future is none of the plugin's business.
        code = compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
        exec(code, module.__dict__)  # noqa: S102 - running it is what was asked for
        if pm.has_plugin(path.name):
            continue
        pm.register(module, name=path.name)
        _from_files.add(id(module))


def comes_after_installed(plugin: Any) -> bool:
    """Whether a plugin was registered after the installed ones and so after those of the server:
    a file of a plugins directory, or what such a file registered (PLUG-13, PLUG-23)."""
    return _state["loaded"] and id(plugin) not in _before_files


def is_from_file(plugin: Any) -> bool:
    """Whether a plugin is a file of a plugins directory."""
    return id(plugin) in _from_files


def _folder(plugin: Any, name: str) -> str | None:
    file = getattr(plugin, "__file__", None)
    # A module inside a package belongs to it; a lone module has the folder of its file.
    if file is None or is_from_file(plugin):
        return None
    folder = Path(file).parent / name
    return str(folder) if folder.is_dir() else None


def _display_name(plugin: Any) -> str:
    return str(getattr(plugin, "__name__", None) or type(plugin).__name__)


def get_plugins() -> list[dict[str, Any]]:
    """All loaded plugins: `name`, `static_path`, `templates_path`, `hooks` and, for installed ones,
    `version` (PLUG-42)."""
    distributions = {id(plugin): info for plugin, info in pm.list_plugin_distinfo()}
    found = []
    for plugin in pm.get_plugins():
        described: dict[str, Any] = {
            "name": _display_name(plugin),
            "static_path": _folder(plugin, "static"),
            "templates_path": _folder(plugin, "templates"),
            "hooks": [caller.name for caller in pm.get_hookcallers(plugin) or ()],
        }
        info = distributions.get(id(plugin))
        if info is not None:
            described["version"] = info.version
            described["name"] = info.project_name
        found.append(described)
    return found


def _hooks(plugin: Any) -> list[str]:
    names = []
    for name in dir(plugin):
        marked = pm.parse_hookimpl_opts(plugin, name)
        if marked is not None:
            names.append(marked.get("specname") or name)
    return sorted(set(names))


def listed_plugins() -> list[dict[str, Any]]:
    """All loaded plugins as the server lists them."""
    by_name = []
    distributions = {id(plugin): info for plugin, info in pm.list_plugin_distinfo()}
    for _, plugin in pm.list_name_plugin():
        if plugin is None:
            continue
        info = distributions.get(id(plugin))
        by_name.append(
            {
                "name": info.project_name if info is not None else _display_name(plugin),
                "origin": "files" if comes_after_installed(plugin) else "installed",
                "version": info.version if info is not None else None,
                "static_path": _folder(plugin, "static"),
                "templates_path": _folder(plugin, "templates"),
                "hooks": _hooks(plugin),
            }
        )
    return by_name
