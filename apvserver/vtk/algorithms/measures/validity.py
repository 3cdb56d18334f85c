"""What is wrong with cells, of each block by itself."""

from __future__ import annotations

from typing import Any

from vtkmodules.vtkFiltersGeneral import vtkCellValidator

from ..array_algorithm import ArrayAlgorithm
from ..uncovered import each_block


class CellValidity(ArrayAlgorithm):
    """CellValidity - Adds ValidityState, which VTK 9.7 takes from freed memory for all blocks but the last."""

    def change(self, output: Any, *inputs: Any) -> None:
        """Add the array to all blocks."""
        output.ShallowCopy(each_block(inputs[0], self._validated))

    def _validated(self, data: Any) -> Any:
        made = data.NewInstance()
        if not data.GetNumberOfPoints() or not data.GetNumberOfCells():
            made.ShallowCopy(data)
            return made
        validator = vtkCellValidator()
        validator.SetInputData(data)
        validator.SetContainerAlgorithm(self)
        validator.Update()
        made.DeepCopy(validator.GetOutput())
        return made
