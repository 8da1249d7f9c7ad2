"""From the start of a site to its end (API-103 to API-113)."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any

from ..client import in_client
from ..plugins import pm
from ..utils import await_me_maybe
from .application import Application

if TYPE_CHECKING:
    from .._embedded.site import Site
    from .._host.link import Link
    from ..background_tasks import BackgroundTask, TaskFunction
    from .tasks import ServedTasks

_log = logging.getLogger("datasette")


class Life:
    """Starts and ends. A site that the server made starts and ends with the server; one that was
    made here runs in a program that is started when it is first needed."""

    _background_tasks: ServedTasks
    _closed: bool
    _startup_invoked: bool
    _shutdown_invoked: bool
    _connection: Link | None
    _site: Site | None
    _starting: threading.RLock

    @property
    def _link(self) -> Link:
        if self._connection is None:
            self._connection = self._start_site()
        return self._connection

    @_link.setter
    def _link(self, link: Link) -> None:
        self._connection = link

    def _start_site(self) -> Link:
        from .._embedded.site import Site
        from ..database import DatasetteClosedError

        with self._starting:
            if self._connection is not None:
                return self._connection
            if self._closed:
                raise DatasetteClosedError("This Datasette instance has been closed")
            self._site = Site(self)  # type: ignore[arg-type]
            return self._site.link

    @property
    def _is_served(self) -> bool:
        return self._connection is not None and self._site is None

    async def _attached(self) -> None:
        raise NotImplementedError

    if TYPE_CHECKING:

        async def _settled(self) -> None:
            """What was attached is known to the server."""

    async def invoke_startup(self) -> None:
        """Starts the plugins, once."""
        if self._startup_invoked or self._is_served:
            return
        _ = self._link
        assert self._site is not None
        # Hooks that ask the site for pages must not start it again.
        self._startup_invoked = True
        try:
            await self._site.plug(is_start=True)
            await self._attached()
            for started in pm.hook.startup(datasette=self):
                await await_me_maybe(started)
            await self._settled()
        except BaseException:
            self._startup_invoked = False
            raise

    async def _ready(self) -> None:
        """Makes sure that the site answers requests."""
        if self._is_served:
            return
        await self.invoke_startup()
        await self._launch_background_tasks()

    async def _launch_background_tasks(self) -> None:
        if not self._is_served and not self._background_tasks.launched:
            await self._background_tasks.launch_all()
            await self._link.ask("site.launch")
            await self._background_tasks.all_begun()

    async def start_background_tasks(self) -> None:
        """Starts the plugins and their tasks without a request."""
        await self._ready()

    def add_background_task(self, func: TaskFunction, name: str | None = None) -> BackgroundTask:
        """Has `await func(datasette)` run beside the requests: once all plugins have started, or now
        where they have. Without a name it is called like the function."""
        return self._background_tasks.add(func, name)

    async def invoke_shutdown(self) -> None:
        """Ends the site in order, once: plugins are told, tasks end, databases close."""
        if self._shutdown_invoked or self._is_served:
            return
        self._shutdown_invoked = True
        for told in pm.hook.shutdown(datasette=self):
            try:
                await await_me_maybe(told)
            except Exception:  # noqa: BLE001 - plugins raise anything
                _log.exception("shutdown hook failed")
        await self._background_tasks.cancel_all(grace=5.0)
        self.close()

    def close(self) -> None:
        """Closes the databases of a site that was made here, and ends its program."""
        if self._closed or self._is_served:
            return
        self._closed = True
        if self._site is not None:
            self._site.close()

    def in_client(self) -> bool:
        """Whether the running code belongs to a request of `datasette.client`."""
        return in_client()

    def app(self) -> Any:
        """The site as an application of ASGI."""
        return Application(self)
