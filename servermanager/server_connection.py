"""The connections of one session: the endpoints of its services, faults of theirs, a new beginning, and the end."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, suppress
from typing import Any, Final

from async_paraview.operations.data import Progress
from async_paraview.records import dataclass
from services_core import (
    ConnectionFailed,
    ConnectionLost,
    Refused,
    Reply,
    RequestCancelled,
    ServiceCrashed,
    ServiceEndpoint,
    ServicesEngine,
    ServicesError,
)

from .connection_watch import ConnectionWatch
from .membership import ALONE, Membership
from .streams import ProgressStep, ProgressStream

_log = logging.getLogger(__name__)

MOST_TOLD: Final = 1000
"""How many faults are remembered, so that each is logged once."""

WORKER_BEGINS_S: Final = 55.0
"""How long a worker that takes the place of another may take: longer than its server waits, which then says why."""

AGAIN_S: Final = 0.25
"""So long after a connection was lost before its service had answered it is made again, if nobody uses it before."""

OpenEndpoint = Callable[[str, float | None], ServiceEndpoint]
"""Connects to a service by name; within so many seconds, None: as usual."""


@dataclass(frozen=True, slots=True)
class Death:
    """How a worker process has died, and what is not to be executed again by itself because of it."""

    reason: str
    proxies: tuple[int, ...] = ()
    representations: tuple[int, ...] = ()


Replay = Callable[[Death | None], None]
"""Tells a server that knows nothing all that there is."""


class _Steadily:
    """What `ServerConnection.steady` returns: a class, since each change of a view enters it."""

    __slots__ = ("_connection",)

    def __init__(self, connection: ServerConnection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.begin_steadily()

    def __exit__(self, *_: object) -> None:
        self._connection.end_steadily()


class ServerConnection:
    """What joins a session to its server. Belongs to the session's loop; no method that is no coroutine blocks."""

    def __init__(
        self,
        engine: ServicesEngine,
        open_endpoint: OpenEndpoint,
        *,
        about: dict[str, Any],
        restarts: bool,
        restart_server: Callable[[], Reply[Any]],
        close_server: Callable[[float], None] | None = None,
        membership: Membership = ALONE,
        control: ServiceEndpoint | None = None,
    ) -> None:
        """Connect to the data and render services by `open_endpoint`.

        `about` is what the server says of itself. With `restarts` the session goes on by itself in the next worker
        process if one has died. `restart_server` and `close_server(timeout_s)` reach what keeps the
        services; the latter may block. `control` is the endpoint of the sessions service, where there is one.
        """
        self.about = about
        """Where the session runs: "backend", "version", "url" of a remote server, ..."""
        self.membership = membership
        """Who this program is in the session."""
        self.control = control
        """The endpoint of the sessions service; None of a built-in session."""
        self._numbers = itertools.count(1)
        self._data, self._render = open_endpoint("data", None), open_endpoint("render", None)
        self._engine = engine
        self._open_endpoint = open_endpoint
        self._loop = asyncio.get_running_loop()
        self._restarts = restarts
        self._closing = False
        self.is_ending = False
        """Whether this client has asked for the end of the session: that is no loss."""
        self._endpoints: dict[str, ServiceEndpoint] = {}
        self._restart_server = restart_server
        self._close_server = close_server
        self._restarting: asyncio.Task[None] | None = None
        self._replay: Replay | None = None
        self._replaying = False
        self._steady, self._steadily = 0, _Steadily(self)
        self._death: Death | None = None
        self._replayed: Callable[[], Awaitable[None]] | None = None
        self._told: set[str] = set()
        self.connection_watch = ConnectionWatch(self._loop)
        """How the connection is."""
        if control is not None:
            self.connection_watch.add(control, decides=True)
        self._watch()

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """Return the loop of the session."""
        return self._loop

    @property
    def data(self) -> ServiceEndpoint:
        """Return the endpoint of the data service: another after a restart."""
        if self._data.error is not None:
            self._go_on()
        return self._data

    @property
    def render(self) -> ServiceEndpoint:
        """Return the endpoint of the render service: another after a restart."""
        if self._render.error is not None:
            self._go_on()
        return self._render

    def endpoint(self, service: str) -> ServiceEndpoint:
        """Return the endpoint of a service that the server was started with beside its own; one for each name."""
        if service not in self._endpoints:
            self._endpoints[service] = self._open_endpoint(service, None)
        return self._endpoints[service]

    def progress(self, *, standing: bool = False) -> ProgressStream:
        """Subscribe to how far executions are; `standing`: and first to how proxies stand that have executed."""
        return ProgressStream(self.data.subscribe(Progress(standing=standing).packet()), ProgressStep.from_dict)

    def next_number(self) -> int:
        """Return a number for a change that the server is about to be told; 0 where nobody else is told of it."""
        return next(self._numbers) if self.membership.is_shared else 0

    # --- a new beginning

    def when_begun_anew(self, replay: Replay, replayed: Callable[[], Awaitable[None]]) -> None:
        """Have `replay` called whenever the server knows nothing any more, with the new endpoints.

        `replayed` is then awaited by `restart`, for what takes longer.
        """
        self._replay, self._replayed = replay, replayed

    def steady(self) -> AbstractContextManager[None]:
        """Go on now if a worker process has died, and not again before this ends; whatever is sent fails instead.

        What was made to be told to the former one would else be told to the next, after the newer that tells all.
        """
        return self._steadily

    def begin_steadily(self) -> None:
        """Begin what `steady` returns."""
        if self._data.error is not None or self._render.error is not None:
            self._go_on()
        self._steady += 1

    def end_steadily(self) -> None:
        """End what `steady` returns."""
        self._steady -= 1

    def _go_on(self) -> None:
        """If the worker process has died, go on in the next one, which begins when it is connected to. In the loop.

        Likewise if a connection was lost before it could be kept: while one to the next worker was made.
        """
        if self._closing or self._restarting is not None or self._replaying or self._steady:
            return
        errors = (self._data.error, self._render.error)
        crash = next((error for error in errors if isinstance(error, ServiceCrashed)), None)
        if crash is not None:
            if not self._restarts or crash.details.get("final"):
                return  # every call raises why
            _log.warning("%s; the session goes on in another", crash)
            self._death = _death(crash)
        elif self._was_lost_too_early():
            self._close_endpoints()
        else:
            return
        self._connect_anew()
        self._tell_all(self._death)

    def _was_lost_too_early(self) -> bool:
        """Return whether a connection ended before its service had answered, in a session that is there."""
        lives = self.control is not None and self.control.error is None
        return lives and any(map(_has_not_begun, (self._data, self._render)))

    def _tell_all(self, death: Death | None) -> None:
        if self._replay is not None:
            self._replaying = True
            try:
                self._replay(death)
            finally:
                self._replaying = False

    def _connect_anew(self) -> None:
        self._endpoints.clear()
        self._data = self._open_endpoint("data", WORKER_BEGINS_S)
        self._render = self._open_endpoint("render", WORKER_BEGINS_S)
        self._watch()

    def _ended(self, _error: ServicesError) -> None:
        """Look what is to be done, in the loop: an endpoint has ended. From any thread."""
        with suppress(RuntimeError):  # the loop is closed, and the session with it
            self._loop.call_soon_threadsafe(self._look)

    def _look(self) -> None:
        if self._was_lost_too_early():
            self._loop.call_later(AGAIN_S, self._go_on)
        elif self._data.error is not None or self._render.error is not None:
            self._go_on()
            self._look_for_the_end()

    def _look_for_the_end(self) -> None:
        """Note that the session is lost if the server has ended it, and this client has not asked for that."""
        if self.control is None or self._closing or self.is_ending or self._restarting is not None:
            return
        for error in (self._data.error, self._render.error):
            if isinstance(error, ConnectionLost) and not isinstance(error, ServiceCrashed):
                self.connection_watch.lose(str(error))

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
        self._death = None
        self._close_endpoints()
        self._connect_anew()
        self._tell_all(None)
        if self._replayed is not None:
            await self._replayed()

    # --- the end

    async def close(self, timeout_s: float) -> None:
        """Close all endpoints, and end what was started for the session: see `Session.close`. May be repeated."""
        if self._engine.forked:  # it is the session of another process, and so are the threads of this loop's executor
            return
        self._closing = True
        self.connection_watch.end()
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
        for endpoint in (*self._endpoints.values(), self._data, self._render):
            endpoint.close()

    # --- faults

    def _watch(self) -> None:
        for endpoint in (self._data, self._render):
            endpoint.add_fault_callback(self._log_fault)
            endpoint.add_close_callback(self._ended)
            self.connection_watch.add(endpoint)

    def _log_fault(self, error: ServicesError) -> None:
        if isinstance(error, RequestCancelled):
            return  # what it was for is over
        if str(error) not in self._told:
            if len(self._told) >= MOST_TOLD:
                self._told.clear()
            self._told.add(str(error))
            _log.warning("the server could not do what it was told: %s", error)


def _has_not_begun(endpoint: ServiceEndpoint) -> bool:
    """Return whether an endpoint has ended, and its service had not answered: the connection was lost before."""
    lost = isinstance(endpoint.error, (ConnectionLost, ConnectionFailed))
    if not lost or isinstance(endpoint.error, (Refused, ServiceCrashed)):
        return False
    connected = endpoint.connected()
    if not connected.done():  # an end is noted before all that waits for the endpoint is told of it
        return True
    try:
        connected.result()
    except ServicesError:
        return True
    return False


def _death(crash: ServiceCrashed) -> Death:
    """Return what a server tells of the death of a worker; what it tells otherwise than it should is left out."""
    told = crash.details.get("suspects")
    suspects = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []

    def numbers(name: str) -> tuple[int, ...]:
        return tuple(one[name] for one in suspects if isinstance(one.get(name), int) and one[name])

    return Death(str(crash), numbers("proxy"), numbers("representation"))
