"""A session: one client's pipelines and views on a server, and the connections to its services."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from async_paraview.datasets import EncodedDataSet
from async_paraview.values import copied, plain_value
from services_core import Packet, PacketError, Reply, ServiceEndpoint, ServicesEngine, ServicesError
from services_core.payload import unpack_payload

from .model.changes import Changes
from .model.definitions import DefinitionManager
from .model.namespaces import ObjectNamespace, ProxyNamespace, ViewNamespace
from .model.outbox import Outbox
from .model.property_holder import end_watching
from .model.proxy import OBJECTS, ObjectProxy, OutputPort, Proxy, SourceProxy, Watcher
from .model.proxy_manager import ProxyManager
from .model.replay import replay
from .model.transfers import Transfers
from .model.undo import Remains, UndoStack
from .states import state_file
from .streams import Message, MessageStream, ProgressStep, ProgressStream
from .ui.file_system import FileSystem
from .views.chart_view import ChartRepresentationProxy, XYChartViewProxy
from .views.render_view import RenderViewProxy
from .views.representation import RepresentationProxy
from .views.spreadsheet import Rows, pages
from .views.view_proxy import AnyViewProxy

_log = logging.getLogger(__name__)

CLOSE_S: Final = 10.0
IDS_IN_A_HEADER: Final = 5000
MOST_TOLD: Final = 1000
"""How many faults are remembered, so that each is logged once."""
INTERRUPTED_CLOSE_S: Final = 1.0
"""How long leaving `async with` may take when it is left because of Ctrl-C or a cancellation."""

_numbers = itertools.count(1)


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
        self._restarting: asyncio.Task[None] | None = None
        self._number = next(_numbers)
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
        self.outbox = Outbox()
        """What the server could not be told yet. For views and representations."""
        self._transfers = Transfers(self)
        self._time: float | None = None
        self._proxies: dict[int, Proxy] = {}
        self._modified: dict[int, Proxy] = {}
        self._leaving: list[int] = []
        """Numbers of proxies that were deleted here, and are to be on the server."""
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
        chosen = unpack_payload(await self.data.send_request({"op": "choose_reader", "paths": paths, "series": series}))
        return self.create(chosen["type"], **chosen["properties"])

    def create(self, type_name: str, **properties: Any) -> SourceProxy:
        """A proxy of a curated type, or of any algorithm class of the server's VTK, with or without "vtk". Local."""
        with self.undo.all_or_nothing(f"create {type_name}"):
            proxy = SourceProxy(self, next(self._ids), type_name, self.definitions, properties)
            self._add(proxy)
        return proxy

    def create_object(self, type_name: str, **properties: Any) -> ObjectProxy:
        """An object that properties of other proxies can hold: a Plane, a Transform, ... Local."""
        name = type_name.removeprefix(OBJECTS)
        with self.undo.all_or_nothing(f"create {name}"):
            proxy = ObjectProxy(self, next(self._ids), name, self.definitions, properties)
            self._add(proxy)
        return proxy

    def imagine(self, type_name: str, *, source: bool) -> Proxy:
        """A proxy for what the server has by itself: one of the session's once it is used. Called by proxies."""
        made = (SourceProxy if source else ObjectProxy)(self, next(self._ids), type_name, self.definitions, {})
        made.modified = False
        return made

    def has(self, proxy: Proxy) -> bool:
        """Whether it is a proxy of this session that was not deleted."""
        return self._proxies.get(proxy.id) is proxy

    def check_session(self, thing: Proxy | AnyViewProxy | RepresentationProxy) -> None:
        """Raises ValueError if it is of another session: its number means something else here."""
        if thing.session is not self:
            raise ValueError(f"{thing!r} is of another session: of {thing.session!r}, not of {self!r}")

    def own(self, thing: Proxy | AnyViewProxy | RepresentationProxy) -> None:
        """Raises ValueError unless it is of this session, and was not deleted.

        What stands for an object that the server has by itself becomes one of the session's.
        """
        self.check_session(thing)
        if not isinstance(thing, Proxy):
            known = self._views if isinstance(thing, AnyViewProxy) else self._representations
            if known.get(thing.id) is not thing:
                raise ValueError(f"{thing!r} was deleted: make another one")
        elif not self.has(thing):
            if thing.place is None:
                raise ValueError(f"{thing!r} was deleted: make another one, or undo that")
            self._take_in(thing)

    def own_port(self, source: SourceProxy | OutputPort) -> OutputPort:
        """The output that is meant, of a proxy of this session. Raises ValueError as `own`, TypeError."""
        port = source.port(0) if isinstance(source, SourceProxy) else source
        if not isinstance(port, OutputPort):
            raise TypeError(f"a source, or one of its ports, is wanted, not {source!r:.80}")
        self.own(port.proxy)
        return port

    def delete(self, proxy: Proxy, *, dependents: bool = False) -> None:
        """Delete a proxy here and on the server, with what shows it. Fire and forget.

        With `dependents` all that depends on it is deleted as well. Otherwise ValueError, naming them, is raised here
        if there are any; an error of the server is logged. Raises ValueError if it was deleted, or is of another
        session; Busy, or what ended the connection: the server is told later.
        """
        if (place := proxy.place) is not None and not self.has(proxy):
            raise self._is_used(proxy, [place[0]])
        self.own(proxy)
        users = self.proxies.dependents(proxy)
        if users and not dependents:
            raise self._is_used(proxy, users)
        with self.undo.group(f"delete {proxy.type_name}"):
            for one in (*users, proxy):
                name = self.proxies.name(one)
                self.undo.deleted(one, self._take_out(one, name))
        self._tell_deleted([one for one in (*users, proxy) if one.pushed])
        self.outbox.flush()

    def take_out(self, proxy: Proxy) -> Remains:
        """Delete a proxy, as the next call that tells anything tells; returns what there was of it. Called by undo."""
        if users := self.proxies.dependents(proxy):
            raise self._is_used(proxy, users)
        remains = self._take_out(proxy, self.proxies.name(proxy))
        self._tell_deleted([proxy] if proxy.pushed else [])
        return remains

    def output(self, id_: int, port: int) -> OutputPort:
        """An output by the number of its proxy. Raises KeyError if the proxy was deleted."""
        proxy = self._proxies[id_]
        assert isinstance(proxy, SourceProxy)
        return proxy.port(port)

    def revive(self, proxy: Proxy, remains: Remains | None = None) -> None:
        """Make a deleted proxy again, as it was. Local, as `create`. Raises ValueError if it was not deleted."""
        self.check_session(proxy)
        if proxy.id in self._proxies:
            raise ValueError(f"{proxy!r} was not deleted")
        for source in proxy.sources():
            self.own(source)
        proxy.begin_anew()
        name = remains.name if remains is not None and self.proxies.name_is_free(remains.name) else None
        self._add(proxy, name)
        if remains is not None and remains.data is not None:
            self._transfers.give_again(proxy, remains.data)
        for shown in () if remains is None else remains.shown:
            shown.revive()

    def watch_proxies(self, watcher: Watcher) -> Callable[[], None]:
        """Have `watcher(proxy, name, before, after)` called after every change of a property.

        Calling what is returned ends it.
        """
        self._watchers.append(watcher)
        return partial(end_watching, self._watchers, watcher)

    def proxy_changed(self, proxy: Proxy, name: str, before: Any, after: Any) -> None:
        """A property was set. Called by proxies."""
        if self.has(proxy):
            self._note(proxy, name, before, after)
        elif proxy.place is not None:
            with self.undo.group(f"set {proxy.type_name}.{name}"):
                self._take_in(proxy)
                self._note(proxy, name, before, after)

    def _note(self, proxy: Proxy, name: str, before: Any, after: Any) -> None:
        self._modified[proxy.id] = proxy
        self.undo.property_changed(proxy, name, before, after)
        for watcher in list(self._watchers):
            watcher(proxy, name, copied(before), copied(after))
        proxy.tell_watchers(name, after)

    def send_again(self, proxy: Proxy) -> None:
        """The server knows it no more: all of it is to be sent. Called when the server has begun anew."""
        proxy.begin_anew()
        self._modified[proxy.id] = proxy
        self.definitions.prefetch(proxy.wire_type)

    def new_id(self) -> int:
        """A number for the next proxy of any kind. Called by proxies."""
        return next(self._ids)

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
        self.outbox.add("time", lambda: self.data.send_message({"op": "set_time", "time": self._time}))
        self.outbox.flush()

    def time_or(self, time: float | None) -> float | None:
        """The time to ask for."""
        return self.time if time is None else time

    def _add(self, proxy: Proxy, name: str | None = None, *, activate: bool = True) -> None:
        self._proxies[proxy.id] = self._modified[proxy.id] = proxy
        proxy.link()
        self.proxies.register(proxy, name, activate=activate)
        self.undo.created(proxy)

    def _take_in(self, proxy: Proxy) -> None:
        """Make one of the session's of what stood for an object that the server has by itself."""
        with self.undo.group(f"create {proxy.type_name}"):
            proxy.begin_anew()
            self._add(proxy, activate=False)
            proxy.take_place()

    def _take_out(self, proxy: Proxy, name: str) -> Remains:
        shown = tuple(one for one in self._representations.values() if one.source.proxy is proxy)
        for one in shown:
            one.take_out()
        proxy.unlink()
        self.proxies.unregister(proxy)
        self._proxies.pop(proxy.id, None)
        self._modified.pop(proxy.id, None)
        return Remains(name, self._transfers.take(proxy), shown)

    def _tell_deleted(self, proxies: Sequence[Proxy]) -> None:
        """Have the server delete them: those that depend on others come before them, and users that left before all."""
        self._leaving += [one.id for one in proxies]
        if self._leaving:
            self.outbox.add("delete", self._send_deleted)

    def _send_deleted(self) -> None:
        """All that wait together: a user may have been deleted after what it used."""
        leaving = set(self._leaving)
        users = [one for one in self._modified.values() if one.leaves(leaving)]
        errors = self._send_changes(users)
        if any(one.leaves(leaving) for one in users):
            raise errors[0]  # the server would keep what they use
        while self._leaving:
            self.data.send_message({"op": "delete", "ids": self._leaving[:IDS_IN_A_HEADER]})
            del self._leaving[:IDS_IN_A_HEADER]

    def _is_used(self, proxy: Proxy, users: Sequence[Proxy]) -> ValueError:
        names = ", ".join(self.proxies.name(one) if self.has(one) else repr(one) for one in users)
        return ValueError(f"{proxy!r} cannot be deleted: {names} depend on it; delete(..., dependents=True) does")

    def update_vtk_objects(self, proxies: Iterable[Proxy] | None = None) -> None:
        """Send changed properties to the server: of the given proxies and what they depend on, else of all.

        Fire and forget. What the server refuses is raised by the next awaited call that needs the proxy. Raises
        PacketError, naming the property, for a value that cannot travel, Busy, or what ended the connection: whatever
        was not sent is sent by a later call.
        """
        waiting = self.outbox.flush()
        if proxies is None:
            errors = [*waiting.values(), *self._send_changes(list(self._modified.values()))]
        else:
            wanted = list(proxies)
            for proxy in wanted:
                self.own(proxy)
            errors = self._send_changes(wanted)
        self._transfers.begin()
        if errors:
            raise errors[0]

    def _send_changes(self, proxies: Iterable[Proxy]) -> list[PacketError]:
        """Send what has changed of them and upstream; the errors of what cannot travel."""
        if not self._modified:
            return []
        ordered: dict[int, Proxy] = {}
        for proxy in proxies:
            proxy.upstream(ordered)
        changes = Changes(self.data.send_message, self.proxies.name)
        try:
            changes.tell([proxy for proxy in ordered.values() if proxy.modified])
        finally:
            for proxy in changes.told:
                self._modified.pop(proxy.id, None)
            if changes.told and self.proxies.anything_executed:
                self.proxies.changed(changes.told)
        return changes.errors

    def tell_changes_of(self, proxy: Proxy) -> None:
        """Send what has changed of a proxy and upstream, before it is shown. Raises as `update_vtk_objects` does."""
        if errors := self._send_changes([proxy]):
            raise errors[0]

    @property
    def anything_modified(self) -> bool:
        """Whether anything was set that the server was not told yet."""
        return bool(self._modified)

    async def send_data(self, data: Any, *, proxy: SourceProxy | None = None, name: str | None = None) -> SourceProxy:
        """Give the server data of this program: a vtkDataObject, a PyVista mesh, or a numpy array.

        An array of one to three dimensions, or of four with the components last, becomes an image whose point array is
        called "values"; its first axis is z. Returns a source that can be used as any other, when the server has all of
        it; with `proxy`, one that was made so before gets new data: after what is on its way to it already, so that the
        last call wins. It is sent in pieces, and at most the outbound budget waits here.

        What is sent is a copy of `data`, which the session keeps for `restart` and for undoing a deletion (on threads
        the server has the same one); it is not part of a state file. Leave `data` as it is until this has returned;
        what you do to it afterwards changes nothing here or on the server. Raises DataSetError, TypeError, RemoteError,
        and ValueError for a proxy of another session.
        """
        if proxy is not None:
            self.own(proxy)
        return await self._transfers.send(data, proxy, name)

    def sent_data(self) -> list[tuple[SourceProxy, EncodedDataSet]]:
        """The proxies that were given data of this program, with a copy of it, which `send_data` takes as well."""
        return self._transfers.given()

    async def give_data_again(self) -> None:
        """Give the server all that this program had given it. Called when it has begun anew."""
        self._transfers.give_all_again()
        await self._transfers.all_there()

    def data_on_its_way(self, proxy: Proxy) -> asyncio.Future[Any] | None:
        """What ends when data that a proxy depends on has been sent again; None if all is there. Called by proxies."""
        return self._transfers.on_its_way(proxy)

    async def data_arrived(self, proxy: Proxy | None = None) -> None:
        """Wait for data that is sent again: all of it, or what a proxy depends on. Raises as `send_data` does."""
        if proxy is None:
            await self._transfers.all_there()
        elif (on_its_way := self._transfers.on_its_way(proxy)) is not None:
            await on_its_way

    async def save_data(
        self,
        path: str | Path,
        source: SourceProxy | OutputPort,
        *,
        time: float | None = None,
        WriteTimeSteps: bool | Sequence[float] = False,
        **options: Any,
    ) -> int:
        """Write an output to a file of the server, after executing what is out of date; returns its size in bytes.

        The writer is chosen by the extension; `options` are its properties, such as DataMode="Ascii". The file appears,
        or is replaced, when it is complete. Raises RemoteError (FileError), with the old file as it was, if the format
        cannot hold the data, or it cannot be written there. Arrays that formats of mere shapes leave out are told in
        `messages`.

        With `WriteTimeSteps` there is a file for each time of the output, or for each of those that are given:
        out_0000.vtu, out_0001.vtu, ..., and out.vtu.series, which lists them with their times. All or none appear.
        Raises ValueError if a single `time` is asked for too.
        """
        if time is not None and WriteTimeSteps is not False:
            raise ValueError(f"either the time {time:g} is saved or those of WriteTimeSteps, not both")
        port = self.own_port(source)
        port.proxy.update_vtk_objects()
        await self.data_arrived(port.proxy)
        plain = {name: plain_value(name, value) for name, value in options.items()}
        header = {"op": "save_data", "id": port.proxy.id, "port": port.port, "path": str(path), "options": plain}
        if WriteTimeSteps is not False:
            header["times"] = await self._times_of(port, WriteTimeSteps)
        reply = await self.data.send_request({**header, "time": self.time_or(time)})
        return int(reply.header["size_bytes"])

    async def _times_of(self, port: OutputPort, wanted: bool | Sequence[float]) -> list[float]:
        """Those that are wanted, or all that an output has; what has none is at the session's time, or 0."""
        if not isinstance(wanted, bool):
            return [float(one) for one in wanted]
        found = (await port.proxy.update_pipeline(port=port.port)).time_steps
        return [float(one) for one in found] or [self.time_or(None) or 0.0]

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
        port = self.own_port(source)
        return pages(self, port, association, columns, rows_per_page, first)

    async def color_presets(self) -> list[str]:
        """The names that LookupTable of a representation takes."""
        return list((await self.render.send_request({"op": "presets"})).header["names"])

    async def types(self) -> list[str]:
        """The names of all algorithm classes that the server can make."""
        reply = await self.data.send_request({"op": "types"})
        return list(unpack_payload(reply))

    # --- views

    def create_view(self, **properties: Any) -> RenderViewProxy:
        """A render view. Fire and forget."""
        view = RenderViewProxy(self, next(self._ids), properties)
        self._add_view(view)
        self.proxies.active.set_view(view)
        return view

    def create_chart(self, **properties: Any) -> XYChartViewProxy:
        """A chart. Fire and forget."""
        chart = XYChartViewProxy(self, next(self._ids), properties)
        self._add_view(chart)
        return chart

    def _add_view(self, view: AnyViewProxy) -> None:
        self._views[view.id] = view
        self.undo.done(f"create {view.type_name}", view.take_out, view.revive)

    def all_views(self) -> list[AnyViewProxy]:
        """The views that were not deleted."""
        return list(self._views.values())

    def all_representations(self) -> list[RepresentationProxy]:
        """What is shown."""
        return list(self._representations.values())

    def has_view(self, view: AnyViewProxy) -> bool:
        """Whether it is a view of this session that was not deleted."""
        return self._views.get(view.id) is view

    def has_representation(self, representation: RepresentationProxy) -> bool:
        """Whether it is shown."""
        return self._representations.get(representation.id) is representation

    def take_in_view(self, view: AnyViewProxy) -> None:
        """A view that was deleted is there again. Called by the view."""
        self._views[view.id] = view

    def take_in_representation(self, representation: RepresentationProxy) -> None:
        """It is shown again. Called by the representation."""
        self._representations[representation.id] = representation

    def forget_view(self, view: AnyViewProxy) -> None:
        """A view is deleted, and with it what it shows. Called by the view."""
        self._views.pop(view.id, None)
        for shown in [one for one in self._representations.values() if one.view is view]:
            shown.take_out()
        if self.proxies.active.view is view:
            self.proxies.active.set_view(None)

    def forget_representation(self, representation: RepresentationProxy) -> bool:
        """It is shown no more; returns whether it was. Called by the representation."""
        return self._representations.pop(representation.id, None) is not None

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
        port = self.own_port(source)
        self.own(view)
        if isinstance(view, XYChartViewProxy):
            shown: RepresentationProxy = ChartRepresentationProxy(self, next(self._ids), port, view, properties)
        else:
            shown = RepresentationProxy(self, next(self._ids), port, view, {"ColorBy": None, **properties})
        self._representations[shown.id] = shown
        self.undo.done(f"show {port.proxy.type_name}", shown.take_out, shown.revive)
        return shown

    # --- states

    async def save_state(self, path: str | Path) -> None:
        """Write all proxies, views and representations to a local, readable file.

        It has what there is when this is called, and cameras as they are seen: before the first picture, what is shown
        is waited for. The file appears when it is complete. Raises OSError, with what was there before as it was.
        """
        await state_file.save(self, path, state_file.to_text)

    async def save_script(self, path: str | Path) -> None:
        """Write a script for apvpython that makes the present scene, as `save_state` does."""
        await state_file.save(self, path, state_file.to_script)

    async def load_state(self, path: str | Path, *, paths: Mapping[str, str] | None = None) -> list[SourceProxy]:
        """Make what a state file describes, beside what there is; returns the sources. One step of undo.

        `paths` replaces the beginnings of names of files: {"/old": "/new"}. A time in the file becomes that of the
        session. Raises OSError, and StateError, with nothing changed, if it is damaged, something else, of a newer
        version, or has types or properties that this server lacks.
        """
        return await state_file.load(self, path, paths or {})

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

        Whoever calls it while it is under way waits for the same restart; it goes on if one of them is cancelled.
        """
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
        for endpoint in (*self._endpoints.values(), self.data, self.render):
            endpoint.close()
        self._endpoints.clear()
        self.data, self.render = self._open_endpoint("data"), self._open_endpoint("render")
        self._log_faults()
        self.definitions.use(self.data)
        self.outbox.clear()
        self._leaving.clear()
        await replay(self)

    # --- streams

    def progress(self) -> ProgressStream:
        """How far executions are, as they go on; an async iterator of ProgressStep, until the session is closed."""
        return ProgressStream(self.data.subscribe({"op": "progress"}), ProgressStep.from_dict)

    def messages(self) -> MessageStream:
        """Warnings and errors of the server's algorithms; an async iterator of Message, until the session is closed."""

        def read(packet: Packet) -> Message:
            return replace(Message.from_dict(packet), registered=self.proxies.name_of(packet.header["proxy"]))

        return MessageStream(self.data.subscribe({"op": "messages"}), read)

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
            if len(self._told) >= MOST_TOLD:
                self._told.clear()
            self._told.add(str(error))
            _log.warning("the server could not do what it was told: %s", error)

    def __repr__(self) -> str:
        where = "built in" if self.about.get("built_in") else self.about.get("url", "")
        return f"<Session {self._number}: {self.about.get('backend')}, {where}>"
