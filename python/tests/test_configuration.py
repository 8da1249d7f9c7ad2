"""Configuration: reading, secrets, moving, merging; files and what is made of them."""

import hashlib
import json
import os

import click
import pytest

from datasette.utils import (
    BadMetadataError,
    LoadExtension,
    StaticMount,
    calculate_etag,
    deep_dict_update,
    link_or_copy,
    link_or_copy_directory,
    make_dockerfile,
    module_from_path,
    move_plugins_and_allow,
    move_table_config,
    pairs_to_nested_config,
    parse_metadata,
    redact_keys,
    resolve_env_secrets,
    sha256_file,
    temporary_docker_directory,
)


# Proves: API-225
def test_metadata_is_json_or_yaml():
    assert parse_metadata('{"title": "x"}') == {"title": "x"}
    assert parse_metadata("title: x\nlist:\n- 1") == {"title": "x", "list": [1]}
    with pytest.raises(BadMetadataError, match="Metadata is not valid JSON or YAML"):
        parse_metadata("{title: [")


# Proves: API-245
def test_secrets_come_from_the_environment_and_from_files(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text(" from a file\n")
    config = {
        "a": {"$env": "KEY"},
        "b": [{"$env": "NOT_SET"}, {"deep": {"$file": str(secret)}}],
        "c": {"$env": "KEY", "more": 1},
        "d": {"$file": str(secret), "more": 1},
        "e": 5,
    }
    assert resolve_env_secrets(config, {"KEY": "value"}) == {
        "a": "value",
        "b": [None, {"deep": " from a file\n"}],
        "c": {"$env": "KEY", "more": 1},
        "d": {"$file": str(secret), "more": 1},
        "e": 5,
    }
    with pytest.raises(FileNotFoundError):
        resolve_env_secrets({"$file": str(tmp_path / "none")}, {})


# Proves: API-245
def test_values_of_telling_keys_are_hidden_at_any_depth():
    config = {"a": {"MySecret": {"x": 1}, "b": [{"api_token": 2, "c": 3}]}}
    hidden = {"a": {"MySecret": "***", "b": [{"api_token": "***", "c": 3}]}}
    assert redact_keys(config, ("secret", "token")) == hidden
    assert config["a"]["MySecret"] == {"x": 1}


# Proves: API-247
def test_pairs_become_nested_configuration():
    pairs = [
        ("plugins.p.key", "text"),
        ("plugins.p.number", "5"),
        ("plugins.p.list", "[1, 2]"),
        ("plugins.q", '{"a": {"b": 1}}'),
        ("plugins.q.a.c", "2"),
        ("plugins.p.key", "later"),
    ]
    assert pairs_to_nested_config(pairs) == {
        "plugins": {
            "p": {"key": "later", "number": 5, "list": [1, 2]},
            "q": {"a": {"b": 1, "c": 2}},
        }
    }


# Proves: API-247
def test_one_dictionary_is_put_into_another():
    one = {"a": {"b": 1, "c": 2}, "d": 3}
    assert deep_dict_update(one, {"a": {"b": 5}, "e": {"f": 6}}) is one
    assert one == {"a": {"b": 5, "c": 2}, "d": 3, "e": {"f": 6}}


def test_plugins_and_allow_move_to_the_same_place_of_the_configuration():
    metadata = {
        "title": "t",
        "plugins": {"p": 1},
        "databases": {
            "d": {"allow": {"id": "x"}, "tables": {"t": {"plugins": {"q": {}}, "units": {}}}}
        },
    }
    moved, config = move_plugins_and_allow(metadata, {"settings": {"a": 1}})
    assert moved == {"title": "t"}
    assert config == {
        "settings": {"a": 1},
        "plugins": {"p": 1},
        "databases": {"d": {"allow": {"id": "x"}, "tables": {"t": {"plugins": {"q": {}}}}}},
    }
    assert "plugins" in metadata


def test_settings_of_tables_move_to_the_configuration():
    metadata = {
        "databases": {"d": {"tables": {"t": {"sort": "a", "title": "T"}, "u": {"size": 5}}}}
    }
    moved, config = move_table_config(metadata, {})
    assert moved == {"databases": {"d": {"tables": {"t": {"title": "T"}}}}}
    assert config == {"databases": {"d": {"tables": {"t": {"sort": "a"}, "u": {"size": 5}}}}}


# Proves: API-245
async def test_fingerprints_of_a_file_follow_its_contents(tmp_path):
    path = tmp_path / "a.bin"
    for content in (b"x" * 10_000, b"y"):
        path.write_bytes(content)
        os.utime(path, ns=(0, len(content)))
        assert sha256_file(path) == hashlib.sha256(content).hexdigest()
        assert await calculate_etag(path) == f'"{hashlib.md5(content).hexdigest()}"'


# Proves: API-247
def test_a_file_becomes_a_module_of_its_own(tmp_path):
    import sys

    path = tmp_path / "my_plugin.py"
    path.write_text("value = __name__\nfile = __file__\n")
    module = module_from_path(str(path), "my_plugin.py")
    assert module.value == module.__name__ == "my_plugin.py"
    assert module.file == str(path)
    assert "my_plugin.py" not in sys.modules


# Proves: API-247
def test_files_and_folders_are_put_at_a_second_place(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c.txt").write_text("c")
    link_or_copy(tmp_path / "a" / "b" / "c.txt", tmp_path / "d.txt")
    link_or_copy_directory(tmp_path / "a", tmp_path / "e")
    assert (tmp_path / "d.txt").read_text() == (tmp_path / "e" / "b" / "c.txt").read_text() == "c"


# Proves: API-247
def test_options_of_mounts_and_extensions_are_read(tmp_path):
    mount, extension = StaticMount(), LoadExtension()
    assert mount.convert(f"assets:{tmp_path}", None, None) == ("assets", str(tmp_path))
    with pytest.raises(click.BadParameter, match="should be of format mountpoint:directory"):
        mount.convert("assets", None, None)
    with pytest.raises(click.BadParameter, match="is not a valid directory path"):
        mount.convert(f"assets:{tmp_path}/none", None, None)
    assert extension.convert("x.so", None, None) == "x.so"
    assert extension.convert("x.so:entry", None, None) == ("x.so", "entry")


# Proves: API-247
def test_the_dockerfile_serves_the_files():
    text = make_dockerfile(
        ["a b.db"],
        "metadata.json",
        "--setting max_returned_rows 5",
        None,
        "templates",
        "plugins",
        [("assets", "somewhere/assets")],
        ["datasette-vega"],
        True,
        "note",
        "sesame",
        {"KEY": "value"},
        port=8010,
        apt_get_extras=["curl"],
    )
    lines = text.splitlines()
    assert lines[0].startswith("FROM python:")
    assert "    apt-get install -y curl python3-dev gcc libsqlite3-mod-spatialite && \\" in lines
    assert {"ENV KEY 'value'", "ENV DATASETTE_SECRET 'sesame'", "ENV PORT 8010"} <= set(lines)
    assert any(line.startswith("ENV SQLITE_EXTENSIONS '") for line in lines)
    assert "RUN pip install -U datasette datasette-vega" in lines
    assert lines[-1] == (
        "CMD datasette serve --host 0.0.0.0 -i 'a b.db' --cors --inspect-file inspect-data.json "
        "--metadata metadata.json --template-dir templates/ --plugins-dir plugins/ "
        "--version-note note --static assets:assets --setting max_returned_rows 5 --port $PORT"
    )


# Proves: API-247
def test_a_container_has_the_program_that_publishes(tmp_path, monkeypatch):
    program = tmp_path / "datasette"
    program.write_bytes(b"\x7fELF and so on")
    monkeypatch.setenv("DATASETTE_BINARY", str(program))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data.db").write_bytes(b"db")
    given = (["data.db"], "my-site", None, None, None, None, None, [], ["one"], False, None, "s")
    with temporary_docker_directory(*given):
        with open("datasette-program", "rb") as file:
            assert file.read() == b"\x7fELF and so on"
        with open("Dockerfile") as file:
            lines = file.read().splitlines()
    assert lines[0] == "FROM python:3.13-slim-trixie"
    install = "install -m 755 datasette-program /usr/local/bin/datasette && rm datasette-program"
    named = lines.index("ENV DATASETTE_PYTHON '/usr/local/bin/python3'")
    placed = lines.index(f"RUN {install}")
    assert named < placed < lines.index("RUN datasette install -U datasette one")
    assert not any("pip" in line for line in lines)
    # One for another system is of no use there.
    program.write_bytes(b"MZ")
    with temporary_docker_directory(*given), open("Dockerfile") as file:
        assert "RUN pip install -U datasette one" in file.read().splitlines()


# Proves: API-247
def test_a_folder_for_a_container_is_there_while_it_is_needed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data.db").write_bytes(b"db")
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "a.css").write_text("css")
    (tmp_path / "metadata.yaml").write_text("title: old\nsource: x\n")
    with (
        open("metadata.yaml") as metadata,
        temporary_docker_directory(
            ["data.db"],
            "my-site",
            metadata,
            None,
            "main",
            None,
            None,
            [("static", "assets")],
            [],
            False,
            None,
            "sesame",
            {"title": "new", "license": None},
        ) as folder,
    ):
        assert os.path.samefile(os.getcwd(), folder)
        assert os.path.basename(folder) == "my-site"
        with open("metadata.json") as file:
            assert json.load(file) == {"title": "new", "source": "x"}
        assert set(os.listdir()) == {"Dockerfile", "data.db", "metadata.json", "static"}
        with open("Dockerfile") as file:
            assert "archive/main.zip" in file.read()
    assert os.getcwd() == str(tmp_path)
    assert not os.path.exists(folder)
