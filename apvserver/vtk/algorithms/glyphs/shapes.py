"""One shape at many places: turned to vectors, stretched, and put there, with the arrays of the places."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkDataSetAttributes, vtkPolyData
from vtkmodules.vtkCommonTransforms import vtkTransform
from vtkmodules.vtkFiltersGeneral import vtkTransformFilter

from async_paraview.records import dataclass

from ...base.array_types import copied, repeated, retyped

Numbers = npt.NDArray[np.float64]
_KINDS: Final = ("Verts", "Lines", "Polys", "Strips")
_SMALLEST: Final = 1e-10
"""What a shape without a size is stretched by, so that it has normals."""


@dataclass(frozen=True)
class Placed:
    """Where shapes are (a vtkPolyData), how they are stretched (n x 3), along what they lie (n x 3, None: x)."""

    places: Any
    scales: Numbers
    vectors: Numbers | None
    single: bool
    """Whether points are of single precision."""


def shaped(placed: Placed, shape: Any, transform: Any = None) -> vtkPolyData:
    """Return the shape at each of the places, with the arrays of those."""
    made = vtkPolyData()
    source = _transformed(shape, transform)
    count, size = placed.places.GetNumberOfPoints(), source.GetNumberOfPoints()
    if not count or not size:
        return made
    scales = np.where(placed.scales == 0, _SMALLEST, placed.scales)
    corners = _numbers(source.GetPoints().GetData())
    points = _turned(scales[:, None, :] * corners, placed.vectors)
    points += _numbers(placed.places.GetPoints().GetData())[:, None, :]
    held = vtkPoints()
    kind = np.float32 if placed.single else np.float64
    held.SetData(copied(np.ascontiguousarray(points.reshape(-1, 3), kind)))
    made.SetPoints(held)
    for name in _KINDS:
        cells = getattr(source, f"Get{name}")()
        if cells is not None and cells.GetNumberOfCells():
            getattr(made, f"Set{name}")(_repeated(cells, count, size))
    _copy_values(placed.places, made, size)
    normals = source.GetPointData().GetNormals()
    if normals is not None:
        across = _turned(_numbers(normals) / scales[:, None, :], placed.vectors).reshape(-1, 3)
        lengths = np.linalg.norm(across, axis=1, keepdims=True)
        across = np.divide(across, lengths, out=np.zeros_like(across), where=lengths > 0)
        array = copied(np.ascontiguousarray(across, np.float32))
        array.SetName("Normals")
        made.GetPointData().SetNormals(array)
    return made


def _transformed(shape: Any, transform: Any) -> Any:
    if transform is None or (isinstance(transform, vtkTransform) and transform.GetMatrix().IsIdentity()):
        return shape
    moved = vtkTransformFilter()
    moved.SetTransform(transform)
    moved.SetInputData(shape)
    moved.Update()
    return moved.GetOutput()


def _turned(points: Numbers, vectors: Numbers | None) -> Numbers:
    """Return points of shapes (n x m x 3) turned so that x lies along the vectors: half a turn around the middle."""
    if vectors is None:
        return points
    lengths = np.linalg.norm(vectors, axis=1)
    middle = vectors + lengths[:, None] * [1.0, 0.0, 0.0]
    straight = (vectors[:, 1] == 0) & (vectors[:, 2] == 0)
    middle[straight & (vectors[:, 0] < 0)] = [0.0, 1.0, 0.0]
    middle[lengths == 0] = 0.0
    turned = ~(straight & (vectors[:, 0] >= 0))
    middle /= np.where(turned, np.linalg.norm(middle, axis=1), 1.0)[:, None]
    along = np.einsum("nmk,nk->nm", points, middle)
    half_turn = 2 * along[:, :, None] * middle[:, None, :] - points
    return np.where(turned[:, None, None], half_turn, points)


def _repeated(cells: Any, count: int, size: int) -> Any:
    """Return cells once for each of so many shapes of so many points."""
    offsets = vtk_to_numpy(cells.GetOffsetsArray()).astype(np.int64)
    corners = vtk_to_numpy(cells.GetConnectivityArray()).astype(np.int64)
    numbers = np.arange(count, dtype=np.int64)[:, None]
    starts = np.append((offsets[:-1] + numbers * len(corners)).ravel(), count * len(corners))
    made = vtkCellArray()
    made.SetData(
        copied(starts),
        copied(np.ascontiguousarray((corners + numbers * size).ravel())),
    )
    return made


def _copy_values(places: Any, made: Any, size: int) -> None:
    """Give each point of a shape the values of its place; normals are those of the shape."""
    values, given = places.GetPointData(), made.GetPointData()
    for index in range(values.GetNumberOfArrays()):
        array, attribute = values.GetAbstractArray(index), values.IsArrayAnAttribute(index)
        if attribute == vtkDataSetAttributes.NORMALS or array.GetName() == vtkDataSetAttributes.GhostArrayName():
            continue
        given.AddArray(_repeated_values(array, size))
        if attribute >= 0:
            given.SetActiveAttribute(array.GetName(), attribute)


def _repeated_values(array: Any, size: int) -> Any:
    """Return each value of an array so many times."""
    count, made = array.GetNumberOfTuples(), array.NewInstance()
    made.SetName(array.GetName())
    made.SetNumberOfComponents(array.GetNumberOfComponents())
    made.CopyComponentNames(array)
    made.SetNumberOfTuples(count * size)
    if array.IsA("vtkDataArray") and array.HasStandardMemoryLayout() and not array.IsA("vtkBitArray"):
        vtk_to_numpy(made)[:] = repeated(vtk_to_numpy(array), size)
        return made
    for place in range(count):
        for corner in range(size):
            made.SetTuple(place * size + corner, place, array)
    return made


def _numbers(array: Any) -> Numbers:
    return np.asarray(vtk_to_numpy(array if array.HasStandardMemoryLayout() else retyped(array)), np.float64)
