"""Forms from the body of a request, and how large they may be (API-14, API-175)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

from ._form import FormData, UploadedFile
from ._form_headers import parse_content_disposition, parse_content_type
from ._multipart_parser import Limits, MultipartParseError, MultipartParser

__all__ = [
    "DEFAULT_MAX_FIELDS",
    "DEFAULT_MAX_FIELD_SIZE",
    "DEFAULT_MAX_FILES",
    "DEFAULT_MAX_FILE_SIZE",
    "DEFAULT_MAX_MEMORY_FILE_SIZE",
    "DEFAULT_MAX_PARTS",
    "DEFAULT_MAX_PART_HEADER_BYTES",
    "DEFAULT_MAX_PART_HEADER_LINES",
    "DEFAULT_MAX_REQUEST_SIZE",
    "DEFAULT_MIN_FREE_DISK_BYTES",
    "FormData",
    "MultipartParseError",
    "UploadedFile",
    "parse_content_disposition",
    "parse_content_type",
    "parse_form_data",
]

_KILOBYTE = 1024
_MEGABYTE = 1024 * _KILOBYTE

# Sizes are in bytes.
DEFAULT_MAX_FILE_SIZE = 50 * _MEGABYTE
DEFAULT_MAX_REQUEST_SIZE = 100 * _MEGABYTE
DEFAULT_MAX_FIELDS = 1000
DEFAULT_MAX_FILES = 100
#: None means as many as fields and files together.
DEFAULT_MAX_PARTS: int | None = None
DEFAULT_MAX_FIELD_SIZE = 100 * _KILOBYTE
#: Larger files go to the disk.
DEFAULT_MAX_MEMORY_FILE_SIZE = _MEGABYTE
DEFAULT_MAX_PART_HEADER_BYTES = 16 * _KILOBYTE
DEFAULT_MAX_PART_HEADER_LINES = 100
#: So much stays free on the disk.
DEFAULT_MIN_FREE_DISK_BYTES = 50 * _MEGABYTE

# Work for another thread is gathered up to here, so that small pieces do not each cost a switch.
_BATCH = 64 * _KILOBYTE

_Receive = Callable[[], Awaitable[Any]]


async def parse_form_data(
    receive: _Receive,
    content_type: str,
    files: bool = False,
    max_file_size: int = DEFAULT_MAX_FILE_SIZE,
    max_request_size: int = DEFAULT_MAX_REQUEST_SIZE,
    max_fields: int = DEFAULT_MAX_FIELDS,
    max_files: int = DEFAULT_MAX_FILES,
    max_parts: int | None = DEFAULT_MAX_PARTS,
    max_field_size: int = DEFAULT_MAX_FIELD_SIZE,
    max_memory_file_size: int = DEFAULT_MAX_MEMORY_FILE_SIZE,
    max_part_header_bytes: int = DEFAULT_MAX_PART_HEADER_BYTES,
    max_part_header_lines: int = DEFAULT_MAX_PART_HEADER_LINES,
    min_free_disk_bytes: int = DEFAULT_MIN_FREE_DISK_BYTES,
) -> FormData:
    """Reads a form from an ASGI `receive`; `MultipartParseError` says why it cannot be read.

    Both ways of sending forms are read. Without `files`, files are skipped. URL-encoded forms are
    only held against `max_request_size`.
    """
    media_type, parameters = parse_content_type(content_type)
    if media_type == "application/x-www-form-urlencoded":
        return await _url_encoded(receive, max_request_size)
    if media_type != "multipart/form-data":
        raise MultipartParseError(
            f"Unsupported Content-Type: {media_type}. "
            "Expected application/x-www-form-urlencoded or multipart/form-data"
        )
    boundary = parameters.get("boundary")
    if not boundary:
        raise MultipartParseError("Missing boundary in Content-Type")
    limits = Limits(
        max_file_size=max_file_size,
        max_request_size=max_request_size,
        max_fields=max_fields,
        max_files=max_files,
        max_parts=max_fields + max_files if max_parts is None else max_parts,
        max_field_size=max_field_size,
        max_memory_file_size=max_memory_file_size,
        max_part_header_bytes=max_part_header_bytes,
        max_part_header_lines=max_part_header_lines,
        min_free_disk_bytes=min_free_disk_bytes,
    )
    parser = MultipartParser(boundary.encode("utf-8"), limits, keep_files=files)
    batch = bytearray()
    try:
        async for chunk in _body(receive):
            batch += chunk
            if len(batch) >= _BATCH:
                data = bytes(batch)
                batch.clear()
                await asyncio.to_thread(parser.feed, data)
        await asyncio.to_thread(parser.feed, bytes(batch))
        return parser.finalize()
    except BaseException:
        parser.close()
        raise


async def _url_encoded(receive: _Receive, max_size: int) -> FormData:
    body = bytearray()
    async for chunk in _body(receive):
        body += chunk
        if len(body) > max_size:
            raise MultipartParseError("Request body too large")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("latin-1")
    form = FormData()
    for name, value in parse_qsl(text, keep_blank_values=True):
        form.append(name, value)
    return form


async def _body(receive: _Receive) -> AsyncIterator[bytes]:
    """The pieces of the body, until it ends."""
    while True:
        message = await receive()
        kind = message.get("type", "http.request")
        if kind == "http.disconnect":
            raise MultipartParseError("Client disconnected during request body")
        if kind != "http.request":
            continue
        yield message.get("body", b"")
        if not message.get("more_body", False):
            return
