"""Some of the points of any data set, with their arrays and all their digits."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import VTK_ID_TYPE, vtkPoints
from vtkmodules.vtkCommonDataModel import (
    vtkImageData,
    vtkPointSet,
    vtkPolyData,
    vtkRectilinearGrid,
    vtkSelection,
    vtkSelectionNode,
)
from vtkmodules.vtkFiltersExtraction import vtkExtractSelection

from ..base.array_types import copied, retyped

Ids = npt.NDArray[np.int64]
_ORIGINAL = "vtkOriginalPointIds"


def random_ids(count: int, most: int, seed: int) -> Ids:
    """Return at most so many of the numbers below `count`, in order; the same for the same seed."""
    if count <= most:
        return np.arange(count, dtype=np.int64)
    return np.sort(np.random.default_rng(seed).choice(count, most, replace=False)).astype(np.int64)


def chosen_points(data: Any, ids: Ids) -> Any:
    """Return the points of these numbers, in ascending order, with their arrays, as a vtkPolyData without cells."""
    made, points = vtkPolyData(), vtkPoints()
    coordinates = copied(coordinates_at(data, ids))
    points.SetData(coordinates)
    made.SetPoints(points)
    if not len(ids):
        return made
    node, selection, extract = vtkSelectionNode(), vtkSelection(), vtkExtractSelection()
    node.SetContentType(vtkSelectionNode.INDICES)
    node.SetFieldType(vtkSelectionNode.POINT)
    node.SetSelectionList(copied(ids, VTK_ID_TYPE))
    selection.AddNode(node)
    extract.SetInputData(0, data)
    extract.SetInputData(1, selection)
    extract.Update()  # VTK 9.7 gives the points of images as floats of 32 bits, so that only arrays are taken
    made.GetPointData().ShallowCopy(extract.GetOutput().GetPointData())
    if not data.GetPointData().HasArray(_ORIGINAL):
        made.GetPointData().RemoveArray(_ORIGINAL)
    return made


def coordinates_at(data: Any, ids: Ids) -> npt.NDArray[Any]:
    """Return where points of these numbers are: (n, 3), of images and rectilinear grids in double precision."""
    if isinstance(data, vtkImageData):
        matrix = data.GetIndexToPhysicalMatrix()
        rows = np.array([[matrix.GetElement(row, column) for column in range(4)] for row in range(3)])
        indices = _indices(data, ids) + np.reshape(data.GetExtent()[::2], (3, 1))
        return np.asarray((rows[:, :3] @ indices + rows[:, 3:]).T)
    if isinstance(data, vtkRectilinearGrid):
        axes = [data.GetXCoordinates(), data.GetYCoordinates(), data.GetZCoordinates()]
        indices = _indices(data, ids)
        return np.column_stack([vtk_to_numpy(retyped(axis))[one] for axis, one in zip(axes, indices, strict=True)])
    if not isinstance(data, vtkPointSet) or data.GetPoints() is None:
        return np.zeros((0, 3), np.float32)
    array = data.GetPoints().GetData()
    values: npt.NDArray[Any] = vtk_to_numpy(array if array.HasStandardMemoryLayout() else retyped(array))
    return values[ids]


def _indices(data: Any, ids: Ids) -> npt.NDArray[np.int64]:
    """Return the indices along x, y and z, from 0, of points of structured data."""
    return np.array(np.unravel_index(ids, data.GetDimensions(), order="F"))
