"""Exceptions on their way to the server and from it (OOP-23)."""

from __future__ import annotations

import sqlite3
import traceback
from typing import Any

from ..utils.asgi import BadRequest, Base400, Forbidden, NotFound, PayloadTooLarge
from . import frames


class ServerGone(RuntimeError):
    """The server ended while it was asked."""


class ServerError(RuntimeError):
    """The server failed while it was asked; `kind` says how."""

    def __init__(self, message: str, kind: str = "failed") -> None:
        super().__init__(message)
        self.kind = kind


def describe(error: BaseException) -> dict[str, Any]:
    """What the server is told about an exception."""
    from ..tokens import TokenInvalid
    from ..utils import StartupError
    from ..views.base import DatasetteError
    from .exceptions import number_of

    kind = "failed"
    title = None
    message = str(error)
    if isinstance(error, Forbidden):
        kind = "forbidden"
        message = str(error.args[0]) if error.args else "Forbidden"
    elif isinstance(error, NotFound):
        kind = "not_found"
    elif isinstance(error, PayloadTooLarge):
        kind = "payload_too_large"
    elif isinstance(error, (BadRequest, Base400)):
        kind = "bad_request"
    elif isinstance(error, DatasetteError):
        kind = _KINDS.get(error.status, "spoken" if error.status >= 500 else "bad_request")
        title = error.title
        message = error.message if hasattr(error, "message") else message
    elif isinstance(error, TokenInvalid):
        kind = "token_invalid"
    elif isinstance(error, StartupError):
        kind = "startup"
    return {
        "kind": kind,
        "message": message or type(error).__name__,
        "type_name": type(error).__name__,
        "title": title,
        "exception": number_of(error),
        "traceback": "".join(traceback.format_exception(type(error), error, error.__traceback__)),
    }


_KINDS = {
    400: "bad_request",
    401: "token_invalid",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "payload_too_large",
    503: "unavailable",
}


def sendable(outcomes: Any) -> list[dict[str, Any]]:
    """The outcomes of a hook, those that cannot be sent as the failures of their plugins.

    Raises TypeError for anything else."""
    if not isinstance(outcomes, list):
        raise TypeError(f"{type(outcomes).__name__} cannot be sent")
    return [_sendable(outcome) for outcome in outcomes]


def _sendable(outcome: dict[str, Any]) -> dict[str, Any]:
    try:
        frames.encode(outcome)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        # Without its traceback, which is ours, and long where the answer contains itself.
        failure = describe(TypeError(f"its answer cannot be sent: {error}"))
        return {"plugin": outcome["plugin"], "failure": failure}
    return outcome


def _sql_error(failure: dict[str, Any]) -> Exception:
    from .._live.errors import error_of

    code = failure.get("code")
    return error_of(1 if code is None else code, failure["message"])


def revive(failure: dict[str, Any]) -> Exception:
    """The exception that the server's failure is in Python."""
    message = failure["message"]
    kind = failure["kind"]
    if kind == "forbidden":
        return Forbidden(message)
    if kind == "not_found":
        return NotFound(message)
    if kind == "bad_request":
        return BadRequest(message)
    if kind == "payload_too_large":
        return PayloadTooLarge(message)
    if kind == "token_invalid":
        from ..tokens import TokenInvalid

        return TokenInvalid(message)
    if kind == "sql":
        return _sql_error(failure)
    if kind == "interrupted":
        return sqlite3.OperationalError("interrupted")
    return ServerError(message, kind)
