"""Failures as the exceptions that `handle_exception` gets (HOOK-166, OOP-23)."""

from __future__ import annotations

import itertools
import secrets
from collections import OrderedDict
from typing import Any

from ..utils.asgi import (
    BadRequest,
    DatabaseNotFound,
    NotFound,
    PayloadTooLarge,
    RowNotFound,
    TableNotFound,
)
from ..views.base import DatasetteError

MOST = 50
"""Exceptions of plugins that are remembered until somebody wants to handle them."""

_KNOWN = {"not_found": NotFound, "bad_request": BadRequest, "payload_too_large": PayloadTooLarge}

_raised: OrderedDict[int, BaseException] = OrderedDict()
# Numbers of a process that ended mean nothing in this one.
_numbers = itertools.count(secrets.randbits(48))


def number_of(error: BaseException) -> int:
    """The number under which the exception is found again."""
    number = next(_numbers)
    _raised[number] = error
    while len(_raised) > MOST:
        _raised.popitem(last=False)
    return number


def exception_of(fault: dict[str, Any], request: Any = None) -> BaseException:
    """The exception that a failure was, or the one that stands for it."""
    raised = _raised.get(fault["exception"] or 0)
    if raised is not None:
        return raised
    message = "; ".join(fault["messages"])
    if fault["title"]:
        return DatasetteError(message, title=fault["title"], status=fault["status"])
    if fault["kind"] == "not_found":
        return _not_found(message, getattr(request, "url_vars", None) or {})
    known = _KNOWN.get(fault["kind"])
    if known is not None:
        return known(message)
    if fault["status"] < 500:
        return DatasetteError(message, status=fault["status"])
    return RuntimeError(fault["cause"] or message)


def _not_found(message: str, names: dict[str, str]) -> NotFound:
    """The server names what is missing by its words, the path says which (API-195)."""
    from ..utils import tilde_decode

    database, table = tilde_decode(names.get("database", "")), tilde_decode(names.get("table", ""))
    if message == "Database not found":
        return DatabaseNotFound(database)
    if message == "Table not found":
        return TableNotFound(database, table)
    if message == "Row not found" or message.startswith("Record not found"):
        keys = [tilde_decode(key) for key in names.get("pks", "").split(",")]
        return RowNotFound(database, table, keys)
    return NotFound(message)
