"""A command that the server's program runs."""

from __future__ import annotations

import sys
from typing import Any

import click

from . import program, words


class ServerCommand(click.Command):
    """A command of the server's program. The words after its name are the program's, as long as no
    plugin has changed its options or what it does."""

    def __init__(self, name: str, summary: str, params: list[click.Parameter]) -> None:
        super().__init__(name, params=params, help=summary, callback=self._run)
        self._own = tuple(params)
        self._callback = self.callback

    @property
    def _is_own(self) -> bool:
        return tuple(self.params) == self._own and self.callback == self._callback

    def _path(self) -> list[str]:
        assert self.name is not None
        return ["publish", self.name] if self.name in ("cloudrun", "heroku") else [self.name]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Leaves the words alone, unless a plugin has something to do with them."""
        if self._is_own:
            ctx.meta["datasette.words"] = list(args)
            return []
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the program, or what a plugin put in its place."""
        given = ctx.meta.get("datasette.words")
        if given is None:
            return super().invoke(ctx)
        sys.exit(program.run([*self._path(), *given]))

    def _run(self, return_instance: bool = False, **values: Any) -> Any:
        if return_instance:
            return words.instance(values)
        sys.exit(program.run([*self._path(), *words.of(self._own, values)]))
