"""Sites that tests make; each ends with its test."""

import os

import pytest

from datasette.app import Datasette
from datasette.plugins import pm


@pytest.fixture(autouse=True, scope="session")
def program():
    """The program that the sites run in; `cargo xtask test` names it."""
    named = os.environ.get("DATASETTE_BINARY")
    assert named, "DATASETTE_BINARY names the program to test"
    return named


@pytest.fixture
def make():
    """Makes sites, and closes them."""
    made = []

    def make(*args, **kwargs):
        datasette = Datasette(*args, **kwargs)
        made.append(datasette)
        return datasette

    yield make
    for datasette in made:
        datasette.close()


@pytest.fixture
def plugged():
    """Registers plugins for the time of a test."""
    names = []

    def register(plugin, name=None):
        name = name or f"test-{len(names)}"
        pm.register(plugin, name=name)
        names.append(name)
        return plugin

    yield register
    for name in names:
        pm.unregister(name=name)
