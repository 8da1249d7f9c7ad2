"""The options of the server's commands: what plugins copy and extend. The program explains them."""

from __future__ import annotations

import os
from typing import Any

import click

from ..publish.common import add_common_publish_arguments_and_options
from ..settings import DEFAULT_SETTINGS
from ..utils import LoadExtension, StaticMount


class Setting(click.types.CompositeParamType):  # type: ignore[type-arg]
    """A setting: its name and its value."""

    name = "setting"
    arity = 2

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """The pair; settings of the server itself are below `settings`."""
        name, text = value
        if name not in DEFAULT_SETTINGS:
            return name, text
        default = DEFAULT_SETTINGS[name]
        name = f"settings.{name}"
        if isinstance(default, bool):
            if text.lower() in ("on", "true", "1"):
                return name, "true"
            if text.lower() in ("off", "false", "0"):
                return name, "false"
            self.fail(f'"{name}" should be on/off/true/false/1/0', param, ctx)
        if isinstance(default, int) and not text.isdigit():
            self.fail(f'"{name}" should be an integer', param, ctx)
        return name, text


def _flag(*names: str) -> click.Option:
    return click.Option(names, is_flag=True)


def _option(*names: str, **more: Any) -> click.Option:
    return click.Option(names, **more)


def _text(*names: str, **more: Any) -> click.Option:
    return _option(*names, type=str, **more)


def _folder(name: str) -> click.Option:
    return _option(name, type=click.Path(exists=True, file_okay=False, dir_okay=True))


def _file(*names: str) -> click.Option:
    return _option(*names, type=click.File(mode="r"))


def _static() -> click.Option:
    return _option("--static", type=StaticMount(), multiple=True)


def _extensions() -> click.Option:
    return _option(
        "sqlite_extensions",
        "--load-extension",
        type=LoadExtension(),
        envvar="DATASETTE_LOAD_EXTENSION",
        multiple=True,
    )


def _files(required: bool = False, exists: bool = True) -> click.Argument:
    return click.Argument(["files"], type=click.Path(exists=exists), nargs=-1, required=required)


def _about() -> list[click.Parameter]:
    names = ("title", "license", "license_url", "source", "source_url", "about", "about_url")
    return [_text(f"--{name}") for name in names]


def _secret(variable: str, **more: Any) -> click.Option:
    return _text("--secret", envvar=variable, **more)


def _serve() -> list[click.Parameter]:
    return [
        _files(exists=False),
        _option("-i", "--immutable", type=click.Path(exists=True), multiple=True),
        _text("-h", "--host", default="127.0.0.1"),
        _option("-p", "--port", default=8001, type=click.IntRange(0, 65535)),
        _text("--uds"),
        _flag("--reload"),
        _flag("--cors"),
        _extensions(),
        _text("--inspect-file"),
        _file("-m", "--metadata"),
        _folder("--template-dir"),
        _folder("--plugins-dir"),
        _static(),
        _flag("--memory"),
        _file("-c", "--config"),
        _option("settings", "-s", "--setting", type=Setting(), multiple=True),
        _secret("DATASETTE_SECRET"),
        _flag("--root"),
        _flag("--default-deny"),
        _text("--get"),
        _flag("--headers"),
        _text("--token"),
        _text("--actor"),
        _text("--version-note"),
        _flag("--help-settings"),
        _flag("--pdb"),
        _option("open_browser", "-o", "--open", is_flag=True),
        _flag("--create"),
        _flag("--crossdb"),
        _flag("--nolock"),
        _text("--ssl-keyfile", envvar="DATASETTE_SSL_KEYFILE"),
        _text("--ssl-certfile", envvar="DATASETTE_SSL_CERTFILE"),
        _option("--internal", type=click.Path(), envvar="DATASETTE_INTERNAL"),
    ]


def _package() -> list[click.Parameter]:
    return [
        _files(required=True),
        _text("-t", "--tag"),
        _file("-m", "--metadata"),
        _text("--extra-options"),
        _text("--branch"),
        _folder("--template-dir"),
        _folder("--plugins-dir"),
        _static(),
        _text("--install", multiple=True),
        _flag("--spatialite"),
        _text("--version-note"),
        _secret("DATASETTE_PUBLISH_SECRET", default=lambda: os.urandom(32).hex()),
        _option("-p", "--port", default=8001, type=click.IntRange(1, 65535)),
        *_about(),
    ]


def _create_token() -> list[click.Parameter]:
    return [
        click.Argument(["id"]),
        _secret("DATASETTE_SECRET", required=True),
        _option("-e", "--expires-after", type=int),
        _text("alls", "-a", "--all", multiple=True),
        _option("databases", "-d", "--database", type=(str, str), multiple=True),
        _option("resources", "-r", "--resource", type=(str, str, str), multiple=True),
        _flag("--debug"),
        _folder("--plugins-dir"),
    ]


def _published() -> list[click.Parameter]:
    @add_common_publish_arguments_and_options
    def command() -> None:
        """Carries the options that all of them have."""

    return list(reversed(command.__click_params__))  # type: ignore[attr-defined]


def _cloudrun() -> list[click.Parameter]:
    return [
        *_published(),
        _text("-n", "--name", default="datasette"),
        _text("--service", default=""),
        _flag("--spatialite"),
        _flag("--show-files"),
        _text("--memory"),
        _option("--cpu", type=click.Choice(["1", "2", "4"])),
        _option("--timeout", type=int),
        _text("apt_get_extras", "--apt-get-install", multiple=True),
        _option("--max-instances", type=int, default=1),
        _option("--min-instances", type=int),
        _text("--artifact-repository", default="datasette"),
        _text("--artifact-region", default="us"),
        _text("--artifact-project"),
    ]


def _heroku() -> list[click.Parameter]:
    return [
        *_published(),
        _text("-n", "--name", default="datasette"),
        _text("--tar"),
        _option("--generate-dir", type=click.Path(dir_okay=True, file_okay=False)),
    ]


_ALL: dict[str, Any] = {
    "serve": _serve,
    "package": _package,
    "create-token": _create_token,
    "cloudrun": _cloudrun,
    "heroku": _heroku,
    "inspect": lambda: [_files(), _text("--inspect-file", default="-"), _extensions()],
    "plugins": lambda: [_flag("--all"), _flag("--requirements"), _folder("--plugins-dir")],
    "install": lambda: [
        click.Argument(["packages"], nargs=-1),
        _flag("-U", "--upgrade"),
        _option("-r", "--requirement", type=click.Path(exists=True)),
        _text("-e", "--editable"),
    ],
    "uninstall": lambda: [
        click.Argument(["packages"], nargs=-1, required=True),
        _flag("-y", "--yes"),
    ],
}


def of(command: str) -> list[click.Parameter]:
    """The options of a command, new objects each time."""
    found: list[click.Parameter] = _ALL[command]()
    return found
