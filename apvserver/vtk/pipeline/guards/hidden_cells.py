"""Facts of VTK about hidden points and cells: data with marks that some classes do not heed, or write over.

As in `data_guards`, which hands them on, each says what it found in data of any kind, or None.
"""

from __future__ import annotations

from typing import Any

from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkDataSetAttributes

from ...algorithms.cell_groups import visible_cells
from ...base.blocks import parts


def hidden_cells(data: Any) -> str | None:
    """Refuse hidden cells: lines run on through them, with values of others or of what is in the memory."""
    if _has_hidden_cells(data):
        return "some of the cells are hidden, which VTK would follow lines through; VisibleCells leaves them out"
    return None


def hidden_cells_in_images(data: Any) -> str | None:
    """Refuse hidden cells: they are taken for cells like all others, and what is made of them is not marked."""
    if _has_hidden_cells(data):
        return "some of the cells are hidden, and it works on them as well; Contour and Slice leave them out"
    return None


def hidden_cells_count(data: Any) -> str | None:
    """Refuse hidden cells: their values count in those of points and cells beside them."""
    if _has_hidden_cells(data):
        return (
            "some of the cells are hidden, and their values would count; VisibleCells leaves them out, Gradient, "
            "CellDatatoPointData and TemporalStatistics do not count them"
        )
    return None


def hidden_cells_unmeasured(data: Any) -> str | None:
    """Refuse hidden cells: they get numbers, which are what stands in the memory."""
    if _has_hidden_cells(data):
        return (
            "some of the cells are hidden, of which VTK makes numbers that mean nothing; VisibleCells leaves them out"
        )
    return None


def nothing_but_hidden_cells(data: Any) -> str | None:
    """Refuse data all of whose cells are hidden: what is made of the others is looked into without any."""
    for part in parts(data):
        if part.IsA("vtkDataSet") and part.GetNumberOfCells() and not visible_cells(part).any():
            return "all of the cells are hidden"
    return None


def ghosts_of_places(data: Any) -> str | None:
    """Refuse marks of hidden points and cells: they become marks of nothing, in the input."""
    for part in parts(data):
        if _is_structured(part) and (part.GetPointGhostArray() is not None or part.GetCellGhostArray() is not None):
            return (
                f"VTK writes over the ghost marks of a {part.GetClassName()} at whose points it takes values; "
                "ResampleWithDataset and PlotOverLine leave it as it is"
            )
    return None


def _has_hidden_cells(data: Any) -> bool:
    if data.IsA("vtkUniformGridAMR") or data.IsA("vtkAMRDataObject"):
        return False
    for part in parts(data):
        cells = part.GetCellGhostArray() if part.IsA("vtkDataSet") else None
        hidden = cells is not None and (vtk_to_numpy(cells) & vtkDataSetAttributes.HIDDENCELL).any()
        if hidden or (_is_structured(part) and part.HasAnyBlankPoints()):
            return True
    return False


def _is_structured(part: Any) -> bool:
    return any(map(part.IsA, ("vtkImageData", "vtkRectilinearGrid", "vtkStructuredGrid")))
