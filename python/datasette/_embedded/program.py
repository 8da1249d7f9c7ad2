"""Finds the server's program (OOP-25).

Looked for in this order: the environment variable `DATASETTE_BINARY`; the program that installed
this package, which `datasette install` records; the scripts of this environment; the `PATH`. A script
of the same name is passed over: it belongs to the Python Datasette.
"""

from __future__ import annotations

import functools
import os
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

VARIABLE = "DATASETTE_BINARY"
RECORD = Path("share") / "datasette" / "program.txt"
"""The file below the environment's folder in which `datasette install` records where it is."""


class ProgramNotFound(RuntimeError):
    """There is no program to start."""


def find() -> str:
    """The program's path; ProgramNotFound says what to do."""
    named = os.environ.get(VARIABLE)
    if named:
        if not os.path.isfile(named):
            raise ProgramNotFound(f"{VARIABLE} names a file that does not exist: {named}")
        return os.path.abspath(named)
    return _found(os.environ.get("PATH", ""))


@functools.cache
def _found(path: str) -> str:
    for place in _places(path):
        if _is_program(place):
            return place
    raise ProgramNotFound(
        "The program datasette was not found, which sites of tests run in. Set "
        f"{VARIABLE} to its path, or put it on the PATH."
    )


def _places(path: str) -> Iterator[str]:
    recorded = Path(sys.prefix) / RECORD
    if recorded.is_file():
        yield recorded.read_text("utf-8").strip()
    name = "datasette.exe" if os.name == "nt" else "datasette"
    yield os.path.join(sysconfig.get_path("scripts"), name)
    for folder in path.split(os.pathsep):
        found = shutil.which(name, path=folder)
        if found:
            yield found


def _is_program(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return file.read(2) not in (b"#!", b"")
    except OSError:
        return False
