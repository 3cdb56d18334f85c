"""Lengths, areas and volumes of cells of all types, and integrals of what is interpolated in them.

Polygons and polyhedra may be concave, cells of higher order curved, and images turned.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules import vtkCommonDataModel as model
from vtkmodules.util.numpy_support import vtk_to_numpy

from async_paraview.records import dataclass

from ...base.array_types import as_numpy, repeated
from ...base.errors import VtkError
from ..cell_groups import Group, Ids, groups_of, visible_cells
from .polyhedra import measure_polyhedra
from .quadrature import BEZIER, DIMENSIONS, Numbers, rule

_SIMPLICES: Final = (model.VTK_LINE, model.VTK_TRIANGLE, model.VTK_TETRA)
_PRISMS: Final = {model.VTK_PENTAGONAL_PRISM: 5, model.VTK_HEXAGONAL_PRISM: 6}
_OTHERS: Final = {
    model.VTK_VERTEX: 0,
    model.VTK_POLY_VERTEX: 0,
    model.VTK_POLY_LINE: 1,
    model.VTK_TRIANGLE_STRIP: 2,
    model.VTK_POLYGON: 2,
    **dict.fromkeys((*_PRISMS, model.VTK_VOXEL, model.VTK_POLYHEDRON), 3),
    model.VTK_PIXEL: 2,
}
_FLAT: Final = 1e-9


@dataclass(frozen=True)
class Measured:
    """Some cells of one dimension: their ids and sizes, and by how much values at points count in their integrals.

    The sizes of volumes that are turned inside out are negative; weights belong to their absolute values.
    """

    dimension: int
    cells: Ids
    sizes: Numbers
    points: Ids
    weights: Numbers


def measured(data: Any, dimension: int | None = None) -> Iterator[Measured]:
    """Yield the sizes of the cells of a data set, or of those of one dimension only. Hidden cells are left out.

    Raises `VtkError` for types of cells for which there is no rule.
    """
    coordinates = coordinates_of(data)
    for group in groups_of(data):
        its_own = _dimension(group.kind)
        if dimension is None or its_own == dimension:
            yield _measured(data, group, its_own, coordinates)
    if data.IsA("vtkUnstructuredGrid") and dimension in (None, 3):
        kinds = vtk_to_numpy(data.GetCellTypes()) if data.GetNumberOfCells() else np.zeros(0)
        ids = np.flatnonzero((kinds == model.VTK_POLYHEDRON) & visible_cells(data))
        if len(ids):
            sizes, points, weights = measure_polyhedra(data, ids)
            yield Measured(3, ids, sizes, points, weights)


def counts_by_dimension(data: Any) -> npt.NDArray[np.int64]:
    """Return how many visible cells there are of each dimension, 0 to 3."""
    counts = np.zeros(4, np.int64)
    visible = visible_cells(data)
    if data.IsA("vtkUnstructuredGrid"):
        by_kind = np.bincount(vtk_to_numpy(data.GetCellTypes())[visible]) if len(visible) else counts
        for kind in np.flatnonzero(by_kind):
            if kind != model.VTK_EMPTY_CELL:
                counts[_dimension(int(kind))] += by_kind[kind]
    elif data.IsA("vtkPolyData"):
        for group in groups_of(data):
            counts[_dimension(group.kind)] += len(group.cells)
    else:
        counts[data.GetDataDimension()] = visible.sum()
    return counts


def _dimension(kind: int) -> int:
    found = DIMENSIONS.get(kind, _OTHERS.get(kind))
    if found is None:
        name = model.vtkCellTypeUtilities.GetClassNameFromTypeId(kind)
        raise VtkError(f"cells of the type {name} cannot be measured; Tetrahedralize divides them")
    return found


def coordinates_of(data: Any) -> Any:
    """Return a function from ids of points to their coordinates."""
    if hasattr(data, "GetPoints") and not data.IsA("vtkImageData") and not data.IsA("vtkRectilinearGrid"):
        points = data.GetPoints()
        array = np.zeros((0, 3)) if points is None else as_numpy(points.GetData())
        return lambda ids: array[ids].astype(np.float64, copy=False)
    extent = data.GetExtent()
    sizes = [extent[1] - extent[0] + 1, extent[3] - extent[2] + 1]

    def indices(ids: Ids) -> tuple[Ids, Ids, Ids]:
        return ids % sizes[0], ids // sizes[0] % sizes[1], ids // (sizes[0] * sizes[1])

    if data.IsA("vtkRectilinearGrid"):
        axes = [as_numpy(one) for one in (data.GetXCoordinates(), data.GetYCoordinates(), data.GetZCoordinates())]
        return lambda ids: np.stack([a[i] for a, i in zip(axes, indices(ids), strict=True)], axis=-1).astype(np.float64)
    matrix = np.array([[data.GetDirectionMatrix().GetElement(row, col) for col in range(3)] for row in range(3)])
    origin, spacing = np.array(data.GetOrigin()), np.array(data.GetSpacing())
    lows = np.array(extent[::2])
    return lambda ids: origin + ((np.stack(indices(ids), axis=-1) + lows) * spacing) @ matrix.T


def _measured(data: Any, group: Group, dimension: int, coordinates: Any) -> Measured:
    if data.IsA("vtkImageData") or data.IsA("vtkRectilinearGrid"):
        sizes = _boxes(data, group.cells)
        weights = repeated(sizes / group.points.shape[1], group.points.shape[1])
        return Measured(dimension, group.cells, sizes, group.points.ravel(), weights)
    places = coordinates(group.points)
    if group.kind in (model.VTK_VERTEX, model.VTK_POLY_VERTEX):
        sizes, weights = np.full(len(places), float(places.shape[1])), np.ones(group.points.shape)
    elif group.kind == model.VTK_POLY_LINE:
        sizes, weights = _strip(places, 1)
    elif group.kind == model.VTK_TRIANGLE_STRIP:
        sizes, weights = _strip(places, 2)
    elif group.kind == model.VTK_POLYGON:
        sizes, weights = _polygons(places)
    elif group.kind in _SIMPLICES:
        sizes = _simplices(places)
        weights = repeated(np.abs(sizes) / places.shape[1], places.shape[1]).reshape(places.shape[:2])
    elif group.kind in _PRISMS:
        sizes, weights = _prisms(places)
    else:
        sizes, weights = _by_rule(data, group, dimension, places)
    return Measured(dimension, group.cells, sizes, group.points.ravel(), weights.ravel())


def weights_of(group: Group, places: Numbers) -> Numbers:
    """Return by how much values at points count in integrals over polygons, or solids with a rule, at those places."""
    if group.kind == model.VTK_POLYGON:
        return _polygons(places)[1]
    return _volumes(places, group.kind, group.degrees)[1]


def _boxes(data: Any, cells: Ids) -> Numbers:
    """Return the sizes of cells of an image or a rectilinear grid, whichever way they lie."""
    if data.IsA("vtkImageData"):
        extent = data.GetExtent()
        thick = [high > low for low, high in zip(extent[::2], extent[1::2], strict=True)]
        return np.full(len(cells), np.abs(np.array(data.GetSpacing())[thick]).prod())
    found, stride = np.ones(len(cells)), 1
    for axis in "XYZ":
        steps = np.abs(np.diff(vtk_to_numpy(getattr(data, f"Get{axis}Coordinates")()).astype(np.float64)))
        if len(steps):
            found *= steps[cells // stride % len(steps)]
            stride *= len(steps)
    return found


def _simplices(places: Numbers) -> Numbers:
    """Return the sizes of lines, triangles and tetrahedra."""
    edges = [places[:, number] - places[:, 0] for number in range(1, places.shape[1])]
    if len(edges) == 3:
        (xr, yr, zr), (xs, ys, zs), (xt, yt, zt) = (edge.T for edge in edges)
        found = (xr * (ys * zt - zs * yt) + yr * (zs * xt - xs * zt) + zr * (xs * yt - ys * xt)) / 6
    elif len(edges) == 2:
        found = np.linalg.norm(np.cross(edges[0], edges[1]), axis=1) / 2
    else:
        found = np.linalg.norm(edges[0], axis=1)
    return np.asarray(found)


def _strip(places: Numbers, width: int) -> tuple[Numbers, Numbers]:
    """Measure lines of several segments (`width` 1), strips of triangles (2)."""
    count = places.shape[1] - width
    edges = places[:, 1 : 1 + count] - places[:, :count]
    if width == 2:
        edges = np.cross(edges, places[:, 2:] - places[:, :count]) / 2
    each = np.linalg.norm(edges, axis=2)
    weights = np.zeros(places.shape[:2])
    for shift in range(width + 1):
        weights[:, shift : shift + count] += each / (width + 1)
    return each.sum(axis=1), weights


def _polygons(places: Numbers) -> tuple[Numbers, Numbers]:
    """Measure triangles from the mean of the points to each edge, which count against each other if concave."""
    count = places.shape[1]
    spokes = places - places.mean(axis=1, keepdims=True)
    vectors = np.cross(spokes, np.roll(spokes, -1, axis=1)) / 2
    total = vectors.sum(axis=1)
    areas = np.linalg.norm(total, axis=1)
    normals = total / np.where(areas > 0, areas, 1)[:, None]
    each = np.einsum("cnk,ck->cn", vectors, normals)
    return areas, (each + np.roll(each, 1, axis=1)) / 3 + areas[:, None] / 3 / count


def _prisms(places: Numbers) -> tuple[Numbers, Numbers]:
    """Measure wedges side by side."""
    count = places.shape[1] // 2
    sizes, weights = np.zeros(len(places)), np.zeros(places.shape[:2])
    for place in range(1, count - 1):
        corners = [0, place, place + 1, count, count + place, count + place + 1]
        one, shares = _volumes(places[:, corners], model.VTK_WEDGE, None)
        sizes += one
        weights[:, corners] += shares * np.sign(one)[:, None]
    return sizes, weights * np.sign(sizes)[:, None]


def _by_rule(data: Any, group: Group, dimension: int, places: Numbers) -> tuple[Numbers, Numbers]:
    if group.kind in BEZIER:
        _refuse_rational(data)
    if dimension == 3:
        return _volumes(places, group.kind, group.degrees)
    how = rule(group.kind, places.shape[1], group.degrees)
    along = [_along(one, places) for one in how.derivatives]
    vectors = along[0] if dimension == 1 else np.cross(along[0], along[1])
    densities = np.linalg.norm(vectors, axis=2)
    if dimension == 2:  # a flat one may be concave, and its inside out parts count against the others
        total = np.einsum("cqk,q->ck", vectors, how.weights)
        norms = np.linalg.norm(total, axis=1)
        signed = np.einsum("cqk,ck->cq", vectors, total / np.where(norms > 0, norms, 1)[:, None])
        flat = (np.abs(densities - np.abs(signed)) <= _FLAT * densities.max(axis=1, keepdims=True)).all(axis=1)
        densities = np.where(flat[:, None], signed, densities)
    return densities @ how.weights, (densities * how.weights) @ how.functions


def _volumes(places: Numbers, kind: int, degrees: tuple[int, int, int] | None) -> tuple[Numbers, Numbers]:
    how = rule(kind, places.shape[1], degrees)
    # Each coordinate for itself: products of matrices, which are quick and let other threads go on meanwhile.
    x, y, z = (np.ascontiguousarray(places[:, :, axis]) for axis in range(3))
    (xr, yr, zr), (xs, ys, zs), (xt, yt, zt) = ((x @ one.T, y @ one.T, z @ one.T) for one in how.derivatives)
    densities = xr * (ys * zt - zs * yt) + yr * (zs * xt - xs * zt) + zr * (xs * yt - ys * xt)
    sizes = densities @ how.weights
    return sizes, ((densities * how.weights) @ how.functions) * np.where(sizes < 0, -1.0, 1.0)[:, None]


def _along(derivative: Numbers, places: Numbers) -> Numbers:
    return np.asarray(np.matmul(derivative, places))


def _refuse_rational(data: Any) -> None:
    weights = data.GetPointData().GetRationalWeights()
    if weights is not None and np.ptp(vtk_to_numpy(weights)) > 0:
        raise VtkError("rational Bezier cells, whose points have weights, cannot be measured")
