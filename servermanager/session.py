"""A session: what a user sees of one client's pipelines and views on a server."""

from __future__ import annotations

import asyncio
import itertools
import warnings
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from async_paraview.datasets import EncodedDataSet
from async_paraview.displays import table
from async_paraview.operations.data import ChooseReader, Messages, Types
from async_paraview.operations.render import Presets
from services_core import ConnectionState, Packet, ServiceEndpoint
from services_core.old_names import warn_of_old
from services_core.payload import unpack_payload

from .animations.animation_scene import AnimationSceneProxy
from .extracts.extractors import Extractors
from .extracts.saving import Extract, ExtractOptions, save_extracts
from .following.clients import ClientStream, clients, end_for_all, invitation
from .following.following import Following, RemoteChange
from .histograms import Histogram, WantedHistogram, histogram
from .layouts.layout import LayoutProxy
from .layouts.layouts import Layouts
from .layouts.pictured_layout import USUAL_SIZE
from .model.definitions import DefinitionManager
from .model.namespaces import ObjectNamespace, ProxyNamespace
from .model.proxy import ObjectProxy, OutputPort, Proxy, SourceProxy, Watcher
from .model.proxy_manager import ProxyManager
from .model.undo import UndoStack
from .replay import LATER, begin_anew, replay
from .saving import save_data
from .scene import Scene
from .selecting.selections import SelectionManager
from .server_connection import Death, ServerConnection
from .states import state_file
from .states.paraview.report import LoadedState
from .streams import Message, MessageStream, ProgressStream
from .ui.file_system import FileSystem
from .views.chart_view import XYChartViewProxy
from .views.color_map import ByName, ColorMapProxy, PiecewiseFunctionProxy
from .views.parts.light import LightProxy
from .views.render_view import RenderViewProxy
from .views.representation import RepresentationProxy
from .views.shared.palette import PaletteProxy
from .views.spreadsheet import Rows, pages
from .views.view_namespace import ViewNamespace
from .views.view_proxy import ViewProxy

CLOSE_S: Final = 10.0
INTERRUPTED_CLOSE_S: Final = 1.0
"""How long leaving `async with` may take when it is left because of Ctrl-C or a cancellation."""

OF_THE_SCENE: Final = frozenset({
    "anything_modified", "check_session", "data_arrived", "data_on_its_way", "forget_representation", "forget_view",
    "give_data_again", "has", "imagine", "next_request", "outbox", "output", "own", "own_port", "proxy_changed",
    "send_again", "take_out", "tell_changes_of", "time_or",
})  # fmt: skip
"""Names that were the session's while only parts of this package used them; they go with the next release."""

_numbers = itertools.count(1)


