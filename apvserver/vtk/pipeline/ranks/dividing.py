"""Data that rank 0 has as a whole, divided among the ranks: images in slabs, cells in the order that they have."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkFiltersCore import vtkExtractCells

from ...base.values.distinct import numbered_rows
from .extents import slabs
from .held import Held, slab_of

DIVIDED: Final = frozenset({"vtkImageData", "vtkUnstructuredGrid"})
"""Classes of data that can be divided."""


def divided(data: Any, ranks: int) -> list[Held] | None:
    """Return the piece of each rank; None if data cannot be divided so that the pieces say all that the whole does."""
    return _slabs_of(data, ranks) if data.IsA("vtkImageData") else _runs_of_cells(data, ranks)


def _slabs_of(image: Any, ranks: int) -> list[Held] | None:
    whole = image.GetExtent()
    pieces = slabs(whole, ranks)
    if pieces is None or not _is_straight(image):
        return None
    found = [slab_of(whole, own, ranks) for own in pieces]
    return [Held(Held(image, slab).with_layers(1), slab) for slab in found]


def _runs_of_cells(grid: Any, ranks: int) -> list[Held] | None:
    """Return runs of cells with their points, in the order of the whole.

    None for a grid with points that no cell has, with two points at one place, or with polyhedra: in pieces the
    first would be gone, the second could not be told from points that pieces share.
    """
    if grid.GetPolyhedronFaces() is not None or not _has_all_points_once(grid):
        return None
    cells, found = grid.GetNumberOfCells(), []
    for rank in range(ranks):
        extract = vtkExtractCells()
        extract.SetPassThroughCellIds(False)
        extract.AddCellRange(cells * rank // ranks, cells * (rank + 1) // ranks - 1)
        extract.SetInputData(grid)
        extract.Update()
        found.append(Held(extract.GetOutput(), None))
    return found


def _has_all_points_once(grid: Any) -> bool:
    count = grid.GetNumberOfPoints()
    is_used = np.zeros(count, bool)
    is_used[vtk_to_numpy(grid.GetCells().GetConnectivityArray())] = True
    if not is_used.all():
        return False
    different, _ = numbered_rows(vtk_to_numpy(grid.GetPoints().GetData()))
    return bool(len(different) == count)


def _is_straight(image: Any) -> bool:
    matrix = image.GetDirectionMatrix()
    return all(matrix.GetElement(row, col) == float(row == col) for row in range(3) for col in range(3))
