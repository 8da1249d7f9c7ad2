"""What plugins changed in the environment of all templates: the server has to use Jinja2 where it
matters (OOP-08)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import Environment
from jinja2.ext import Extension

from ..plugins import pm

if TYPE_CHECKING:
    from ..app import Datasette

_SHARED = (
    "autoescape",
    "block_end_string",
    "block_start_string",
    "code_generator_class",
    "comment_end_string",
    "comment_start_string",
    "context_class",
    "finalize",
    "keep_trailing_newline",
    "line_comment_prefix",
    "line_statement_prefix",
    "loader",
    "lstrip_blocks",
    "newline_sequence",
    "sandboxed",
    "template_class",
    "trim_blocks",
    "undefined",
    "variable_end_string",
    "variable_start_string",
)
"""Attributes of an environment that all its templates are read or rendered with."""


class Baseline:
    """An environment as it was before plugins got it."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.filters = dict(environment.filters)
        self.tests = dict(environment.tests)
        self.globals = dict(environment.globals)
        self.policies = dict(environment.policies)
        self.extensions = set(environment.extensions)
        self.shared = _shared(environment)

    def changes(self) -> dict[str, Any]:
        """What is different now."""
        environment = self.environment
        extensions = [
            one for name, one in environment.extensions.items() if name not in self.extensions
        ]
        return {
            "everything": self._everything(extensions),
            "filters": _different(self.filters, environment.filters),
            "tests": _different(self.tests, environment.tests),
            "globals": _different(self.globals, environment.globals),
            "tags": sorted({tag for one in extensions for tag in one.tags}),
        }

    def _everything(self, extensions: list[Extension]) -> str | None:
        """Why every template is rendered differently, if that is so."""
        now = _shared(self.environment)
        for name in _SHARED:
            if now[name] is not self.shared[name]:
                return name
        if _different(self.policies, self.environment.policies):
            return "policies"
        for one in extensions:
            kind = type(one)
            if (
                kind.preprocess is not Extension.preprocess
                or kind.filter_stream is not Extension.filter_stream
            ):
                return one.identifier
        return None


def _shared(environment: Environment) -> dict[str, Any]:
    return {name: getattr(environment, name) for name in _SHARED}


def _different(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    names = {*before, *now}
    nothing = object()
    return sorted(name for name in names if before.get(name, nothing) is not now.get(name, nothing))


def claims(datasette: Datasette) -> dict[str, Any]:
    """What templates can only use with Jinja2."""
    per_request = bool(pm.hook.jinja2_environment_from_request.get_hookimpls())
    baseline = vars(datasette).get("_jinja_baseline")
    changes = baseline.changes() if baseline is not None else {}
    return {**changes, "per_request": per_request}
