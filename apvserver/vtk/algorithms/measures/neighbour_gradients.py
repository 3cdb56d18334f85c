"""Gradients of cell arrays where cells have neighbours on some sides only: a plane is fitted to those that there are.

A linear field is that exactly. VTK 9.7.2 takes the mean of cells at their points, and the difference of those: where a
cell has a neighbour on one side only that is half of the gradient.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkGenericCell

from ...base.array_types import as_numpy, repeated
from ...base.values.distinct import numbered
from .middles import middles_of
from .polyhedral_gradients import corners, replace, results, sums

Numbers = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]

_PAIRS: Final = 1 << 18
"""So many pairs of neighbours, or a few more, are looked at at once."""
_FLAT: Final = 1e-9
"""Neighbours that reach less far than this, as squares, beside how far they reach elsewhere, lie in a plane."""


def fit_neighbours(grid: Any, gradient_filter: Any, name: str, *, open_is_nan: bool = True) -> None:
    """Replace what a gradient filter has made of a cell array of an unstructured grid.

    Cells count as neighbours by each point that they share. Where the neighbours of a cell leave its gradient open, as
    where it has none, there is no number (NaN), or, if that is allowed, what the filter has made along what is open.
    """
    attributes = grid.GetCellData()
    array = attributes.GetArray(name)
    values = as_numpy(array).astype(np.float64).reshape(array.GetNumberOfTuples(), -1)
    points, owners, kinds = corners(grid)
    count = len(values)
    squares, products = np.zeros((count, 3, 3)), np.zeros((count, values.shape[1], 3))
    centers = _centers(grid)
    for cells, others in _neighbours(points, owners):
        spans, changes = centers[others] - centers[cells], values[others] - values[cells]
        squares += sums(spans[:, :, None] * spans[:, None, :], cells, count)
        products += sums(changes[:, :, None] * spans[:, None, :], cells, count)
    inverse = np.linalg.pinv(squares, rcond=_FLAT, hermitian=True)
    gradients = np.einsum("cvk,ckl->cvl", products, inverse)
    if open_is_nan:
        reach = np.linalg.eigvalsh(squares)
        known = (reach > _FLAT * reach[:, -1:]).sum(axis=1)
        gradients[known < dimensions_of_cells(kinds)] = np.nan
    else:
        made = as_numpy(attributes.GetArray(gradient_filter.GetResultArrayName() or "Gradients"))
        across = np.eye(3) - squares @ inverse
        gradients += np.einsum("cvk,ckl->cvl", made.reshape(gradients.shape), across)
    for result, numbers in results(gradient_filter, gradients).items():
        replace(attributes, result, numbers, np.ones(count, np.bool_))


def _centers(grid: Any) -> Numbers:
    return np.asarray(vtk_to_numpy(middles_of(grid).GetPoints().GetData()), np.float64)


def _neighbours(points: Ids, owners: Ids) -> Iterator[tuple[Ids, Ids]]:
    """Yield cells with their neighbours, one of each in either array, a part of the points at a time."""
    order = np.argsort(points, kind="stable")
    points, owners = points[order], owners[order]
    starts = np.flatnonzero(np.diff(points, prepend=-1))
    sizes = np.diff(starts, append=len(points))
    ends = np.cumsum(sizes**2)
    begin = 0
    while begin < len(starts):
        end = max(begin + 1, int(np.searchsorted(ends, (ends[begin - 1] if begin else 0) + _PAIRS, side="right")))
        first, many = starts[begin:end], sizes[begin:end]
        entries = np.arange(first[0], first[-1] + many[-1])
        times = repeated(many, many)
        number = np.arange(times.sum()) - repeated(np.cumsum(times) - times, times)
        yield repeated(owners[entries], times), owners[repeated(repeated(first, many), times) + number]
        begin = end


def dimensions_of_cells(kinds: Ids) -> Ids:
    """Return how many dimensions cells of these types have."""
    types, which = numbered(kinds)
    return np.array([vtkGenericCell.InstantiateCell(int(one)).GetCellDimension() for one in types])[which]
