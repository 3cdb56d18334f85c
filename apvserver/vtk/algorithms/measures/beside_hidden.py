"""Gradients beside hidden cells, and of cells at the outer sides: made again of the cells that there are.

VTK 9.7.2 takes differences to points and cells that are hidden in images and structured grids, and averages of hidden
cells in all others; what stands there is no data. Gradients of cell arrays are half of what they are at outer sides.
"""

from __future__ import annotations

from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import VTK_POLYHEDRON, VTK_QUADRATIC_EDGE, vtkDataObject
from vtkmodules.vtkFiltersCore import vtkExtractCells
from vtkmodules.vtkFiltersGeneral import vtkGradientFilter
from vtkmodules.vtkFiltersGeometry import vtkGeometryFilter

from ...base.array_types import copied
from ..arrays.point_averages import hidden_cells
from ..blanking import cells_with, points_with
from ..turned import straight
from .neighbour_gradients import dimensions_of_cells, fit_neighbours
from .polyhedral_gradients import has_polyhedra, mend_gradients

Ids = npt.NDArray[np.int64]

_IDS: Final = "apv ids"
_SOLID: Final = 3
_NAMES: Final = ("ResultArrayName", "DivergenceArrayName", "VorticityArrayName", "QCriterionArrayName")
_SETTINGS: Final = (
    *_NAMES,
    "ComputeGradient",
    "ComputeDivergence",
    "ComputeVorticity",
    "ComputeQCriterion",
    "FasterApproximation",
    "ContributingCellOption",
    "ReplacementValueOption",
)


def mend_beside_hidden(block: Any, gradient_filter: Any) -> None:
    """Replace what a gradient filter has made of a block at points and cells that touch hidden cells.

    Points of hidden cells alone get NaN, and cells whose neighbours leave the gradient open.
    """
    hidden = hidden_cells(block)
    information = gradient_filter.GetInputArrayInformation(0)
    name, kind = information.Get(vtkDataObject.FIELD_NAME()), information.Get(vtkDataObject.FIELD_ASSOCIATION())
    if hidden is None or not name or block.GetAttributes(kind).GetArray(name) is None:
        return
    border = points_with(block, hidden)
    beside = cells_with(block, border) & ~hidden
    around = cells_with(block, points_with(block, beside)) & ~hidden
    seen = _gradients(block, np.flatnonzero(around), gradient_filter, name, kind)
    _put(block.GetAttributes(kind), seen, border if kind == vtkDataObject.POINT else beside, name)


def mend_at_sides(block: Any, gradient_filter: Any) -> None:
    """Replace what a gradient filter has made of a cell array where cells touch the outer side of an unstructured grid.

    They have neighbours on one side only, and VTK's gradients there are half of what they are. Grids of solid cells
    alone are changed, without curved ones.
    """
    information = gradient_filter.GetInputArrayInformation(0)
    name, kind = information.Get(vtkDataObject.FIELD_NAME()), information.Get(vtkDataObject.FIELD_ASSOCIATION())
    if kind != vtkDataObject.CELL or not name or not _is_solid(block) or not block.GetCellData().HasArray(name):
        return
    outside = cells_with(block, _outer_points(block))
    around = cells_with(block, points_with(block, outside))
    seen = _gradients(block, np.flatnonzero(around), gradient_filter, name, kind, open_is_nan=False)
    _put(block.GetCellData(), seen, outside, name)


def _is_solid(block: Any) -> bool:
    if not block.IsA("vtkUnstructuredGrid") or not block.GetNumberOfCells():
        return False
    kinds = vtk_to_numpy(block.GetDistinctCellTypesArray()).astype(np.int64)
    straight_ones = (kinds < VTK_QUADRATIC_EDGE) | (kinds == VTK_POLYHEDRON)
    return bool(straight_ones.all() and (dimensions_of_cells(kinds) == _SOLID).all())


def _outer_points(block: Any) -> npt.NDArray[np.bool_]:
    """Return which points lie on faces that one cell only has."""
    bare, faces = block.NewInstance(), vtkGeometryFilter()
    bare.CopyStructure(block)
    bare.GetPointData().Initialize()
    bare.GetCellData().Initialize()
    faces.SetInputData(bare)
    faces.SetPassThroughPointIds(True)
    faces.SetOriginalPointIdsName(_IDS)
    faces.Update()
    outer = np.zeros(block.GetNumberOfPoints(), np.bool_)
    ids = faces.GetOutput().GetPointData().GetArray(_IDS)
    if ids is not None and ids.GetNumberOfTuples():
        outer[vtk_to_numpy(ids)] = True
    return outer


def _put(attributes: Any, seen: Any, where: npt.NDArray[np.bool_], name: str) -> None:
    """Put results of some points or cells in the place of those that were made of all, where that is."""
    for index in range(seen.GetNumberOfArrays()):
        result = seen.GetArrayName(index)
        if result in (_IDS, name) or attributes.GetArray(result) is None:
            continue
        array = attributes.GetArray(result)
        values, ids = vtk_to_numpy(array).copy(), vtk_to_numpy(seen.GetArray(_IDS))
        values[where] = np.nan
        chosen = where[ids]
        values[ids[chosen]] = vtk_to_numpy(seen.GetArray(result))[chosen]
        made = copied(values)
        made.SetName(result)
        made.CopyComponentNames(array)
        attributes.AddArray(made)


def _gradients(block: Any, cells: Ids, gradient_filter: Any, name: str, kind: int, *, open_is_nan: bool = True) -> Any:
    """Return what the filter makes of some of the cells, with the ids of the points, or cells, that they had."""
    bare, chosen = block.NewInstance(), cast(Any, cells)
    bare.CopyStructure(block)
    for of_kind, count in (
        (vtkDataObject.POINT, block.GetNumberOfPoints()),
        (vtkDataObject.CELL, block.GetNumberOfCells()),
    ):
        attributes = bare.GetAttributes(of_kind)
        attributes.Initialize()
        ids = copied(np.arange(count))
        ids.SetName(_IDS)
        attributes.AddArray(ids)
    bare.GetAttributes(kind).AddArray(block.GetAttributes(kind).GetArray(name))
    extract = vtkExtractCells()
    extract.SetInputData(straight(bare))
    extract.SetCellIds(chosen, len(cells))
    extract.SetPassThroughCellIds(False)
    extract.SetOutputPointsPrecision(1)
    gradient = vtkGradientFilter()
    for setting in _SETTINGS:
        getattr(gradient, f"Set{setting}")(getattr(gradient_filter, f"Get{setting}")())
    gradient.SetComputeGradient(gradient_filter.GetComputeGradient() or not open_is_nan)
    gradient.SetInputArrayToProcess(0, 0, 0, kind, name)
    if len(cells):
        extract.Update()
        gradient.SetInputData(extract.GetOutput())
        gradient.Update()
        made = gradient.GetOutput()
        if has_polyhedra(made):
            mend_gradients(made, gradient)
        if kind == vtkDataObject.CELL:
            fit_neighbours(made, gradient, name, open_is_nan=open_is_nan)
        return made.GetAttributes(kind)
    return _nothing(block, gradient_filter, kind)


def _nothing(block: Any, gradient_filter: Any, kind: int) -> Any:
    """Return arrays without values by the names of the results: where all cells are hidden there is no number."""
    made = block.NewInstance().GetAttributes(kind)
    for name in (_IDS, *(getattr(gradient_filter, f"Get{one}")() for one in _NAMES)):
        array = copied(np.zeros(0, np.int64 if name == _IDS else np.float64))
        array.SetName(name or "Gradients")
        made.AddArray(array)
    return made
