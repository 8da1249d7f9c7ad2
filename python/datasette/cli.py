"""The command line as Click knows it: the server's own commands, which its program runs, and those
of plugins, which run here (HOOK-57 to HOOK-60)."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
from click_default_group import DefaultGroup  # type: ignore[import-untyped]

from ._command_line import options as _options
from ._command_line import program as _program
from ._command_line.command import ServerCommand
from .plugins import load_installed, pm
from .version import __version__

__all__ = [
    "cli",
    "create_token",
    "inspect",
    "install",
    "package",
    "plugins",
    "publish",
    "serve",
    "uninstall",
]


@click.group(cls=DefaultGroup, default="serve", default_if_no_args=True)
@click.version_option(version=__version__)
def cli() -> None:
    """Explore and publish data in SQLite databases."""


@click.group()
def publish() -> None:
    """Publish SQLite database files to the internet, with an interface and an API."""


cli.add_command(publish)


def _command(group: Any, name: str, summary: str) -> Any:
    command = ServerCommand(name, summary, _options.of(name))
    group.add_command(command)
    return command


inspect = _command(cli, "inspect", "Hash files and count the rows of their tables")
plugins = _command(cli, "plugins", "List installed plugins")
package = _command(cli, "package", "Build a container image with SQLite files and the server")
install = _command(cli, "install", "Install plugins and other Python packages")
uninstall = _command(cli, "uninstall", "Remove plugins and other Python packages")
serve = _command(cli, "serve", "Serve SQLite files as a website and a JSON API")
create_token = _command(cli, "create-token", "Create a signed API token for an actor")
_command(publish, "cloudrun", "Publish to Google Cloud Run")
_command(publish, "heroku", "Publish to Heroku")

_OWN = {
    "commands": dict(cli.commands),
    "publish": dict(publish.commands),
}

load_installed()
pm.hook.publish_subcommand(publish=publish)
pm.hook.register_commands(cli=cli)


def _of_plugins(group: Any, own: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (name, command.get_short_help_str(60))
        for name, command in sorted(group.commands.items())
        if own.get(name) is not command and not command.hidden
    ]


def main(words: list[str] | None = None) -> None:
    """Runs the command line in place of this process."""
    _program.replaces_process = True
    cli.main(args=words, prog_name="datasette")


def run_for_program() -> None:
    """What the server's program asks: to run a command, or to list those of plugins in a file."""
    what, *words = sys.argv[1:]
    if what == "run":
        main(words)
    elif what == "list":
        found = {
            "commands": _of_plugins(cli, _OWN["commands"]),
            "publish": _of_plugins(publish, _OWN["publish"]),
        }
        Path(words[0]).write_text(json.dumps(found), "utf-8")
