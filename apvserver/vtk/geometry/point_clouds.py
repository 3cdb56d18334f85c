"""The points of any data as one cloud, with the arrays that are needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkPolyData

from ..base.array_types import as_numpy, copied
from ..base.associations import ORIGIN_BLOCKS, ORIGIN_IDS, POINTS, ColorArray, require_array
from .level_of_detail import vertices


def point_cloud(leaves: Sequence[Any], names: Sequence[str], most: int) -> Any:
    """Return at most `most` of the points of all leaves, evenly by number, with the named point arrays, as vertices.

    A leaf without one of the arrays has NaN there. Raises `GeometryError` if no leaf has it.
    """
    for name in dict.fromkeys(names):
        require_array(leaves, ColorArray(POINTS, name))
    filled = [leaf for leaf in leaves if leaf.GetNumberOfPoints()]
    stride = max(1, -(-sum(leaf.GetNumberOfPoints() for leaf in filled) // most))
    made = vtkPolyData()
    made.SetPoints(_points([vtk_to_numpy(leaf.GetPoints().GetData())[::stride] for leaf in filled]))
    made.SetVerts(vertices(made.GetNumberOfPoints()))
    origins = [name for name in (ORIGIN_IDS, ORIGIN_BLOCKS) if filled and filled[0].GetPointData().HasArray(name)]
    for name in dict.fromkeys([*names, *origins]):
        array = copied(_joined(filled, name, stride))
        array.SetName(name)
        made.GetPointData().AddArray(array)
    return made


def _points(coordinates: list[Any]) -> Any:
    points = vtkPoints()
    if coordinates:
        points.SetData(copied(np.concatenate(coordinates)))
    return points


def _joined(leaves: Sequence[Any], name: str, stride: int) -> Any:
    arrays = [leaf.GetPointData().GetArray(name) for leaf in leaves]
    shape = next((array.GetNumberOfComponents() for array in arrays if array is not None), 1)
    parts = []
    for leaf, array in zip(leaves, arrays, strict=True):
        if array is not None:
            parts.append(as_numpy(array)[::stride])
        else:
            count = -(-leaf.GetNumberOfPoints() // stride)
            parts.append(np.full((count, shape) if shape > 1 else count, np.nan))
    return np.ascontiguousarray(np.concatenate(parts)) if parts else np.zeros((0, shape) if shape > 1 else 0)
