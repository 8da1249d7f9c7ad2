"""Requests, answers and the exceptions that become answers (API-13)."""

from ._http_errors import (
    BadRequest,
    Base400,
    DatabaseNotFound,
    Forbidden,
    NotFound,
    PayloadTooLarge,
    RowNotFound,
    TableNotFound,
)
from ._lifespan import AsgiLifespan, AsgiRunOnFirstRequest
from ._request import DEFAULT_MAX_POST_BODY_BYTES, Request
from ._response import SAMESITE_VALUES, AsgiFileDownload, AsgiStream, Response
from ._sending import (
    HASHED_STATIC_CACHE_CONTROL,
    AsgiWriter,
    asgi_send,
    asgi_send_file,
    asgi_send_html,
    asgi_send_json,
    asgi_send_redirect,
    asgi_start,
    asgi_static,
)
from .multipart import FormData, MultipartParseError, UploadedFile, parse_form_data

__all__ = [
    "DEFAULT_MAX_POST_BODY_BYTES",
    "HASHED_STATIC_CACHE_CONTROL",
    "SAMESITE_VALUES",
    "AsgiFileDownload",
    "AsgiLifespan",
    "AsgiRunOnFirstRequest",
    "AsgiStream",
    "AsgiWriter",
    "BadRequest",
    "Base400",
    "DatabaseNotFound",
    "Forbidden",
    "FormData",
    "MultipartParseError",
    "NotFound",
    "PayloadTooLarge",
    "Request",
    "Response",
    "RowNotFound",
    "TableNotFound",
    "UploadedFile",
    "asgi_send",
    "asgi_send_file",
    "asgi_send_html",
    "asgi_send_json",
    "asgi_send_redirect",
    "asgi_start",
    "asgi_static",
    "parse_form_data",
]
