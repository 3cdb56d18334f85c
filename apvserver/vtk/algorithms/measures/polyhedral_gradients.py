"""Gradients in polygons and polyhedra: a plane is fitted to the values at the points of each cell.

A linear field is that exactly. VTK 9.7.2 weighs points of polygons by their distances and differentiates weights of
points of polyhedra by differences; it is wrong by as much as the gradient itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import VTK_POLYGON, VTK_POLYHEDRON, vtkDataObject

from ...base.array_types import as_numpy, copied, repeated

Numbers = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]
_SINGULAR = 1e-12
_KINDS = (VTK_POLYGON, VTK_POLYHEDRON)


def has_polyhedra(data: Any) -> bool:
    """Return whether some of the cells are polyhedra, or polygons with more than four sides."""
    if data.IsA("vtkPolyData"):
        return bool(data.GetPolys().GetNumberOfCells()) and data.GetPolys().GetMaxCellSize() > 4
    if not data.IsA("vtkUnstructuredGrid") or not data.GetNumberOfCells():
        return False
    kinds = data.GetDistinctCellTypesArray()
    return any(kinds.GetValue(index) in _KINDS for index in range(kinds.GetNumberOfValues()))


def mend_gradients(grid: Any, gradient_filter: Any) -> None:
    """Replace what a gradient filter has made where polyhedra take part: at them, and at their points."""
    information = gradient_filter.GetInputArrayInformation(0)
    name, kind = information.Get(vtkDataObject.FIELD_NAME()), information.Get(vtkDataObject.FIELD_ASSOCIATION())
    attributes = grid.GetAttributes(kind)
    array = attributes.GetArray(name)
    if array is None:
        return
    values = as_numpy(array).astype(np.float64).reshape(array.GetNumberOfTuples(), -1)
    points, owners, kinds = corners(grid)
    of_points = _shared(values[owners], points, grid.GetNumberOfPoints()) if kind == vtkDataObject.CELL else values
    places = vtk_to_numpy(grid.GetPoints().GetData()).astype(np.float64)
    fitted = _fitted(places[points], of_points[points], owners, grid.GetNumberOfCells())
    polyhedral = np.isin(kinds, _KINDS)
    if kind == vtkDataObject.CELL:
        mended, where = fitted, polyhedral
    else:
        where = np.zeros(grid.GetNumberOfPoints(), bool)
        where[points[polyhedral[owners]]] = True
        mended = _shared(fitted[owners], points, len(where))
    for result, numbers in results(gradient_filter, mended).items():
        replace(attributes, result, numbers, where)


def corners(data: Any) -> tuple[Ids, Ids, Ids]:
    """Return the points of all cells, one after the other, the cell that each is of, and the types of the cells."""
    if data.IsA("vtkPolyData"):
        lists = [data.GetVerts(), data.GetLines(), data.GetPolys(), data.GetStrips()]
    else:
        lists = [data.GetCells()]
    sizes = [np.diff(vtk_to_numpy(one.GetOffsetsArray())) for one in lists]
    points = [vtk_to_numpy(one.GetConnectivityArray()).astype(np.int64) for one in lists]
    if data.IsA("vtkPolyData"):
        kinds = np.concatenate(
            [np.where((size > 4) & (number == 2), VTK_POLYGON, 0) for number, size in enumerate(sizes)]
        )
    else:
        kinds = vtk_to_numpy(data.GetCellTypes())
    counts = np.concatenate(sizes)
    return np.concatenate(points), repeated(np.arange(len(counts)), counts), kinds


def sums(rows: Numbers, owners: Ids, count: int) -> Numbers:
    """Return the sum of the rows of each owner."""
    flat = rows.reshape(len(rows), -1)
    sums = np.stack([np.bincount(owners, flat[:, i], count) for i in range(flat.shape[1])], axis=1)
    return np.asarray(sums.reshape(count, *rows.shape[1:]))


def _shared(rows: Numbers, owners: Ids, count: int) -> Numbers:
    """Return the mean of the rows of each owner."""
    numbers = np.maximum(np.bincount(owners, minlength=count), 1)
    return np.asarray(sums(rows, owners, count) / numbers.reshape(-1, *[1] * (rows.ndim - 1)))


def _fitted(places: Numbers, values: Numbers, owners: Ids, count: int) -> Numbers:
    """Return the gradient of each cell: (cells, components of the values, 3)."""
    spans = places - _shared(places, owners, count)[owners]
    changes = values - _shared(values, owners, count)[owners]
    squares = sums(spans[:, :, None] * spans[:, None, :], owners, count)
    products = sums(changes[:, :, None] * spans[:, None, :], owners, count)
    sizes = np.trace(squares, axis1=1, axis2=2)
    flat = np.abs(np.linalg.det(squares)) <= _SINGULAR * sizes**3
    inverses = np.zeros_like(squares)
    inverses[~flat] = np.linalg.inv(squares[~flat])
    inverses[flat] = np.linalg.pinv(squares[flat], rcond=1e-9, hermitian=True)
    return np.asarray(np.einsum("cvk,ckl->cvl", products, inverses))


def results(gradient_filter: Any, gradient: Numbers) -> dict[str, Numbers]:
    """Return the results by the names of the arrays that the filter was told to make."""
    found = {}
    if gradient_filter.GetComputeGradient():
        found[gradient_filter.GetResultArrayName() or "Gradients"] = gradient.reshape(len(gradient), -1)
    if gradient.shape[1] != 3:
        return found
    u, v, w = (gradient[:, component] for component in range(3))
    if gradient_filter.GetComputeDivergence():
        found[gradient_filter.GetDivergenceArrayName() or "Divergence"] = u[:, 0] + v[:, 1] + w[:, 2]
    if gradient_filter.GetComputeVorticity():
        parts = (w[:, 1] - v[:, 2], u[:, 2] - w[:, 0], v[:, 0] - u[:, 1])
        found[gradient_filter.GetVorticityArrayName() or "Vorticity"] = np.stack(parts, axis=1)
    if gradient_filter.GetComputeQCriterion():
        squares = u[:, 0] ** 2 + v[:, 1] ** 2 + w[:, 2] ** 2
        mixed = u[:, 1] * v[:, 0] + u[:, 2] * w[:, 0] + v[:, 2] * w[:, 1]
        found[gradient_filter.GetQCriterionArrayName() or "Q-criterion"] = -squares / 2 - mixed
    return found


def replace(attributes: Any, name: str, numbers: Numbers, where: npt.NDArray[np.bool_]) -> None:
    """Replace some rows of an array, if there is one of that name."""
    array = attributes.GetArray(name)
    if array is None:
        return
    values = vtk_to_numpy(array).astype(np.float64)
    values[where] = numbers[where].reshape(values[where].shape)
    made = copied(values)
    made.SetName(name)
    attributes.AddArray(made)
