"""Algorithms of our own: the middles of cells, where VTK's lie beside them.

VTK 9.7.2 puts the middle of a pyramid beside its axis, and that of a polygon in a box that depends on which corner is
the first. Here these have the center of what they fill; all others keep theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules import vtkCommonDataModel as model
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkFiltersCore import vtkCellCenters

from ...base.array_types import as_numpy, copied, put_in_place
from ...base.blocks import parts
from ...base.data_making import points_of
from ...base.values.distinct import counted
from ..array_algorithm import ArrayAlgorithm
from ..cell_groups import Ids, groups_of
from .measures import coordinates_of, weights_of

Numbers = npt.NDArray[np.float64]

_MENDED: Final = frozenset({model.VTK_POLYGON, model.VTK_PYRAMID, model.VTK_QUADRATIC_PYRAMID})
_CENTERS: Final = "CellCenters"


def middles_of(data: Any) -> Any:
    """Return the middles of the cells of a data set as points, with the values of the cells; empty cells have none."""
    centers = vtkCellCenters()
    centers.SetInputData(data)
    centers.Update()
    made = centers.GetOutput()
    _mend(made, data)
    return made


class MendedCenters(ArrayAlgorithm):
    """MendedCenters - Puts points that a vtkCellCenters has made of the second input in the middles of its cells."""

    def __init__(self) -> None:
        super().__init__(inputs=2)

    def change(self, output: Any, *inputs: Any) -> None:
        """Move points of cells whose middles VTK has elsewhere."""
        for made, data in zip(parts(output), parts(inputs[1]), strict=True):
            _mend(made, data)


class MendedLocations(ArrayAlgorithm):
    """MendedLocations - Puts the places that a vtkAppendLocationAttributes has noted in the middles of cells."""

    def change(self, output: Any, *inputs: Any) -> None:
        """Change the array of the cells, if there is one."""
        for data in parts(output):
            attributes = data.GetCellData()
            for index in range(attributes.GetNumberOfArrays()):
                if attributes.GetArrayName(index) != _CENTERS:
                    continue
                made = copied(as_numpy(attributes.GetArray(index)).astype(np.float64))
                made.SetName(_CENTERS)
                places = vtk_to_numpy(made)
                for cells, middles in _own_middles(data):
                    places[cells] = middles
                put_in_place(attributes, index, made)


def _mend(made: Any, data: Any) -> None:
    found = list(_own_middles(data))
    if not found:
        return
    places = as_numpy(made.GetPoints().GetData()).astype(np.float64)
    row = np.arange(data.GetNumberOfCells())
    if data.IsA("vtkUnstructuredGrid"):
        row = counted(vtk_to_numpy(data.GetCellTypes()) != model.VTK_EMPTY_CELL) - 1
    for cells, middles in found:
        places[row[cells]] = middles
    made.SetPoints(points_of(places))


def _own_middles(data: Any) -> Iterator[tuple[Ids, Numbers]]:
    """Yield ids of cells, and the centers of what they fill; those that fill nothing are left out."""
    if not (data.IsA("vtkPolyData") or data.IsA("vtkUnstructuredGrid")) or not data.GetNumberOfCells():
        return
    coordinates = coordinates_of(data)
    for group in groups_of(data, hidden_too=True):
        if group.kind not in _MENDED:
            continue
        places = coordinates(group.points)
        first = places[:, :1]
        weights = weights_of(group, places - first)
        totals = weights.sum(axis=1)
        some = np.isfinite(totals) & (totals > 0)
        moments = np.einsum("cp,cpk->ck", weights[some], (places - first)[some])
        yield group.cells[some], first[some, 0] + moments / totals[some, None]
