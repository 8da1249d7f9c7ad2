"""Commands of the server as plugins see them: options as values and as words."""

import click
import pytest
from click.testing import CliRunner

from datasette._command_line import options, program, words
from datasette._command_line.command import ServerCommand


def _given(name, line):
    """The values of options and the words that they become."""
    params = options.of(name)
    found = {}

    @click.command(name, params=params)
    def command(**values):
        found.update(values)

    result = CliRunner().invoke(command, line)
    assert result.exit_code == 0, result.output
    return found, words.of(params, found)


def test_values_become_the_words_they_were(tmp_path):
    database = tmp_path / "one.db"
    database.touch()
    line = ["-i", str(database), "-p", "8002", "--cors", "--setting", "default_page_size", "5"]
    line += ["-s", "plugins.x.y", "1", "--static", f"files:{tmp_path}", "two.db"]
    values, again = _given("serve", line)
    assert values["port"] == 8002
    assert values["settings"] == (("settings.default_page_size", "5"), ("plugins.x.y", "1"))
    assert again == [
        *("--immutable", str(database), "--host", "127.0.0.1", "--port", "8002", "--cors"),
        *("--static", f"files:{tmp_path}"),
        *("--setting", "settings.default_page_size", "5", "--setting", "plugins.x.y", "1"),
        *("--", "two.db"),
    ]
    _, again = _given("create-token", ["ann", "--secret", "s", "-r", "d", "t", "view-table"])
    assert again == ["--secret", "s", "--resource", "d", "t", "view-table", "--", "ann"]


@pytest.mark.parametrize(
    "line, error",
    (
        (["--setting", "default_page_size", "many"], "should be an integer"),
        (["--setting", "allow_facet", "maybe"], "should be on/off/true/false/1/0"),
        (["-p", "70000"], "0<=x<=65535"),
    ),
)
def test_what_cannot_be_meant_is_refused(line, error):
    command = click.Command("serve", params=options.of("serve"), callback=lambda **values: None)
    result = CliRunner().invoke(command, line)
    assert result.exit_code == 2
    assert error in result.output


def _program(monkeypatch):
    ran = []

    def run(words):
        ran.append(words)
        return 3

    monkeypatch.setattr(program, "run", run)
    return ran


def test_the_program_reads_its_words_itself(monkeypatch):
    ran = _program(monkeypatch)
    command = ServerCommand("serve", "Serve", options.of("serve"))
    result = CliRunner().invoke(command, ["--anything", "--help", "one.db"])
    assert result.exit_code == 3
    assert ran == [["serve", "--anything", "--help", "one.db"]]


def test_a_plugin_may_add_options(monkeypatch):
    ran = _program(monkeypatch)
    command = ServerCommand("serve", "Serve", options.of("serve"))
    before = command.callback
    command.params.append(click.Option(["--more"]))
    command.callback = lambda more, **values: before(**values)
    result = CliRunner().invoke(command, ["--more", "of it", "one.db"])
    assert result.exit_code == 3
    assert ran == [["serve", "--host", "127.0.0.1", "--port", "8001", "--", "one.db"]]


def test_the_command_line_is_a_group_of_click():
    from datasette import cli

    assert isinstance(cli.cli, click.Group)
    assert cli.cli.commands["serve"] is cli.serve
    assert set(cli.publish.commands) >= {"cloudrun", "heroku"}
