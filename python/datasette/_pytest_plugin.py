"""Closes the `Datasette` objects that a test made, when the test is over (API-265..267).

Registered as a plugin of pytest; the ini option `datasette_autoclose = false` switches it off.
Objects that fixtures of a wider scope than one test make are left alone.
"""

from __future__ import annotations

import contextvars
import weakref
from collections.abc import Generator
from typing import Any

import pytest

_References = list["weakref.ref[Any]"]

# What the running test made so far; None outside of tests.
_made: contextvars.ContextVar[_References | None] = contextvars.ContextVar(
    "datasette_made", default=None
)


def pytest_addoption(parser: Any) -> None:
    """Adds the option."""
    help = "Close Datasette objects that a test or its fixtures made when it is over"
    parser.addini("datasette_autoclose", help=help, default="true")


def pytest_configure(config: Any) -> None:
    """Begins to notice objects that are made."""
    if _is_on(config):
        _notice_new_objects()


def _is_on(config: Any) -> bool:
    value = str(config.getini("datasette_autoclose"))
    return value.strip().lower() not in ("false", "0", "no", "off")


def _notice_new_objects() -> None:
    # Not at the top: this module is loaded before coverage is measured.
    from datasette.app import Datasette

    original = Datasette.__init__
    if getattr(original, "_is_noticed", False):
        return

    def noticed(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        made = _made.get()
        if made is not None:
            made.append(weakref.ref(self))

    noticed._is_noticed = True  # type: ignore[attr-defined]
    Datasette.__init__ = noticed  # type: ignore[method-assign]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: Any, nextitem: Any) -> Generator[None, None, None]:
    """Closes what a test made, the last one first. An error in closing is a warning."""
    if not _is_on(item.config):
        yield
        return
    made: _References = []
    token = _made.set(made)
    try:
        yield
    finally:
        _made.reset(token)
        for reference in reversed(made):
            datasette = reference()
            if datasette is None:
                continue
            try:
                datasette.close()
            except Exception as error:  # noqa: BLE001 - the test has its result already
                message = f"Error closing Datasette instance: {error!r}"
                item.warn(pytest.PytestUnraisableExceptionWarning(message))


@pytest.hookimpl(hookwrapper=True)
def pytest_fixture_setup(fixturedef: Any, request: Any) -> Generator[None, None, None]:
    """Leaves alone what a fixture makes that other tests use, too."""
    made = _made.get()
    before = len(made) if made is not None else 0
    yield
    if made is not None and fixturedef.scope != "function":
        del made[before:]
