"""The `Datasette` object of this process, from what the server tells about itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..app import Datasette
    from .link import Link


def datasette_for(params: dict[str, Any], link: Link) -> Datasette:
    """The object that plugins get. Making it loads the plugins."""
    from .. import plugins
    from ..app import Datasette

    plugins.load_installed()
    site = params["site"]
    config_dir = site.get("config_dir")
    datasette = Datasette(
        files=[],
        metadata=json.loads(site.get("metadata") or "{}"),
        template_dir=site.get("template_dir"),
        plugins_dir=params.get("plugins_dir"),
        static_mounts=[tuple(mount) for mount in site.get("static_mounts", [])],
        secret=site["secret"],
        version_note=site.get("version_note"),
        config_dir=Path(config_dir) if config_dir else None,
        cors=site.get("cors", False),
        crossdb=site.get("crossdb", False),
        nolock=site.get("nolock", False),
        internal=site.get("internal"),
        default_deny=site.get("default_deny", False),
    )
    # As they are: the server has looked at them, and has settings of its own.
    datasette.config = json.loads(site["config"])
    datasette._settings.update(json.loads(site["settings"]))
    datasette.root_enabled = site.get("root_enabled", False)
    datasette._link = link
    datasette._note_databases(site["databases"])
    return datasette
