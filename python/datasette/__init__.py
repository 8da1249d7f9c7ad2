"""The Python side of Datasette: what plugins import (API-01..04)."""

from .background_tasks import BackgroundTask, BackgroundTaskSupervisor
from .events import Event
from .hookspecs import hookimpl, hookspec
from .permissions import Permission
from .tokens import TokenHandler, TokenInvalid, TokenRestrictions
from .utils import actor_matches_allow
from .utils.asgi import Forbidden, NotFound, PayloadTooLarge, Request, Response
from .version import __version__, __version_info__
from .views import Context

__all__ = [
    "BackgroundTask",
    "BackgroundTaskSupervisor",
    "Context",
    "Event",
    "Forbidden",
    "NotFound",
    "PayloadTooLarge",
    "Permission",
    "Request",
    "Response",
    "TokenHandler",
    "TokenInvalid",
    "TokenRestrictions",
    "__version__",
    "__version_info__",
    "actor_matches_allow",
    "hookimpl",
    "hookspec",
]
