"""What a render view shows as triangles, lines and points with a color each, at their places in the world."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtkIdTypeArray, vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkFiltersCore import vtkTriangleFilter
from vtkmodules.vtkRenderingCore import vtkPolyDataMapper

from async_paraview.records import dataclass

from ...base.array_types import repeated
from ...base.values.distinct import distinct, numbered
from ..mappers import PolyDataMapper, RepresentationMapper

TRIANGLES: Final = "triangles"
LINES: Final = "lines"
POINTS: Final = "points"
_WIREFRAME: Final = 1
_SURFACE: Final = 2
_EITHER: Final = 0
"""VTK_SCALAR_MODE_DEFAULT: those of points where there are any."""
_OF_CELLS: Final = (2, 4)
"""VTK_SCALAR_MODE_USE_CELL_DATA and VTK_SCALAR_MODE_USE_CELL_FIELD_DATA"""
_CORNERS: Final = {TRIANGLES: 3, LINES: 2, POINTS: 1}


@dataclass(frozen=True)
class ScenePart:
    """Simplices of one kind that look alike. Positions, normals and colors are of points, `indices` their corners."""

    kind: str
    positions: Any
    """float64, n x 3"""
    normals: Any
    """float32, n x 3, or None"""
    colors: Any
    """uint8, n x 4: red, green, blue, opacity; or None: all have `color`"""
    indices: Any
    """uint32, m x 3, 2 or 1"""
    color: tuple[float, float, float]
    opacity: float
    lit: bool
    size: float
    """of points and lines, in pixels"""


@dataclass(frozen=True)
class DrawnActor:
    """What an actor of VTK draws, read on the thread of its window; simplices are made of it on any."""

    data: Any
    colors: Any
    """(whether they are of cells, n x 4), or None: all have `color`"""
    style: int
    place: Any
    color: tuple[float, float, float]
    edge_color: tuple[float, float, float] | None
    """Of the rims of surfaces; None: these are not drawn."""
    opacity: float
    lit: bool
    point_size: float
    line_width: float


@dataclass(frozen=True)
class ShapeFacts:
    """What is drawn at points, but for the shapes that stand there."""

    places: Any
    """float64, n x 3, in the data's own places"""
    colors: Any
    """uint8, n x 4, or None: all have `color`"""
    color: tuple[float, float, float]
    opacity: float


def scene_parts(drawing: RepresentationMapper) -> list[ScenePart] | None:
    """Return what is drawn; None for what only a graphics card makes: glyphs, soft points, volumes."""
    if not isinstance(drawing, PolyDataMapper):
        return None
    return [part for actor in drawn_actors(drawing) for part in parts_of(actor)]


def drawn_actors(drawing: PolyDataMapper) -> list[DrawnActor]:
    """Return what is drawn of polygons: usual blocks first, then each that looks otherwise."""
    usual = drawn_actor(drawing.prop, drawing.mapper, drawing.drawn)
    return [usual, *(drawn_actor(one.prop, one.mapper, one.data) for one in drawing.blocks)]


def shape_parts(prop: Any, mapper: Any, data: Any) -> ShapeFacts:
    """Return what an actor of VTK draws at points. On the thread of its window."""
    look = prop.GetProperty()
    found = _colors(mapper, data)
    places = vtk_to_numpy(data.GetPoints().GetData()).astype(np.float64)
    return ShapeFacts(places, None if found is None else found[1], tuple(look.GetColor()), float(look.GetOpacity()))


def parts_of_actor(prop: Any, mapper: Any, data: Any) -> list[ScenePart]:
    """Return what an actor of VTK draws of polygons by a mapper."""
    return parts_of(drawn_actor(prop, mapper, data))


def drawn_actor(prop: Any, mapper: Any, data: Any) -> DrawnActor:
    """Read what an actor of VTK draws of polygons by a mapper. On the thread of its window."""
    look = prop.GetProperty()
    style = look.GetRepresentation()
    kept = vtkPolyData()
    kept.ShallowCopy(data)
    return DrawnActor(
        data=kept,
        colors=_colors(mapper, data),
        style=style,
        place=np.array(_matrix(prop)),
        color=tuple(look.GetColor()),
        edge_color=tuple(look.GetEdgeColor()) if look.GetEdgeVisibility() and style == _SURFACE else None,
        opacity=float(look.GetOpacity()),
        lit=bool(look.GetLighting()),
        point_size=float(look.GetPointSize()),
        line_width=float(look.GetLineWidth()),
    )


def parts_of(drawn: DrawnActor, kinds: Sequence[str] = (TRIANGLES, LINES, POINTS)) -> list[ScenePart]:
    """Return simplices of some kinds of what an actor draws. On any thread."""
    data, place = drawn.data, drawn.place
    common = {"opacity": drawn.opacity, "lit": drawn.lit, "color": drawn.color}
    found = [
        _part(data, drawn.colors, kind, indices, cells, place, {**common, "size": _size(drawn, kind)})
        for kind, indices, cells in _simplices(data, drawn.style, kinds)
    ]
    if drawn.edge_color is not None and LINES in kinds:
        outlined = {**common, "color": drawn.edge_color, "size": drawn.line_width, "lit": False}
        found += [
            _part(data, None, LINES, indices, cells, place, outlined)
            for _, indices, cells in _simplices(data, _WIREFRAME, (LINES,))
        ]
    return [one for one in found if len(one.indices)]


def _size(drawn: DrawnActor, kind: str) -> float:
    return drawn.point_size if kind == POINTS else drawn.line_width


