"""What the render service keeps: views, representations and geometry on its way. Owns windows: one thread only."""

from __future__ import annotations

import itertools
import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from async_paraview.datasets import Assembler
from async_paraview.names import unknown_name
from async_paraview.operations import MissingField
from async_paraview.operations.render import (
    Composition,
    Export,
    Geometry,
    LegendPicture,
    Screenshot,
    TextPicture,
)
from async_paraview.remembered_ids import RememberedIds
from async_paraview.scene.color_maps import COLOR_MAP
from async_paraview.scene.palettes import COLOR_PALETTE, palette_named
from async_paraview.scene.views import CAMERA_PROPERTIES, STEREO_TYPES
from async_paraview.vtk_imports import one_at_a_time
from services_core import Packet

from ..vtk.base.associations import CELLS, POINTS
from ..vtk.base.errors import InvalidProperty, afresh
from ..vtk.base.property_set import PropertySet
from ..vtk.geometry.colors import preset_names, preset_points
from ..vtk.geometry.extractors import GEOMETRY
from ..vtk.rendering.capabilities import capabilities
from ..vtk.rendering.color_maps import ColorMaps
from ..vtk.rendering.coloring import spec_of
from ..vtk.rendering.compositing.composer import Composer
from ..vtk.rendering.exports.exported_scene import DRAWING, SCENE
from ..vtk.rendering.fonts.noted import gathered, told
from ..vtk.rendering.legends.pictures import legend_alone, text_alone
from ..vtk.rendering.opengl import OpenGLUnavailable, start_probe
from ..vtk.rendering.paper import Color, Palette, Paper
from ..vtk.rendering.pixels.picking import nearest_point
from ..vtk.rendering.render_view import RenderView
from ..vtk.rendering.representation import Representation
from ..vtk.rendering.view import View
from .image_formats import check_format, packing
from .image_streams import Picture, image_packet
from .refusals import Refusals

_log = logging.getLogger(__name__)

GEOMETRY_LIMIT_BYTES: Final = 64 * 1024**3
"""Largest geometry that is put together from pieces: they come from the data service of the same process."""

MOST_GONE: Final = 65_536
"""So many ids of what was deleted are remembered: the data service may still work for those that were deleted last."""

CAMERA_SET: Final = frozenset(CAMERA_PROPERTIES)

PIXELS: Final = "rgba"

STILL_QUALITY: Final = 95
"""Of screenshots in a format that has losses."""


def classes_of(kind: str) -> tuple[type[View], type[Any]]:
    """Return the class of views of a kind, and that of what is shown in them. Raises InvalidProperty.

    Charts are imported when the first is spoken of: half as much again as all the rest that draws.
    """
    if kind == GEOMETRY:
        return RenderView, Representation
    with one_at_a_time:
        from ..vtk.rendering.charts.kinds import CHARTS
    if kind not in CHARTS:
        raise InvalidProperty(unknown_name("kind of view", kind, (GEOMETRY, *CHARTS)))
    return CHARTS[kind]


class UnknownView(ValueError):
    """A view id that names no view of this session."""


