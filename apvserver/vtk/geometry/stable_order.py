"""The surface of a data set with its points and cells in one order, however many threads have found them.

Of `vtkGeometryFilter` (VTK 9.7) each thread numbers what it finds, and which finds what differs from run to run: who
extracts a surface again, to know which cell of the data the third of the surface was, would get another one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import numpy_to_vtkIdTypeArray, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints, vtkSMPTools
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkFiltersGeometry import vtkGeometryFilter

from ..base.array_types import runs
from ..base.data_making import take_tuples, tuples_of

Ids = npt.NDArray[np.int64]

CELLS_OF_DATA: Final = "apv cell of the data"
POINTS_OF_DATA: Final = "apv point of the data"
"""Names of arrays that say where cells and points come from."""

_KINDS: Final = ("Verts", "Lines", "Polys", "Strips")


def surface_of(extract: vtkGeometryFilter) -> Any:
    """Return what is extracted, as new data: with several threads in the order of the cells and points of the data.

    Faces of one cell are in the order of their points, and points without one in the data in that of their places.
    """
    several = vtkSMPTools.GetBackend() != "Sequential" and vtkSMPTools.GetEstimatedNumberOfThreads() > 1
    if several:
        pass_ids(extract)
    extract.Update()
    surface = vtkPolyData()
    surface.ShallowCopy(extract.GetOutput())
    return in_order(surface) if several else surface


def pass_ids(extract: vtkGeometryFilter) -> None:
    """Have what is extracted say where its cells and points come from, for `in_order`."""
    extract.PassThroughCellIdsOn()
    extract.PassThroughPointIdsOn()
    extract.SetOriginalCellIdsName(CELLS_OF_DATA)
    extract.SetOriginalPointIdsName(POINTS_OF_DATA)


def in_order(surface: Any) -> Any:
    """Return a surface, whose arrays say where points and cells come from, in that order, and without those arrays."""
    cells, points = _taken_off(surface.GetCellData(), CELLS_OF_DATA), _taken_off(surface.GetPointData(), POINTS_OF_DATA)
    if cells is None or points is None or not len(points):  # nothing was found
        return surface
    places = vtk_to_numpy(surface.GetPoints().GetData())
    order = _order_of(points, lambda some: places[some].T)
    numbers = np.empty(len(order), np.int64)
    numbers[order] = np.arange(len(order))
    made, kept = vtkPolyData(), vtkPoints()
    kept.SetData(tuples_of(surface.GetPoints().GetData(), order))
    made.SetPoints(kept)
    chosen, begin = [np.zeros(0, np.int64)], 0
    for kind in _KINDS:
        one = getattr(surface, f"Get{kind}")()
        count = one.GetNumberOfCells()
        if count:
            own, ordered = _ordered(one, cells[begin : begin + count], numbers)
            getattr(made, f"Set{kind}")(ordered)
            chosen.append(own + begin)
            begin += count
    take_tuples(surface.GetPointData(), made.GetPointData(), order)
    take_tuples(surface.GetCellData(), made.GetCellData(), np.concatenate(chosen))
    made.GetFieldData().ShallowCopy(surface.GetFieldData())
    return made


def _taken_off(attributes: Any, name: str) -> Ids | None:
    array = attributes.GetArray(name)
    if array is None:
        return None
    attributes.RemoveArray(name)
    return np.asarray(vtk_to_numpy(array), np.int64)


def _order_of(ids: Ids, beside: Callable[[Ids], Any]) -> Ids:
    """Return the order by numbers; where some are alike, by the rows of what stands `beside` those, the first first."""
    order = np.argsort(ids, kind="stable")
    ordered = ids[order]
    is_alike = np.zeros(len(ids), bool)
    is_alike[1:] = ordered[1:] == ordered[:-1]
    is_alike[:-1] |= is_alike[1:]
    places = np.flatnonzero(is_alike)
    if len(places):
        some = order[places]
        order[places] = some[np.lexsort((*beside(some)[::-1], ids[some]))]
    return order


def _ordered(cells: Any, ids: Ids, numbers: Ids) -> tuple[Ids, Any]:
    """Return the order of cells by the cells that they come from, and them with the new numbers of their points."""
    offsets = vtk_to_numpy(cells.GetOffsetsArray()).astype(np.int64)
    corners = numbers[vtk_to_numpy(cells.GetConnectivityArray())]
    counts = np.diff(offsets)

    def shapes(some: Ids) -> Any:
        begins = np.cumsum(counts[some]) - counts[some]
        theirs = corners[runs(offsets[some], counts[some])]
        ends = [one.reduceat(theirs, begins) for one in (np.minimum, np.maximum)]
        return np.stack([*ends, np.add.reduceat(theirs * theirs, begins)])

    order = _order_of(ids, shapes)
    made = vtkCellArray()
    ends = np.concatenate([[0], np.cumsum(counts[order])])
    found = corners[runs(offsets[order], counts[order])]
    made.SetData(*(numpy_to_vtkIdTypeArray(one, deep=True) for one in (ends, found)))
    return order, made
