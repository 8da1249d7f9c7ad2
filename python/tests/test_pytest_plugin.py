"""Objects that tests made are closed when they are over."""

import subprocess
import sys
import textwrap
import types
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent

STAND_IN = """
    import sys, types

    closed = []


    class Datasette:
        def __init__(self, name):
            self.name = name

        def close(self):
            closed.append(self.name)
            if self.name == "broken":
                raise ValueError("cannot be closed")


    module = types.ModuleType("datasette.app")
    module.Datasette, module.closed = Datasette, closed
    sys.modules["datasette.app"] = module
"""

TESTS = """
    import pytest
    from datasette.app import Datasette, closed


    @pytest.fixture
    def of_test():
        return Datasette("of test")


    @pytest.fixture(scope="module")
    def of_module():
        return Datasette("of module")


    @pytest.fixture(scope="session")
    def of_session():
        return Datasette("of session")


    kept = []


    def test_one(of_test, of_module, of_session):
        kept.extend([of_test, of_module, of_session, Datasette("in body"), Datasette("broken")])
        assert closed == []


    def test_two():
        assert closed == EXPECTED
"""


def _pytest(folder, expected, *, ini=""):
    (folder / "conftest.py").write_text("pytest_plugins = []\n")
    (folder / "stand_in.py").write_text(textwrap.dedent(STAND_IN))
    tests = textwrap.dedent(TESTS).replace("EXPECTED", repr(expected))
    (folder / "test_closing.py").write_text(tests)
    (folder / "pytest.ini").write_text(f"[pytest]\n{ini}\n")
    plugins = ("-p", "stand_in", "-p", "datasette._pytest_plugin", "-p", "no:cacheprovider")
    result = subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, "-q", str(folder)],
        cwd=folder,
        env={"PYTHONPATH": f"{PACKAGE}:{folder}", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "2 passed" in result.stdout
    return result.stdout


# Proves: API-265, API-266
def test_what_a_test_made_is_closed_the_last_one_first(tmp_path):
    output = _pytest(tmp_path, ["broken", "in body", "of test"])
    assert "Error closing Datasette instance: ValueError('cannot be closed')" in output


# Proves: API-267
@pytest.mark.parametrize("value", ["false", "OFF"])
def test_it_can_be_switched_off(tmp_path, value):
    assert "warning" not in _pytest(tmp_path, [], ini=f"datasette_autoclose = {value}")


# Proves: API-267
def test_these_words_switch_it_off_and_no_others():
    from datasette._pytest_plugin import _is_on

    def config(value):
        return types.SimpleNamespace(getini=lambda name: value)

    words = ["true", "1", "yes", "on", "", "false", "0", "no", "off", " False "]
    assert [word for word in words if _is_on(config(word))] == words[:5]


# Proves: API-267
def test_loading_it_does_not_load_the_application():
    code = (
        "import sys, datasette._pytest_plugin; "
        "print([n for n in ('datasette.app', 'datasette.database', 'datasette.plugins') "
        "if n in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(PACKAGE)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == "[]"


# Proves: API-265
def test_it_is_registered_with_pytest():
    text = (PACKAGE / "pyproject.toml").read_text()
    section = text.partition("[project.entry-points.pytest11]\n")[2]
    assert section.startswith('datasette = "datasette._pytest_plugin"\n')
