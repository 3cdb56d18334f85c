"""Makes cells of VTK of the pyramids of CGNS with nodes on their edges, which VTK's reader hands on as none of its own.

The nodes of PYRA_13 are in the order of vtkQuadraticPyramid: corners, edges of the base, edges to the apex. PYRA_14 has
one more, in the middle of its base, for which VTK has no place.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkOutputWindow
from vtkmodules.vtkCommonDataModel import VTK_EMPTY_CELL, VTK_QUADRATIC_PYRAMID

from ....base.blocks import parts
from ....base.data_making import cells_of

_ON_EDGES: Final = 13
_WITH_BASE: Final = 14


def complete_pyramids(reader: Any, data: Any) -> None:
    """Make quadratic pyramids of pyramids with 13 and 14 nodes. Tells how many have lost the middle of their base."""
    grids = (
        [one for one in parts(data) if one is not None and one.IsA("vtkUnstructuredGrid")] if data is not None else []
    )
    lost = sum(_complete(grid) for grid in grids if grid.GetNumberOfCells())
    if lost:
        vtkOutputWindow.GetInstance().DisplayWarningText(
            f"{reader.GetFileName()}: {lost} pyramids of 14 nodes (PYRA_14) are read without the one in the middle of "
            "their base, for which VTK has no place; it is there as a point without a cell"
        )


def _complete(grid: Any) -> int:
    """Return from how many pyramids of a grid a node was taken."""
    kinds = vtk_to_numpy(grid.GetCellTypes())
    if not np.isin(kinds, (VTK_EMPTY_CELL, VTK_QUADRATIC_PYRAMID)).any():
        return 0
    offsets = vtk_to_numpy(grid.GetCells().GetOffsetsArray()).astype(np.int64)
    points = vtk_to_numpy(grid.GetCells().GetConnectivityArray()).astype(np.int64)
    sizes = np.diff(offsets)
    on_edges = (kinds == VTK_EMPTY_CELL) & (sizes == _ON_EDGES)
    with_base = (kinds == VTK_QUADRATIC_PYRAMID) & (sizes == _WITH_BASE)
    if not (on_edges | with_base).any():
        return 0
    points = np.delete(points, offsets[1:][with_base] - 1)
    offsets = np.concatenate(([0], np.cumsum(sizes - with_base)))
    made = numpy_to_vtk(np.where(on_edges, VTK_QUADRATIC_PYRAMID, kinds).astype(np.uint8), deep=True)
    grid.SetCells(made, cells_of(offsets, points))
    return int(with_base.sum())
