"""Widgets of a view: their handles, lines and faces as flat shapes in front of the scene, seen upon anything."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor2D, vtkPolyDataMapper2D

from async_paraview.contrast import contrast
from async_paraview.scene.props.widget import ACTIVE
from async_paraview.widgets.figures import Face, Figure, Line, figure_of
from async_paraview.widgets.hits import in_front
from async_paraview.widgets.sight import Floats

from ...base.data_making import array_of, cells_of, points_of
from ..axes.text_sheet import DrawnText, TextSheet
from ..camera.looking import Looking
from ..legends.texts import Font, line_of
from ..paper import BLACK, WHITE, Color

_ACTIVE: Final[Color] = (1.0, 0.65, 0.0)
"""Of what the pointer is over."""
_RIM: Final = 1.25
"""How far what lies around handles and lines reaches beyond them, in points."""
_AROUND: Final = 0.75
_FAINT: Final = 0.6
_OF_FACES: Final = 0.12
_CORNERS: Final = 20
"""Of the polygon that a disk is."""
_DOT: Final = 1.6
_LETTERS: Final = 12
_FONT: Final = "Arial"
_GAP: Final = 5.0
_OPPOSITE: Final = 4.5
"""Ink is black around what is lighter than that in contrast to black."""
_FARTHEST: Final = 1e5
"""Nothing is drawn so many pixels away from the picture."""

Shade = tuple[float, float, float, float]
Shape = tuple[Floats, Shade]
"""A convex polygon, shape (n, 2), in pixels from the lower left corner; and red, green, blue and opacity."""


class WidgetSheet:
    """What draws widgets are `props`."""

    def __init__(self) -> None:
        """Draw nothing yet."""
        self._data = vtkPolyData()
        mapper = vtkPolyDataMapper2D()
        mapper.SetInputData(self._data)
        shapes: Any = vtkActor2D()
        shapes.SetMapper(mapper)
        shapes.SetPickable(False)
        self._shapes = shapes
        self._texts = TextSheet()
        self.props: tuple[Any, ...] = (shapes, self._texts.prop)
        self.hide()

    def hide(self) -> None:
        """Draw nothing until they are shown next."""
        self._shapes.VisibilityOff()
        self._texts.show([])

    def show(
        self, widgets: Sequence[Mapping[str, Any]], looking: Looking, scale: float, by: tuple[float, float]
    ) -> None:
        """Draw widgets with these properties, moved by so many pixels; a point has `scale` pixels."""
        seen = [(one, figure_of(one, looking, scale)) for one in widgets if one["Visibility"]]
        shapes = [shape for get, figure in seen for shape in shapes_of(get, figure, looking, scale)]
        self._shapes.SetVisibility(bool(shapes))
        if shapes:
            self._fill(shapes, by)
        texts = [text for get, figure in seen for text in _texts_of(get, figure, looking, scale)]
        self._texts.hold([one.mask for one in texts])
        self._texts.show(texts)

    def _fill(self, shapes: Sequence[Shape], by: tuple[float, float]) -> None:
        counts = [len(corners) for corners, _ in shapes]
        places = np.concatenate([corners for corners, _ in shapes]) + by
        self._data.SetPoints(points_of(places.astype(np.float32)))
        self._data.SetPolys(cells_of(np.concatenate([[0], np.cumsum(counts)]), np.arange(sum(counts))))
        shades = np.array([shade for _, shade in shapes])
        self._data.GetCellData().SetScalars(array_of((shades * 255).round().astype(np.uint8), "colors"))
        self._data.Modified()


def shapes_of(get: Mapping[str, Any], figure: Figure, looking: Looking, scale: float) -> Iterator[Shape]:
    """Yield what is drawn of a widget, the lowest first: each line and handle upon a wider one of the other ink."""
    color, active = get["Color"] or WHITE, get[ACTIVE]
    rim = _opposite(color)
    for face in figure.faces:
        yield from _face(face, looking, (*color, _OF_FACES * (2 if face.part == active else 1)))
    width = get["LineWidth"] * scale
    for line in figure.lines:
        strokes = list(_strokes(line, looking))
        part = _FAINT if line.faint else 1.0
        ink = _ACTIVE if line.part and line.part == active else color
        for stroke in strokes:
            yield _stroked(stroke, width * part + 2 * _RIM * part * scale), (*rim, _AROUND * part)
        for stroke in strokes:
            yield _stroked(stroke, width * part), (*ink, part)
    yield from _dots(figure.dots, looking, scale, color, rim)
    radius = get["HandleSize"] * scale / 2
    for handle in figure.handles:
        x, y, depth = looking.pixel(handle.place).tolist()
        if depth <= looking.nearest or not (abs(x) < _FARTHEST and abs(y) < _FARTHEST):
            continue
        larger = 1.25 if handle.part == active else 1.0
        yield _disk(x, y, radius * larger + _RIM * scale), (*rim, 1.0)
        yield _disk(x, y, radius * larger), (*(_ACTIVE if handle.part == active else color), 1.0)


def _dots(dots: Floats | None, looking: Looking, scale: float, color: Color, rim: Color) -> Iterator[Shape]:
    if dots is None:
        return
    for x, y, depth in looking.pixels(dots).tolist():
        if depth > looking.nearest and abs(x) < _FARTHEST and abs(y) < _FARTHEST:
            yield _disk(x, y, (_DOT + _RIM / 2) * scale), (*rim, _AROUND)
            yield _disk(x, y, _DOT * scale), (*color, 1.0)


def _opposite(color: Color) -> Color:
    """Return black, or white around what is dark."""
    return BLACK if contrast(color, BLACK) > _OPPOSITE else WHITE


def _face(face: Face, looking: Looking, shade: Shade) -> Iterator[Shape]:
    seen = looking.pixels(face.places)
    if (seen[:, 2] > looking.nearest).all() and np.abs(seen[:, :2]).max() < _FARTHEST:
        yield seen[:, :2], shade


def _strokes(line: Line, looking: Looking) -> Iterator[Floats]:
    """Yield the ends, in pixels, of the segments of a line that are seen."""
    segments = in_front(np.stack([line.places[:-1], line.places[1:]], axis=1), looking)
    if len(segments):
        ends = looking.pixels(segments.reshape(-1, 3))[:, :2].reshape(-1, 2, 2)
        yield from (one for one in ends if np.abs(one).max() < _FARTHEST)


def _stroked(ends: Floats, width: float) -> Floats:
    """Return a segment that is so wide, as a rectangle that reaches half of that beyond its ends."""
    along = ends[1] - ends[0]
    length = float(np.hypot(*along))
    along = along / length if length > 0 else np.array([1.0, 0.0])
    across, beyond = np.array([-along[1], along[0]]) * width / 2, along * width / 4
    begin, end = ends[0] - beyond, ends[1] + beyond
    return np.array([begin - across, end - across, end + across, begin + across])


def _disk(x: float, y: float, radius: float) -> Floats:
    return np.asarray((x, y) + radius * _CIRCLE)


_ANGLES: Final = np.arange(_CORNERS) * 2 * math.pi / _CORNERS
_CIRCLE: Final = np.column_stack([np.cos(_ANGLES), np.sin(_ANGLES)])


def _texts_of(get: Mapping[str, Any], figure: Figure, looking: Looking, scale: float) -> Iterator[DrawnText]:
    """Yield what is written of a widget: letters, and the same around them in the other ink."""
    if figure.text is None:
        return
    words, place = figure.text
    x, y, depth = looking.pixel(place).tolist()
    if depth <= looking.nearest or not (abs(x) < _FARTHEST and abs(y) < _FARTHEST):
        return
    color = get["Color"] or WHITE
    mask = line_of(words, Font(_LETTERS, _FONT, True, False, scale))
    size = mask.shape[1], mask.shape[0]
    left, bottom, step = round(x - size[0] / 2), round(y + _GAP * scale), max(1, round(scale))
    for across in (-step, 0, step):
        for up in (-step, 0, step):
            if across or up:
                yield DrawnText(mask, left + across, bottom + up, (*_opposite(color), 1.0), size)
    yield DrawnText(mask, left, bottom, (*color, 1.0), size)
