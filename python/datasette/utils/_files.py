"""Files: their fingerprints, copies of them, modules made from them."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import types
from typing import Any

_Path = str | os.PathLike[str]
# By path, size and time of change, so that a file that changed is read again.
_etags: dict[tuple[str, int, int], str] = {}


def sha256_file(filepath: _Path, chunk_size: int = 4096) -> str:
    """The SHA-256 of a file in hexadecimal (API-245)."""
    return _digest(filepath, hashlib.sha256(), chunk_size)


async def calculate_etag(filepath: _Path, chunk_size: int = 4096) -> str:
    """The `ETag` of a static file: its MD5 in double quotes (API-245, PLUG-45)."""
    status = await asyncio.to_thread(os.stat, filepath)
    key = (os.fspath(filepath), status.st_size, status.st_mtime_ns)
    if key not in _etags:
        md5 = hashlib.md5(usedforsecurity=False)
        digest = await asyncio.to_thread(_digest, filepath, md5, chunk_size)
        _etags[key] = f'"{digest}"'
    return _etags[key]


def _digest(filepath: _Path, hasher: Any, chunk_size: int) -> str:
    with open(filepath, "rb") as file:
        while chunk := file.read(chunk_size):
            hasher.update(chunk)
    return hasher.hexdigest()


def link_or_copy(src: _Path, dst: _Path) -> None:
    """Puts a file at a second place, without copying it where the disk allows (API-247)."""
    try:
        os.link(src, dst)
    except OSError:
        shutil.copyfile(src, dst)


def link_or_copy_directory(src: _Path, dst: _Path) -> None:
    """Puts a folder and what is in it at a second place, without copying where possible."""
    try:
        shutil.copytree(src, dst, copy_function=os.link, dirs_exist_ok=True)
    except OSError:
        shutil.copytree(src, dst, dirs_exist_ok=True)


def module_from_path(path: str, name: str) -> types.ModuleType:
    """Runs a Python file as a new module of this name (API-247, PLUG-16).

    The module is not put among those that can be imported.
    """
    module = types.ModuleType(name)
    module.__file__ = path
    with open(path) as file:
        code = compile(file.read(), path, "exec", dont_inherit=True)
    exec(code, module.__dict__)  # noqa: S102 - running it is what was asked for
    return module
