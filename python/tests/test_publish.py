"""What publish plugins share: options, and checks with messages."""

import click
import pytest
from click.testing import CliRunner

from datasette.publish.common import (
    add_common_publish_arguments_and_options,
    fail_if_publish_binary_not_installed,
    validate_plugin_secret,
)

OPTIONS = {
    "-m/--metadata",
    "--extra-options",
    "--branch",
    "--template-dir",
    "--plugins-dir",
    "--static",
    "--install",
    "--plugin-secret",
    "--version-note",
    "--secret",
    "--title",
    "--license",
    "--license_url",
    "--source",
    "--source_url",
    "--about",
    "--about_url",
}


@pytest.fixture
def command():
    got = {}

    @click.command()
    @add_common_publish_arguments_and_options
    def publish(**options):
        got.update(options)

    publish.got = got
    return publish


def _run(command, *arguments, **environment):
    return CliRunner().invoke(command, list(arguments), env=environment)


# Proves: HOOK-61
def test_the_options_are_these(command):
    arguments, *options = command.params
    assert (arguments.name, arguments.nargs) == ("files", -1)
    assert {"/".join(option.opts) for option in options} == OPTIONS
    many = {option.name for option in options if option.multiple}
    assert many == {"static", "install", "plugin_secret"}


# Proves: HOOK-61
def test_what_is_given_arrives(command, tmp_path):
    database = tmp_path / "a.db"
    database.write_bytes(b"")
    metadata = tmp_path / "metadata.json"
    metadata.write_text("{}")
    result = _run(
        command,
        str(database),
        "-m",
        str(metadata),
        *("--static", f"s:{tmp_path}", "--install", "one", "--install", "two"),
        *("--plugin-secret", "datasette-x", "key", "value"),
        *("--title", "T", "--about_url", "https://a.example/"),
        DATASETTE_PUBLISH_SECRET="from-environment",
    )
    assert result.exit_code == 0, result.output
    got = command.got
    assert got["files"] == (str(database),)
    assert got["metadata"].name == str(metadata)
    assert got["static"] == (("s", str(tmp_path)),)
    assert got["install"] == ("one", "two")
    assert got["plugin_secret"] == (("datasette-x", "key", "value"),)
    assert (got["title"], got["about_url"]) == ("T", "https://a.example/")
    assert got["secret"] == "from-environment"
    assert got["branch"] is None


# Proves: HOOK-61
def test_the_secret_is_another_one_each_time(command):
    secrets = set()
    for _ in range(3):
        assert _run(command).exit_code == 0
        secrets.add(command.got["secret"])
    assert len(secrets) == 3
    assert all(len(bytes.fromhex(secret)) == 32 for secret in secrets)


# Proves: HOOK-62
def test_a_secret_with_a_quote_is_refused(command):
    with pytest.raises(click.BadParameter, match="cannot contain single quotes"):
        validate_plugin_secret(None, None, [("p", "s", "it's")])
    assert validate_plugin_secret(None, None, [("p", "s", "v")]) == [("p", "s", "v")]
    result = _run(command, "--plugin-secret", "p", "s", "it's")
    assert result.exit_code == 2
    assert "--plugin-secret cannot contain single quotes" in result.output


# Proves: HOOK-62
def test_a_missing_program_ends_with_a_message(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit) as ended:
        fail_if_publish_binary_not_installed("flyctl", "Fly", "https://fly.example/")
    assert ended.value.code == 1
    output = capsys.readouterr()
    assert "Publishing to Fly requires flyctl to be installed and configured" in output.err
    assert "Follow the instructions at https://fly.example/" in output.err
    assert output.out == ""
    program = tmp_path / "flyctl"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert fail_if_publish_binary_not_installed("flyctl", "Fly", "https://fly.example/") is None
