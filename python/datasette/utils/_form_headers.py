"""The headers that say what a form is made of: `Content-Type` and `Content-Disposition`."""

from __future__ import annotations

import re
from urllib.parse import unquote

_PARAMETER = re.compile(r';\s*([^\s=;]+)\s*=\s*("(?:\\.|[^"\\])*"|[^;]*)')
_ESCAPED = re.compile(r"\\([\\\"])")


def parse_content_type(header: str) -> tuple[str, dict[str, str]]:
    """The media type in lower case, and its parameters."""
    media_type = header.split(";", 1)[0].strip().lower()
    return media_type, _parameters(header)


def parse_content_disposition(header: str) -> dict[str, str | None]:
    """The `name` of the field and the `filename`, which is None for what is no file.

    The encoded form `filename*=` wins. Folders are taken off the name, of both kinds of systems.
    """
    found = _parameters(header)
    filename = found.get("filename")
    encoded = found.get("filename*", "").split("'", 2)
    if len(encoded) == 3:
        filename = unquote(encoded[2])
    if filename is not None:
        filename = re.split(r"[/\\]", filename)[-1]
    return {"name": found.get("name"), "filename": filename}


def _parameters(header: str) -> dict[str, str]:
    found = {}
    for name, value in _PARAMETER.findall(header):
        value = value.strip()
        if len(value) >= 2 and value.startswith('"') and value.endswith('"'):
            value = _ESCAPED.sub(r"\1", value[1:-1])
        found[name.lower()] = value
    return found
