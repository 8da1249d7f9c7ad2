"""A folder from which a container with the server can be built, for publish plugins (API-247)."""

from __future__ import annotations

import json
import os
import shlex
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ._configuration import parse_metadata
from ._files import link_or_copy, link_or_copy_directory

PROGRAM = "datasette-program"
"""The server's program in the folder of a container."""

_SPATIALITE_PACKAGES = ("python3-dev", "gcc", "libsqlite3-mod-spatialite")
_SPATIALITE = "/usr/lib/x86_64-linux-gnu/mod_spatialite.so"


def make_dockerfile(
    files: Sequence[str],
    metadata_file: Any,
    extra_options: str | None,
    branch: str | None,
    template_dir: Any,
    plugins_dir: Any,
    static: Iterable[tuple[str, str]],
    install: Iterable[str],
    spatialite: bool,
    version_note: str | None,
    secret: str,
    environment_variables: Mapping[str, str] | None = None,
    port: int = 8001,
    apt_get_extras: Iterable[str] | None = None,
) -> str:
    """The Dockerfile that serves these files, immutable, on the port that the host chooses.

    Where the server's program lies beside it, as `PROGRAM`, that is what the container runs, and what
    installs its plugins; otherwise pip brings the Python Datasette."""
    has_program = not branch and os.path.isfile(PROGRAM)
    command = ["datasette", "serve", "--host", "0.0.0.0"]
    for name in files:
        command += ["-i", name]
    command += ["--cors", "--inspect-file", "inspect-data.json"]
    if metadata_file:
        command += ["--metadata", str(metadata_file)]
    if template_dir:
        command += ["--template-dir", "templates/"]
    if plugins_dir:
        command += ["--plugins-dir", "plugins/"]
    if version_note:
        command += ["--version-note", str(version_note)]
    for mount, _ in static or ():
        command += ["--static", f"{mount}:{mount}"]
    command += (extra_options or "").split()

    environment = dict(environment_variables or {})
    environment["DATASETTE_SECRET"] = secret
    system_packages = list(apt_get_extras or ())
    if spatialite:
        system_packages += _SPATIALITE_PACKAGES
        environment["SQLITE_EXTENSIONS"] = _SPATIALITE
        if has_program:
            # The name above is one that nothing reads any more.
            environment["DATASETTE_LOAD_EXTENSION"] = _SPATIALITE
    packages = [
        f"https://github.com/simonw/datasette/archive/{branch}.zip" if branch else "datasette",
        *install,
    ]
    if has_program:
        environment["DATASETTE_PYTHON"] = "/usr/local/bin/python3"

    image = "python:3.13-slim-trixie" if has_program else "python:3.11.0-slim-bullseye"
    lines = [f"FROM {image}", "COPY . /app", "WORKDIR /app"]
    if system_packages:
        lines += [
            "",
            "RUN apt-get update && \\",
            f"    apt-get install -y {' '.join(system_packages)} && \\",
            "    rm -rf /var/lib/apt/lists/*",
        ]
    lines.append("")
    lines += [f"ENV {name} '{value}'" for name, value in environment.items()]
    if has_program:
        lines += [
            f"RUN install -m 755 {PROGRAM} /usr/local/bin/datasette && rm {PROGRAM}",
            f"RUN datasette install -U {' '.join(packages)}",
        ]
    else:
        lines.append(f"RUN pip install -U {' '.join(packages)}")
    lines += [
        f"RUN datasette inspect {' '.join(files)} --inspect-file inspect-data.json",
        f"ENV PORT {port}",
        f"EXPOSE {port}",
        # The shell of the container fills in the port, so it has no quotes.
        f"CMD {shlex.join(command)} --port $PORT",
    ]
    return "\n".join(lines)


def _bring_program(target: str) -> None:
    """Puts the server's program there, if containers can run it."""
    from .._embedded.program import ProgramNotFound, find

    try:
        program = find()
    except ProgramNotFound:
        return
    with open(program, "rb") as file:
        is_linux = file.read(4) == b"\x7fELF"
    if is_linux:
        link_or_copy(program, target)


@contextmanager
def temporary_docker_directory(
    files: Sequence[str],
    name: str,
    metadata: Any,
    extra_options: str | None,
    branch: str | None,
    template_dir: str | None,
    plugins_dir: str | None,
    static: Iterable[tuple[str, str]],
    install: Iterable[str],
    spatialite: bool,
    version_note: str | None,
    secret: str,
    extra_metadata: Mapping[str, Any] | None = None,
    environment_variables: Mapping[str, str] | None = None,
    port: int = 8001,
    apt_get_extras: Iterable[str] | None = None,
) -> Iterator[str]:
    """A folder called `name` with a Dockerfile, the files and what the server needs besides.

    It is the working directory inside of the `with` block and gone afterwards. `metadata` is an open
    file, over which the values of `extra_metadata` that are not None are laid.
    """
    import mergedeep

    static = list(static or ())
    here = os.getcwd()
    content = parse_metadata(metadata.read()) if metadata else {}
    laid_over = {k: v for k, v in (extra_metadata or {}).items() if v is not None}
    mergedeep.merge(content, laid_over)
    with tempfile.TemporaryDirectory() as parent:
        folder = os.path.join(parent, name)
        os.mkdir(folder)
        names = [os.path.basename(path) for path in files]
        if not branch:
            _bring_program(os.path.join(folder, PROGRAM))
        os.chdir(folder)
        try:
            dockerfile = make_dockerfile(
                names,
                content and "metadata.json",
                extra_options,
                branch,
                template_dir,
                plugins_dir,
                static,
                install,
                spatialite,
                version_note,
                secret,
                environment_variables,
                port=port,
                apt_get_extras=apt_get_extras,
            )
            if content:
                with open("metadata.json", "w") as file:
                    json.dump(content, file, indent=2)
            with open("Dockerfile", "w") as file:
                file.write(dockerfile)
            for path, file_name in zip(files, names):
                link_or_copy(os.path.join(here, path), os.path.join(folder, file_name))
            folders = [(template_dir, "templates"), (plugins_dir, "plugins")]
            folders += [(directory, mount) for mount, directory in static]
            for source, target in folders:
                if source:
                    link_or_copy_directory(os.path.join(here, source), os.path.join(folder, target))
            yield folder
        finally:
            os.chdir(here)
