"""The scene of a view as polygons and lines on a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkFloatArray, vtkUnsignedCharArray

from ...base.errors import InvalidProperty
from ..fonts.formulas import drawing
from ..paper import BLACK, WHITE, Paper
from ..pixels.antialiasing import without_background
from .scene_parts import LINES, POINTS, TRIANGLES, ScenePart, parts_of_actor
from .sheet import Sheet, Stroke
from .visible_shapes import (
    Floats,
    Seen,
    TooManyShapes,
    colors_at,
    visible_places,
    visible_runs,
    visible_triangles,
)

_NEAREST: Final = 1e-6
"""What is nearer to the eye than such a part of the depth of the scene is cut off."""
_MOST_TRIANGLES: Final = 1_000_000
_SHADE: Final = 4
"""Polygons whose colors differ by less are drawn in one, together."""
_SURFACE: Final = 2
_SEAM: Final = 0.4
"""How wide the rims of polygons are, in points: without them programs show what lies behind between two of them."""
OTHERWISE: Final = 'export it with scene="raster"'


class VectorScene:
    """Draws the scene of a view, arranged and without texts and legends, in vectors."""

    def __init__(
        self, window: Any, renderer: Any, draw_all: Callable[[tuple[int, int]], object], go_on: Callable[[], None]
    ) -> None:
        """Draw nothing yet; `draw_all` draws a picture of a size with all that is arranged, `go_on` raises to stop."""
        self._window, self._renderer, self._draw_all, self._go_on = window, renderer, draw_all, go_on

    def draw(
        self, page: Sheet, paper: Paper, parts: Sequence[ScenePart], props: Sequence[Any], lines: Sequence[Any]
    ) -> None:
        """Draw parts, which actors among `props` draw, and what other actors draw of lines, upon that paper.

        What else there is, as orientation axes, is a picture above them. Raises InvalidProperty for what is translucent
        or too much.
        """
        _check_opaque(parts)
        actors = [*props, *(one for one in lines if one.GetVisibility())]
        of_lines = (parts_of_actor(one, one.GetMapper(), one.GetMapper().GetInput()) for one in actors[len(props) :])
        parts = [*(part for found in of_lines for part in found), *parts]  # those of data lie upon those of axes
        with self._without_layers():
            with _only_surfaces(actors):
                depths = self._depths()
                self._render()
                surfaces = Seen(self._picture(), depths)
            self._draw_all(self._window.GetSize())
            everything = self._picture()
        self._draw_paper(page, paper, surfaces.depths.shape)
        _draw_parts(page, parts, self._renderer, surfaces, everything, self._go_on)
        self._draw_rest(page, actors)

    def _render(self) -> None:
        with drawing():
            self._window.Render()

    @contextmanager
    def _without_layers(self) -> Iterator[None]:
        """Have no other renderer draw upon the scene."""
        renderers = self._window.GetRenderers()
        every = [renderers.GetItemAsObject(index) for index in range(renderers.GetNumberOfItems())]
        others = [one for one in every if one is not self._renderer and one.GetDraw()]
        for one in others:
            one.DrawOff()
        try:
            yield
        finally:
            for one in others:
                one.DrawOn()

    @contextmanager
    def _without_passes(self) -> Iterator[None]:
        passes = self._renderer.GetPass()
        self._renderer.SetPass(None)
        try:
            yield
        finally:
            self._renderer.SetPass(passes)

    def _picture(self) -> Any:
        """Return the pixels of what was just drawn, the lowest row first."""
        read, (width, height) = vtkUnsignedCharArray(), self._window.GetSize()
        self._window.GetPixelData(0, 0, width - 1, height - 1, 1, read, 0)
        return vtk_to_numpy(read).reshape(height, width, 3).copy()

    def _depths(self) -> Any:
        """Return the depths of what is drawn, without passes, which keep none."""
        with self._without_passes():
            self._render()
        read, (width, height) = vtkFloatArray(), self._window.GetSize()
        self._window.GetZbufferData(0, 0, width - 1, height - 1, read)
        return vtk_to_numpy(read).reshape(height, width).astype(np.float64)

    def _draw_paper(self, page: Sheet, paper: Paper, shape: tuple[int, int]) -> None:
        rows, columns = shape
        if paper.bottom == paper.top:
            page.add_box((0, 0, columns, rows), paper.bottom)
            return
        shades = [paper.at(1.0 - (row + 0.5) / rows) for row in range(rows)]
        pixels = np.rint(255 * np.array(shades)).astype(np.uint8)[:, None, :]
        page.add_picture(np.ascontiguousarray(np.repeat(pixels, 2, axis=1)), (0, 0, columns, rows))

    def _draw_rest(self, page: Sheet, actors: Sequence[Any]) -> None:
        """Draw a picture of what is no actor of those, cut out."""
        shown = [one for one in actors if one.GetVisibility()]
        self._renderer.SetGradientBackground(False)
        pictures = []
        with ExitStack() as stack:
            for one in shown:
                one.VisibilityOff()
                stack.callback(one.VisibilityOn)
            stack.enter_context(self._without_passes())
            for color in (BLACK, WHITE):
                self._renderer.SetBackground(*color)
                self._render()
                pictures.append(self._picture())
        pixels = without_background(*pictures)
        rows, columns = np.flatnonzero(pixels[..., 3].any(axis=1)), np.flatnonzero(pixels[..., 3].any(axis=0))
        if len(rows):
            bottom, top, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
            cut_out = np.ascontiguousarray(pixels[bottom:top, left:right][::-1])
            page.add_picture(cut_out, (left, bottom, right, top))


def _check_opaque(parts: Iterable[ScenePart]) -> None:
    """Raise InvalidProperty if something lets through what lies behind it."""
    for one in parts:
        if one.opacity < 1.0 or (one.colors is not None and len(one.colors) and one.colors[:, 3].min() < 255):
            raise InvalidProperty(
                f"something translucent is shown, and polygons of scenes are drawn opaque: {OTHERWISE}, or set its "
                "Opacity to 1"
            )


@contextmanager
def _only_surfaces(actors: Sequence[Any]) -> Iterator[None]:
    """Have of actors their surfaces drawn alone: no edges, lines or points, which would hide their colors."""
    with ExitStack() as stack:
        for prop in actors:
            look = prop.GetProperty()
            has_faces = _has_faces(prop.GetMapper().GetInput())
            if prop.GetVisibility() and not (has_faces and look.GetRepresentation() == _SURFACE):
                prop.VisibilityOff()
                stack.callback(prop.VisibilityOn)
            elif look.GetEdgeVisibility():
                look.EdgeVisibilityOff()
                stack.callback(look.EdgeVisibilityOn)
        yield


def _has_faces(data: Any) -> bool:
    return bool(data is not None and (data.GetNumberOfPolys() or data.GetNumberOfStrips()))


def _projected(positions: Floats, renderer: Any) -> Floats:
    """Return places of the world, n x 3, as the camera sees them, n x 4: to be divided by the last of them."""
    matrix = renderer.GetActiveCamera().GetCompositeProjectionTransformMatrix(renderer.GetTiledAspectRatio(), 0.0, 1.0)
    rows = np.array([[matrix.GetElement(row, column) for column in range(4)] for row in range(4)])
    seen = np.column_stack([positions, np.ones(len(positions))]) @ rows.T
    return np.asarray(seen)


def _in_pixels(seen: Floats, size: tuple[int, int]) -> Floats:
    """Return places before the eye, the last axis x, y, depth and how far before it, in pixels with depths."""
    at = seen[..., :3] / seen[..., 3:]
    return np.asarray((at + np.array([1.0, 1.0, 0.0])) * (size[0] / 2, size[1] / 2, 1.0))


def _before_eye(corners: Floats) -> Floats:
    """Return the parts of triangles, n x 3 x 4, that lie before the eye, as triangles."""
    distances = corners[:, :, 2] - _NEAREST * np.abs(corners[:, :, 3])
    inside = distances > 0
    whole = corners[inside.all(axis=1)]
    cut = np.flatnonzero(inside.any(axis=1) & ~inside.all(axis=1))
    found = []
    for index in cut:
        polygon = list(_clipped(corners[index], distances[index]))
        found += [[polygon[0], *polygon[step : step + 2]] for step in range(1, len(polygon) - 1)]
    return np.concatenate([whole, np.array(found).reshape(-1, 3, 4)])


def _clipped(corners: Floats, distances: Floats) -> Iterator[Floats]:
    for index, corner in enumerate(corners):
        following = (index + 1) % len(corners)
        if distances[index] > 0:
            yield corner
        if (distances[index] > 0) != (distances[following] > 0):
            part = distances[index] / (distances[index] - distances[following])
            yield corner + part * (corners[following] - corner)


def _draw_parts(
    page: Sheet,
    parts: Sequence[ScenePart],
    renderer: Any,
    surfaces: Seen,
    everything: Any,
    go_on: Callable[[], None],
) -> None:
    """Draw what is seen of opaque parts; `surfaces` are these alone, `everything` is the picture with lines and points.

    Raises InvalidProperty for too much.
    """
    rows, columns, _ = surfaces.picture.shape
    size, with_lines = (columns, rows), Seen(everything, surfaces.depths)
    corners = [
        _in_pixels(_before_eye(_projected(one.positions, renderer)[one.indices]), size)
        for one in parts
        if one.kind == TRIANGLES
    ]
    if sum(map(len, corners)) > _MOST_TRIANGLES:
        raise InvalidProperty(
            f"the scene is too much for vectors: it has {sum(map(len, corners)):,} triangles, more than "
            f"{_MOST_TRIANGLES:,}; {OTHERWISE}"
        )
    try:
        behind, before = visible_triangles(np.concatenate([np.zeros((0, 3, 3)), *corners]), surfaces, go_on)
    except TooManyShapes as error:
        raise InvalidProperty(f"the scene is too much for vectors: {error}; {OTHERWISE}") from error
    page.add_polygons(behind.corners, behind.colors, _SEAM)
    page.add_patches(before.corners, before.colors // _SHADE * _SHADE + _SHADE // 2, _SEAM)
    for one in parts:
        if one.kind != TRIANGLES:
            go_on()
            seen = _projected(one.positions, renderer)[one.indices]
            ahead = (seen[:, :, 2] > 0).all(axis=1)
            at = _in_pixels(seen[ahead], size)
            if one.kind == LINES:
                _draw_lines(page, one, np.flatnonzero(ahead), at, with_lines)
            elif one.kind == POINTS:
                _draw_points(page, one, np.flatnonzero(ahead), at[:, 0], with_lines)


def _own_color(part: ScenePart, index: int) -> Any:
    """Return the color of one of its simplices, from 0 to 1."""
    if part.colors is None:
        return part.color
    return part.colors[part.indices[index], :3].mean(axis=0) / 255


def _draw_lines(page: Sheet, part: ScenePart, which: Any, ends: Floats, seen: Seen) -> None:
    for number, piece in visible_runs(ends, seen):
        if part.lit:
            color = colors_at(piece.mean(axis=0, keepdims=True), seen)[0] / 255
        else:
            color = _own_color(part, int(which[number]))
        page.add_line(piece.tolist(), Stroke(color, part.size * page.points_of_a_pixel))


def _draw_points(page: Sheet, part: ScenePart, which: Any, places: Floats, seen: Seen) -> None:
    half = part.size / 2
    for number in np.flatnonzero(visible_places(places, seen)):
        x, y = places[number, :2]
        color = colors_at(places[number : number + 1], seen)[0] / 255 if part.lit else _own_color(part, which[number])
        page.add_box((x - half, y - half, x + half, y + half), color)
