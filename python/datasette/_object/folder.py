"""What the folder of a configuration holds (API-29), and whether settings can stand (API-28)."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from ..settings import DEFAULT_SETTINGS
from ..utils import StartupError, parse_metadata

_HINT = ". Hint: In YAML/JSON config files, remove quotes from boolean and integer values."


@dataclasses.dataclass
class FolderContents:
    """What was found."""

    databases: list[str] = dataclasses.field(default_factory=list)
    config: dict[str, Any] = dataclasses.field(default_factory=dict)
    metadata: dict[str, Any] = dataclasses.field(default_factory=dict)
    inspect_data: dict[str, Any] | None = None
    template_dir: str | None = None
    plugins_dir: str | None = None
    static_mounts: list[tuple[str, str]] = dataclasses.field(default_factory=list)

    def immutables(self, files: tuple[str, ...]) -> set[str]:
        """Those of the files that the folder's inspect data names."""
        named = {one.get("file") for one in (self.inspect_data or {}).values()}
        return {file for file in files if Path(file).name in named}


def folder_contents(folder: Path) -> FolderContents:
    """Looks into a folder."""
    found = FolderContents()
    for ending in ("db", "sqlite", "sqlite3"):
        found.databases.extend(str(path) for path in folder.glob(f"*.{ending}"))
    found.config = _first(folder, "datasette")
    found.metadata = _first(folder, "metadata")
    inspected = folder / "inspect-data.json"
    if inspected.exists():
        found.inspect_data = json.loads(inspected.read_text("utf-8"))
    if (folder / "templates").is_dir():
        found.template_dir = str((folder / "templates").resolve())
    if (folder / "plugins").is_dir():
        found.plugins_dir = str((folder / "plugins").resolve())
    if (folder / "static").is_dir():
        found.static_mounts = [("static", str((folder / "static").resolve()))]
    return found


def _first(folder: Path, name: str) -> dict[str, Any]:
    for ending in ("json", "yaml", "yml"):
        path = folder / f"{name}.{ending}"
        if path.exists():
            return parse_metadata(path.read_text("utf-8")) or {}
    return {}


def checked_settings(config: dict[str, Any], given: dict[str, Any] | None) -> dict[str, Any]:
    """The settings that were chosen; `StartupError` for one that is unknown or of a wrong type."""
    chosen: dict[str, Any] = {}
    places = (
        ("in config file", config.get("settings"), _HINT),
        ("in settings parameter", given, ""),
    )
    for place, settings, hint in places:
        for name, value in (settings or {}).items():
            if name not in DEFAULT_SETTINGS:
                raise StartupError(f"Invalid setting '{name}' {place}")
            wanted = type(DEFAULT_SETTINGS[name])
            # A bool is no number here.
            if value is not None and type(value) is not wanted:
                raise StartupError(
                    f"Setting '{name}' {place} has incorrect type. Expected {wanted.__name__}, "
                    f"got {type(value).__name__}. Value: {value!r}{hint}"
                )
            chosen[name] = value
    return chosen
