"""The cells of a data set, in groups of one type and number of points each: what whole arrays can be computed with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules import vtkCommonDataModel as model
from vtkmodules.util.numpy_support import vtk_to_numpy

from async_paraview.records import dataclass

from ..base.values.distinct import numbered_rows

Ids = npt.NDArray[np.int64]

CHUNK: Final = 4_000
"""So many cells are taken at once: what is computed of them stays in the cache of a processor."""
_STRUCTURED: Final = {0: model.VTK_VERTEX, 1: model.VTK_LINE, 2: model.VTK_QUAD, 3: model.VTK_HEXAHEDRON}
_CORNERS: Final = {
    0: ((0, 0, 0),),
    1: ((0, 0, 0), (1, 0, 0)),
    2: ((0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)),
    3: ((0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)),
}
_REORDERED: Final = {
    model.VTK_VOXEL: (model.VTK_HEXAHEDRON, (0, 1, 3, 2, 4, 5, 7, 6)),
    model.VTK_PIXEL: (model.VTK_QUAD, (0, 1, 3, 2)),
}
_HIDDEN: Final = 1 | 8 | 32
"""Of vtkGhostType: a cell of another piece, one that a finer level covers, one that is blanked."""
_HIDDEN_POINT: Final = 2


@dataclass(frozen=True)
class Group:
    """Cells of one type: their ids, and the ids of their points, a row for each cell."""

    kind: int
    cells: Ids
    points: Ids
    degrees: tuple[int, int, int] | None = None


def groups_of(data: Any, *, hidden_too: bool = False) -> Iterator[Group]:
    """Yield all cells of a data set that are not hidden, except polyhedra, in groups of at most `CHUNK`."""
    visible = np.ones(data.GetNumberOfCells(), bool) if hidden_too else visible_cells(data)
    if data.IsA("vtkPolyData"):
        found = _of_polygons(data, visible)
    elif data.IsA("vtkUnstructuredGrid"):
        kinds = vtk_to_numpy(data.GetCellTypes())
        found = _of_cells(data.GetCells(), kinds, 0, visible, _degrees(data))
    else:
        found = _of_structured(data, visible)
    for group in found:
        for begin in range(0, len(group.cells), CHUNK):
            part = slice(begin, begin + CHUNK)
            yield Group(group.kind, group.cells[part], group.points[part], group.degrees)


def visible_cells(data: Any) -> npt.NDArray[np.bool_]:
    """Return which cells count: not copies of those of other pieces, nor covered or blanked cells."""
    visible = np.ones(data.GetNumberOfCells(), bool)
    ghosts = data.GetCellData().GetArray("vtkGhostType")
    if ghosts is not None:
        visible &= (vtk_to_numpy(ghosts) & _HIDDEN) == 0
    ghosts = data.GetPointData().GetArray("vtkGhostType")
    if ghosts is not None and hasattr(data, "GetExtent"):
        hidden = (vtk_to_numpy(ghosts) & _HIDDEN_POINT) != 0
        if hidden.any():
            for group in _of_structured(data, visible):
                visible[group.cells] &= ~hidden[group.points].any(axis=1)
    return visible


def dimensions_of(data: Any) -> tuple[int, int, int]:
    """Return the number of points of structured data along each axis."""
    extent = data.GetExtent()
    return tuple(max(high - low + 1, 0) for low, high in zip(extent[::2], extent[1::2], strict=True))


def _of_structured(data: Any, visible: npt.NDArray[np.bool_]) -> Iterator[Group]:
    nx, ny, nz = dimensions_of(data)
    if not nx * ny * nz or not len(visible):
        return
    sizes, strides = (nx, ny, nz), (1, nx, nx * ny)
    axes = [axis for axis in range(3) if sizes[axis] > 1]
    cells = [max(size - 1, 1) for size in sizes]
    steps = [sum(corner[number] * strides[axis] for number, axis in enumerate(axes)) for corner in _CORNERS[len(axes)]]
    for begin in range(0, len(visible), CHUNK):
        ids = begin + np.flatnonzero(visible[begin : begin + CHUNK])
        i, j, k = ids % cells[0], ids // cells[0] % cells[1], ids // (cells[0] * cells[1])
        first = i * strides[0] + j * strides[1] + k * strides[2]
        yield Group(_STRUCTURED[len(axes)], ids, first[:, None] + np.array(steps, np.int64))


def _of_polygons(data: Any, visible: npt.NDArray[np.bool_]) -> Iterator[Group]:
    first = 0
    kinds_by_size: tuple[tuple[Any, dict[int, int], int], ...] = (
        (data.GetVerts(), {1: model.VTK_VERTEX}, model.VTK_POLY_VERTEX),
        (data.GetLines(), {2: model.VTK_LINE}, model.VTK_POLY_LINE),
        (data.GetPolys(), {3: model.VTK_TRIANGLE, 4: model.VTK_QUAD}, model.VTK_POLYGON),
        (data.GetStrips(), {}, model.VTK_TRIANGLE_STRIP),
    )
    for cells, by_size, other in kinds_by_size:
        count = cells.GetNumberOfCells()
        if count:
            sizes = np.diff(vtk_to_numpy(cells.GetOffsetsArray()))
            kinds = np.full(count, other)
            for size, kind in by_size.items():
                kinds[sizes == size] = kind
            yield from _of_cells(cells, kinds, first, visible[first : first + count], None)
        first += count


def _of_cells(cells: Any, kinds: Any, first: int, visible: Any, degrees: Ids | None) -> Iterator[Group]:
    """Yield cells of a cell array, whose first cell has the id `first`."""
    offsets = vtk_to_numpy(cells.GetOffsetsArray()).astype(np.int64, copy=False)
    connectivity = vtk_to_numpy(cells.GetConnectivityArray()).astype(np.int64, copy=False)
    sizes = np.diff(offsets)
    for kind in np.unique(kinds):
        if kind in (model.VTK_POLYHEDRON, model.VTK_EMPTY_CELL):
            continue
        of_kind = np.flatnonzero((kinds == kind) & visible)
        keys = sizes[of_kind, None] if degrees is None else np.column_stack([sizes[of_kind], degrees[of_kind]])
        alike = len(keys) and (keys == keys[0]).all()
        for key in keys[:1] if alike else keys[numbered_rows(keys)[0]]:
            ids = of_kind if alike else of_kind[(keys == key).all(axis=1)]
            if not key[0]:
                continue
            if alike and len(ids) == len(kinds):
                points = connectivity[offsets[0] : offsets[-1]].reshape(-1, key[0])
            else:
                points = connectivity[offsets[ids, None] + np.arange(key[0])]
            told = None if degrees is None else (int(key[1]), int(key[2]), int(key[3]))
            shown, order = _REORDERED.get(int(kind), (int(kind), None))
            yield Group(shown, ids + first, points if order is None else points[:, order], told)


def _degrees(data: Any) -> Ids | None:
    array = data.GetCellData().GetHigherOrderDegrees()
    return None if array is None else vtk_to_numpy(array).astype(np.int64)
