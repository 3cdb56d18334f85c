"""An algorithm of our own: mends what VTK makes of cells that it divides into tetrahedra."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import VTK_ID_TYPE
from vtkmodules.vtkCommonDataModel import VTK_POLYHEDRON, VTK_TETRA, vtkCellArray

from ...base.array_types import copied
from ...base.errors import VtkError
from ..array_algorithm import ArrayAlgorithm
from ..uncovered import leaves_of
from .measures import measured

_SAME: Final = 1e-6


class MendedTetrahedra(ArrayAlgorithm):
    """MendedTetrahedra - Turns tetrahedra that are inside out, and refuses those that fill more than their polyhedra.

    The first input is what a vtkDataSetTriangleFilter has made, the second one what it was made of.
    """

    def __init__(self) -> None:
        super().__init__(inputs=2)

    def change(self, output: Any, *inputs: Any) -> None:
        """Change the order of the points of tetrahedra only."""
        before = list(_grids(inputs[1]))
        if any((vtk_to_numpy(block.GetCellTypes()) == VTK_POLYHEDRON).any() for block in before):
            _check_volumes(output, before)
        for block in _grids(output):
            _turn(block)


def _grids(data: Any) -> Iterator[Any]:
    yield from (one for one in leaves_of(data) if one.IsA("vtkUnstructuredGrid") and one.GetNumberOfCells())


def _check_volumes(data: Any, before: list[Any]) -> None:
    wanted, found = (
        sum(float(np.abs(some.sizes).sum()) for block in blocks for some in measured(block, 3))
        for blocks in (before, list(leaves_of(data)))
    )
    if abs(found - wanted) > _SAME * max(wanted, found):
        raise VtkError(
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
    cells.SetData(copied(offsets, VTK_ID_TYPE), copied(connectivity, VTK_ID_TYPE))
    grid.SetCells(copied(kinds), cells)
