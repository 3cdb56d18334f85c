"""An algorithm of our own: mends what VTK makes of cells that it divides into tetrahedra."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray, vtk_to_numpy
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonDataModel import VTK_POLYHEDRON, VTK_TETRA, vtkCellArray, vtkDataObject

from ...base.errors import VtkBridgeError
from ..own_algorithms import data_of, like_input, output_of, told
from ..uncovered import leaves_of
from .measures import measured

_SAME: Final = 1e-6


class MendedTetrahedra(VTKPythonAlgorithmBase):  # type: ignore[misc]
    """MendedTetrahedra - Turns tetrahedra that are inside out, and refuses those that fill more than their polyhedra.

    The first input is what a vtkDataSetTriangleFilter has made, the second one what it was made of.
    """

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=2, inputType="vtkDataObject", outputType="vtkDataObject")

    def RequestDataObject(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """As the first input."""
        return like_input(inInfo, outInfo)

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Only the order of the points of tetrahedra is another."""
        original = inInfo[1].GetInformationObject(0).Get(vtkDataObject.DATA_OBJECT())
        return told(lambda: _make(data_of(inInfo), original, output_of(outInfo)))


def _make(data: Any, original: Any, output: Any) -> None:
    output.ShallowCopy(data)
    before = [block for block in leaves_of(original) if block.IsA("vtkUnstructuredGrid") and block.GetNumberOfCells()]
    if any((vtk_to_numpy(block.GetCellTypes()) == VTK_POLYHEDRON).any() for block in before):
        _check_volumes(data, before)
    for block in leaves_of(output):
        if block.IsA("vtkUnstructuredGrid") and block.GetNumberOfCells():
            _turn(block)


def _check_volumes(data: Any, before: list[Any]) -> None:
    wanted, found = (
        sum(float(np.abs(some.sizes).sum()) for block in blocks for some in measured(block, 3))
        for blocks in (before, list(leaves_of(data)))
    )
    if abs(found - wanted) > _SAME * max(wanted, found):
        raise VtkBridgeError(
            f"VTK divides concave polyhedra into tetrahedra that fill {found:g}, and the cells fill {wanted:g}; "
            "CellSize, IntegrateVariables, Clip and Slice work on them as they are"
        )


def _turn(grid: Any) -> None:
    """Change the order of the points of tetrahedra whose volume is negative."""
    kinds = vtk_to_numpy(grid.GetCellTypes())
    negative = [some.cells[some.sizes < 0] for some in measured(grid, 3)]
    ids = np.concatenate(negative) if negative else np.zeros(0, np.int64)
    ids = ids[kinds[ids] == VTK_TETRA]
    if not len(ids):
        return
    offsets = vtk_to_numpy(grid.GetCells().GetOffsetsArray()).astype(np.int64)
    connectivity = vtk_to_numpy(grid.GetCells().GetConnectivityArray()).astype(np.int64)
    second, third = offsets[ids] + 1, offsets[ids] + 2
    connectivity[second], connectivity[third] = connectivity[third], connectivity[second]
    cells = vtkCellArray()
    cells.SetData(numpy_to_vtkIdTypeArray(offsets, deep=True), numpy_to_vtkIdTypeArray(connectivity, deep=True))
    grid.SetCells(numpy_to_vtk(kinds, deep=True), cells)
