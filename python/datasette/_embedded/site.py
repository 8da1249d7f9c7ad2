"""A running site of this process: started when it is first needed, ended by `close()` or with us."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import tempfile
import threading
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._earlier.queries import EarlierQueries
from .._host.calls import Calls
from .._host.declare import Registry
from .._host.failures import ServerGone
from .._host.wrapping import Wrapping
from ..plugins import pm
from ..utils import StartupError
from . import arguments, program
from .link import LoopLink

if TYPE_CHECKING:
    from ..app import Datasette

_PATIENCE = 10.0
"""Seconds that the program may take to end: it finishes writes that wait."""

_NO_HURRY = 7 * 24 * 3600.0
"""Seconds that hooks may take."""

_OURS = ("startup", "shutdown")
"""Hooks that this process calls by itself, so that what they raise reaches who started the site."""


class Site:
    """The program that serves one `Datasette` object."""

    def __init__(self, datasette: Datasette) -> None:
        self.datasette = datasette
        self.folder = Path(tempfile.mkdtemp(prefix="datasette-site-"))
        self.calls = Calls()
        self.calls.datasette = datasette
        datasette._calls = self.calls
        self.calls.queries = EarlierQueries(datasette)
        # Whoever debugs a plugin stops in a hook for as long as it takes.
        self.calls.patience = _NO_HURRY
        self.calls.lines.path = str(self.folder / "lines")
        self.calls.stages.path = str(self.folder / "stages")
        self._plugged: Any = None
        self._closing = threading.Lock()
        try:
            self.process = subprocess.Popen(
                [program.find(), *arguments.words(datasette, self.folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=arguments.environment(datasette),
                cwd=datasette._made_of.folder,
                # Ctrl-C in a terminal is for the tests, which close what they made.
                start_new_session=True,
            )
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        # For those who forget to close it.
        self._finalizer = weakref.finalize(datasette, _end_process, self.process, self.folder)
        try:
            self._wait_until_ready()
            self.link = LoopLink(str(self.folder / "socket"), self.calls.answer)
        except BaseException:
            self._end()
            raise
        self.calls.link = self.link
        self.calls.requests.link = self.link
        self.link.before_asking = self.plug_if_changed

    def _wait_until_ready(self) -> None:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        try:
            told = json.loads(line)
        except ValueError:
            told = {"failed": f"{self.process.args!r} did not start"}
        if "failed" in told:
            raise StartupError(str(told["failed"]).removeprefix("Error: "))

    # Plugins --------------------------------------------------------------------------------

    async def plug(self, *, is_start: bool = False) -> None:
        """Tells the server which plugins there are."""
        self._plugged = self._state()
        registry = Registry()
        declared = await registry.declare(self.datasette)
        for _, _, segment in declared["segments"]:
            segment["hooks"] = [hook for hook in segment["hooks"] if hook not in _OURS]
        self.calls.registry = registry
        # What stands around requests is made anew, too.
        self.calls.wrapping = Wrapping(self.calls)
        self.calls.requests.inside = self.calls.wrapping.inside
        plugged = {
            "declared": declared,
            "root_enabled": self.datasette.root_enabled,
            "is_start": is_start,
        }
        await self.link.ask("site.plug", plugged)

    async def plug_if_changed(self, method: str) -> None:
        """Tells the server of plugins that came or went since it was told last: tests register some
        for as long as they need them."""
        if self._plugged is None or method.startswith("site."):
            return
        if self._plugged != self._state():
            await self.plug()

    def _state(self) -> tuple[Any, ...]:
        return (pm.get_plugins(), self.datasette.root_enabled)

    # The end --------------------------------------------------------------------------------

    def close(self) -> None:
        """Closes the databases and ends the program. Only the first call counts."""
        with self._closing:
            if not self._finalizer.alive:
                return
            with contextlib.suppress(ServerGone, OSError):
                self.link.ask_now("site.close")
            self.link.close()
            self._end()

    def _end(self) -> None:
        self._finalizer()


def _end_process(process: subprocess.Popen[bytes], folder: Path) -> None:
    with contextlib.suppress(OSError):
        if process.stdin is not None:
            process.stdin.close()
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
    shutil.rmtree(folder, ignore_errors=True)
