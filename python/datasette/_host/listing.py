"""What `datasette plugins` lists, without a server (PLUG-32 to PLUG-36)."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from .. import plugins


def write() -> None:
    """Loads the plugins and writes what there is to know about them into the named file; the second
    word, if any, is the plugins directory."""
    target, *folder = sys.argv[1:]
    plugins.load_installed()
    if folder:
        plugins.load_folder(folder[0])
    Path(target).write_text(json.dumps(plugins.listed_plugins()), "utf-8")
