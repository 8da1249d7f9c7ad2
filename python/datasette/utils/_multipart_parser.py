"""Reads a multipart form piece by piece, within limits (API-175, API-176).

Nothing but the values of fields is held in memory: files go to a spooled temporary file, or
nowhere when they are not wanted.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from dataclasses import dataclass
from typing import IO

from ._form import FormData, UploadedFile
from ._form_headers import parse_content_disposition

_DISK_CHECK_EVERY = 1024 * 1024


class MultipartParseError(Exception):
    """The form cannot be read; the message is for the visitor."""


@dataclass(frozen=True)
class Limits:
    """How much a form may be. Sizes are in bytes."""

    max_file_size: int
    max_request_size: int
    max_fields: int
    max_files: int
    max_parts: int
    max_field_size: int
    max_memory_file_size: int
    max_part_header_bytes: int
    max_part_header_lines: int
    min_free_disk_bytes: int


@dataclass
class _Part:
    """The part that is being read."""

    name: str | None
    filename: str | None
    content_type: str | None
    #: Where the contents go; None for a file that is not wanted.
    target: IO[bytes] | None
    size: int = 0

    @property
    def is_file(self) -> bool:
        return self.filename is not None


class MultipartParser:
    """`feed` it the body, then `finalize` it. `close` throws away what was read.

    Calls may come from different threads, one at a time or not.
    """

    def __init__(self, boundary: bytes, limits: Limits, keep_files: bool) -> None:
        self._opening = b"--" + boundary
        self._limits = limits
        self._keep_files = keep_files
        self._form = FormData()
        self._buffer = bytearray()
        self._read = self._read_preamble
        self._part: _Part | None = None
        self._headers: dict[str, str] = {}
        self._header_lines = self._header_bytes = 0
        self._total = self._fields = self._files = 0
        self._since_disk_check = 0
        self._is_ended = self._is_closed = False
        # A cancelled request closes the form while a thread may still write to a file of it.
        self._lock = threading.Lock()

    def feed(self, data: bytes) -> None:
        """Reads on."""
        with self._lock:
            if self._is_closed:
                return
            self._total += len(data)
            if self._total > self._limits.max_request_size:
                raise MultipartParseError("Request body too large")
            self._buffer += data
            while not self._is_ended and self._read():
                pass
            if self._is_ended:
                # What follows the last boundary means nothing.
                self._buffer.clear()

    def finalize(self) -> FormData:
        """The form, when all of it was fed."""
        with self._lock:
            if not self._is_ended:
                raise MultipartParseError("Truncated multipart body (missing closing boundary)")
            return self._form

    def close(self) -> None:
        """Throws away what was read."""
        with self._lock:
            self._is_closed = True
            if self._part and self._part.target:
                self._part.target.close()
            self._form.close()

    def _read_preamble(self) -> bool:
        """Skips what stands before the first boundary."""
        start = self._buffer.find(self._opening)
        if start < 0:
            kept = len(self._opening) - 1
            del self._buffer[: max(0, len(self._buffer) - kept)]
            return False
        return self._read_boundary_end(start + len(self._opening))

    def _read_boundary_end(self, end: int) -> bool:
        """Reads what follows a boundary: `--` after the last one, else the end of its line."""
        following = bytes(self._buffer[end : end + 2])
        if following == b"--":
            self._finish_part()
            self._is_ended = True
            return False
        if len(following) < 2 and not following.startswith(b"\n"):
            return False
        self._finish_part()
        if following == b"\r\n":
            end += 2
        elif following.startswith(b"\n"):
            end += 1
        del self._buffer[:end]
        self._headers = {}
        self._header_lines = self._header_bytes = 0
        self._read = self._read_header
        return True

    def _read_header(self) -> bool:
        """Reads one line of the headers of a part."""
        end = self._buffer.find(b"\n")
        self._header_lines += end >= 0
        if (
            self._header_lines > self._limits.max_part_header_lines
            or self._header_bytes + (end + 1 if end >= 0 else len(self._buffer))
            > self._limits.max_part_header_bytes
        ):
            raise MultipartParseError("Part headers too large")
        if end < 0:
            return False
        self._header_bytes += end + 1
        line = bytes(self._buffer[:end]).removesuffix(b"\r")
        del self._buffer[: end + 1]
        if not line:
            self._start_part()
            self._read = self._read_contents
            return True
        name, colon, value = line.decode("utf-8", errors="replace").partition(":")
        if colon:
            self._headers[name.strip().lower()] = value.strip()
        return True

    def _start_part(self) -> None:
        limits = self._limits
        if self._fields + self._files >= limits.max_parts:
            raise MultipartParseError("Too many parts")
        named = parse_content_disposition(self._headers.get("content-disposition", ""))
        target: IO[bytes] | None = None
        if named["filename"] is None:
            self._fields += 1
            if self._fields > limits.max_fields:
                raise MultipartParseError("Too many fields")
            target = tempfile.SpooledTemporaryFile()  # noqa: SIM115 - never leaves memory
        else:
            self._files += 1
            if self._files > limits.max_files:
                raise MultipartParseError("Too many files")
            if self._keep_files:
                self._check_disk()
                target = tempfile.SpooledTemporaryFile(  # noqa: SIM115 - the form owns it
                    max_size=limits.max_memory_file_size
                )
        self._part = _Part(
            named["name"], named["filename"], self._headers.get("content-type"), target
        )

    def _read_contents(self) -> bool:
        """Reads what a part contains, up to the next boundary."""
        closing = b"\n" + self._opening
        end = self._buffer.find(closing)
        if end < 0:
            # The end may be the beginning of a boundary, with a line break before it.
            self._take(max(0, len(self._buffer) - len(closing)))
            return False
        line_break = end
        if end and self._buffer[end - 1 : end] == b"\r":
            line_break -= 1
        # The boundary stays in the buffer until all of its line is there.
        self._take(line_break)
        return self._read_boundary_end(end - line_break + len(closing))

    def _take(self, length: int) -> None:
        """Moves bytes of the buffer into the part."""
        part = self._part
        if part is None or not length:
            return
        data = bytes(self._buffer[:length])
        del self._buffer[:length]
        part.size += length
        if part.is_file:
            if part.size > self._limits.max_file_size:
                raise MultipartParseError("File too large")
            self._since_disk_check += length if part.target else 0
            if self._since_disk_check >= _DISK_CHECK_EVERY:
                self._check_disk()
        elif part.size > self._limits.max_field_size:
            raise MultipartParseError("Field value too large")
        if part.target:
            part.target.write(data)

    def _finish_part(self) -> None:
        part, self._part = self._part, None
        if part is None or part.target is None:
            return
        if part.name is None:
            part.target.close()
            return
        part.target.seek(0)
        if part.filename is not None:
            uploaded = UploadedFile(
                part.name, part.filename, part.content_type, part.size, part.target
            )
            self._form.append(part.name, uploaded)
            return
        with part.target as target:
            value = target.read()
        try:
            text = value.decode("utf-8")
        except UnicodeDecodeError:
            text = value.decode("latin-1")
        self._form.append(part.name, text)

    def _check_disk(self) -> None:
        """Raises when files would fill the disk."""
        self._since_disk_check = 0
        wanted = self._limits.min_free_disk_bytes
        if wanted > 0 and shutil.disk_usage(tempfile.gettempdir()).free < wanted:
            raise MultipartParseError("Insufficient disk space for uploads")
