"""The services of one process and its connections to others, over the backend that was selected."""

from __future__ import annotations

import asyncio
import atexit
import logging
import math
import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import Any, Final
from weakref import WeakSet

from .backend import Backend, Channel, Listener
from .client.endpoint import ServiceEndpoint
from .errors import Closed, ConfigurationError, ConnectionLost, Refused, ServicesError
from .hosting.budget import Budget
from .hosting.server_connection import ServerConnection
from .hosting.service import Service
from .keys import Keys
from .lasting.kept import Keeper
from .lasting.reconnecting import ReconnectingChannel
from .limits import DEFAULT_LIMITS, Limits
from .old_names import warn_of_old
from .registry import backend_class, backend_name, resolve_url
from .reverse.offering_channel import Ended, OfferingChannel
from .reverse.waiting_place import WaitingPlace
from .timekeeper import Timekeeper

_log = logging.getLogger(__name__)
_open_engines: WeakSet[ServicesEngine] = WeakSet()

SHUTTING_DOWN: Final = "the server is shutting down"

Accept = Callable[[Channel], None]
Authorize = Callable[[dict[str, Any]], None]
"""Looks at a client's HELLO. Raises Refused if the client may not come in."""


class ServicesEngine:
    """Creates services and endpoints, over a backend given by name or class, else by APV_COMMUNICATION_BACKEND.

    `backend` is a name as for `backend_class`, or a class; `limits` hold for all connections; the name of the engine's
    clock thread begins with `name`; `keys` are used where addresses ask for them, such as curve://. Connections of
    clients that get lost are kept for `keep_s`, if the clients ask for that. Raises ConfigurationError for an unknown
    backend.

    A context manager, with `with` or `async with`. What is still open when the interpreter exits is closed then.
    Thread-safe. It belongs to the process that made it: in a process forked from it, nothing here touches a socket, a
    thread or a process, `close` does nothing, and all else raises Closed.
    """

    def __init__(
        self,
        backend: str | type[Backend] | None = None,
        *,
        limits: Limits = DEFAULT_LIMITS,
        name: str = "apv",
        keys: Keys | None = None,
        keep_s: float = 0.0,
    ) -> None:
        chosen = backend if isinstance(backend, type) else backend_class(backend)
        self.backend_name = (
            f"{chosen.__module__}:{chosen.__qualname__}" if isinstance(backend, type) else backend_name(backend)
        )
        """The name under which another process finds the backend that was selected."""
        self.limits = limits
        self.name = name
        self._keys = keys
        self._lock = threading.RLock()
        self._backends: dict[type[Backend], Backend] = {}
        self._default = self._backend(chosen)
        self._timekeeper = Timekeeper(name)
        self._keeper = Keeper(keep_s, limits=limits, timekeeper=self._timekeeper) if keep_s > 0 else None
        self._services: dict[str, Service] = {}
        self._endpoints: set[ServiceEndpoint] = set()
        self._connections: set[ServerConnection] = set()
        self._listeners: list[Listener] = []
        self._places: dict[str, WaitingPlace] = {}
        self._private_url: str | None = None
        self._closed = False
        self._reason = SHUTTING_DOWN
        self._pid = os.getpid()
        _open_engines.add(self)
        # Before what the backend's libraries do at exit, for they were loaded by now: the last that comes is the first.
        atexit.unregister(_close_open_engines)
        atexit.register(_close_open_engines)

    @property
    def backend(self) -> Backend:
        """Return the backend that was selected."""
        return self._default

    @property
    def forked(self) -> bool:
        """Return whether this process was forked from that which made the engine."""
        return os.getpid() != self._pid

    def add_service(self, service: Service) -> None:
        """Start a service. Raises ConfigurationError if a service of that name runs here already."""
        with self._lock:
            self._check_open()
            if service.name in self._services:
                raise ConfigurationError(f"a service named {service.name!r} runs in this engine already")
            self._services[service.name] = service
            service.start(self._timekeeper)  # under the lock: whoever closes the engine finds a thread to join

    def listen(self, url: str, accept: Accept | None = None) -> Listener:
        """Let others connect to the services here at `url`, whose scheme chooses the backend: the engine's if it can.

        A URL may name another, as in `zmq+tcp://127.0.0.1:0`. The listener's own URL does not.

        `accept` may take over what is done with new channels; by default that is `serve`. Raises ConfigurationError
        or ConnectionFailed as Backend.listen does.
        """
        with self._lock:
            self._check_open()
            backend, url = self._resolve(url)
            listener = backend.listen(url, self._lasting(backend, accept))
            self._listeners.append(listener)
            return listener

    def wait_at(self, url: str) -> WaitingPlace:
        """Wait at `url` for servers that `offer` connections to this engine; endpoints at the place's URL take them.

        Raises ConfigurationError or ConnectionFailed as `listen` does.
        """
        with self._lock:
            self._check_open()
            backend, url = self._resolve(url)
            place = WaitingPlace(backend, url, limits=self.limits, timekeeper=self._timekeeper)
            self._places[place.url] = place
            return place

    def offer(self, url: str, accept: Accept | None = None, *, taken: Callable[[], None], ended: Ended) -> Channel:
        """Connect to the engine that waits at `url`, which then is a client here as if it had connected.

        `accept` as in `listen`. `taken()` is called when that engine takes what is returned, `ended(error, taken)` when
        that has ended: a connection that is kept then goes on over another that is offered and taken. Never blocks.
        Raises ConfigurationError for a malformed URL.
        """
        with self._lock:
            self._check_open()
            backend, url = self._resolve(url)
        offering = OfferingChannel(backend.connect(url), taken=taken, ended=ended)
        self._lasting(backend, accept)(offering)
        return offering

    def serve(self, channel: Channel, *, authorize: Authorize | None = None, budget: Budget | None = None) -> None:
        """Connect a channel to the service that its HELLO names, if `authorize` does not raise Refused.

        `authorize(info)` is given the header of the HELLO, a dict, before the service is looked for. What waits in all
        connections of a `budget` together is bounded: past its limit what arrives is refused with Busy.
        """
        channel.start(self.receiver(channel, authorize=authorize, budget=budget))

    def receiver(
        self, channel: Channel, *, authorize: Authorize | None = None, budget: Budget | None = None
    ) -> ServerConnection:
        """Return the receiver that serves `channel` as `serve` does, for an `accept` that starts channels itself."""

        def admit(info: dict[str, Any]) -> Service:
            if authorize is not None:
                authorize(info)
            return self._admit(info)

        connection = ServerConnection(
            channel, admit, limits=self.limits, timekeeper=self._timekeeper, ended=self._ended, budget=budget
        )
        with self._lock:
            self._connections.add(connection)
        return connection

    def connections(self) -> list[ServerConnection]:
        """Return the connections of clients that are served now, those of clients that are away included."""
        with self._lock:
            return list(self._connections)

    def services(self) -> list[Service]:
        """Return the services of this engine."""
        with self._lock:
            return list(self._services.values())

    def link(self, channel: Channel, *, authorize: Authorize | None = None) -> ServerConnection:
        """Call `receiver`, which had this name."""
        warn_of_old("ServicesEngine.link", "ServicesEngine.receiver")
        return self.receiver(channel, authorize=authorize)

    def endpoint(
        self,
        service: str,
        url: str | None = None,
        *,
        session: str | None = None,
        token: str | None = None,
        connect_s: float | None = None,
    ) -> ServiceEndpoint:
        """Return an endpoint of the service of that name, here or in the engine that listens at `url`. Never blocks.

        `session` is the token of the session there that the service belongs to, `token` that of the server itself. A
        connection that cannot be made shows in the endpoint's first outcome, within `limits.connect_s`; with
        `connect_s` a service that is reached but begins only now has so long to say WELCOME. Raises ConfigurationError
        for a malformed URL.
        """
        with self._lock:
            self._check_open()
            if url is None:
                url = self._own_url()
            backend, url = self._resolve(url)
        # Without the lock: a backend may call the peer's engine here, which may be connecting to ours.
        endpoint = ServiceEndpoint(
            self._connected(backend, url),
            service=service,
            peer=url,
            session=session,
            token=token,
            limits=self.limits if connect_s is None else replace(self.limits, connect_s=connect_s),
            timekeeper=self._timekeeper,
            ended=self._endpoints_discard,
            crosses_processes=backend.crosses_processes,
        )
        with self._lock:
            if endpoint.error is None:
                self._endpoints.add(endpoint)
            closed = self._closed
        if closed:
            endpoint.close()
        return endpoint

    def connect(self, url: str, *, patience_s: float = math.inf) -> Channel:
        """Return a bare channel to `url`, for programs that relay. Raises ConfigurationError for a malformed URL.

        If the connection is lost it is made again, where the other side keeps it, for at most `patience_s`.
        """
        with self._lock:
            self._check_open()
            backend, url = self._resolve(url)
        return self._connected(backend, url, patience_s)

    def close(self, timeout_s: float = 10.0, *, reason: str = SHUTTING_DOWN) -> None:
        """Say goodbye to every peer, interrupt and join the services, end every thread. May be repeated.

        Peers are told `reason` before anything is interrupted: that is then no answer of a service. Blocks up to
        `timeout_s`; `await aclose()` is for asyncio. Raises ServicesError naming what did not end.
        """
        if self.forked:
            return
        with self._lock:
            if self._closed:
                return
            self._closed, self._reason = True, reason
        until = time.monotonic() + timeout_s
        services = self._take_leave(reason)
        if self._keeper is not None:
            self._keeper.close()
        left = [f"service {service.name}" for service in services if not service.join(until - time.monotonic())]
        for backend in self._backends.values():
            try:
                backend.close(max(0.1, until - time.monotonic()))
            except ServicesError as error:
                left.append(str(error))
        if not self._timekeeper.close(max(0.1, until - time.monotonic())):
            left.append("the timekeeper")
        _open_engines.discard(self)
        if left:
            raise ServicesError(f"did not end within {timeout_s:g} s: {', '.join(left)}")

    def _take_leave(self, reason: str) -> list[Service]:
        """Tell every peer that this ends, then every service; returns the services, which are to be joined."""
        with self._lock:
            endpoints, connections = list(self._endpoints), list(self._connections)
            services = list(self._services.values())
        for listener in self._listeners:
            listener.close()
        for place in self._places.values():
            place.close()
        for endpoint in endpoints:
            endpoint.close()
        for connection in connections:
            connection.close(ConnectionLost(reason))
        for service in services:
            service.stop()
        return services

    async def aclose(self, timeout_s: float = 10.0) -> None:
        """Close as `close` does, without blocking the loop."""
        if self.forked:  # the threads of that loop's executor are not here either
            return
        await asyncio.get_running_loop().run_in_executor(None, self.close, timeout_s)

    def __enter__(self) -> ServicesEngine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def __aenter__(self) -> ServicesEngine:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    # --- inside

    def _backend(self, chosen: type[Backend]) -> Backend:
        backend = self._backends.get(chosen)
        if backend is None:
            backend = chosen(self.limits)
            if self._keys is not None and chosen.uses_keys:
                backend.use_keys(self._keys)
            self._backends[chosen] = backend
        return backend

    def _resolve(self, url: str) -> tuple[Backend, str]:
        """Return the backend that serves a URL, and the URL as that is to be given it. Under the lock."""
        if url in self._places:
            return self._places[url], url
        chosen, plain = resolve_url(url, type(self._default))
        return self._backend(chosen), plain

    def _connected(self, backend: Backend, url: str, patience_s: float = math.inf) -> Channel:
        if not backend.crosses_processes:
            return backend.connect(url)
        return ReconnectingChannel(backend, url, limits=self.limits, timekeeper=self._timekeeper, patience_s=patience_s)

    def _lasting(self, backend: Backend, accept: Accept | None) -> Accept:
        """Return what new channels of that backend are given to, so that connections of lost clients are kept."""
        accept = accept or self.serve
        return self._keeper.keeping(accept) if self._keeper is not None and backend.crosses_processes else accept

    def _own_url(self) -> str:
        if self._private_url is None:
            listener = self._default.listen(self._default.private_url(), self.serve)
            self._listeners.append(listener)
            self._private_url = listener.url
        return self._private_url

    def _admit(self, info: dict[str, Any]) -> Service:
        if self._closed:  # since this client was let in
            raise Refused(self._reason)
        name = info.get("service")
        service = self._services.get(name) if isinstance(name, str) else None
        if service is None:
            known = ", ".join(sorted(self._services)) or "none"
            raise Refused(f"there is no service {str(name)[:100]!r} here; the services are: {known}")
        return service

    def _ended(self, connection: ServerConnection) -> None:
        with self._lock:
            self._connections.discard(connection)

    def _endpoints_discard(self, endpoint: ServiceEndpoint) -> None:
        with self._lock:
            self._endpoints.discard(endpoint)

    def disown(self) -> None:
        """Leave all alone in a process that was just forked: a lock that was held then is held for ever."""
        self._lock = threading.RLock()
        for endpoint in list(self._endpoints):
            endpoint.disown(self._not_ours())

    def _not_ours(self) -> Closed:
        return Closed(
            f"what was connected in process {self._pid} is of no use in process {os.getpid()}, which was forked from "
            "it; connect anew here"
        )

    def _check_open(self) -> None:
        if self.forked:
            raise self._not_ours()
        if self._closed:
            raise Closed("this engine is closed")


def _disown_engines() -> None:
    for engine in list(_open_engines):
        engine.disown()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_disown_engines)


def _close_open_engines() -> None:
    """Close engines before the interpreter ends: native code in threads of services would crash the process then."""
    for engine in list(_open_engines):
        try:
            engine.close()
        except ServicesError:
            _log.warning("an engine that was still open at exit did not close", exc_info=True)
