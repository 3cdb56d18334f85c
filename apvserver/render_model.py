"""What the render service keeps: views, representations and geometry on its way. Owns windows: one thread only."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from servermanager.datasets import Assembler
from services_core import Packet

from .image_formats import check_format
from .view_images import Picture, image_packet
from .vtk_bridge.capabilities import capabilities
from .vtk_bridge.chart_representation import ChartRepresentation
from .vtk_bridge.chart_view import ChartView
from .vtk_bridge.colors import preset_names
from .vtk_bridge.errors import InvalidProperty
from .vtk_bridge.extractors import CHART, GEOMETRY
from .vtk_bridge.geometry import CELLS, POINTS, unknown_name
from .vtk_bridge.opengl import OpenGLUnavailable, start_probe
from .vtk_bridge.picking import nearest_point
from .vtk_bridge.rendering import RenderView
from .vtk_bridge.representation import Representation
from .vtk_bridge.view import View

GEOMETRY_LIMIT_BYTES: Final = 64 * 1024**3
"""Largest geometry that is put together from pieces: they come from the data service of the same process."""

KINDS: Final[Mapping[str, tuple[type[RenderView] | type[ChartView], type[Any]]]] = {
    GEOMETRY: (RenderView, Representation),
    CHART: (ChartView, ChartRepresentation),
}
"""The kinds of views, each with the class of what is shown in it."""

PROPERTIES: Final = "properties"
DATA: Final = "data"

STILL_QUALITY: Final = 95
"""Of screenshots in a format that has losses."""


class UnknownView(ValueError):
    """A view id that names no view of this session."""


class RenderModel:
    """The views of one session. A view comes to be when it is first updated, a representation likewise."""

    def __init__(self) -> None:
        start_probe()
        self._views: dict[int, View] = {}
        self._representations: dict[int, tuple[int, Any]] = {}
        self._arriving: dict[int, dict[str, Assembler]] = {}
        self._gone: set[int] = set()
        self._failures: dict[int, Exception] = {}
        self._refused: dict[tuple[int, int | None, str], Exception] = {}
        self.sequence = itertools.count(1)
        """Numbers for the images of all views."""

    def close(self) -> None:
        """Close every window."""
        for view in self._views.values():
            view.close()
        self._views.clear()
        self._representations.clear()

    def update_view(self, id_: int, properties: dict[str, Any], kind: str = GEOMETRY) -> None:
        """Set properties of a view, which is made if it is new. Raises OpenGLUnavailable, UnknownProperty, ..."""
        with self._remembered(id_, None):
            self._made(id_, kind).set_properties(properties)

    def update_representation(self, id_: int, view: int, properties: dict[str, Any], kind: str = GEOMETRY) -> None:
        """Set properties of a representation, which is added to the view if it is new."""
        with self._remembered(view, id_):
            self._representation(id_, view, kind).set_properties(properties)

    def raise_refused(self, view: int) -> None:
        """Raises what was refused of the view or its representations, until a later update of the same succeeds."""
        for (of_view, _, _), error in self._refused.items():
            if of_view == view:
                raise error.with_traceback(None)

    def reset_camera(self, view: int, direction: Any) -> None:
        """Fit the camera to what is visible, looking along `direction` ("-Z" looks down; None: as it looks now)."""
        self.view(view).reset_camera(direction)

    def move_camera(self, view: int, kind: object, numbers: Mapping[str, Any]) -> None:
        """Move a view's camera. Raises `InvalidProperty`."""
        self.view(view).move_camera(kind, numbers)

    def delete_view(self, id_: int) -> None:
        """Close a view and all it shows."""
        self.view(id_).close()
        del self._views[id_]
        self._gone.add(id_)
        self._refused.pop((id_, None, PROPERTIES), None)
        for key in [key for key, (view, _) in self._representations.items() if view == id_]:
            self._forget(key)

    def delete_representation(self, id_: int) -> int | None:
        """Remove a representation; returns its view's id, None if there was no such representation."""
        view, _ = self._representations.get(id_, (None, None))
        if view is not None:
            self._views[view].remove_representation(id_)
        self._forget(id_)
        return view

    def add_geometry(self, id_: int, view: int, header: Mapping[str, Any], buffers: Sequence[memoryview]) -> bool:
        """Take a piece of what a representation draws; tells whether it was the last one and is shown now.

        Parts arrive one after the other, each in pieces, in the end the facts about all of them.
        """
        if view in self._gone or id_ in self._gone:
            return False  # deleted by the client while the data service worked for it
        parts = self._arriving.setdefault(id_, {})
        if "facts" not in header:
            assembler = parts.setdefault(header["part"], Assembler(GEOMETRY_LIMIT_BYTES))
            assembler.add(header["piece"], buffers)
            return False
        del self._arriving[id_]
        found = {name: assembler.finish(validate=False).to_vtk(copy=False) for name, assembler in parts.items()}
        with self._remembered(view, id_, DATA):
            self._representation(id_, view, header.get("kind", GEOMETRY)).set_data(found, header["facts"])
        return True

    def screenshot(self, view: int, image_format: str, options: Mapping[str, Any]) -> Packet:
        """The view as it is now, as `image_packet` says. `options`: those of `RenderView.capture`."""
        check_format(image_format, stream=False)
        drawn = self.view(view).capture(**options)
        now = time.time()
        picture = Picture(drawn, next(self.sequence), options.get("samples", 1), True, now - drawn.render_seconds, now)
        return image_packet(picture, image_format, STILL_QUALITY)

    def pick(self, view: int, x: int, y: int) -> dict[str, Any]:
        """What a pixel shows: {"representation": nil for the background, "version", "cell", "point", "position"}."""
        found = self.view(view).pick(x, y)
        if found is None:
            return {"representation": None}
        id_, representation, at = found
        on_cell = representation.association == CELLS
        point = nearest_point(representation.data, at.cell, at.position) if on_cell else at.cell
        place = {"cell": at.cell if on_cell else None, "point": point, "position": list(at.position)}
        return {"representation": id_, "version": representation.version, **place}

    def seen(self, view: int, rectangle: Sequence[int], association: str) -> list[dict[str, Any]]:
        """What is seen in a rectangle: [{"representation", "version", "ids"}]."""
        if association not in (POINTS, CELLS):
            raise ValueError(f"points or cells are selected, POINTS or CELLS, not {association!r:.40}")
        found = self.view(view).seen(rectangle, POINTS if association == POINTS else CELLS)
        return [{"representation": id_, "version": one.version, "ids": ids.tobytes()} for id_, one, ids in found]

    def visible_range(self, view: int, representation: int) -> tuple[float, float] | None:
        """The range of the colouring numbers of a representation that are seen; None if there are none."""
        return self.view(view).visible_range(representation)

    def presets(self) -> list[str]:
        """The names of all presets of colours."""
        return preset_names()

    def capabilities(self) -> dict[str, Any]:
        """What rendering can do here."""
        return capabilities()

    def view_properties(self, view: int) -> dict[str, Any]:
        """The properties of a view."""
        return dict(self.view(view).properties)

    def view(self, id_: int) -> View:
        """The view of that id. Raises UnknownView, or the error that prevented its making."""
        if id_ in self._failures:
            raise self._failures[id_]
        found = self._views.get(id_)
        if found is None:
            known = ", ".join(map(str, self._views)) or "none"
            raise UnknownView(f"no view has id {id_}; known ids: {known}")
        return found

    @contextmanager
    def _remembered(self, view: int, representation: int | None, what: str = PROPERTIES) -> Iterator[None]:
        """Remembers an error of the block for whoever looks at the view: a message has nobody who awaits it."""
        key = (view, representation, what)
        self._refused.pop(key, None)
        try:
            yield
        except Exception as error:
            if view not in self._gone and representation not in self._gone:
                self._refused[key] = error
            raise

    def _made(self, id_: int, kind: str) -> View:
        """The view of that id and kind, made if new: its client and the data service speak of it in either order."""
        if kind not in KINDS:
            raise InvalidProperty(unknown_name("kind of view", kind, KINDS))
        if id_ not in self._views and id_ not in self._gone and id_ not in self._failures:
            try:
                self._views[id_] = KINDS[kind][0]()
            except OpenGLUnavailable as error:
                self._failures[id_] = error
        view = self.view(id_)
        if not isinstance(view, KINDS[kind][0]):
            raise InvalidProperty(f"view {id_} is a {type(view).__name__}, and this is of a {kind}")
        return view

    def _representation(self, id_: int, view: int, kind: str) -> Any:
        known = self._representations.get(id_)
        if known is None:
            shown_in = self._made(view, kind)
            representation = KINDS[kind][1]()
            shown_in.add_representation(id_, representation)
            known = self._representations[id_] = (view, representation)
        return known[1]

    def _forget(self, representation: int) -> None:
        for key in [key for key in self._refused if key[1] == representation]:
            del self._refused[key]
        self._representations.pop(representation, None)
        self._arriving.pop(representation, None)
        self._gone.add(representation)
