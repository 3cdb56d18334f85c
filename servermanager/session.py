"""A session: one client's pipelines and views on a server, and the connections to its services."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from services_core import Packet, PacketError, Reply, ServiceEndpoint, ServicesEngine, ServicesError

from .any_view import AnyViewProxy
from .charts import ChartRepresentationProxy, XYChartViewProxy
from .datasets import encode, split
from .datasets.data_objects import as_data_object
from .definitions import DefinitionManager
from .file_system import FileSystem
from .namespaces import ObjectNamespace, ProxyNamespace, ViewNamespace
from .plain import plain_data, plain_packet
from .proxy import OBJECTS, ObjectProxy, OutputPort, Proxy, SourceProxy, Watcher
from .proxy_manager import ProxyManager
from .replay import replay
from .representation import RepresentationProxy
from .spreadsheet import Rows, pages
from .state_file import apply_state, capture_state, from_text, to_script, to_text
from .streams import Message, MessageStream, ProgressStep, ProgressStream
from .undo import UndoStack
from .values import plain_value
from .views import RenderViewProxy

_log = logging.getLogger(__name__)

CLOSE_S: Final = 10.0
STATES_IN_A_HEADER: Final = 64
IDS_IN_A_HEADER: Final = 5000
SENT_PIECE_BYTES: Final = 1024 * 1024
"""How much of a data set travels to the server at a time, so that other packets get in between."""
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
        open_endpoint: Callable[[str], ServiceEndpoint],
        control: ServiceEndpoint | None = None,
        restart_server: Callable[[], Reply[Any]],
        close_server: Callable[[float], None] | None = None,
    ) -> None:
        self.about = about
        """Where this session runs: "backend", "version", "url" of a remote server, ..."""
        self.data = data
        """The endpoint of the data service, for operations of your own."""
        self.render = render
        """The endpoint of the render service."""
        self._engine = engine
        self._open_endpoint = open_endpoint
        self._endpoints: dict[str, ServiceEndpoint] = {}
        self._control = control
        self._restart_server = restart_server
        self._sent: dict[int, Any] = {}
        self._close_server = close_server
        self._ids = itertools.count(1)
        self._requests = itertools.count(1)
        self.definitions = DefinitionManager(data)
        """The types of proxies: lists, search, documentation."""
        self.files = FileSystem(self)
        """The files of the server: listings."""
        self.proxies = ProxyManager(self)
        """The proxies by name, what is active, the pipeline as a tree."""
        self.undo = UndoStack(self)
        """What was changed, to take it back."""
        self._time: float | None = None
        self._proxies: dict[int, Proxy] = {}
        self._modified: dict[int, Proxy] = {}
        self._views: dict[int, AnyViewProxy] = {}
        self._representations: dict[int, RepresentationProxy] = {}
        self._watchers: list[Watcher] = []
        self.sources = ProxyNamespace(self, "sources")
        self.filters = ProxyNamespace(self, "filters")
        self.readers = ProxyNamespace(self, "readers")
        self.writers = ProxyNamespace(self, "writers")
        self.objects = ObjectNamespace(self)
        self.views = ViewNamespace(self)
        self._told: set[str] = set()
        self._log_faults()

    # --- proxies

    async def open(self, path: str | Path | Sequence[str | Path], *, series: bool = False) -> SourceProxy:
        """A reader for a file of the server, chosen by the server from its name and content.

        Several paths are one data set at several times, in that order. With `series` a path stands for all files that
        differ from it in their number only; .pvd and .series files always are series. Raises RemoteError (FileError).
        """
        paths = [str(path)] if isinstance(path, (str, Path)) else [str(one) for one in path]
        chosen = plain_data(await self.data.send_request({"op": "choose_reader", "paths": paths, "series": series}))
        return self.create(chosen["type"], **chosen["properties"])

    def create(self, type_name: str, **properties: Any) -> SourceProxy:
        """A proxy of a curated type, or of any algorithm class of the server's VTK, with or without "vtk". Local."""
        proxy = SourceProxy(self, next(self._ids), type_name, self.definitions, properties)
        self._add(proxy)
        return proxy

    def create_object(self, type_name: str, **properties: Any) -> ObjectProxy:
        """An object that properties of other proxies can hold: a Plane, a Transform, ... Local."""
        name = type_name.removeprefix(OBJECTS)
        proxy = ObjectProxy(self, next(self._ids), name, self.definitions, properties)
        self._add(proxy)
        return proxy

    def delete(self, proxy: Proxy, *, dependents: bool = False) -> None:
        """Delete a proxy here and on the server, with what shows it. Fire and forget.

        With `dependents` all that depends on it is deleted as well. Otherwise ValueError, naming them, is raised here
        if there are any; an error of the server is logged.
        """
        users = self.proxies.dependents(proxy)
        if users and not dependents:
            names = ", ".join(self.proxies.name(one) for one in users)
            raise ValueError(f"{proxy!r} cannot be deleted: {names} depend on it; delete(..., dependents=True) does")
        ids = [one.id for one in (*users, proxy) if one.pushed]
        with self.undo.group(f"delete {proxy.type_name}"):
            for one in [*users, proxy]:
                self._delete_one(one)
        for first in range(0, len(ids), IDS_IN_A_HEADER):  # those that depend on others come before them
            self.data.send_message({"op": "delete", "ids": ids[first : first + IDS_IN_A_HEADER]})

    def output(self, id_: int, port: int) -> OutputPort:
        """An output by the number of its proxy. Raises KeyError if the proxy was deleted."""
        proxy = self._proxies[id_]
        assert isinstance(proxy, SourceProxy)
        return proxy.port(port)

    def revive(self, proxy: Proxy, name: str | None = None) -> None:
        """Make a deleted proxy again, as it was. Local, as `create`."""
        proxy.pushed, proxy.modified = False, True
        self._add(proxy, name)

    def watch_proxies(self, watcher: Watcher) -> None:
        """Have `watcher(proxy, name, before, after)` called after every change of a property."""
        self._watchers.append(watcher)

    def proxy_changed(self, proxy: Proxy, name: str, before: Any, after: Any) -> None:
        """A property was set. Called by proxies."""
        if proxy.id not in self._proxies:
            return  # it is being made
        self._modified[proxy.id] = proxy
        self.undo.property_changed(proxy, name, before, after)
        for watcher in self._watchers:
            watcher(proxy, name, before, after)

    def send_again(self, proxy: Proxy) -> None:
        """The server knows it no more: all of it is to be sent. Called when the server has begun anew."""
        proxy.pushed, proxy.modified = False, True
        self._modified[proxy.id] = proxy
        self.definitions.ask(proxy.wire_type)

    def next_request(self) -> int:
        """A number for the next execution. Called by proxies."""
        return next(self._requests)

    @property
    def time(self) -> float | None:
        """The time of the data that is asked for from now on; None: what the sources give by themselves.

        Setting it brings what is shown to that time as well. Fire and forget.
        """
        return self._time

    @time.setter
    def time(self, time: float | None) -> None:
        self._time = None if time is None else float(time)
        self.data.send_message({"op": "set_time", "time": self._time})

    def time_or(self, time: float | None) -> float | None:
        """The time to ask for."""
        return self.time if time is None else time

    def _add(self, proxy: Proxy, name: str | None = None) -> None:
        self._proxies[proxy.id] = self._modified[proxy.id] = proxy
        self.proxies.register(proxy, name)
        self.undo.created(proxy)

    def _delete_one(self, proxy: Proxy) -> None:
        for shown in [one for one in self._representations.values() if one.source.proxy is proxy]:
            shown.delete()
        self.undo.deleted(proxy, self.proxies.name(proxy))
        self.proxies.unregister(proxy)
        self._proxies.pop(proxy.id, None)
        self._modified.pop(proxy.id, None)
        self._sent.pop(proxy.id, None)

    def update_vtk_objects(self, proxies: Iterable[Proxy] | None = None) -> None:
        """Send changed properties to the server: of the given proxies and what they depend on, else of all.

        Fire and forget. What the server refuses is raised by the next awaited call that needs the proxy.
        """
        if not self._modified:
            return
        ordered: dict[int, Proxy] = {}
        for proxy in list(self._modified.values()) if proxies is None else proxies:
            proxy.upstream(ordered)
        states = [proxy.take_changes() for proxy in ordered.values() if proxy.modified]
        for state in states:
            self._modified.pop(state["id"], None)
        if self.proxies.anything_executed:
            self.proxies.changed([self._proxies[state["id"]] for state in states if state["id"] in self._proxies])
        for packet in update_packets(states):
            self.data.send_message(packet)

    async def send_data(self, data: Any, *, proxy: SourceProxy | None = None, name: str | None = None) -> SourceProxy:
        """Give the server data of this program: a vtkDataObject, a PyVista mesh, or a numpy array.

        An array of one to three dimensions, or of four with the components last, becomes an image whose point array is
        called "values"; its first axis is z. Returns a source that can be used as any other; with `proxy`, one that was
        made so before gets new data. The session keeps `data`, without a copy, for `restart`; it is not part of a
        state file. Returns when the server has all of it; in
        between it is sent in pieces, and at most the outbound budget waits here. Raises DataSetError, TypeError,
        RemoteError.
        """
        loop = asyncio.get_running_loop()
        encoded = await loop.run_in_executor(None, lambda: encode(as_data_object(data)))
        holder = self.create("vtkTrivialProducer") if proxy is None else proxy
        if name is not None:
            self.proxies.rename(holder, name)
        holder.update_vtk_objects()
        pieces = list(split(encoded, piece_bytes=SENT_PIECE_BYTES))
        for index, piece in enumerate(pieces):
            packet = Packet({"op": "receive", "id": holder.id, "piece": piece.header}, piece.buffers)
            if index == len(pieces) - 1:
                await self.data.send_request(packet)
            else:
                await self.data.room()
                self.data.send_message(packet)
                await asyncio.sleep(0)
        self._sent[holder.id] = data
        return holder

    def sent_data(self) -> list[tuple[SourceProxy, Any]]:
        """The proxies that were given data of this program, with it."""
        return [(one, self._sent[one.id]) for one in self.proxies.sources() if one.id in self._sent]

    async def save_data(
        self, path: str | Path, source: SourceProxy | OutputPort, *, time: float | None = None, **options: Any
    ) -> int:
        """Write an output to a file of the server, after executing what is out of date; returns its size in bytes.

        The writer is chosen by the extension; `options` are its properties, such as DataMode="Ascii". The file appears
        when it is complete. Raises RemoteError (FileError) if that kind of data cannot be written so, or not there.
        """
        port = source.port(0) if isinstance(source, SourceProxy) else source
        port.proxy.update_vtk_objects()
        plain = {name: plain_value(name, value) for name, value in options.items()}
        header = {"op": "save_data", "id": port.proxy.id, "port": port.port, "path": str(path), "options": plain}
        reply = await self.data.send_request({**header, "time": self.time_or(time)})
        return int(reply.header["size_bytes"])

    def rows(
        self,
        source: SourceProxy | OutputPort,
        *,
        association: str = "POINTS",
        columns: Sequence[str] | None = None,
        rows_per_page: int = 1000,
        first: int = 0,
    ) -> AsyncIterator[Rows]:
        """What an output holds as a spreadsheet: `async for page in session.rows(source)`, from row `first` on.

        There is a row for each point ("POINTS"), cell ("CELLS"), or row of a table ("ROWS"); with `columns` just those.
        Pages are made when they are wanted, and none is made after the loop is left. Raises as `fetch` does.
        """
        port = source.port(0) if isinstance(source, SourceProxy) else source
        return pages(self, port, association, columns, rows_per_page, first)

    async def color_presets(self) -> list[str]:
        """The names that LookupTable of a representation takes."""
        return list((await self.render.send_request({"op": "presets"})).header["names"])

    async def types(self) -> list[str]:
        """The names of all algorithm classes that the server can make."""
        reply = await self.data.send_request({"op": "types"})
        return list(plain_data(reply))

    # --- views

    def create_view(self, **properties: Any) -> RenderViewProxy:
        """A render view. Fire and forget."""
        view = RenderViewProxy(self, next(self._ids), properties)
        self._views[view.id] = view
        self.proxies.active.set_view(view)
        return view

    def create_chart(self, **properties: Any) -> XYChartViewProxy:
        """A chart. Fire and forget."""
        chart = XYChartViewProxy(self, next(self._ids), properties)
        self._views[chart.id] = chart
        return chart

    def all_views(self) -> list[AnyViewProxy]:
        """The views that were not deleted."""
        return list(self._views.values())

    def all_representations(self) -> list[RepresentationProxy]:
        """What is shown."""
        return list(self._representations.values())

    def forget_view(self, view: AnyViewProxy) -> None:
        """A view is deleted, and with it what it shows. Called by the view."""
        self._views.pop(view.id, None)
        for shown in [one for one in self._representations.values() if one.view is view]:
            shown.delete()
        if self.proxies.active.view is view:
            self.proxies.active.set_view(None)

    def forget_representation(self, representation: RepresentationProxy) -> None:
        """It is shown no more. Called by the representation."""
        self._representations.pop(representation.id, None)

    def show(
        self,
        source: SourceProxy | OutputPort,
        view: AnyViewProxy,
        **properties: Any,
    ) -> RepresentationProxy:
        """Show an output in a view from now on: the server executes it, and again whenever it changes.

        In a render view `ColorBy` is an array: (association "POINTS" or "CELLS", name) with an optional component. In a
        chart the properties are XArrayName, SeriesVisibility, ChartType and others (docs/charts.md). Fire and forget.
        """
        port = source.port(0) if isinstance(source, SourceProxy) else source
        if isinstance(view, XYChartViewProxy):
            shown: RepresentationProxy = ChartRepresentationProxy(self, next(self._ids), port, view, properties)
        else:
            shown = RepresentationProxy(self, next(self._ids), port, view, {"ColorBy": None, **properties})
        self._representations[shown.id] = shown
        return shown

    # --- states

    async def save_state(self, path: str | Path) -> None:
        """Write all proxies, views and representations to a local, readable file. Raises OSError."""
        text = to_text(await capture_state(self))
        await asyncio.get_running_loop().run_in_executor(None, lambda: Path(path).write_text(text, encoding="utf-8"))

    async def save_script(self, path: str | Path) -> None:
        """Write a script for apvpython that makes the present scene. Raises OSError."""
        text = to_script(await capture_state(self))
        await asyncio.get_running_loop().run_in_executor(None, lambda: Path(path).write_text(text, encoding="utf-8"))

    async def load_state(self, path: str | Path, *, paths: Mapping[str, str] | None = None) -> list[SourceProxy]:
        """Make what a state file describes, beside what there is; returns the sources.

        `paths` replaces the beginnings of names of files: {"/old": "/new"}. Raises OSError, and StateError, with
        nothing changed, if it is damaged, something else, or of a newer version.
        """
        text = await asyncio.get_running_loop().run_in_executor(None, lambda: Path(path).read_bytes())
        return apply_state(self, from_text(text.decode(errors="replace"), str(path)), paths)

    # --- own services

    def endpoint(self, service: str) -> ServiceEndpoint:
        """The endpoint of a service that the server was started with beside its own (docs/services.md). Never blocks.

        If there is no such service, what is sent fails with ConnectionFailed.
        """
        if service not in self._endpoints:
            self._endpoints[service] = self._open_endpoint(service)
        return self._endpoints[service]

    async def restart(self) -> None:
        """End the worker process of this session, and go on in a new one with all proxies and views.

        For a filter that cannot be interrupted, and after ServiceCrashed. What is under way, streams included, ends
        with ConnectionLost; outputs are executed again when they are asked for. Raises RemoteError or Refused, with
        nothing changed, where services are threads of a process (backend inproc): those cannot be ended.
        """
        await self._restart_server()
        for endpoint in (*self._endpoints.values(), self.data, self.render):
            endpoint.close()
        self._endpoints.clear()
        self.data, self.render = self._open_endpoint("data"), self._open_endpoint("render")
        self._log_faults()
        self.definitions.use(self.data)
        await replay(self)

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
        if self._engine.forked:  # it is the session of another process, and so are the threads of this loop's executor
            return
        close_server, self._close_server = self._close_server, None
        await asyncio.get_running_loop().run_in_executor(None, self._close, close_server, timeout_s)

    async def __aenter__(self) -> Session:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *exception: object) -> None:
        interrupted = kind is not None and issubclass(kind, (asyncio.CancelledError, KeyboardInterrupt))
        await self.close(INTERRUPTED_CLOSE_S if interrupted else CLOSE_S)

    def _close(self, close_server: Callable[[float], None] | None, timeout_s: float) -> None:
        for endpoint in (*self._endpoints.values(), self.data, self.render):
            endpoint.close()  # before the services of a built-in session: what is under way ends with Closed
        try:
            self._engine.close(timeout_s)
        except ServicesError as error:
            _log.warning("the session could not be closed: %s", error)
        if close_server is not None:
            close_server(timeout_s)

    def _log_faults(self) -> None:
        for endpoint in (self.data, self.render):
            endpoint.add_fault_callback(self._log_fault)

    def _log_fault(self, error: ServicesError) -> None:
        if str(error) not in self._told:
            self._told.add(str(error))
            _log.warning("the server could not do what it was told: %s", error)


def update_packets(states: list[dict[str, Any]]) -> Iterator[Packet]:
    """The packets that tell the server of changed proxies: a header holds only so much."""
    if len(states) <= STATES_IN_A_HEADER:
        try:
            if states:
                yield Packet({"op": "update", "proxies": states})
            return
        except PacketError:  # values that are too large for a header
            if len(states) == 1:
                yield plain_packet({"op": "update", "ids": [states[0]["id"]]}, states)
                return
    half = (len(states) + 1) // 2
    yield from update_packets(states[:half])
    yield from update_packets(states[half:])