class RenderModel:
    """The views of one session. A view comes to be when it is first updated, a representation likewise."""

    def __init__(
        self, when_traceable: Callable[[int], object] = lambda view: None, composer: Composer | None = None
    ) -> None:
        """Keep nothing yet; `when_traceable` is called, on any thread, for a view that can be refined otherwise now.

        `composer` has the other ranks draw, where there are several.
        """
        self._composer = composer
        start_probe()
        self._when_traceable = when_traceable
        self._views: dict[int, View] = {}
        self._representations: dict[int, tuple[int, Any]] = {}
        self._arriving: dict[int, dict[str, Assembler]] = {}
        self._gone = RememberedIds(MOST_GONE)
        self._failures: dict[int, Exception] = {}
        self._refused: dict[tuple[int, int | None], Refusals] = {}
        """By view and, of what is shown in it, representation."""
        self._linked: list[int] = []
        self._color_maps = ColorMaps()
        self._palette = PropertySet(COLOR_PALETTE)
        self._refused_maps: dict[tuple[str, str], Refusals] = {}
        """By kind and name of a color map or opacity function."""
        self._undrawn: dict[tuple[int, int], Exception] = {}
        """Why what arrived last of a representation is not what is shown; by view and representation."""
        self.sequence = itertools.count(1)
        """Numbers for the images of all views."""

    def interrupt(self) -> None:
        """End what is refined: something waits that may make it useless. From any thread; never waits."""
        for view in list(self._views.values()):
            if isinstance(view, RenderView):
                view.interrupt()

    def close(self) -> None:
        """Close every window."""
        for view in self._views.values():
            try:
                view.close()
            except Exception:
                _log.exception("a view could not be closed")
        self._views.clear()
        self._representations.clear()

    def update_view(
        self, id_: int, properties: Mapping[str, Any], kind: str = GEOMETRY, number: tuple[int, int] = (0, 0)
    ) -> None:
        """Set properties of a view, which is made if it is new, as `Refusals.set` says. Raises OpenGLUnavailable.

        `number` is a client, and counts the updates that it has sent; pictures tell each client its own.
        """
        try:
            self._refusals(id_, None).set(lambda: self._made(id_, kind), properties)
        finally:
            if "CameraLink" in properties and CAMERA_SET.isdisjoint(properties):
                self._join(id_)
            self._share_camera(id_)
            if id_ in self._views:
                view, (client, count) = self._views[id_], number
                view.updates = {**view.updates, client: count}

    def begin_drawing(self) -> None:
        """Set up the graphics library for the first picture of the first view, if it has none yet."""
        for view in self._views.values():
            if isinstance(view, RenderView):
                view.begin_drawing()
                return

    def update_representation(self, id_: int, view: int, properties: Mapping[str, Any], kind: str = GEOMETRY) -> None:
        """Set properties of a representation, which is added to the view if it is new, as `Refusals.set` says."""
        try:
            self._refusals(view, id_).set(lambda: self._representation(id_, view, kind), properties)
        finally:
            if id_ in self._representations:
                self._representations[id_][1].is_told = True

    def update_color_map(self, kind: str, name: str, properties: Mapping[str, Any]) -> None:
        """Set properties of a color map or opacity function, as `Refusals.set` says."""
        refusals = self._refused_maps.setdefault((kind, name), Refusals())
        refusals.set(lambda: _OneMap(self._color_maps, kind, name), properties)

    def update_palette(self, properties: Mapping[str, Any]) -> list[int]:
        """Set properties of the palette of all views; returns these. Raises InvalidProperty, with nothing set."""
        self._palette.update(properties)
        for view in self._views.values():
            view.use_palette(Palette.of(self._palette.snapshot()))
        return list(self._views)

    def color_map(self, name: str) -> dict[str, Any]:
        """Return what the colors of a color map are now: the answer to `ColorMap`."""
        properties = self._color_maps.properties(COLOR_MAP.name, name)
        users: list[Any] = self._color_maps.users_of(COLOR_MAP.name, name)
        colored = [one.coloring for one in users if one.coloring is not None]
        low, high = colored[0].range if colored else (0.0, 1.0)
        ranges = [self._color_maps.common(key)[0] for key in self._color_maps.keys_of(name)]
        spec = colored[0].spec if colored else spec_of(properties)
        set_range = properties.get("ScalarRange")
        return {
            "properties": {one: _plain(value) for one, value in properties.items()},
            "points": preset_points(spec, *((low, high) if colored else set_range or spec.range_of((low, high)))),
            "range": [low, high] if colored else None,
            "data_range": next((list(one) for one in ranges if one is not None), None),
        }

    def seen_in_other_colors(self) -> list[int]:
        """Return the views that show something in other colors than it was drawn in."""
        return [view for view, one in self._representations.values() if getattr(one, "is_colored_later", False)]

    def refused_names(self, view: int) -> list[tuple[int, list[str]]]:
        """Return, of each representation in the view that is not as asked for, the properties that were refused."""
        of_view = ((one, refusals.names) for (id_, one), refusals in self._refused.items() if id_ == view)
        return [(one, names) for one, names in of_view if one is not None and names]

    def refusals(self, view: int) -> list[tuple[int, dict[str, str]]]:
        """Return why properties were refused, of the view itself, 0, and of each representation in it."""
        of_view = ((one or 0, refusals.texts) for (id_, one), refusals in self._refused.items() if id_ == view)
        return [(one, texts) for one, texts in of_view if texts]

    def raise_refused(self, view: int) -> None:
        """Raise why something of the view, or of what it shows, is not as it was asked for, as long as it is not."""
        refused = [one.first for (of_view, _), one in self._refused.items() if of_view == view]
        undrawn = [error for (of_view, _), error in self._undrawn.items() if of_view == view]
        shown = [one.failure for of_view, one in self._representations.values() if of_view == view]
        maps = [one.first for (kind, name), one in self._refused_maps.items() if self._is_used_in(view, kind, name)]
        for error in filter(None, (*refused, *maps, *undrawn, *shown)):
            raise afresh(error)

    def _is_used_in(self, view: int, kind: str, name: str) -> bool:
        of_view = [one for id_, one in self._representations.values() if id_ == view]
        return not of_view or any(one in of_view for one in self._color_maps.users_of(kind, name))

    def raise_failure_of(self, representation: int) -> None:
        """Raise why a representation cannot be colored as asked, if it cannot."""
        failure = self._representations[representation][1].failure
        if failure is not None:
            raise afresh(failure)

    def raise_gone(self, view: int, representation: int | None = None) -> None:
        """Raise UnknownView if one of them was deleted: its id is not used again."""
        if view in self._gone:
            raise UnknownView(f"view {view} was deleted: make another one")
        if representation in self._gone:
            raise UnknownView(f"representation {representation} was deleted: show the output again")

    def reset_camera(self, view: int, direction: Any) -> None:
        """Fit the camera to what is visible, looking along `direction` ("-Z" looks down; None: as it looks now)."""
        self.view(view).reset_camera(direction)
        self._share_camera(view)
        self._refusals(view, None).give_up(CAMERA_PROPERTIES)

    def move_camera(self, view: int, kind: object, numbers: Mapping[str, Any]) -> None:
        """Move a view's camera. Raises `InvalidProperty`."""
        self.view(view).move_camera(kind, numbers)
        self._share_camera(view)
        self._refusals(view, None).give_up(CAMERA_PROPERTIES)

    def take_linked(self) -> list[int]:
        """Return the views whose camera has followed that of another since this was called last."""
        linked, self._linked = self._linked, []
        return linked

    def linked_with(self, id_: int) -> list[int]:
        """Return the other views whose camera is that of a view."""
        return [one for one, _ in self._links_of(id_)]

    def _links_of(self, id_: int) -> list[tuple[int, RenderView]]:
        """Return the other views whose camera is that of a view, with their numbers."""
        view = self._views.get(id_)
        link = None if view is None else view.properties.get("CameraLink")
        others = [(one, other) for one, other in self._views.items() if one != id_] if link else []
        return [
            (one, other)
            for one, other in others
            if isinstance(other, RenderView) and other.properties["CameraLink"] == link
        ]

    def _join(self, id_: int) -> None:
        """Give a view the camera of those that it is linked to, if that was placed, or waits to be fitted."""
        view, others = self._views.get(id_), [other for _, other in self._links_of(id_)]
        if not isinstance(view, RenderView):
            return
        found = next((other for other in others if other.camera_is_placed), None)
        if found is None and not view.camera_is_placed:
            found = next((other for other in others if other.camera_waits), None)
        if found is not None:
            view.follow_camera(found)

    def _share_camera(self, id_: int) -> None:
        """Give the camera of a view, and what that waits for, to those that are linked to it."""
        view = self._views.get(id_)
        if isinstance(view, RenderView) and (view.camera_is_placed or view.camera_waits):
            self._linked += [one for one, other in self._links_of(id_) if other.follow_camera(view)]

    def delete_view(self, id_: int) -> None:
        """Close a view and all it shows."""
        view = self._views.pop(id_, None)
        self._gone.add(id_)
        for key in [key for key, (of_view, _) in self._representations.items() if of_view == id_]:
            self._forget(key)
        for known in [known for known in self._refused if known[0] == id_]:
            del self._refused[known]
        if view is not None:
            view.close()
        elif self._failures.pop(id_, None) is None:
            raise UnknownView(self._unknown(id_))

    def delete_representation(self, id_: int) -> int | None:
        """Remove a representation; returns its view's id, None if there was no such representation."""
        view, _ = self._representations.get(id_, (None, None))
        self._forget(id_)
        if view is not None:
            self._views[view].remove_representation(id_)
        return view

    def add_geometry(self, geometry: Geometry, buffers: Sequence[memoryview]) -> bool:
        """Take a piece of what a representation draws; tells whether it was the last piece and is shown now.

        Parts arrive one after the other, each in pieces, in the end the facts about all of them.
        """
        id_, view = geometry.representation, geometry.view
        if view in self._gone or id_ in self._gone:
            self._release_pieces(id_, geometry)
            return False  # deleted by the client while the data service worked for it
        try:
            complete = self._take_piece(geometry, buffers)
        except Exception as error:
            self._arriving.pop(id_, None)
            self._undrawn.setdefault((view, id_), afresh(error))  # what follows fails because of this
            raise
        if complete:
            self._undrawn.pop((view, id_), None)
        return complete

    def _take_piece(self, geometry: Geometry, buffers: Sequence[memoryview]) -> bool:
        id_ = geometry.representation
        parts = self._arriving.setdefault(id_, {})
        if geometry.facts is None:
            if geometry.piece is None:
                raise MissingField("geometry is a piece of a part, or the facts about all: it has neither")
            parts.setdefault(geometry.part, Assembler(GEOMETRY_LIMIT_BYTES)).add(geometry.piece, buffers)
            return False
        del self._arriving[id_]
        found = {name: assembler.finish(validate=False).to_vtk(copy=False) for name, assembler in parts.items()}
        is_told = id_ in self._representations
        representation = self._representation(id_, geometry.view, geometry.kind)
        if not is_told:  # it came before its client's word: what that has said before, as of the camera, is to come
            representation.is_told = False
        representation.set_data(found, geometry.facts)
        self._release_pieces(id_, geometry)
        return True

    def _release_pieces(self, id_: int, geometry: Geometry) -> None:
        """Have other ranks forget what is shown no more, once all of what is shown now is there."""
        if self._composer is not None and geometry.facts is not None:
            gone = id_ in self._gone or geometry.view in self._gone
            self._composer.release(id_, None if gone else int(geometry.facts.get("version", 0)))

    def screenshot(self, wanted: Screenshot, client: int, *, cancelled: Callable[[], str | None]) -> Packet:
        """Return the view as it is now, as `image_packet` says, for a client; `cancelled`: see `View.capture`."""
        check_format(wanted.format, stream=False)
        if wanted.stereo not in (None, "", *STEREO_TYPES[1:]):
            raise InvalidProperty(unknown_name("stereo type that is drawn", wanted.stereo, STEREO_TYPES[1:]))
        shown = self.view(wanted.view)
        drawn = shown.capture(
            size=wanted.size,
            transparent=wanted.transparent,
            magnification=wanted.magnification,
            dpi=wanted.dpi,
            samples=wanted.samples,
            without_legends=wanted.without_legends,
            palette=_palette_of_picture(wanted.palette),
            stereo=wanted.stereo,
            widgets=wanted.widgets,
            cancelled=cancelled,
        )
        now = time.time()
        began = now - drawn.render_seconds
        picture = Picture(drawn, next(self.sequence), wanted.samples, True, began, now, shown.updates)
        return image_packet(picture, packing(wanted.format, wanted.unpacks), STILL_QUALITY, client=client)

    def legend_picture(self, wanted: LegendPicture) -> Packet:
        """Return the legend of a color map by itself, as the operation says. Raises InvalidProperty."""
        views = [self.view(one) for one in wanted.views]
        shown = [each for one in views if isinstance(one, RenderView) for each in one.visible]
        paper = self._paper(wanted.background, wanted.palette)
        with gathered() as remarks:
            alone = legend_alone(wanted.name, shown, wanted.properties, wanted.size, wanted.dpi, paper)
        from ..vtk.rendering.exports.drawn_alone import legend_drawing  # late, as all that few sessions need

        picture = legend_drawing(alone, wanted.dpi) if wanted.format == DRAWING else alone.pixels()
        return _alone(wanted.format, alone.placed.box.size, picture, remarks, colors=alone.colors, ticks=alone.ticks)

    def text_picture(self, wanted: TextPicture) -> Packet:
        """Return a text by itself, as the operation says. Raises InvalidProperty."""
        with gathered() as remarks:
            paper = self._paper(wanted.background, wanted.palette)
            alone = text_alone(wanted.text, wanted.properties, wanted.dpi, paper)
        height, width = alone.mask.shape
        from ..vtk.rendering.exports.drawn_alone import text_drawing

        picture = text_drawing(alone, wanted.dpi) if wanted.format == DRAWING else alone.pixels()
        return _alone(wanted.format, (width, height), picture, remarks)

    def _paper(self, color: Color, palette: str) -> Paper:
        inks = (_palette_of_picture(palette) or Palette.of(self._palette.snapshot())).inks
        return Paper(color, color, inks)

    def export(self, wanted: Export, *, cancelled: Callable[[], str | None]) -> Packet:
        """Return what a view shows, as the operation says. Raises InvalidProperty for what cannot be."""
        shown = self.view(wanted.view)
        if wanted.format == SCENE:
            return shown.exported_scene().packet()
        if wanted.format != DRAWING:
            raise InvalidProperty(unknown_name("format", wanted.format, (SCENE, DRAWING)))
        palette = _palette_of_picture(wanted.palette)
        with shown.legends_elsewhere(wanted.without_legends):
            return Packet({}, [shown.exported_drawing(wanted.dpi, wanted.style, palette, cancelled)])

    def pick(self, view: int, x: int, y: int) -> dict[str, Any]:
        """Return what a pixel shows: {"representation": nil: background, "version", "cell", "point", "position"}."""
        found = self.view(view).pick(x, y)
        if found is None:
            return {"representation": None}
        id_, representation, at = found
        on_cell = representation.association == CELLS
        point = nearest_point(representation.data, at.cell, representation.in_data(at.position)) if on_cell else at.cell
        place = {"cell": at.cell if on_cell else None, "point": point, "position": list(at.position)}
        return {"representation": id_, "version": representation.version, **place}

    def composition(self, wanted: Composition) -> dict[str, Any]:
        """Return where all stands beside the scene of a view, as the operation says."""
        return self.view(wanted.view).composition(wanted.size, wanted.magnification, wanted.dpi)

    def seen(self, view: int, rectangle: Sequence[int], association: str) -> list[dict[str, Any]]:
        """Return what is seen in a rectangle: [{"representation", "version", "ids"}]."""
        if association not in (POINTS, CELLS):
            raise ValueError(f"points or cells are selected, POINTS or CELLS, not {association!r:.40}")
        found = self.view(view).seen(rectangle, POINTS if association == POINTS else CELLS)
        return [{"representation": id_, "version": one.version, "ids": ids.tobytes()} for id_, one, ids in found]

    def visible_range(self, view: int, representation: int) -> tuple[float, float] | None:
        """Return the range of the coloring numbers of a representation that are seen; None if there are none."""
        return self.view(view).visible_range(representation)

    def presets(self) -> list[str]:
        """Return the names of all presets of colors."""
        return preset_names()

    def capabilities(self) -> dict[str, Any]:
        """Return what rendering can do here; "drawing" where there are several ranks: see Composer."""
        found = capabilities()
        return found if self._composer is None else {**found, "drawing": self._composer.told()}

    def view_properties(self, view: int) -> tuple[dict[str, Any], str]:
        """Return the properties of a view, with the camera as seen, and what that camera is: `View.seen_properties`."""
        properties, camera = self.view(view).seen_properties()
        return dict(properties), camera

    def check_color_map(self, kind: str, properties: Mapping[str, object]) -> None:
        """Raise what setting these properties of a color map or opacity function would raise."""
        self._color_maps.check(kind, properties)

    def check(self, kind: str, properties: Mapping[str, object], *, of_view: bool) -> None:
        """Raise what setting these properties of a view of that kind, or of what is shown in it, would raise."""
        view, representation = classes_of(kind)
        checked = view.check_properties if of_view else representation.check_properties
        checked(properties)

    def view(self, id_: int) -> View:
        """Return the view of that id. Raises UnknownView, or the error that prevented its making."""
        if id_ in self._failures:
            raise afresh(self._failures[id_])
        found = self._views.get(id_)
        if found is None:
            raise UnknownView(self._unknown(id_))
        return found

    def _unknown(self, id_: int) -> str:
        return f"no view has id {id_}; known ids: {', '.join(map(str, self._views)) or 'none'}"

    def _refusals(self, view: int, representation: int | None) -> Refusals:
        """Return what was refused of it; of what is deleted nothing is kept."""
        if view in self._gone or representation in self._gone:
            return Refusals()
        return self._refused.setdefault((view, representation), Refusals())

    def _made(self, id_: int, kind: str) -> View:
        """Return the view of that id and kind, made if new: client and data service speak of it in either order."""
        view_class, _ = classes_of(kind)
        if id_ not in self._views and id_ not in self._gone:
            try:
                self._views[id_] = self._opened(id_, kind)
                self._views[id_].use_palette(Palette.of(self._palette.snapshot()))
                self._failures.pop(id_, None)
            except OpenGLUnavailable as error:
                self._failures[id_] = afresh(error)
        view = self.view(id_)
        if not isinstance(view, view_class):
            raise InvalidProperty(f"view {id_} is a {type(view).__name__}, and this is of a {kind}")
        return view

    def _opened(self, id_: int, kind: str) -> View:
        make: Any = classes_of(kind)[0]
        view: View = make()
        if isinstance(view, RenderView):
            view.linked = lambda: [other for _, other in self._links_of(id_)]
            view.when_fitted = lambda: self._share_camera(id_)
            view.when_traceable = lambda: self._when_traceable(id_)
            view.composer, view.number = self._composer, id_
        return view

    def _representation(self, id_: int, view: int, kind: str) -> Any:
        known = self._representations.get(id_)
        if known is None:
            shown_in = self._made(view, kind)
            representation = classes_of(kind)[1](color_maps=self._color_maps)
            shown_in.add_representation(id_, representation)
            known = self._representations[id_] = (view, representation)
        return known[1]

    def _forget(self, representation: int) -> None:
        for key in [key for key in self._refused if key[1] == representation]:
            del self._refused[key]
        for shown in [shown for shown in self._undrawn if shown[1] == representation]:
            del self._undrawn[shown]
        if self._representations.pop(representation, None) is not None and self._composer is not None:
            self._composer.release(representation, None)
        self._arriving.pop(representation, None)
        self._gone.add(representation)


class _OneMap:
    """One color map or opacity function, as what can be refused something."""

    def __init__(self, color_maps: ColorMaps, kind: str, name: str) -> None:
        self._color_maps, self._kind, self._name = color_maps, kind, name

    def set_properties(self, changes: Mapping[str, object]) -> None:
        """Set all of them, or none and raise an error."""
        self._color_maps.set(self._kind, self._name, changes)


def _alone(format: str, size: tuple[int, int], picture: Any, remarks: Iterable[str], **more: Any) -> Packet:
    """Return the answer that has a legend, or a text, by itself. Raises InvalidProperty for another format."""
    if format not in (PIXELS, DRAWING):
        raise InvalidProperty(unknown_name("format", format, (PIXELS, DRAWING)))
    told_more = {name: list(value) for name, value in more.items()}
    header = {"width": size[0], "height": size[1], "remarks": list(told(list(remarks))), **told_more}
    return Packet(header, [memoryview(picture if isinstance(picture, bytes) else picture.tobytes())])


def _palette_of_picture(name: str) -> Palette | None:
    """Return the palette of one picture; None: it has none of its own. Raises ValueError for a name of none."""
    return Palette.of(palette_named(name), is_of_picture=True) if name else None


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
