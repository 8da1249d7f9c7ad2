"""The values of options as the words they were, and as the site they describe."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

_SAME = (
    "cors",
    "template_dir",
    "plugins_dir",
    "secret",
    "version_note",
    "pdb",
    "crossdb",
    "nolock",
    "internal",
    "default_deny",
    "memory",
)


def of(params: Sequence[click.Parameter], values: dict[str, Any]) -> list[str]:
    """The words of a command line that gives the options these values."""
    found: list[str] = []
    last: list[str] = []
    for param in params:
        value = values.get(param.name or "")
        if value is None or value == () or value is False:
            continue
        if isinstance(param, click.Argument):
            several = value if isinstance(value, (tuple, list)) else [value]
            last += [_text(one) for one in several]
        elif getattr(param, "is_flag", False):
            found.append(param.opts[-1])
        else:
            for one in value if param.multiple else [value]:
                found += [param.opts[-1], *_parts(param, one)]
    return [*found, "--", *last] if last else found


def _parts(param: click.Parameter, value: Any) -> Iterable[str]:
    if not isinstance(value, tuple):
        return [_text(value)]
    if param.nargs > 1:
        return [_text(one) for one in value]
    return [":".join(_text(one) for one in value)]


def _text(value: Any) -> str:
    # Files are handed on by their names.
    name = getattr(value, "name", None)
    return str(name) if name is not None and hasattr(value, "read") else str(value)


def instance(values: dict[str, Any]) -> Any:
    """The `Datasette` object of a site that `serve` would serve."""
    from ..app import Datasette
    from ..utils import deep_dict_update, pairs_to_nested_config, parse_metadata

    def content(name: str) -> dict[str, Any]:
        file = values.get(name)
        return dict(parse_metadata(file.read())) if file else {}

    config = content("config")
    if values.get("settings"):
        deep_dict_update(config, pairs_to_nested_config(values["settings"]))
    folders = [one for one in values.get("files") or () if os.path.isdir(one)]
    if len(folders) > 1:
        raise click.ClickException(
            "Cannot pass multiple directories. Pass a single directory as config_dir."
        )
    return Datasette(
        [one for one in values.get("files") or () if not os.path.isdir(one)],
        immutables=values.get("immutable") or (),
        cache_headers=not values.get("reload"),
        config=config,
        metadata=content("metadata") or None,
        sqlite_extensions=values.get("sqlite_extensions"),
        static_mounts=values.get("static"),
        config_dir=Path(folders[0]) if folders else None,
        **{name: values[name] for name in _SAME if values.get(name)},
    )