class Session:
    """What `connect` gives. Made for one asyncio loop; every method that is no coroutine returns at once.

    `sources`, `filters`, `readers`, `writers` and `views` make proxies: `session.filters.SurfaceNets3D(Input=...)`.
    """

    def __init__(self, connection: ServerConnection) -> None:
        self.about = connection.about
        """Where this session runs: "backend", "version", "url" of a remote server, ..."""
        self.scene = scene = Scene(connection, self)
        """What there is, as proxies and views know it: for parts of this package, and tools beside it."""
        self.definitions: DefinitionManager = scene.definitions
        """The types of proxies: lists, search, documentation."""
        self.files = FileSystem(connection)
        """The files of the server: listings."""
        self.proxies: ProxyManager[ViewProxy] = scene.proxies
        """The proxies by name, what is active, the pipeline as a tree."""
        self.undo: UndoStack = scene.undo
        """What was changed, to take it back."""
        self.sources = ProxyNamespace(scene, "sources")
        self.filters = ProxyNamespace(scene, "filters")
        self.readers = ProxyNamespace(scene, "readers")
        self.writers = ProxyNamespace(scene, "writers")
        self.objects = ObjectNamespace(scene)
        self.views = ViewNamespace(scene)
        self.selections = SelectionManager(scene)
        """What is selected of outputs: by queries, ids, places, and rectangles of pictures."""
        self.color_maps: ByName[ColorMapProxy] = scene.color_maps
        """Which colors numbers get, by the names of arrays: `session.color_maps["RTData"].ScalarRange = (0, 1)`."""
        self.opacity_functions: ByName[PiecewiseFunctionProxy] = scene.opacity_functions
        """How opaque numbers are, by the names of arrays."""
        self.extractors: Extractors = scene.extractors
        """What `save_extracts` writes as time goes by: outputs, and pictures of views."""
        self.layouts: Layouts = scene.layouts
        """How views share pictures: `session.layouts.create("both")`."""
        self._connection = connection
        self._number = next(_numbers)
        self._following = Following(scene)
        connection.when_begun_anew(self._begin_anew, scene.transfers.all_there)

    @property
    def data(self) -> ServiceEndpoint:
        """Return the endpoint of the data service, for operations of your own; another after `restart`."""
        return self._connection.data

    @property
    def render(self) -> ServiceEndpoint:
        """Return the endpoint of the render service; another after `restart`."""
        return self._connection.render

    # --- proxies

    async def open(self, path: str | Path | Sequence[str | Path], *, series: bool = False) -> SourceProxy:
        """Make a reader for a file of the server, chosen by the server from its name and content.

        Several paths are one data set at several times, in that order. With `series` a path stands for all files that
        differ from it in their number only; .pvd and .series files always are series. Raises RemoteError (FileError).
        """
        paths = [str(path)] if isinstance(path, (str, Path)) else [str(one) for one in path]
        chosen = unpack_payload(await self.data.send_request(ChooseReader(paths=tuple(paths), series=series).packet()))
        return self.create(chosen["type"], **chosen["properties"])

    def create(self, type_name: str, **properties: Any) -> SourceProxy:
        """Make a proxy of a type with ParaView's name, or of an algorithm class of the server's VTK. Local.

        The class may be named with or without "vtk". `properties` are values, inputs and objects by name. Raises
        AttributeError, TypeError and ValueError for what is wrong with them, with nothing made, and RemoteError
        (UnknownType), as far as that is known by now; else the next awaited call that needs the proxy raises
        RemoteError, and what was wrong is set back.
        """
        return self.scene.create(type_name, **properties)

    def create_object(self, type_name: str, **properties: Any) -> ObjectProxy:
        """Make an object that properties of proxies can hold: a Plane, a Transform, ... Raises as `create`. Local."""
        return self.scene.create_object(type_name, **properties)

    def delete(self, proxy: Proxy, *, dependents: bool = False) -> None:
        """Delete a proxy here and on the server, with what shows it. Fire and forget.

        With `dependents` all that depends on it is deleted as well. Otherwise ValueError, naming them, is raised here
        if there are any; an error of the server is logged. Raises ValueError if it was deleted, or is of another
        session; Busy, or what ended the connection: the server is told later.
        """
        self.scene.delete(proxy, dependents=dependents)

    def recreate(self, proxy: Proxy) -> None:
        """Make a deleted proxy again, as it was. Local, as `create`. Raises ValueError if it was not deleted."""
        self.scene.recreate(proxy)

    def revive(self, proxy: Proxy) -> None:
        """Make a deleted proxy again: `recreate` had this name."""
        warn_of_old("session.revive()", "session.recreate()")
        self.recreate(proxy)

    def watch_proxies(self, watcher: Watcher) -> Callable[[], None]:
        """Have `watcher(proxy, name, before, after)` called after every change of a property.

        Calling what is returned ends it.
        """
        return self.scene.watch_proxies(watcher)

    @property
    def time(self) -> float | None:
        """Return the time of the data that is asked for from now on; None: what the sources give by themselves.

        Setting it brings what is shown to that time as well. Fire and forget.
        """
        return self.scene.time

    @time.setter
    def time(self, time: float | None) -> None:
        self.scene.time = time

    def watch_time(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Have `watcher()` called after the time is another, whoever has set it; calling what is returned ends it."""
        return self.scene.watch_time(watcher)

    @property
    def animation(self) -> AnimationSceneProxy:
        """Return the animation: its times, the tracks of what moves meanwhile, going through it. Local."""
        return self.scene.animation

    @property
    def palette(self) -> PaletteProxy:
        """Return the colors of what has none of its own, in all views: `session.palette.load("WhiteBackground")`.

        Local.
        """
        return self.scene.palette

    def update_vtk_objects(self, proxies: Iterable[Proxy] | None = None) -> None:
        """Send changed properties to the server: of the given proxies and what they depend on, else of all.

        Fire and forget. What the server refuses is raised by the next awaited call that needs the proxy. Raises
        PacketError, naming the property, for a value that cannot travel, Busy, or what ended the connection: whatever
        was not sent is sent by a later call.
        """
        self.scene.update_vtk_objects(proxies)

    # --- data

    async def send_data(self, data: Any, *, proxy: SourceProxy | None = None, name: str | None = None) -> SourceProxy:
        """Give the server data of this program: a vtkDataObject, a PyVista mesh, or a numpy array.

        An array of one to three dimensions, or of four with the components last, becomes an image whose point array is
        called "values"; its first axis is z. Returns a source that can be used as any other, when the server has all of
        it; with `proxy`, one that was made so before gets new data: after what is on its way to it already, so that the
        last call wins. It is sent in pieces, and at most the outbound budget waits here.

        What is sent is a copy of `data`, which the session keeps for `restart` and for undoing a deletion (on threads
        the server has the same one); it is not part of a state file. Leave `data` as it is until this has returned;
        what you do to it afterwards changes nothing here or on the server. An array that nobody can write to, such as
        one that was fetched, is not copied: it is read-only, and so is each array that it is a view of. Raises
        DataSetError, TypeError, RemoteError, and ValueError for a proxy of another session.
        """
        if proxy is not None:
            self.scene.own(proxy)
        return await self.scene.transfers.send(data, proxy, name)

    def sent_data(self) -> list[tuple[SourceProxy, EncodedDataSet]]:
        """Return the proxies that were given data of this program, with a copy of it, as `send_data` takes it."""
        return self.scene.transfers.given()

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
        return await save_data(self.scene, path, source, time=time, times=WriteTimeSteps, options=options)

    async def save_extracts(
        self,
        directory: str | Path = "extracts",
        *,
        cinema: bool = False,
        frame_window: tuple[int, int] | None = None,
        frame_stride: int = 1,
        progress: Callable[[int, int], object] | None = None,
    ) -> tuple[Extract, ...]:
        """Have all enabled extractors write, at the times of what they write, into a directory, made if need be.

        Data is written on the server, pictures by this program; each file appears when it is complete. `frame_window`
        are the numbers of the first and the last time, `frame_stride` takes every so many of them; `progress(done,
        total)` is called after each file. With `cinema` data.csv lists the files as Cinema databases do
        (specification D), when all are there. Returns what was written, in order. The time, the cameras and the
        backgrounds are as they were afterwards; so they are if the task that awaits is cancelled, or something fails:
        then the files that were complete stay, and data.csv is not written.

        Raises ValueError, with nothing written, if no extractor is enabled, two files would have one name, or a picture
        cannot be what is asked for; RemoteError (FileError), OSError.
        """
        options = ExtractOptions(directory, cinema, frame_window, frame_stride, progress)
        return await save_extracts(self.scene, partial(save_data, self.scene), options)

    def rows(
        self,
        source: SourceProxy | OutputPort,
        *,
        association: str = "POINTS",
        columns: Sequence[str] | None = None,
        rows_per_page: int = 1000,
        first: int = 0,
        sort_by: str = "",
        descending: bool = False,
    ) -> AsyncIterator[Rows]:
        """Read what an output holds as pages of a spreadsheet: `async for page in session.rows(source)`.

        There is a row for each point ("POINTS"), cell ("CELLS"), or row of a table ("ROWS"); reading begins with row
        `first`, from 0. `columns` names the only arrays to read (None: all). With `sort_by`, a column, rows come in the
        order of its numbers or texts, of vectors by their lengths, and what is no number comes last. Pages are made
        when they are wanted, and none is made after the loop is left. Raises as `fetch` does.
        """
        order = sort_by, descending
        return pages(self.scene, self.scene.own_port(source), association, columns, rows_per_page, first, order)

    async def histogram(
        self,
        source: SourceProxy | OutputPort,
        array: str,
        *,
        association: str = "POINTS",
        component: int = 0,
        bins: int = 256,
        limits: tuple[float, float] | None = None,
    ) -> Histogram:
        """Count how many finite values of an array of an output lie in each of some bins of equal size.

        `association` is "POINTS", "CELLS" or "ROWS"; `component` -1 is the magnitude; `limits` are those of the bins,
        None: of the values. Raises as `fetch` does, and RemoteError (GeometryError) for an array that is not there.
        """
        wanted = WantedHistogram(self.scene.own_port(source), association, array, component, bins, limits)
        return await histogram(self.scene, wanted)

    async def color_presets(self) -> list[str]:
        """Return the names that Preset of a color map takes."""
        return list((await self.render.send_request(Presets().packet())).header["names"])

    async def types(self) -> list[str]:
        """Return the names of all algorithm classes that the server can make."""
        reply = await self.data.send_request(Types().packet())
        return list(unpack_payload(reply))

    # --- views

    def create_view(self, **properties: Any) -> RenderViewProxy:
        """Make a render view, which becomes the active one. Fire and forget.

        `properties` are those of docs/views.md. Raises AttributeError, TypeError or ValueError for what is wrong with
        them, with nothing made; Busy, or what ended the connection.
        """
        return self.scene.create_view(**properties)

    def create_light(self, **properties: Any) -> LightProxy:
        """Make a light that no view has yet: `view.AdditionalLights = [light]`. Local.

        Raises AttributeError, ValueError for what is wrong with its properties.
        """
        return self.scene.create_light(**properties)

    def create_chart(self, **properties: Any) -> XYChartViewProxy:
        """Make a chart. Fire and forget.

        `properties` are those of a chart (docs/charts.md). Raises as `create_view`.
        """
        chart = self.scene.create_chart(**properties)
        assert isinstance(chart, XYChartViewProxy)  # the kind that is made if none is asked for
        return chart

    def figure(
        self,
        rows: int = 1,
        columns: int = 1,
        *,
        size: tuple[int, int] = USUAL_SIZE,
        link_cameras: bool = False,
        **properties: Any,
    ) -> LayoutProxy:
        """Make a figure, a layout of rows and columns whose places views are put at: `figure[0, 1] = view`. Local.

        `size` is in points. With `link_cameras` its render views have one camera. `properties` are those of a layout
        (docs/figures.md): Title, LabelFormat, SeparatorWidth, MarginWidth, RowHeights, ... Raises AttributeError,
        TypeError or ValueError for what is wrong with them, with nothing made; Busy, or what ended the connection.
        """
        return self.layouts.figure(rows, columns, size=size, link_cameras=link_cameras, **properties)

    def all_views(self) -> list[ViewProxy]:
        """Return the views that were not deleted."""
        return self.scene.all_views()

    def all_representations(self) -> list[RepresentationProxy]:
        """Return what is shown."""
        return self.scene.all_representations()

    def show(
        self,
        source: SourceProxy | OutputPort,
        view: ViewProxy,
        **properties: Any,
    ) -> RepresentationProxy:
        """Show an output in a view from now on: the server executes it, and again whenever it changes.

        In a render view `ColorBy` is an array: (association "POINTS" or "CELLS", name) with an optional component. In a
        chart the properties are XArrayName, SeriesVisibility, ChartType and others (docs/charts.md). Fire and forget.
        Raises as `create_view`, PacketError for data of the source that cannot travel, and ValueError if the source or
        the view was deleted, or is of another session.
        """
        return self.scene.show(source, view, **properties)

    # --- states

    async def save_state(self, path: str | Path, *, partial: bool = False) -> None:
        """Write all proxies, views and representations to a local, readable file; to one of ParaView if it is .pvsm.

        It has what there is when this is called, and cameras as they are seen: before the first picture, what is shown
        is waited for. The file appears when it is complete. Raises OSError, and RemoteError for what was set wrongly
        before its definition had arrived, with what was there before as it was.

        For ParaView the pipeline is brought up to date first, because what nobody has set, and the data gives here, has
        to be said there. Types that it does not have raise StateError, or are left out if `partial`, with what depends
        on them; a StateWarning lists what it has no place for.
        """
        if Path(path).suffix.lower() == ".pvsm":
            await state_file.save_for_paraview(self.scene, path, partial=partial)
            return
        await state_file.save(self.scene, path, state_file.to_text)

    async def save_script(self, path: str | Path) -> None:
        """Write a script for apvpython that makes the present scene, as `save_state` does."""
        await state_file.save(self.scene, path, state_file.to_script)

    async def load_state(
        self, path: str | Path, *, paths: Mapping[str, str] | Iterable[str] | None = None, partial: bool = False
    ) -> LoadedState:
        """Make what a state file describes, beside what there is; returns the sources. One step of undo.

        It is one of `save_state`, or a .pvsm file of ParaView 5.4 or later. `paths` replaces the beginnings of names of
        files: {"/old": "/new"}; for a .pvsm file it may also be directories of the server, in which files that are no
        longer where they were are looked for. A time in the file becomes that of the session.

        Of a .pvsm file `not_understood` of what is returned has each part that has no counterpart here, and a
        StateWarning lists them. With `partial` that includes sources whose type, or whose file, is not there, and what
        depends on them. Raises OSError, and StateError, with nothing changed, if it is damaged, something else, of a
        newer version, or has types, properties or files that this server lacks.
        """
        return await state_file.load(self.scene, path, paths, partial=partial)

    # --- several programs in one session

    @property
    def token(self) -> str:
        """Return what `connect(url, session=...)` takes, in another program, to join with the role of this one.

        "" of a session that nobody can join: a built-in one, or one of a server that speaks a protocol before 1.2.
        """
        return self._connection.membership.token

    @property
    def role(self) -> str:
        """Return what this program may do: "owner", "editor" or "viewer"."""
        return self._connection.membership.role

    @property
    def client(self) -> int:
        """Return the number of this program among those in the session, from 1; 0 where nobody can join."""
        return self._connection.membership.client

    async def invite(self, role: str) -> str:
        """Return a token by which another program joins as "owner", "editor" or "viewer": `connect(url, session=...)`.

        It is the same each time. Raises Refused if this one is no owner, or nobody can join.
        """
        return await invitation(self._connection, role)

    def clients(self) -> ClientStream:
        """Subscribe to who is in the session: an async iterator of lists of Client, now and whenever that changes.

        Raises Refused where nobody can join.
        """
        return clients(self._connection)

    def on_change(self, watcher: Callable[[RemoteChange], None]) -> Callable[[], None]:
        """Have `watcher(change)` called, in the loop, after every change of another client, when it is known here.

        Calling what is returned ends it.
        """
        return self._following.watch(watcher)

    async def synced(self) -> None:
        """Wait until all is known here that others have changed, and was with the server before this call.

        What was set here is told first. Raises as `update_vtk_objects`, and ConnectionLost.
        """
        self.update_vtk_objects()
        await self._following.synced()

    async def follow(self, *, snapshot: bool) -> None:
        """Be told what others change, if there can be others. Called by `connect`."""
        if self._connection.membership.is_shared:
            await self._following.begin(snapshot=snapshot)

    def _begin_anew(self, death: Death | None) -> None:
        """Follow the others and tell everything anew: the server knows nothing any more. They do so, too."""
        membership = self._connection.membership
        may_change = membership.may_change
        if membership.is_shared:
            with suppress(*LATER):
                self._following.begin_anew()
        if may_change:
            replay(self.scene, death)
        else:
            begin_anew(self.scene)

    async def end(self) -> None:
        """End the session for all programs that are in it. Raises Refused if this one is no owner of it.

        `close` leaves it: then it ends if no other owner or editor is there.
        """
        self._connection.is_ending = True
        try:
            await end_for_all(self._connection)
        except BaseException:
            self._connection.is_ending = False
            raise
        await self.close()

    # --- the connection

    def endpoint(self, service: str) -> ServiceEndpoint:
        """Return the endpoint of a service that the server was started with beside its own (docs/services.md).

        Never blocks. If there is no such service, what is sent fails with ConnectionFailed.
        """
        return self._connection.endpoint(service)

    @property
    def connection(self) -> ConnectionState:
        """Return how the connection to the server is: "connected", "reconnecting" or "lost", since when, and why."""
        return self._connection.connection_watch.state

    def on_connection(self, watcher: Callable[[ConnectionState], None]) -> Callable[[], None]:
        """Have `watcher(state)` called in the session's loop when the connection breaks, stands again, or is lost.

        Meanwhile what is awaited takes longer, up to its deadline, and nothing is lost. Calling what is returned ends
        it. Without a watcher the log tells.
        """
        return self._connection.connection_watch.watch(watcher)

    async def restart(self) -> None:
        """End the worker process of this session, and go on in a new one with all proxies and views.

        For a filter that cannot be interrupted. What is under way, streams included, ends with ConnectionLost; outputs
        are executed again when they are asked for, also those that a worker had died of. A worker that has died by
        itself is replaced without this, unless `connect` was told otherwise, or it was the fifth within a minute.
        Raises RemoteError or Refused, with nothing changed, where services are threads of a process (backend inproc):
        those cannot be ended.

        Whoever calls it while it is under way waits for the same restart; it goes on if one of them is cancelled.
        """
        await self._connection.restart()

    def progress(self, *, standing: bool = False) -> ProgressStream:
        """Subscribe to how far executions are: an async iterator of ProgressStep, until the session is closed.

        With `standing` the last step of each proxy that has executed comes first; "modified" is out of date since.
        """
        return self._connection.progress(standing=standing)

    def messages(self, *, standing: bool = False) -> MessageStream:
        """Subscribe to warnings and errors of algorithms: an async iterator of Message, until the session is closed.

        With `standing` the last message of each proxy comes first, if it is of its last execution.
        """

        def read(packet: Packet) -> Message:
            return replace(Message.from_dict(packet), registered=self.proxies.name_of(packet.header["proxy"]))

        return MessageStream(self.data.subscribe(Messages(standing=standing).packet()), read)

    async def close(self, timeout_s: float = CLOSE_S) -> None:
        """Leave the session, which ends unless another owner or editor is in it. May be repeated.

        When it ends, its pipelines and views on the server are freed.

        A built-in session whose filter cannot be interrupted is left to itself after `timeout_s` and a warning is
        logged: on threads the filter runs on, a worker process is killed.
        """
        self._following.end()
        await self._connection.close(timeout_s)

    async def __aenter__(self) -> Session:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *exception: object) -> None:
        interrupted = kind is not None and issubclass(kind, (asyncio.CancelledError, KeyboardInterrupt))
        await self.close(INTERRUPTED_CLOSE_S if interrupted else CLOSE_S)

    def __repr__(self) -> str:
        state = self.connection.kind
        return f"<Session {self._number}: {self._where()}{'' if state == 'connected' else f', {state}'}>"

    def _where(self) -> str:
        where = "built in" if self.about.get("built_in") else self.about.get("url", "")
        return f"{self.about.get('backend')}, {where}"

    def _repr_html_(self) -> str:
        sources = [(self.proxies.name(one), self.proxies.state(one), repr(one)) for one in self.proxies.sources()]
        views = [(f"{view.type_name} {view.id}", "", repr(view)) for view in self.all_views()]
        about = [("server", self.connection.kind, self._where()), ("role", "", self.role)]
        return table(f"Session {self._number}", [*about, *sources, *views])

    if not TYPE_CHECKING:  # names that are gone are no names for who checks types

        def __getattr__(self, name: str) -> Any:
            if name not in OF_THE_SCENE:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            told = f"session.{name} goes with the next release: what is no matter of users is session.scene.{name} now"
            warnings.warn(told, DeprecationWarning, stacklevel=2)
            return getattr(self.scene, name)
