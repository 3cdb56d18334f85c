"""What is wrong with cells, of each block by itself."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkCommand
from vtkmodules.vtkCommonDataModel import vtkTable
from vtkmodules.vtkFiltersGeneral import vtkCellValidator, vtkTableToPolyData

from ...base.array_types import copied
from ..array_algorithm import ArrayAlgorithm
from ..uncovered import each_block

_STATES: Final = "ValidityState"
_ZEROS: Final = "zeros"


class CellValidity(ArrayAlgorithm):
    """CellValidity - Adds ValidityState, which VTK 9.7 takes from freed memory for all blocks but the last.

    VTK's array looks at a cell whenever its number is asked for, and needs the validator for that. What it has to do
    when the validator's output goes it would also do after it has gone itself: the output must not tell it.
    """

    def change(self, output: Any, *inputs: Any) -> None:
        """Add the array to all blocks."""
        output.ShallowCopy(each_block(inputs[0], self._validated))

    def _validated(self, data: Any) -> Any:
        made = data.NewInstance()
        made.ShallowCopy(data)
        if not data.GetNumberOfPoints() or not data.GetNumberOfCells():
            return made
        validator = vtkCellValidator()
        validator.SetInputData(data)
        validator.SetContainerAlgorithm(self)
        validator.Update()
        found = validator.GetOutput()
        made.ShallowCopy(found)
        made.GetCellData().AddArray(_looked_at(found.GetCellData().GetArray(_STATES)))
        found.RemoveObservers(vtkCommand.DeleteEvent)
        return made


def _looked_at(states: Any) -> Any:
    """Return an array with the numbers of one that finds each when it is asked for it.

    VTK's copies of arrays keep Python's lock meanwhile, 9 s for a million cells; an execution does not. This one asks
    for one number after the other, and makes them coordinates.
    """
    table, points = vtkTable(), vtkTableToPolyData()
    zeros = copied(np.zeros(states.GetNumberOfTuples(), np.int8))
    zeros.SetName(_ZEROS)
    table.AddColumn(states)
    table.AddColumn(zeros)
    points.SetInputData(table)
    points.SetXColumn(_STATES)
    points.SetYColumn(_ZEROS)
    points.SetZColumn(_ZEROS)
    points.Update()
    found = vtk_to_numpy(points.GetOutput().GetPoints().GetData())[:, 0]
    made = copied(found.astype(np.int16), states.GetDataType())  # single precision holds all of these
    made.SetName(_STATES)
    return made
