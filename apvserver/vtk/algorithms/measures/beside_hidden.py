"""Gradients beside hidden cells: made again of the cells that can be seen alone.

VTK 9.7.2 takes differences to points and cells that are hidden in images and structured grids, and averages of hidden
cells in all others; what stands there is no data.
"""

from __future__ import annotations

from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkDataObject
from vtkmodules.vtkFiltersCore import vtkExtractCells
from vtkmodules.vtkFiltersGeneral import vtkGradientFilter

from ...base.array_types import copied
from ..arrays.point_averages import hidden_cells
from ..blanking import cells_with, points_with
from ..turned import straight
from .neighbour_gradients import fit_neighbours
from .polyhedral_gradients import has_polyhedra, mend_gradients

Ids = npt.NDArray[np.int64]

_IDS: Final = "apv ids"
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
    where = border if kind == vtkDataObject.POINT else beside
    attributes = block.GetAttributes(kind)
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


def _gradients(block: Any, cells: Ids, gradient_filter: Any, name: str, kind: int) -> Any:
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
    gradient.SetInputArrayToProcess(0, 0, 0, kind, name)
    if len(cells):
        extract.Update()
        gradient.SetInputData(extract.GetOutput())
        gradient.Update()
        made = gradient.GetOutput()
        if kind == vtkDataObject.CELL:
            fit_neighbours(made, gradient, name)
        elif has_polyhedra(made):
            mend_gradients(made, gradient)
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
