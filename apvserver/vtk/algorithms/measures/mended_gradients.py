"""An algorithm of our own: mends what VTK's gradients are wrong at, hidden points and polyhedra."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonDataModel import vtkDataObject

from ..own_algorithms import data_of, like_input, output_of, told
from ..uncovered import leaves_of
from .polyhedral_gradients import has_polyhedra, mend_gradients

_HIDDEN: Final = {vtkDataObject.POINT: 2, vtkDataObject.CELL: 32}
"""What vtkGhostType says of hidden points and cells."""


class MendedGradients(VTKPythonAlgorithmBase):  # type: ignore[misc]
    """MendedGradients - Makes gradients of polyhedra right, and gaps (NaN) of those that VTK leaves unset where hidden.

    The first input is what a vtkGradientFilter has made, the second one what it was made of.
    """

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=2, inputType="vtkDataObject", outputType="vtkDataObject")

    def RequestDataObject(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """As the first input."""
        return like_input(inInfo, outInfo)

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Arrays without hidden values are shared."""
        original = inInfo[1].GetInformationObject(0).Get(vtkDataObject.DATA_OBJECT())
        made_by = self.GetInputConnection(0, 0).GetProducer()
        return told(lambda: _make(data_of(inInfo), original, output_of(outInfo), made_by))


def _make(data: Any, original: Any, output: Any, made_by: Any) -> None:
    known = {kind: _names(original, kind) for kind in _HIDDEN}
    output.ShallowCopy(data)
    for block in leaves_of(output):
        if has_polyhedra(block):
            mend_gradients(block, made_by)
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
        made = numpy_to_vtk(values, deep=True)
        made.SetName(array.GetName())
        attributes.AddArray(made)
