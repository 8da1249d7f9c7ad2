"""What the program is started with, from what a `Datasette` object was made of."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._host import frames

if TYPE_CHECKING:
    from ..app import Datasette

# The command line takes these where an option is missing; objects never do.
_OF_THE_COMMAND_LINE = (
    "DATASETTE_SECRET",
    "DATASETTE_INTERNAL",
    "DATASETTE_LOAD_EXTENSION",
    "DATASETTE_SSL_KEYFILE",
    "DATASETTE_SSL_CERTFILE",
)

_POLICY = "content_security_policy"


def words(datasette: Datasette, folder: Path) -> list[str]:
    """The words after the name of the program. Files that they name are written into the folder."""
    made = datasette._made_of
    found = ["--embedded-in", str(folder)]

    def file(option: str, name: str, content: Any) -> None:
        if content:
            path = folder / name
            path.write_text(json.dumps(content, default=str), "utf-8")
            found.extend([option, str(path)])

    file("--config", "config.json", made.config)
    file("--metadata", "metadata.json", made.metadata)
    file("--inspect-file", "inspect.json", made.inspect_data)
    for name, value in made.settings.items():
        if value is not None:
            text = str(int(value)) if isinstance(value, bool) else str(value)
            found.extend(["--setting", name, text])
    if not {_POLICY} & {*made.settings, *(made.config.get("settings") or ())}:
        # Tests compare the markup of their scripts, which carries a number under the policy.
        found.extend(["--setting", _POLICY, "off"])
    for extension in datasette.sqlite_extensions:
        parts = [extension] if isinstance(extension, (str, os.PathLike)) else extension
        found.extend(["--load-extension", ":".join(str(part) for part in parts)])
    for mount, directory in made.static_mounts:
        found.extend(["--static", f"{mount}:{directory}"])
    for option, path in (("--template-dir", made.template_dir), ("--internal", made.internal)):
        if path:
            found.extend([option, str(path)])
    if datasette.version_note:
        found.extend(["--version-note", datasette.version_note])
    switches = {
        "--memory": made.memory,
        "--cors": datasette.cors,
        "--crossdb": datasette.crossdb,
        "--nolock": datasette.nolock,
        "--default-deny": datasette.default_deny,
        # Whoever reloads wants nothing cached.
        "--reload": not datasette.cache_headers,
        "--create": True,
    }
    found.extend(option for option, is_on in switches.items() if is_on)
    for path in made.immutables:
        found.extend(["--immutable", path])
    found.append("--")
    if datasette.config_dir is not None:
        found.append(str(datasette.config_dir))
    found.extend(made.files)
    return found


def environment(datasette: Datasette) -> dict[str, str]:
    """The variables of the program."""
    variables = {
        name: value for name, value in os.environ.items() if name not in _OF_THE_COMMAND_LINE
    }
    variables["DATASETTE_SECRET"] = datasette._secret
    variables["DATASETTE_PLUGIN_PROTOCOL"] = str(frames.VERSION)
    return variables
