"""A session: one client's pipelines and views on a server, and the connections to its services."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Callable, Iterable
from typing import Any, Final

from services_core import ServiceEndpoint, ServicesEngine, ServicesError

from .definitions import Definitions
from .namespaces import ProxyNamespace, ViewNamespace
from .plain import plain_data
from .proxy import OutputPort, SourceProxy
from .streams import Message, MessageStream, ProgressStep, ProgressStream
from .views import RenderViewProxy, RepresentationProxy

_log = logging.getLogger(__name__)

CLOSE_S: Final = 10.0
INTERRUPTED_CLOSE_S: Final = 1.0
"""How long leaving `async with` may take when it is left because of Ctrl-C or a cancellation."""


class Session:
    """What `connect` gives. Made for one asyncio loop; every method that is no coroutine returns at once.

    `sources`, `filters`, `readers`, `writers` and `views` make proxies: `session.filters.SurfaceNets3D(Input=...)`.
    """

    def __init__(
        self,
        engine: ServicesEngine,
        data: ServiceEndpoint,
        render: ServiceEndpoint,
        *,
        about: dict[str, Any],
        control: ServiceEndpoint | None = None,
        close_server: Callable[[float], None] | None = None,
    ) -> None:
        self.about = about
        """Where this session runs: "backend", "version", "url" of a remote server, ..."""
        self.data = data
        """The endpoint of the data service, for operations of your own."""
        self.render = render
        """The endpoint of the render service."""
        self._engine = engine
        self._control = control
        self._close_server = close_server
        self._ids = itertools.count(1)
        self._proxies: dict[int, SourceProxy] = {}
        self._definitions = Definitions(data)
        self.sources = ProxyNamespace(self, "sources")
        self.filters = ProxyNamespace(self, "filters")
        self.readers = ProxyNamespace(self, "readers")
        self.writers = ProxyNamespace(self, "writers")
        self.views = ViewNamespace(self)
        self._told: set[str] = set()
        for endpoint in (data, render):
            endpoint.add_fault_callback(self._log_fault)

    # --- proxies

    async def open(self, path: str) -> SourceProxy:
        """A reader for a file of the server, chosen by the server. Raises RemoteError (FileError) if it cannot."""
        reply = await self.data.send_request({"op": "choose_reader", "path": str(path)})
        chosen = plain_data(reply)
        return self.create(chosen["type"], **chosen["properties"])

    def create(self, type_name: str, **properties: Any) -> SourceProxy:
        """A proxy of any algorithm class of the server's VTK; the name may leave out "vtk". Local."""
        proxy = SourceProxy(self, next(self._ids), type_name, self._definitions, properties)
        self._proxies[proxy.id] = proxy
        return proxy

    def delete(self, proxy: SourceProxy) -> None:
        """Delete a proxy here and on the server. Fire and forget; an error there, say dependents, is logged."""
        self._proxies.pop(proxy.id, None)
        if proxy.pushed:
            self.data.send_message({"op": "delete", "ids": [proxy.id]})

    def update_vtk_objects(self, proxies: Iterable[SourceProxy] | None = None) -> None:
        """Send changed properties to the server: of the given proxies and what they depend on, else of all.

        Fire and forget. What the server refuses is raised by the next awaited call that needs the proxy.
        """
        ordered: dict[int, SourceProxy] = {}
        for proxy in self._proxies.values() if proxies is None else proxies:
            for upstream in proxy.upstream():
                ordered[upstream.id] = upstream
        states = [proxy.take_changes() for proxy in ordered.values() if proxy.modified]
        if states:
            self.data.send_message({"op": "update", "proxies": states})

    async def types(self) -> list[str]:
        """The names of all algorithm classes that the server can make."""
        reply = await self.data.send_request({"op": "types"})
        return list(plain_data(reply))

    # --- views

    def create_view(self, **properties: Any) -> RenderViewProxy:
        """A render view. Fire and forget."""
        return RenderViewProxy(self, next(self._ids), properties)

    def show(
        self,
        source: SourceProxy | OutputPort,
        view: RenderViewProxy,
        *,
        ColorBy: Any = None,
        **properties: Any,
    ) -> RepresentationProxy:
        """Show an output in a view from now on: the server executes it, and again whenever it changes.

        `ColorBy` is an array: (association "POINTS" or "CELLS", name) with an optional component. Fire and forget.
        """
        port = source.port(0) if isinstance(source, SourceProxy) else source
        return RepresentationProxy(self, next(self._ids), port, view, {"ColorBy": ColorBy, **properties})

    # --- streams

    def progress(self) -> ProgressStream:
        """How far executions are, as they go on; an async iterator of ProgressStep, until the session is closed."""
        return ProgressStream(self.data.subscribe({"op": "progress"}), ProgressStep.from_plain)

    def messages(self) -> MessageStream:
        """Warnings and errors of the server's algorithms; an async iterator of Message, until the session is closed."""
        return MessageStream(self.data.subscribe({"op": "messages"}), Message.from_plain)

    # --- the end

    async def close(self, timeout_s: float = CLOSE_S) -> None:
        """End the session: its pipelines and views on the server are freed. May be repeated.

        A built-in session whose filter cannot be interrupted is left to itself after `timeout_s` and a warning is
        logged: on threads the filter runs on, a worker process is killed.
        """
        close_server, self._close_server = self._close_server, None
        await asyncio.get_running_loop().run_in_executor(None, self._close, close_server, timeout_s)

    async def __aenter__(self) -> Session:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *exception: object) -> None:
        interrupted = kind is not None and issubclass(kind, (asyncio.CancelledError, KeyboardInterrupt))
        await self.close(INTERRUPTED_CLOSE_S if interrupted else CLOSE_S)

    def _close(self, close_server: Callable[[float], None] | None, timeout_s: float) -> None:
        for endpoint in (self.data, self.render):
            endpoint.close()  # before the services of a built-in session: what is under way ends with Closed
        try:
            self._engine.close(timeout_s)
        except ServicesError as error:
            _log.warning("the session could not be closed: %s", error)
        if close_server is not None:
            close_server(timeout_s)

    def _log_fault(self, error: ServicesError) -> None:
        if str(error) not in self._told:
            self._told.add(str(error))
            _log.warning("the server could not do what it was told: %s", error)
