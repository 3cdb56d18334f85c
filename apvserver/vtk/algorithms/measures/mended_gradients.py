"""An algorithm of our own: mends what VTK's gradients are wrong at, polyhedra, sides and what is hidden."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkDataObject

from ...base.array_types import copied
from ..array_algorithm import ArrayAlgorithm
from ..uncovered import leaves_of
from .beside_hidden import mend_at_sides, mend_beside_hidden
from .polyhedral_gradients import has_polyhedra, mend_gradients

_HIDDEN: Final = {vtkDataObject.POINT: 2, vtkDataObject.CELL: 32}
"""What vtkGhostType says of hidden points and cells."""


class MendedGradients(ArrayAlgorithm):
    """MendedGradients - Makes gradients of polyhedra right, and gaps (NaN) of those that VTK leaves unset where hidden.

    The first input is what a vtkGradientFilter has made, the second one what it was made of.
    """

    def __init__(self) -> None:
        super().__init__(inputs=2)

    def change(self, output: Any, *inputs: Any) -> None:
        """Change the arrays with hidden values; the others are shared."""
        known = {kind: _names(inputs[1], kind) for kind in _HIDDEN}
        filter = self.GetInputConnection(0, 0).GetProducer()
        for block in leaves_of(output):
            if has_polyhedra(block):
                mend_gradients(block, filter)
            mend_at_sides(block, filter)
            mend_beside_hidden(block, filter)
            for kind, flag in _HIDDEN.items():
                attributes = block.GetAttributes(kind)
                ghosts = attributes.GetArray("vtkGhostType")
                hidden = None if ghosts is None else (vtk_to_numpy(ghosts) & flag) != 0
                if hidden is not None and hidden.any():
                    _clear(attributes, hidden, known[kind])


def _names(data: Any, kind: int) -> set[str]:
    attributes = [block.GetAttributes(kind) for block in leaves_of(data)]
    return {one.GetArrayName(index) for one in attributes for index in range(one.GetNumberOfArrays())}


def _clear(attributes: Any, hidden: Any, known: set[str]) -> None:
    for index in range(attributes.GetNumberOfArrays()):
        array = attributes.GetArray(index)
        if array is None or array.GetName() in known or not np.issubdtype(vtk_to_numpy(array).dtype, np.floating):
            continue
        values = vtk_to_numpy(array).copy()
        values[hidden] = np.nan
        made = copied(values)
        made.SetName(array.GetName())
        attributes.AddArray(made)
