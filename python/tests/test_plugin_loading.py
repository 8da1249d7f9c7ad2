"""Loading plugins, and the trace of hook calls, each in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parent.parent


def run(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a program that may import the package."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("DATASETTE_")}
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**given, "PYTHONPATH": str(PACKAGE), **environment},
        capture_output=True,
        text=True,
        check=True,
    )


INSTALLED = """
import importlib.metadata, sys

class Entry:
    group, name, value = "datasette", "own", "own"
    def load(self):
        return type(sys)("own_module")

class Distribution:
    metadata = {"Name": "datasette-own"}
    version = "1.0"
    entry_points = [Entry()]

importlib.metadata.distributions = lambda: [Distribution()]
"""
NAMES = """
from datasette.plugins import load_installed, pm
load_installed()
print(pm.get_plugin("own") is not None)
"""


# Proves: PLUG-06
def test_inside_its_own_tests_datasette_loads_no_installed_plugins():
    assert run(INSTALLED + NAMES).stdout == "True\n"
    assert run(INSTALLED + "sys._called_from_test = True\n" + NAMES).stdout == "False\n"


FOLDER = """
import pathlib, sys
from datasette.plugins import load_folder, pm
folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else {folder!r})
(folder / "one.py").write_text("word = 'first'")
load_folder(folder)
(folder / "one.py").write_text("word = 'second'")
load_folder(folder)
print(pm.get_plugin("one.py").word, pm.get_plugin("one.py").__name__)
"""


# Proves: PLUG-18
def test_the_first_plugin_of_a_name_stays(tmp_path):
    assert run(FOLDER.format(folder=str(tmp_path))).stdout == "first one.py\n"


TRACED = """
from datasette import hookimpl
from datasette.plugins import pm

class One:
    __name__ = "one"
    @hookimpl
    def menu_links(self, actor):
        return ["a link"]
    @hookimpl
    def actors_from_ids(self, actor_ids):
        return {"a": 1}
    def __repr__(self):
        return "<One>"

pm.register(One(), name="the_one")
actor = {"id": "ann", "name": "Ann of the long long name"}
pm.hook.menu_links(datasette=None, actor=actor, request=None)
pm.hook.actors_from_ids(datasette=None, actor_ids=["a"])
"""
TRACE = """
menu_links:
{   'actor': {   'id': 'ann',
                 'name': 'Ann of the '
                         'long long '
                         'name'},
    'datasette': None,
    'request': None}
Hook implementations:
[   <HookImpl plugin_name='the_one', plugin=<One>>]
Results:
[['a link']]

actors_from_ids:
{'actor_ids': ['a'], 'datasette': None}
Hook implementations:
[   <HookImpl plugin_name='the_one', plugin=<One>>]
Results:
[{'a': 1}]
"""


# Proves: PLUG-80, PLUG-81
def test_calls_of_hooks_are_traced():
    assert run(TRACED, DATASETTE_TRACE_PLUGINS="1").stderr == TRACE
    assert run(TRACED, DATASETTE_TRACE_PLUGINS="").stderr == ""
