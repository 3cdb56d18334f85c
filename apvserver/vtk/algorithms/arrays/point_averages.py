"""Averages of cell arrays at points: of the cells that can be seen, and as numbers with fractions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkDataArray
from vtkmodules.vtkCommonDataModel import vtkDataSetAttributes
from vtkmodules.vtkFiltersCore import vtkCellDataToPointData

from ...base.array_types import as_numpy, copied, retyped
from ...base.blocks import parts
from ..array_algorithm import ArrayAlgorithm

Hidden = npt.NDArray[np.bool_]

_GHOSTS: Final = vtkDataSetAttributes.GhostArrayName()
_HIDDEN: Final = vtkDataSetAttributes.HIDDENCELL
_SHARES: Final = "apv visible"


class VisibleAverages(ArrayAlgorithm):
    """VisibleAverages - Mends what vtkCellDataToPointData has made of data with hidden cells.

    VTK 9.7.2 averages them as well. The first input is what that made, the second one what it was made of.
    """

    def __init__(self) -> None:
        super().__init__(inputs=2)

    def change(self, output: Any, *inputs: Any) -> None:
        """Replace the averages of blocks with hidden cells."""
        for leaf, original in zip(parts(output), parts(inputs[1]), strict=True):
            if hidden_cells(original) is not None:
                _mend(leaf.GetPointData(), original)


def hidden_cells(data: Any) -> Hidden | None:
    """Return which cells are hidden; None if none is."""
    ghosts = data.GetCellData().GetArray(_GHOSTS) if data.IsA("vtkDataSet") else None
    hidden = None if ghosts is None else (vtk_to_numpy(ghosts) & _HIDDEN) != 0
    return hidden if hidden is not None and hidden.any() else None


def averages_at_points(data: Any, arrays: Sequence[Any]) -> list[Any]:
    """Return cell arrays at the points. At points of hidden cells alone the averages are those of hidden cells."""
    arrays = [retyped(one) if one.IsIntegral() else one for one in arrays]
    plain, hidden = _averages(data, arrays), hidden_cells(data)
    if hidden is None:
        return plain
    shares = copied((~hidden).astype(np.float64))
    shares.SetName(_SHARES)
    *sums, share = _averages(data, [*(_without(one, hidden) for one in arrays), shares])
    part = vtk_to_numpy(share)
    return [_divided(one, of, part) for one, of in zip(sums, plain, strict=True)]


def _mend(averages: Any, original: Any) -> None:
    """Replace those that are averages of cell arrays, and no point arrays that were there before."""
    cells, points = original.GetCellData(), original.GetPointData()
    found = [cells.GetArray(index) for index in range(cells.GetNumberOfArrays())]
    there = [
        one
        for one in found
        if one is not None
        and one.GetName() not in (None, "", _GHOSTS)
        and averages.HasArray(one.GetName())
        and averages.GetArray(one.GetName()) is not points.GetArray(one.GetName())
        and not averages.GetArray(one.GetName()).IsIntegral()
    ]
    for made in averages_at_points(original, there):
        vtk_to_numpy(averages.GetArray(made.GetName()))[...] = vtk_to_numpy(made)


def _averages(data: Any, arrays: Sequence[Any]) -> list[Any]:
    bare = data.NewInstance()
    bare.CopyStructure(data)
    bare.GetPointData().Initialize()
    bare.GetCellData().Initialize()
    for array in arrays:
        bare.GetCellData().AddArray(array)
    average = vtkCellDataToPointData()
    average.SetInputData(bare)
    average.Update()
    points = average.GetOutput().GetPointData()
    return [points.GetArray(array.GetName()) for array in arrays]


def _without(array: Any, hidden: Hidden) -> Any:
    """Return a copy in which hidden cells have 0."""
    values = np.array(as_numpy(array))
    values[hidden] = 0
    made = copied(values)
    made.SetName(array.GetName())
    return made


def _divided(sums: Any, plain: Any, part: npt.NDArray[np.float64]) -> vtkDataArray:
    """Return averages of the cells that can be seen, which are that part of the cells around each point."""
    made: vtkDataArray = plain.NewInstance()
    made.DeepCopy(plain)
    seen = part > 0
    values = vtk_to_numpy(made)
    shares = part[seen] if values.ndim == 1 else part[seen, None]
    values[seen] = vtk_to_numpy(sums)[seen] / shares
    return made
