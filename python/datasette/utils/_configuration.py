"""Configuration as nested dictionaries: reading, merging, moving and hiding parts of it."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Mapping
from typing import Any

from ._errors import BadMetadataError

#: The keys of a table in metadata that are configuration (API-27).
_TABLE_KEYS = (
    "hidden",
    "sort",
    "sort_desc",
    "size",
    "sortable_columns",
    "label_column",
    "facets",
    "fts_table",
    "fts_pk",
    "searchmode",
)


def parse_metadata(content: str) -> Any:
    """The contents of a JSON or YAML file; `BadMetadataError` when it is neither (API-225)."""
    try:
        return json.loads(content)
    except json.JSONDecodeError:
        # Slow to import, and most plugins never need it.
        import yaml

        try:
            return yaml.safe_load(content)
        except yaml.YAMLError as error:
            raise BadMetadataError("Metadata is not valid JSON or YAML") from error


def resolve_env_secrets(config: Any, environ: Mapping[str, str]) -> Any:
    """A copy in which `{"$env": NAME}` and `{"$file": PATH}` are what they stand for (PLUG-55).

    A variable that is not set is None; a file that is not there raises. Mappings with more keys
    stay as they are (PLUG-56).
    """
    if isinstance(config, dict):
        if list(config) == ["$env"]:
            return environ.get(config["$env"])
        if list(config) == ["$file"]:
            with open(config["$file"]) as file:
                return file.read()
        return {key: resolve_env_secrets(value, environ) for key, value in config.items()}
    if isinstance(config, list):
        return [resolve_env_secrets(value, environ) for value in config]
    return config


def redact_keys(original: Any, key_patterns: Iterable[str]) -> Any:
    """A copy with `***` for each value whose key contains one of the patterns (API-245)."""
    patterns = tuple(key_patterns)

    def redacted(data: Any) -> Any:
        if isinstance(data, dict):
            return {
                key: "***"
                if any(pattern in key.casefold() for pattern in patterns)
                else redacted(value)
                for key, value in data.items()
            }
        if isinstance(data, list):
            return [redacted(item) for item in data]
        return data

    return redacted(original)


def pairs_to_nested_config(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """The configuration that pairs of a dotted key and a value mean (API-247, PLUG-54).

    Values are JSON where they can be, else text. Later pairs win.
    """
    result: dict[str, Any] = {}
    for key, text in pairs:
        try:
            value = json.loads(text)
        except json.JSONDecodeError:
            value = text
        for part in reversed(key.split(".")):
            value = {part: value}
        _merge(result, value)
    return result


def _merge(base: dict[str, Any], update: Mapping[str, Any]) -> None:
    for key, value in update.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            _merge(base[key], value)
        else:
            base[key] = value


def deep_dict_update(dict1: dict[str, Any], dict2: Mapping[str, Any]) -> dict[str, Any]:
    """Puts `dict2` into `dict1`, level by level, and returns `dict1` (API-247)."""
    for key, value in dict2.items():
        if isinstance(value, dict):
            dict1[key] = deep_dict_update(dict1.get(key, type(value)()), value)
        else:
            dict1[key] = value
    return dict1


def prune_empty_dicts(d: dict[str, Any]) -> None:
    """Removes all empty dictionaries, at any depth."""
    for key, value in list(d.items()):
        if isinstance(value, dict):
            prune_empty_dicts(value)
            if not value:
                del d[key]


def move_plugins_and_allow(
    source: dict[str, Any], destination: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Copies of both, where `plugins` and `allow` moved to the same place of the second (PLUG-53)."""
    source = copy.deepcopy(source)
    destination = copy.deepcopy(destination)

    def move(level: dict[str, Any], path: tuple[str, ...]) -> None:
        for key, value in list(level.items()):
            if key in ("plugins", "allow"):
                target = destination
                for step in path:
                    target = target.setdefault(step, {})
                target[key] = level.pop(key)
            elif isinstance(value, dict):
                move(value, (*path, key))

    move(source, ())
    prune_empty_dicts(source)
    return source, destination


def move_table_config(
    metadata: dict[str, Any], config: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Copies of both, where settings of tables moved to the same place of the second (API-27)."""
    if "databases" not in metadata:
        return metadata, config
    metadata = copy.deepcopy(metadata)
    config = copy.deepcopy(config)
    for database_name, database in metadata["databases"].items():
        for table_name, table in database.get("tables", {}).items():
            for key in _TABLE_KEYS:
                if key in table:
                    target = config
                    for step in ("databases", database_name, "tables", table_name):
                        target = target.setdefault(step, {})
                    target[key] = table.pop(key)
    prune_empty_dicts(metadata)
    return metadata, config
