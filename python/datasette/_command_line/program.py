"""Runs the server's program."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

import click

replaces_process = False
"""Whether this process may become the program: where nothing but the command line runs in it."""


def run(words: Sequence[str]) -> int:
    """Runs the program with these words and answers its exit code. What it prints goes where this
    process prints, which tests may have replaced."""
    from .._embedded.program import find

    program = find()
    if replaces_process and hasattr(os, "execv"):
        sys.stdout.flush()
        sys.stderr.flush()
        os.execv(program, ["datasette", *words])
    if _is_real(sys.stdout, 1) and _is_real(sys.stderr, 2):
        return subprocess.call([program, *words])
    given = None if _is_real(sys.stdin, 0) else sys.stdin.read().encode()
    ran = subprocess.run([program, *words], input=given, capture_output=True, check=False)
    click.echo(ran.stdout, nl=False)
    click.echo(ran.stderr, nl=False, err=True)
    return ran.returncode


def _is_real(stream: object, number: int) -> bool:
    try:
        return stream.fileno() == number  # type: ignore[attr-defined]
    except (AttributeError, OSError, ValueError):
        return False
