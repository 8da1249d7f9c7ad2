"""Jinja2 as plugins know it (HOOK-33): the environment that all templates share."""

from __future__ import annotations

import contextlib
import dataclasses
import unicodedata
import urllib.parse
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import TYPE_CHECKING

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    TemplateNotFound,
    pass_context,
)
from markupsafe import Markup

from ..plugins import listed_plugins
from ..utils import (
    append_querystring,
    escape_sqlite,
    format_bytes,
    path_with_replaced_args,
    to_css_class,
)

if TYPE_CHECKING:
    from jinja2.runtime import Context

    from ..app import Datasette

ANYTHING = 1
"""What a template needs whose script tags cannot get numbers: pages without a policy for scripts."""


@dataclasses.dataclass
class Rendering:
    """A page on its way, and what its templates ask for."""

    nonce: str = ""
    needs: int = 0
    messages_shown: bool = False
    status: int | None = None
    headers: dict[str, str] = dataclasses.field(default_factory=dict)


_current: ContextVar[Rendering | None] = ContextVar("rendering", default=None)


@contextlib.contextmanager
def rendering(page: Rendering) -> Iterator[Rendering]:
    """For as long as a page is rendered its templates know it."""
    token = _current.set(page)
    try:
        yield page
    finally:
        _current.reset(token)


class BuiltIn(BaseLoader):
    """The templates that come with the server."""

    def __init__(self, datasette: Datasette) -> None:
        self._datasette = datasette
        self._sources: dict[str, str] | None = None

    def _all(self) -> dict[str, str]:
        if self._sources is None:
            self._sources = dict(self._datasette._link.ask_now("templates")["built_in"])
        return self._sources

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """The source of the template of that name."""
        source = self._all().get(template)
        if source is None:
            raise TemplateNotFound(template)
        return source, None, lambda: True

    def has(self, name: str | None, source: str) -> bool:
        """Whether it is the source of the template of that name."""
        return name is not None and self._all().get(name.removeprefix("default:")) == source

    def list_templates(self) -> list[str]:
        """The names of all."""
        return sorted(self._all())


class TemplateEnvironment(Environment):
    """An environment whose templates get numbers on their script tags, so that the scripts of their
    authors run on pages whose policy stops all others."""

    _datasette: Datasette
    _built_in: BuiltIn

    def preprocess(self, source: str, name: str | None = None, filename: str | None = None) -> str:
        """The source as it is compiled."""
        source = super().preprocess(source, name, filename)
        if (self.variable_start_string, self.block_start_string) != ("{{", "{%"):
            start, end = self.variable_start_string, self.variable_end_string
            return f"{start} _page_needs({ANYTHING}) {end}{source}"
        is_own = filename is None and self._built_in.has(name, source)
        owner = None if is_own else f"the template {filename or name or 'of a plugin'}"
        question = {"source": source, "owner": owner}
        return str(self._datasette._link.ask_now("numbered_template", question))


def make(datasette: Datasette) -> TemplateEnvironment:
    """The environment of a site before plugins add to it."""
    folders = [datasette.template_dir] if datasette.template_dir else []
    folders += [one["templates_path"] for one in listed_plugins() if one["templates_path"]]
    built_in = BuiltIn(datasette)
    environment = TemplateEnvironment(
        loader=ChoiceLoader(
            [
                FileSystemLoader([str(folder) for folder in folders]),
                built_in,
                PrefixLoader({"default": built_in}, delimiter=":"),
            ]
        ),
        autoescape=True,
        enable_async=True,
    )
    environment._datasette = datasette
    environment._built_in = built_in
    environment.filters.update(
        {
            "escape_css_string": _escape_css_string,
            "quote_plus": urllib.parse.quote_plus,
            "escape_sqlite": escape_sqlite,
            "to_css_class": to_css_class,
        }
    )
    environment.globals.update(
        {
            "csrftoken": _csrftoken,
            "static": Statics(datasette),
            "fix_path": fix_path(datasette),
            "append_querystring": append_querystring,
            "path_with_replaced_args": path_with_replaced_args,
            "format_bytes": format_bytes,
            "zip": zip,
            "csp_nonce": _nonce,
            "_page_nonce": _nonce,
            "_page_needs": _needs,
        }
    )
    return environment


def _escape_css_string(text: str) -> Markup:
    """Text inside a CSS string, where entities mean nothing: what could end it, or the element
    around it, becomes an escape (CTX-94)."""
    special = {*"\"'\\<>&"}
    return Markup(
        "".join(
            f"\\{ord(one):06X}" if one in special or unicodedata.category(one) == "Cc" else one
            for one in str(text)
        )
    )


@pass_context
def _csrftoken(context: Context) -> str:
    """Nothing checks it; old templates put it into forms (CTX-96)."""
    request = context.get("request")
    if request and "csrftoken" in request.scope:
        return str(request.scope["csrftoken"]())
    return ""


def _nonce() -> str:
    page = _current.get()
    return page.nonce if page is not None else ""


def _needs(bits: int) -> str:
    page = _current.get()
    if page is not None:
        page.needs |= bits
    return ""


def fix_path(datasette: Datasette) -> Callable[[str], str]:
    """The function that puts `base_url` before a path that has none (CTX-69)."""

    def fix_path(path: str) -> str:
        base_url = datasette.setting("base_url")
        return path if path.startswith(base_url) else str(datasette.urls.path(path))

    return fix_path


class Statics:
    """Addresses of static files; those of the server's own never change."""

    def __init__(self, datasette: Datasette) -> None:
        self._datasette = datasette
        self._known: dict[str, str] = {}

    def __call__(self, path: str, plugin: str | None = None, mount: str | None = None) -> str:
        """The address of a file with its hash (CTX-95)."""
        if plugin is None and mount is None and path in self._known:
            return self._known[path]
        url = self._datasette.static(path, plugin=plugin, mount=mount)
        if plugin is None and mount is None:
            self._known[path] = url
        return url
