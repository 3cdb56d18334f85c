"""The connections of one session: the endpoints of its services, faults of theirs, a new beginning, and the end."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

from async_paraview.operations.data import Progress
from services_core import Reply, ServiceEndpoint, ServicesEngine, ServicesError

from .membership import ALONE, Membership
from .streams import ProgressStep, ProgressStream

_log = logging.getLogger(__name__)

MOST_TOLD: Final = 1000
"""How many faults are remembered, so that each is logged once."""


class ServerConnection:
    """What joins a session to its server. Belongs to the session's loop; no method that is no coroutine blocks."""

    def __init__(
        self,
        engine: ServicesEngine,
        open_endpoint: Callable[[str], ServiceEndpoint],
        *,
        about: dict[str, Any],
        restart_server: Callable[[], Reply[Any]],
        close_server: Callable[[float], None] | None = None,
        membership: Membership = ALONE,
        control: ServiceEndpoint | None = None,
    ) -> None:
        """Connect to the data and render services by `open_endpoint(name)`.

        `about` is what the server says of itself. `restart_server` and `close_server(timeout_s)` reach what keeps the
        services; the latter may block. `control` is the endpoint of the sessions service, where there is one.
        """
        self.about = about
        """Where the session runs: "backend", "version", "url" of a remote server, ..."""
        self.data = open_endpoint("data")
        """The endpoint of the data service; another after `restart`."""
        self.render = open_endpoint("render")
        """The endpoint of the render service; another after `restart`."""
        self.membership = membership
        """Who this program is in the session."""
        self.control = control
        """The endpoint of the sessions service; None of a built-in session."""
        self._numbers = itertools.count(1)
        self._engine = engine
        self._open_endpoint = open_endpoint
        self._endpoints: dict[str, ServiceEndpoint] = {}
        self._restart_server = restart_server
        self._close_server = close_server
        self._restarting: asyncio.Task[None] | None = None
        self._begun_anew: Callable[[], Awaitable[None]] | None = None
        self._told: set[str] = set()
        self._log_faults()

    def endpoint(self, service: str) -> ServiceEndpoint:
        """Return the endpoint of a service that the server was started with beside its own; one for each name."""
        if service not in self._endpoints:
            self._endpoints[service] = self._open_endpoint(service)
        return self._endpoints[service]

    def progress(self) -> ProgressStream:
        """Subscribe to how far executions are."""
        return ProgressStream(self.data.subscribe(Progress().packet()), ProgressStep.from_dict)

    def next_number(self) -> int:
        """Return a number for a change that the server is about to be told; 0 where nobody else is told of it."""
        return next(self._numbers) if self.membership.is_shared else 0

    # --- a new beginning

    def when_begun_anew(self, tell: Callable[[], Awaitable[None]]) -> None:
        """Have `tell()` awaited by every restart, with the new endpoints: the server then knows nothing."""
        self._begun_anew = tell

    async def restart(self) -> None:
        """End the worker process of the session, and go on in a new one: see `Session.restart`."""
        if self._restarting is None:
            self._restarting = asyncio.create_task(self._restart())
            self._restarting.add_done_callback(self._restarted)
        await asyncio.shield(self._restarting)

    def _restarted(self, task: asyncio.Task[None]) -> None:
        self._restarting = None
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.debug("the session could not be restarted: %s", error)  # whoever waits is told

    async def _restart(self) -> None:
        await self._restart_server()
        self._close_endpoints()
        self._endpoints.clear()
        self.data, self.render = self._open_endpoint("data"), self._open_endpoint("render")
        self._log_faults()
        if self._begun_anew is not None:
            await self._begun_anew()

    # --- the end

    async def close(self, timeout_s: float) -> None:
        """Close all endpoints, and end what was started for the session: see `Session.close`. May be repeated."""
        if self._engine.forked:  # it is the session of another process, and so are the threads of this loop's executor
            return
        close_server, self._close_server = self._close_server, None
        await asyncio.get_running_loop().run_in_executor(None, self._close, close_server, timeout_s)

    def _close(self, close_server: Callable[[float], None] | None, timeout_s: float) -> None:
        self._close_endpoints()  # before the services of a built-in session: what is under way ends with Closed
        try:
            self._engine.close(timeout_s)
        except ServicesError as error:
            _log.warning("the session could not be closed: %s", error)
        if close_server is not None:
            close_server(timeout_s)

    def _close_endpoints(self) -> None:
        for endpoint in (*self._endpoints.values(), self.data, self.render):
            endpoint.close()

    # --- faults

    def _log_faults(self) -> None:
        for endpoint in (self.data, self.render):
            endpoint.add_fault_callback(self._log_fault)

    def _log_fault(self, error: ServicesError) -> None:
        if str(error) not in self._told:
            if len(self._told) >= MOST_TOLD:
                self._told.clear()
            self._told.add(str(error))
            _log.warning("the server could not do what it was told: %s", error)
