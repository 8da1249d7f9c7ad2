"""Failures of the server as the exceptions that `handle_exception` gets (HOOK-166)."""

from __future__ import annotations

from typing import Any

from ..utils.asgi import BadRequest, NotFound, PayloadTooLarge
from ..views.base import DatasetteError

_KNOWN = {"not_found": NotFound, "bad_request": BadRequest, "payload_too_large": PayloadTooLarge}


def exception_of(fault: dict[str, Any]) -> Exception:
    """The exception that stands for a failure."""
    message = "; ".join(fault["messages"])
    if fault["title"]:
        return DatasetteError(message, title=fault["title"], status=fault["status"])
    known = _KNOWN.get(fault["kind"])
    if known is not None:
        return known(message)
    if fault["status"] < 500:
        return DatasetteError(message, status=fault["status"])
    return RuntimeError(fault["cause"] or message)
