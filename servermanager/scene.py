"""What a session holds: proxies, and the views that they are shown in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from async_paraview.remembered_ids import RememberedIds
from async_paraview.scene.catalog import ONLY_ONE
from async_paraview.scene.references import PROXY, REPRESENTATION, VIEW
from async_paraview.scene.representations import usual_look
from services_core import RemoteError

from .animations.animation_scene import AnimationSceneProxy
from .animations.time_keeper import TimeKeeperProxy
from .animations.tracks import CameraTrackProxy, TimeTrackProxy, TrackProxy
from .extracts.extractor import ExtractorProxy
from .extracts.extractors import Extractors
from .layouts.layout import LayoutProxy
from .layouts.layouts import Layouts
from .model.owner import Belonging
from .model.property_holder import by_whom
from .model.proxy import OutputPort, Proxy, SourceProxy
from .model.proxy_scene import ProxyScene
from .server_connection import ServerConnection
from .views.chart_view import CHART_REPRESENTATIONS, CHART_VIEWS, ChartViewProxy, XYChartViewProxy
from .views.color_map import ByName, ColorMapProxy, PiecewiseFunctionProxy, SharedByName
from .views.parts.light import LightProxy
from .views.render_view import RenderViewProxy
from .views.representation import RepresentationProxy
from .views.shared.palette import PaletteProxy
from .views.shared.shared_proxy import SharedProxy
from .views.view_proxy import ViewProxy
from .views.widgets.widget import WidgetProxy

MOST_GONE: Final = 65_536
"""So many numbers of what was deleted are remembered: others may still speak of them."""

_SHARED: Final[dict[str, type[Any]]] = {
    one.scene_type.name: one
    for one in (
        LayoutProxy, AnimationSceneProxy, TimeKeeperProxy, TrackProxy, CameraTrackProxy, TimeTrackProxy,
        PaletteProxy,
    )
}  # fmt: skip
"""What the programs of a session share, by the kind that messages say."""


Dependent = RepresentationProxy | ExtractorProxy | WidgetProxy
"""What there is of a proxy outside of the pipeline, and is deleted with it."""


class Scene(ProxyScene[ViewProxy, Dependent]):
    """The proxies, views and representations of one session. No method that is no coroutine blocks.

    It is what proxies, views and managers call; what users call is `Session`.
    """

    def __init__(self, connection: ServerConnection, session: Any) -> None:
        """Begin without proxies and views; arguments as of ProxyScene."""
        super().__init__(connection, session)
        self._refused_in: dict[int, RemoteError] = {}
        """Of views in which something was shown that does not exist: to be told once."""
        self._views: dict[int, ViewProxy] = {}
        self._representations: dict[int, RepresentationProxy] = {}
        self.color_maps = ByName(self, ColorMapProxy)
        self.opacity_functions = ByName(self, PiecewiseFunctionProxy)
        self.extractors = Extractors(self)
        self.layouts = Layouts(self, self.all_shared)
        self._shared: dict[tuple[str, str], SharedProxy] = {}
        self._gone = RememberedIds(MOST_GONE)
        """Numbers of views and representations that there were: they are not used again."""

    def own(self, thing: Belonging) -> None:
        """Raise ValueError unless it is of this session, and was not deleted: see ProxyScene."""
        id_: Any = thing.id
        if self._proxies.get(id_) is thing or self._views.get(id_) is thing or self._representations.get(id_) is thing:
            return  # as most are
        super().own(thing)
        if isinstance(thing, SharedProxy):
            thing.raise_deleted()
            if not self.has_shared(thing):
                raise ValueError(f"{thing!r} was deleted: make another one, or undo that")
        elif not isinstance(thing, Proxy):
            known = self._views if isinstance(thing, ViewProxy) else self._representations
            if known.get(thing.id) is not thing:
                if by := getattr(thing, "deleted_by", 0):
                    raise ValueError(f"{thing!r} was deleted by {by_whom(by)} of this session")
                raise ValueError(f"{thing!r} was deleted: make another one")

    def create_view(self, **properties: Any) -> RenderViewProxy:
        """Make a render view, which becomes the active one."""
        self.connection.membership.require_editor()
        view = RenderViewProxy(self, next(self._ids), properties)
        self._add_view(view)
        self.proxies.active.set_view(view)
        return view

    def create_light(self, **properties: Any) -> LightProxy:
        """Make a light that no view has yet."""
        self.connection.membership.require_editor()
        return LightProxy(self, None, properties)

    def create_chart(self, kind: str = XYChartViewProxy.scene_type.name, **properties: Any) -> ChartViewProxy:
        """Make a chart of a kind: a name of `CHART_VIEWS`."""
        self.connection.membership.require_editor()
        chart = CHART_VIEWS[kind](self, next(self._ids), properties)
        self._add_view(chart)
        return chart

    def _add_view(self, view: ViewProxy) -> None:
        self._views[view.id] = view  # before it is told: if the server begins anew just then, it is told all there is
        try:
            self.outbox.flush()
        except BaseException:
            self.outbox.drop(view)  # nothing was made
            del self._views[view.id]
            raise
        self.undo.done(f"create {view.type_name}", view.take_out, view.recreate)

    def all_views(self) -> list[ViewProxy]:
        """Return the views that were not deleted."""
        return list(self._views.values())

    def all_representations(self) -> list[RepresentationProxy]:
        """Return what is shown."""
        return list(self._representations.values())

    def shared_by_name(self) -> list[SharedByName]:
        """Return the color maps and opacity functions that are known here."""
        return [*self.color_maps.all(), *self.opacity_functions.all()]

    def find_shared(self, kind: str, name: str) -> SharedByName | None:
        """Return a color map or opacity function; None for what a newer server has."""
        groups: dict[str, ByName[Any]] = {
            ColorMapProxy.scene_type.name: self.color_maps,
            PiecewiseFunctionProxy.scene_type.name: self.opacity_functions,
        }
        return groups[kind][name] if kind in groups else None

    # --- layouts, and the animation

    @property
    def animation(self) -> AnimationSceneProxy:
        """Return the animation of the session."""
        found: AnimationSceneProxy = self.only_one(AnimationSceneProxy.scene_type.name)
        return found

    @property
    def palette(self) -> PaletteProxy:
        """Return the colors of the session's views."""
        found: PaletteProxy = self.only_one(PaletteProxy.scene_type.name)
        return found

    def only_one(self, kind: str) -> Any:
        """Return that of which there is one in a session."""
        key = kind, ""
        if key not in self._shared:
            self._shared[key] = _SHARED[kind](self, "")
        return self._shared[key]

    def all_sources(self) -> list[SourceProxy]:
        """Return the sources, filters, readers and writers."""
        return [one for one in self._proxies.values() if isinstance(one, SourceProxy)]

    def shared_things(self) -> list[SharedProxy]:
        """Return the layouts, the tracks, and what was asked for of the rest of the animation."""
        return list(self._shared.values())

    def all_shared(self, kind: str) -> list[Any]:
        """Return what is shared of a kind, in the order of its making."""
        return [one for (of, _), one in self._shared.items() if of == kind]

    def has_shared(self, shared: SharedProxy) -> bool:
        """Return whether it is of this scene, and was not deleted."""
        return self._shared.get((shared.kind, shared.name)) is shared

    def take_in_shared(self, shared: SharedProxy) -> None:
        """Take it into the scene."""
        self._shared[shared.kind, shared.name] = shared

    def take_out_shared(self, shared: SharedProxy) -> None:
        """Take it out of the scene."""
        self._shared.pop((shared.kind, shared.name), None)

    def create_shared(self, kind: str, **properties: Any) -> Any:
        """Make a layout or a track, as a step of undo; fire and forget. Raises as `update` of it, with nothing made."""
        self.connection.membership.require_editor()
        made = _SHARED[kind](self, str(self.new_id()))
        label = f"create {kind}"
        with self.undo.all_or_nothing(label):
            self.take_in_shared(made)
            self.undo.done(label, made.take_out, made.recreate)
            with self.undo.paused():
                made.set_as_they_are(**properties)
            self.outbox.flush()
        return made

    def find_shared_told(self, kind: str, name: str) -> SharedProxy | None:
        """Return what others share under that name, made if it is new; None for what a newer server has."""
        if kind not in _SHARED:
            return None
        if kind in ONLY_ONE:
            only: SharedProxy = self.only_one(kind)
            return only
        if (kind, name) not in self._shared:
            self._shared[kind, name] = _SHARED[kind](self, name)
        return self._shared[kind, name]

    def drop_shared_told(self, kind: str, name: str, client: int) -> SharedProxy | None:
        """Take out what another client has deleted; returns it."""
        shared = self._shared.pop((kind, name), None)
        if shared is not None:
            self.outbox.drop(shared)
            shared.deleted_by = client
        return shared

    def find_referred(self, kind: str, of: Any) -> Any:
        """Return the thing of that kind and number, or name; None if there is none."""
        if kind == PROXY:
            return self._proxies.get(of)
        if kind == VIEW:
            return self._views.get(of)
        if kind == REPRESENTATION:
            return self._representations.get(of)
        return self.find_shared(kind, of)

    def _tell_numbers_of(self, thing: ViewProxy | RepresentationProxy) -> None:
        """Have the server told of what refers to something that has another number now."""
        for one in self.shared_things():
            if one.refers_to(thing):
                one.tell_again()

    def shown_with(self, shared: SharedByName) -> list[RepresentationProxy]:
        """Return what is colored by a color map, or opaque by an opacity function."""
        return [one for one in self._representations.values() if shared in (one.color_map, one.opacity_function)]

    def show(self, source: SourceProxy | OutputPort, view: ViewProxy, **properties: Any) -> RepresentationProxy:
        """Show an output in a view: see `Session.show`."""
        self.connection.membership.require_editor()
        port = self.own_port(source)
        self.own(view)
        label = f"show {port.proxy.type_name}"
        with self.undo.all_or_nothing(label):  # color maps are set with it
            shown: RepresentationProxy
            if view.kind in CHART_REPRESENTATIONS:
                shown = CHART_REPRESENTATIONS[view.kind](self, next(self._ids), port, view, properties)
            else:
                given = {"ColorBy": None, **usual_look(port.proxy.type_name), **properties}
                shown = RepresentationProxy(self, next(self._ids), port, view, given)
            self._representations[shown.id] = shown  # first, as a view
            try:
                self.outbox.flush()
                self.outbox.tell((shown, "show"))
            except BaseException:
                del self._representations[shown.id]
                shown.drop()
                raise
            self.undo.done(label, shown.take_out, shown.recreate)
        return shown

    def has_view(self, view: ViewProxy) -> bool:
        """Return whether it is a view of this scene that was not deleted."""
        return self._views.get(view.id) is view

    def has_representation(self, representation: RepresentationProxy) -> bool:
        """Return whether it is shown."""
        return self._representations.get(representation.id) is representation

    def take_in_view(self, view: ViewProxy) -> None:
        """Take a view that was deleted into the scene again."""
        self._views[view.id] = view
        self._tell_numbers_of(view)

    def take_in_representation(self, representation: RepresentationProxy) -> None:
        """Take into the scene again what was shown no more."""
        self._representations[representation.id] = representation
        self._tell_numbers_of(representation)

    # --- told by the server: what other clients of the session do

    def find_view(self, id_: int) -> ViewProxy | None:
        """Return the view of that number; None if there is none."""
        return self._views.get(id_)

    def find_representation(self, id_: int) -> RepresentationProxy | None:
        """Return what is shown under that number; None if there is none."""
        return self._representations.get(id_)

    def forget_gone(self) -> None:
        """Forget what was deleted: the server knows none of it any more."""
        self._gone.clear()

    def may_come_again(self, id_: int) -> None:
        """Take back that something was deleted for good: somebody may know of it whom the server has not heard yet."""
        self._gone.discard(id_)

    def told_already(self) -> frozenset[int]:
        """Return the numbers of the views, and of what is shown, of which nothing waits to be told."""
        waits = self.outbox.waits
        views = [id_ for id_, one in self._views.items() if not waits(one)]
        shown = [
            id_ for id_, one in self._representations.items() if not (waits((one, "show")) or waits((one, "draw")))
        ]
        return frozenset([*views, *shown])

    def is_gone(self, id_: int) -> bool:
        """Return whether there was a view, or something shown, of that number that was deleted."""
        return id_ in self._gone

    def take_in_view_told(self, id_: int, kind: str) -> ViewProxy:
        """Take in a view that another client has made."""
        maker: type[ViewProxy] = CHART_VIEWS.get(kind, RenderViewProxy)
        view = self._views[id_] = maker(self, id_, None)
        return view

    def take_in_representation_told(self, id_: int, source: OutputPort, view: ViewProxy) -> RepresentationProxy:
        """Take in what another client shows."""
        maker: type[RepresentationProxy] = CHART_REPRESENTATIONS.get(view.kind, RepresentationProxy)
        shown = self._representations[id_] = maker(self, id_, source, view, None)
        return shown

    def drop_view_told(self, view: ViewProxy, client: int) -> None:
        """Take out a view that another client has deleted, and what it shows."""
        del self._views[view.id]
        self._note_gone(view.id)
        self._refused_in.pop(view.id, None)
        self.outbox.drop(view, (view, "fit"))
        view.deleted_by = client
        view.left()
        for shown in [one for one in self._representations.values() if one.view is view]:
            self.drop_representation_told(shown, client)
        self._drop_extractors(view, client)
        if self.proxies.active.view is view:
            self.proxies.active.set_view(None)

    def drop_representation_told(self, shown: RepresentationProxy, client: int) -> None:
        """Take out what another client shows no more."""
        del self._representations[shown.id]
        self._note_gone(shown.id)
        self.outbox.drop((shown, "show"), (shown, "draw"))
        shown.deleted_by = client

    def _forget_shown(self, proxy: Proxy) -> None:
        for shown in [one for one in self._representations.values() if one.source.proxy is proxy]:
            self.drop_representation_told(shown, proxy.standing.deleted_by)
            if self.connection.membership.has_made(shown.id):  # who has deleted the proxy may not have known of it
                shown.drop()
        if isinstance(proxy, SourceProxy):
            self._drop_extractors(proxy, proxy.standing.deleted_by)

    def _drop_extractors(self, written: SourceProxy | ViewProxy, client: int) -> None:
        """Take out what writes something that another client has deleted."""
        for one in self.extractors.of(written):
            one.take_out()
            one.deleted_by = client

    def forget_view(self, id_: int) -> None:
        """Take a deleted view, and what it shows, out of the scene."""
        view = self._views.pop(id_, None)
        self._note_gone(id_)
        self._refused_in.pop(id_, None)
        for shown in [one for one in self._representations.values() if one.view.id == id_]:
            shown.take_out()
        if view is None:
            return
        for extractor in self.extractors.of(view):
            extractor.take_out()
        view.left()
        if self.proxies.active.view is view:
            self.proxies.active.set_view(None)

    def forget_representation(self, id_: int) -> bool:
        """Take what is shown no more out of the scene; returns whether it was there."""
        self._note_gone(id_)
        return self._representations.pop(id_, None) is not None

    def _note_gone(self, id_: int) -> None:
        if self.connection.membership.is_shared:
            self._gone.add(id_)

    async def view_ready(self, id_: int) -> None:
        """Wait for all that a view needs of the data. Raises as `data_arrived` for what it shows."""
        shown = [one.source.proxy for one in self._representations.values() if one.view.id == id_]
        try:
            if self.checks.wanting(shown):
                await self.checks.finished(shown)
                self.update_vtk_objects()
        finally:
            refusal = self._refused_in.pop(id_, None)
        if refusal is not None:
            raise refusal.with_traceback(None)
        await self.transfers.all_there()

    # --- what becomes of it when proxies come and go

    def _take_out_shown(self, proxy: Proxy) -> tuple[Dependent, ...]:
        shown = [one for one in self._representations.values() if one.source.proxy is proxy]
        writing = self.extractors.of(proxy) if isinstance(proxy, SourceProxy) else []
        of_proxy: tuple[Dependent, ...] = (*shown, *writing, *self._widgets_of(proxy))
        for one in of_proxy:
            one.take_out()
        return of_proxy

    def _widgets_of(self, proxy: Proxy) -> list[WidgetProxy]:
        """Return the widgets that belong to a proxy; those of one that others have deleted they delete with it."""
        if proxy.standing.deleted_by:
            return []
        views = [one for one in self._views.values() if isinstance(one, RenderViewProxy)]
        return [widget for view in views for widget in view.widgets if widget.proxy is proxy]

    def _show_again(self, shown: Iterable[Dependent]) -> None:
        for one in shown:
            one.recreate()

    def _refuse(self, shown: Iterable[Dependent], refusal: RemoteError) -> None:
        for one in shown:
            if isinstance(one, RepresentationProxy):
                self._refused_in[one.view.id] = refusal