def _matrix(prop: Any) -> list[list[float]]:
    matrix = prop.GetMatrix()
    return [[matrix.GetElement(row, column) for column in range(4)] for row in range(4)]


def _colors(mapper: Any, data: Any) -> Any:
    """Return the colors of points or cells as (of cells, n x 4); None: all have one color."""
    if not mapper.GetScalarVisibility():
        return None
    alike = vtkPolyDataMapper()  # as others, such as of glyphs, have it
    alike.ShallowCopy(mapper)
    alike.SetInputData(data)
    alike.SetInterpolateScalarsBeforeMapping(False)
    mapped = alike.MapScalars(1.0)
    if mapped is None:
        return None
    colors = vtk_to_numpy(mapped)
    if colors.shape[1] == 3:
        colors = np.column_stack([colors, np.full(len(colors), 255, np.uint8)])
    mode, of_points = mapper.GetScalarMode(), data.GetPointData().GetScalars()
    of_cells = mode in _OF_CELLS or (mode == _EITHER and of_points is None)
    return of_cells, np.array(colors, np.uint8)


def _simplices(data: Any, style: int, kinds: Sequence[str]) -> Iterator[tuple[str, Any, Any]]:
    """Yield for each of some kinds its corners, and of which cell each one is."""
    verts, lines, polys = data.GetNumberOfVerts(), data.GetNumberOfLines(), data.GetNumberOfPolys()
    if style not in (_WIREFRAME, _SURFACE):
        used = distinct(np.concatenate([_connectivity(one) for one in _cell_arrays(data)] or [np.zeros(0, np.int64)]))
        if POINTS in kinds:
            yield POINTS, used.reshape(-1, 1), None
        return
    if verts and POINTS in kinds:
        yield POINTS, *_fans(data.GetVerts(), 0, POINTS)
    if lines and LINES in kinds:
        yield LINES, *_fans(data.GetLines(), verts, LINES)
    if style == _WIREFRAME and polys:
        if LINES in kinds:
            yield LINES, *_rims(data.GetPolys(), verts + lines)
    elif (polys or data.GetNumberOfStrips()) and TRIANGLES in kinds:
        yield TRIANGLES, *_triangles(data)


def _cell_arrays(data: Any) -> Iterable[Any]:
    every = (data.GetVerts(), data.GetLines(), data.GetPolys(), data.GetStrips())
    return [one for one in every if one.GetNumberOfCells()]


def _connectivity(cells: Any) -> Any:
    return vtk_to_numpy(cells.GetConnectivityArray()).astype(np.int64)


def _offsets(cells: Any) -> Any:
    return vtk_to_numpy(cells.GetOffsetsArray()).astype(np.int64)


def _fans(cells: Any, first: int, kind: str) -> tuple[Any, Any]:
    """Return the points, or the pieces of lines, of cells."""
    corners, offsets = _connectivity(cells), _offsets(cells)
    of = repeated(np.arange(len(offsets) - 1), np.diff(offsets)) + first
    if kind == POINTS:
        return corners.reshape(-1, 1), of
    together = of[1:] == of[:-1]
    return np.column_stack([corners[:-1], corners[1:]])[together], of[:-1][together]


def _rims(cells: Any, first: int) -> tuple[Any, Any]:
    """Return the sides of polygons."""
    corners, offsets = _connectivity(cells), _offsets(cells)
    of = repeated(np.arange(len(offsets) - 1), np.diff(offsets))
    following = np.roll(corners, -1)
    ends = offsets[1:][np.diff(offsets) > 0] - 1
    starts = offsets[:-1][np.diff(offsets) > 0]
    following[ends] = corners[starts]
    return np.column_stack([corners, following]), of + first


def _triangles(data: Any) -> tuple[Any, Any]:
    """Return the triangles of polygons and strips, and of which cell each one is."""
    plain = vtkPolyData()
    plain.SetPoints(data.GetPoints())
    plain.SetPolys(data.GetPolys())
    plain.SetStrips(data.GetStrips())
    first = data.GetNumberOfVerts() + data.GetNumberOfLines()
    numbers = numpy_to_vtkIdTypeArray(np.arange(plain.GetNumberOfCells(), dtype=np.int64) + first, deep=True)
    numbers.SetName("of")
    plain.GetCellData().AddArray(numbers)
    split = vtkTriangleFilter()
    split.SetInputData(plain)
    split.Update()
    made = split.GetOutput()
    return _connectivity(made.GetPolys()).reshape(-1, 3), vtk_to_numpy(made.GetCellData().GetArray("of"))


def _part(data: Any, colors: Any, kind: str, indices: Any, cells: Any, place: Any, look: dict[str, Any]) -> ScenePart:
    """Return simplices with the points that they need; where cells have colors, each has points of its own."""
    of_cells, each = colors or (False, None)
    own: Any = None
    points = vtk_to_numpy(data.GetPoints().GetData()).astype(np.float64)
    normals = data.GetPointData().GetNormals() if kind == TRIANGLES else None
    if of_cells and cells is not None:
        used, new = indices.reshape(-1), np.arange(indices.size)
        own = repeated(np.asarray(each)[cells], _CORNERS[kind])
    else:
        used, new = numbered(indices)
        if each is not None and not of_cells:
            own = each[used]
    rotated = None
    if normals is not None:
        rotated = (vtk_to_numpy(normals)[used] @ np.linalg.inv(place[:3, :3])).astype(np.float32)
    return ScenePart(
        kind=kind,
        positions=points[used] @ place[:3, :3].T + place[:3, 3],
        normals=rotated,
        colors=own,
        indices=new.reshape(-1, _CORNERS[kind]).astype(np.uint32),
        **look,
    )
