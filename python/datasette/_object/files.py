"""Addresses of static files with a hash of what is in them (API-97)."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from .._host.failures import ServerError

if TYPE_CHECKING:
    from .._host.link import Link
    from ..url_builder import Urls


class StaticFiles:
    """Finds static files, and addresses that change with what is in them."""

    _link: Link
    cache_headers: bool
    static_mounts: list[tuple[str, str]]
    _static_asset_hashes: dict[Path, str]

    @property
    def urls(self) -> Urls:
        """Builds addresses."""
        raise NotImplementedError

    def static(self, path: str, plugin: str | None = None, mount: str | None = None) -> str:
        """The address of a file of the server, of a plugin or of a mounted folder.

        `FileNotFoundError` where there is no such file, plugin or mount; `ValueError` for a path that
        leads out of its folder."""
        if plugin and mount:
            raise ValueError("Use either plugin= or mount=, not both")
        if plugin:
            return self._hashed(self.urls.static_plugins(plugin, path), _of_plugin(plugin), path)
        if mount:
            name = mount.strip("/")
            url = self.urls.path("/{}/{}".format(name, path.lstrip("/")))
            return self._hashed(url, self._of_mount(name), path)
        try:
            # The server has its files in its program.
            return str(self._link.ask_now("static", {"path": path}))
        except ServerError as error:
            if "cannot escape" in str(error):
                raise ValueError("Static asset path cannot escape static root") from None
            raise FileNotFoundError(str(error)) from None

    def _of_mount(self, name: str) -> str:
        for mount, folder in self.static_mounts:
            if mount.strip("/") == name:
                return folder
        raise FileNotFoundError(f"No static mount found for {name}")

    def _hashed(self, url: Any, folder: str, path: str) -> str:
        root = Path(folder).resolve()
        file = (root / path.lstrip("/")).resolve()
        if not file.is_relative_to(root):
            raise ValueError("Static asset path cannot escape static root")
        known = self._static_asset_hashes.get(file) if self.cache_headers else None
        if known is None:
            known = hashlib.sha256(file.read_bytes()).hexdigest()[:12]
            self._static_asset_hashes[file] = known
        separator = "&" if "?" in url else "?"
        return f"{url}{separator}{urlencode({'_hash': known})}"


def _of_plugin(name: str) -> str:
    from ..plugins import get_plugins

    for plugin in get_plugins():
        names = {plugin["name"], plugin["name"].replace("-", "_")}
        if plugin["static_path"] and name in names:
            return str(plugin["static_path"])
    raise FileNotFoundError(f"No static assets found for plugin {name}")
