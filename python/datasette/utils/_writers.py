"""Writers around the writer of a streamed answer."""

from __future__ import annotations

from typing import Any

import markupsafe

from ._errors import WriteLimitExceeded


class LimitedWriter:
    """Passes on what is written until it is more than so many megabytes; 0 means no limit."""

    def __init__(self, writer: Any, limit_mb: int) -> None:
        self.writer = writer
        self.limit_bytes = limit_mb * 1024 * 1024
        self.bytes_count = 0

    async def write(self, bytes: Any) -> None:
        """Passes it on, or raises `WriteLimitExceeded`."""
        self.bytes_count += len(bytes)
        if self.limit_bytes and self.bytes_count > self.limit_bytes:
            raise WriteLimitExceeded(f"CSV contains more than {self.limit_bytes} bytes")
        await self.writer.write(bytes)


class EscapeHtmlWriter:
    """Passes on what is written, escaped for HTML."""

    def __init__(self, writer: Any) -> None:
        self.writer = writer

    async def write(self, content: str) -> None:
        """Passes it on."""
        await self.writer.write(markupsafe.escape(content))
