"""Options and checks that all publish plugins share (HOOK-61, HOOK-62)."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from ..utils import StaticMount

_Command = TypeVar("_Command", bound=Callable[..., Any])


def validate_plugin_secret(ctx: Any, param: Any, value: Any) -> Any:
    """Refuses values with a single quote: they go into files that quote with it."""
    for _plugin, _setting, secret in value:
        if "'" in secret:
            raise click.BadParameter("--plugin-secret cannot contain single quotes")
    return value


def fail_if_publish_binary_not_installed(
    binary: str, publish_target: str, install_link: str
) -> None:
    """Ends the program with a message when a program of the host is not there."""
    if shutil.which(binary):
        return
    click.secho(
        f"Publishing to {publish_target} requires {binary} to be installed and configured",
        bg="red",
        fg="white",
        bold=True,
        err=True,
    )
    click.echo(f"Follow the instructions at {install_link}", err=True)
    sys.exit(1)


def _folder() -> click.Path:
    return click.Path(exists=True, file_okay=False, dir_okay=True)


def add_common_publish_arguments_and_options(subcommand: _Command) -> _Command:
    """Gives a command the argument `files` and the options that all of them have."""
    metadata_help = "Path to JSON/YAML file containing metadata to publish"
    secret_help = (
        "Secrets to pass to plugins, e.g. --plugin-secret datasette-auth-github client_id xxx"
    )
    additions = [
        click.argument("files", type=click.Path(exists=True), nargs=-1),
        click.option("-m", "--metadata", type=click.File(mode="r"), help=metadata_help),
        click.option("--extra-options", help="Extra options to pass to datasette serve"),
        click.option("--branch", help="Install datasette from a GitHub branch e.g. main"),
        click.option(
            "--template-dir", type=_folder(), help="Path to directory containing custom templates"
        ),
        click.option(
            "--plugins-dir", type=_folder(), help="Path to directory containing custom plugins"
        ),
        click.option(
            "--static",
            type=StaticMount(),
            multiple=True,
            help="Serve static files from this directory at /MOUNT/...",
        ),
        click.option(
            "--install", multiple=True, help="Additional packages (e.g. plugins) to install"
        ),
        click.option(
            "--plugin-secret",
            nargs=3,
            type=(str, str, str),
            callback=validate_plugin_secret,
            multiple=True,
            help=secret_help,
        ),
        click.option("--version-note", help="Additional note to show on /-/versions"),
        click.option(
            "--secret",
            envvar="DATASETTE_PUBLISH_SECRET",
            default=lambda: os.urandom(32).hex(),
            help="Secret used for signing secure values, such as signed cookies",
        ),
        click.option("--title", help="Title for metadata"),
    ]
    for name, words in (("license", "License"), ("source", "Source"), ("about", "About")):
        additions += [
            click.option(f"--{name}", help=f"{words} label for metadata"),
            click.option(f"--{name}_url", help=f"{words} URL for metadata"),
        ]
    # Decorators add in front.
    for addition in reversed(additions):
        subcommand = addition(subcommand)
    return subcommand
