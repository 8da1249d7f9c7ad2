"""Types of command line options (API-247)."""

from __future__ import annotations

import os
from typing import Any

import click


class StaticMount(click.ParamType):  # type: ignore[type-arg]
    """`MOUNT:DIRECTORY`, as a pair; the directory must exist and is made absolute."""

    name = "mount:directory"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """The pair, or an error for the user."""
        mount, colon, directory = value.partition(":")
        if not colon:
            self.fail(f'"{value}" should be of format mountpoint:directory', param, ctx)
        directory = os.path.abspath(directory)
        if not os.path.isdir(directory):
            self.fail(f"{value} is not a valid directory path", param, ctx)
        return mount, directory


class LoadExtension(click.ParamType):  # type: ignore[type-arg]
    """`PATH` or `PATH:ENTRYPOINT` of an SQLite extension; the latter as a pair."""

    name = "path:entrypoint?"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> str | tuple[str, str]:
        """The path, or the pair."""
        path, colon, entrypoint = value.partition(":")
        return (path, entrypoint) if colon else value
