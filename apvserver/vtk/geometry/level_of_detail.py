"""Levels of detail of clouds of points that are slow to draw: every so manieth point."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from vtkmodules.vtkCommonCore import VTK_LONG_LONG
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData

from ..base.array_types import copied
from .rows import rows_of

POINTS: Final = 200_000
"""Clouds of more points get a thinner one of about so many."""


def reduced_points(points: Any) -> Any | None:
    """Return some of the points, evenly by number, with their arrays, as vertices; None if there are few."""
    count = points.GetNumberOfPoints()
    if count <= POINTS:
        return None
    return every(points, -(-count // POINTS))


def every(points: Any, stride: int) -> Any:
    """Return every `stride`-th point with its arrays, as vertices of a new vtkPolyData."""
    chosen = np.arange(0, points.GetNumberOfPoints(), stride)
    made = vtkPolyData()
    made.SetPoints(_taken(points, chosen))
    made.SetVerts(vertices(len(chosen)))
    for index in range(points.GetPointData().GetNumberOfArrays()):
        array = points.GetPointData().GetArray(index)
        if array is not None:
            made.GetPointData().AddArray(rows_of(array, chosen))
    return made


def vertices(count: int) -> Any:
    """Return a vertex cell for each of so many points."""
    cells = vtkCellArray()
    cells.SetData(_ids(np.arange(count + 1)), _ids(np.arange(count)))
    return cells


def _taken(points: Any, chosen: Any) -> Any:
    made = points.GetPoints().NewInstance()
    made.SetData(rows_of(points.GetPoints().GetData(), chosen))
    return made


def _ids(values: Any) -> Any:
    return copied(values.astype(np.longlong), array_type=VTK_LONG_LONG)
