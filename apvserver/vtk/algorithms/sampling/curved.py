"""Looks into Lagrange and Bezier cells: which of them holds a place, and what its arrays are there, by Newton's method.

VTK 9.7.2 looks for places in straight pieces of such cells: it misses most of those inside of a curved one, and gives
values of other parameters to those that it finds.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from numpy.polynomial import legendre
from vtkmodules.util.numpy_support import vtk_to_numpy

from async_paraview.records import dataclass

from ...base.array_types import as_numpy
from ...base.errors import VtkError
from ..cell_groups import Group, groups_of
from ..measures.quadrature import ARBITRARY, BEZIER, DIMENSIONS, cell_of, functions_of

Numbers = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]

_SIMPLICES: Final = frozenset({69, 71, 76, 78})
_WEDGES: Final = frozenset({73, 80})
_HIGHEST: Final = 14
"""Of a power along an axis: cells have orders up to 10, and some a bubble of their own."""
_FITS: Final = 1e-8
_STARTS: Final = 4
"""Per axis: Newton's method begins at the nearest of so many places of a cell along each axis."""
_STEPS: Final = 40
_SMALL_STEP: Final = 1e-13
_LONGEST_STEP: Final = 0.3
_FARTHEST: Final = 0.5
"""So far outside of a cell parameters are followed."""
_BULGE: Final = 0.25
"""Of its size: how far a cell may reach beyond the bounds of its points."""
_TOLERANCE: Final = 1e-3
"""Of the size of a cell: what VTK's choice of a tolerance is."""
_BENT: Final = 1e-6
"""Of its size: how far a cell that counts as straight may be bent."""
_AT_ONCE: Final = 2_000_000
"""Numbers that are computed with at once, for places times functions."""


@dataclass(frozen=True)
class _Shape:
    """A type of cell: its functions as sums of products of Legendre's polynomials, of one degree along each axis."""

    kind: int
    degree: int
    factors: Numbers
    """Polynomials x points of the cell."""

    @property
    def dimension(self) -> int:
        """Of the parameters."""
        return DIMENSIONS[self.kind]

    def powers(self, parameters: Numbers, along: int | None = None) -> Numbers:
        """Return the polynomials at parameters, or their derivatives along an axis."""
        rows = np.ones((len(parameters), 1))
        for axis in range(self.dimension):
            where = 2 * parameters[:, axis] - 1
            one = 2 * _slopes(where, self.degree) if axis == along else legendre.legvander(where, self.degree)
            rows = (rows[:, :, None] * one[:, None, :]).reshape(len(rows), -1)
        return rows

    def is_bending(self) -> npt.NDArray[np.bool_]:
        """Return which of the polynomials make a cell other than straight: those of higher powers."""
        powers = np.indices([self.degree + 1] * self.dimension).reshape(self.dimension, -1)
        if self.kind in _SIMPLICES:
            return np.asarray(powers.sum(axis=0) > 1)
        if self.kind in _WEDGES:
            return np.asarray((powers[:2].sum(axis=0) > 1) | (powers[2] > 1))
        return np.asarray((powers > 1).any(axis=0))

    def inside(self, parameters: Numbers) -> Numbers:
        """Return the parameters, those outside of the cell moved to its border."""
        made = np.clip(parameters, 0, 1)
        count = self.dimension if self.kind in _SIMPLICES else 2 if self.kind in _WEDGES else 0
        if count:
            made[:, :count] /= np.maximum(made[:, :count].sum(axis=1, keepdims=True), 1)
        return made


@dataclass(frozen=True)
class _Found:
    """Which place lies in which cell of a group: the rows of both, the weights of the points, and how far off it is."""

    places: Ids
    cells: Ids
    weights: Numbers
    distances: Numbers


class CurvedCells:
    """The Lagrange and Bezier cells of an unstructured grid, ready to be looked into."""

    def __init__(self, grid: Any, arrays: Any) -> None:
        """Look at the cells of a grid, and take values from the same grid with its arrays as they are wanted."""
        if grid.GetPointData().GetRationalWeights() is not None:
            raise VtkError("values cannot be looked up in rational Bezier cells, whose points have weights")
        self._points = np.asarray(vtk_to_numpy(grid.GetPoints().GetData()), np.float64)
        self._groups = [group for group in groups_of(grid) if group.kind in ARBITRARY]
        self._arrays = arrays

    def look(
        self, places: Numbers, values: dict[str, npt.NDArray[Any]], tolerance: float | None, check: Callable[[], None]
    ) -> npt.NDArray[np.bool_]:
        """Fill the rows of `values` whose places lie in a cell, and return which those are.

        Places may be as far outside of a cell as the tolerance says; None is a thousandth of the cell. `check` is
        called again and again, and may raise.
        """
        best = np.full(len(places), np.inf)
        for group in self._groups:
            shape = _shape(group.kind, group.points.shape[1], group.degrees)
            for found in self._found(shape, group, places, tolerance):
                check()
                better = found.distances < best[found.places]
                rows, cells = found.places[better], found.cells[better]
                best[rows] = found.distances[better]
                self._fill(values, rows, group.cells[cells], group.points[cells], found.weights[better])
        return np.asarray(np.isfinite(best))

    def _fill(self, values: dict[str, npt.NDArray[Any]], rows: Ids, cells: Ids, points: Ids, weights: Numbers) -> None:
        for name, made in values.items():
            array = self._arrays.GetPointData().GetArray(name)
            if array is not None:
                blended = np.einsum("np,np...->n...", weights, as_numpy(array)[points])
                made[rows] = blended.reshape(made[rows].shape)
            else:
                made[rows] = as_numpy(self._arrays.GetCellData().GetArray(name))[cells].reshape(made[rows].shape)

    def _found(self, shape: _Shape, group: Group, places: Numbers, tolerance: float | None) -> Iterator[_Found]:
        nodes = self._points[group.points]
        low, high = nodes.min(axis=1), nodes.max(axis=1)
        sizes = np.linalg.norm(high - low, axis=1)
        bulge = 0.0 if group.kind in BEZIER else _BULGE
        margin = (
            bulge * (high - low)
            + (_TOLERANCE * sizes if tolerance is None else np.full(len(sizes), tolerance))[:, None]
        )
        factors = np.einsum("mp,cpx->cmx", shape.factors, nodes)
        at_once = max(_AT_ONCE // max(shape.factors.shape[0], _STARTS**3), 100)
        for rows, cells in _pairs(places, low - margin, high + margin, at_once):
            wanted = places[rows]
            parameters = shape.inside(_solved(shape, factors[cells], wanted))
            powers = shape.powers(parameters)
            off = np.linalg.norm(np.einsum("nm,nmx->nx", powers, factors[cells]) - wanted, axis=1)
            near = np.flatnonzero(off <= (_TOLERANCE * sizes[cells] if tolerance is None else tolerance))
            near = near[np.argsort(off[near], kind="stable")]
            _, first = np.unique(rows[near], return_index=True)  # of several cells for one place the nearest
            near = near[first]
            yield _Found(rows[near], cells[near], powers[near] @ shape.factors, off[near])


def is_curved(grid: Any) -> bool:
    """Return whether a data set has Lagrange or Bezier cells."""
    if not grid.IsA("vtkUnstructuredGrid") or not grid.GetNumberOfCells():
        return False
    kinds = grid.GetDistinctCellTypesArray()
    return any(kinds.GetValue(index) in ARBITRARY for index in range(kinds.GetNumberOfValues()))


def bent_cells(grid: Any) -> int:
    """Return how many Lagrange and Bezier cells are bent: VTK looks for places in straight pieces of these."""
    if not is_curved(grid):
        return 0
    points, count = np.asarray(vtk_to_numpy(grid.GetPoints().GetData()), np.float64), 0
    for group in groups_of(grid):
        if group.kind in ARBITRARY:
            shape, nodes = _shape(group.kind, group.points.shape[1], group.degrees), points[group.points]
            bends = np.einsum("mp,cpx->cmx", shape.factors[shape.is_bending()], nodes)
            sizes = np.linalg.norm(nodes.max(axis=1) - nodes.min(axis=1), axis=1)
            count += int((np.abs(bends).max(axis=(1, 2), initial=0) > _BENT * sizes).sum())
    return count


def others(grid: Any) -> Ids:
    """Return the ids of all other cells."""
    return np.flatnonzero(~np.isin(vtk_to_numpy(grid.GetCellTypes()), list(ARBITRARY)))


@functools.lru_cache(maxsize=64)
def _shape(kind: int, count: int, degrees: tuple[int, int, int] | None) -> _Shape:
    """Return what the functions of VTK's cell are sums of: told by their values, exact but for rounding."""
    cell, dimension = cell_of(kind, count, degrees), DIMENSIONS[kind]
    least = max(
        1, math.ceil(count ** (1 / dimension) - 1 - _FITS)
    )  # products of lower powers are fewer than its points
    for degree in range(least, _HIGHEST + 1):
        nodes = (1 - np.cos(np.pi * (np.arange(degree + 2) + 0.5) / (degree + 2))) / 2
        places = _lattice(nodes, dimension)
        wanted = np.array([functions_of(cell, place, count) for place in places])
        shape = _Shape(kind, degree, np.zeros((0, 0)))
        powers = shape.powers(places)
        factors = np.linalg.lstsq(powers, wanted, rcond=None)[0]
        if np.abs(powers @ factors - wanted).max() < _FITS:
            return _Shape(kind, degree, factors)
    raise VtkError(f"values cannot be looked up in cells of type {kind} with {count} points: their order is too high")


def _lattice(nodes: Numbers, dimension: int) -> Numbers:
    places = np.zeros((len(nodes) ** dimension, 3))
    axes = np.meshgrid(*[nodes] * dimension, indexing="ij")
    places[:, :dimension] = np.stack([one.ravel() for one in axes], axis=1)
    return places


def _slopes(where: Numbers, degree: int) -> Numbers:
    """Return the derivatives of Legendre's polynomials."""
    rows: Numbers = np.asarray(legendre.legvander(where, degree), np.float64)
    made = np.zeros(rows.shape)
    for n in range(1, degree + 1):  # P'(n) = P'(n-2) + (2n - 1) P(n-1)
        made[:, n] = (2 * n - 1) * rows[:, n - 1] + (made[:, n - 2] if n > 1 else 0)
    return made


def _solved(shape: _Shape, factors: Numbers, wanted: Numbers) -> Numbers:
    """Return the parameters at which each cell is nearest to its place, as far as Newton's method leads there."""
    dimension = shape.dimension
    starts = shape.inside(_lattice((np.arange(_STARTS) + 0.5) / _STARTS, dimension))
    seen = np.einsum("sm,nmx->nsx", shape.powers(starts), factors)
    parameters = starts[((seen - wanted[:, None]) ** 2).sum(axis=2).argmin(axis=1)]
    active = np.arange(len(wanted))
    for _ in range(_STEPS):
        here, part = parameters[active], factors[active]
        missing = wanted[active] - np.einsum("nm,nmx->nx", shape.powers(here), part)
        slopes = np.stack(
            [np.einsum("nm,nmx->nx", shape.powers(here, axis), part) for axis in range(dimension)], axis=2
        )
        square = np.swapaxes(slopes, 1, 2) @ slopes
        sizes = np.trace(square, axis1=1, axis2=2)[:, None, None]
        square += (1e-15 * sizes + np.finfo(float).tiny) * np.eye(dimension)
        step = np.linalg.solve(square, np.swapaxes(slopes, 1, 2) @ missing[:, :, None])[:, :, 0]
        step *= np.minimum(1, _LONGEST_STEP / np.maximum(np.abs(step).max(axis=1, keepdims=True), _LONGEST_STEP))
        here[:, :dimension] = np.clip(here[:, :dimension] + step, -_FARTHEST, 1 + _FARTHEST)
        parameters[active] = here
        active = active[np.abs(step).max(axis=1) > _SMALL_STEP]
        if not len(active):
            break
    return np.asarray(parameters)


def _pairs(places: Numbers, low: Numbers, high: Numbers, at_once: int) -> Iterator[tuple[Ids, Ids]]:
    """Yield places and the cells in whose bounds they lie, some of these pairs at a time.

    Places are put into bins, as many along each axis as there are cells along it, about.
    """
    bins = max(1, min(128, round(len(low) ** (1 / 3))))
    start, end = low.min(axis=0), high.max(axis=0)
    near = np.flatnonzero(((places >= start) & (places <= end)).all(axis=1))
    scale = bins / np.maximum(end - start, np.finfo(float).tiny)

    def of(where: Numbers) -> Ids:
        return np.asarray(np.clip(((where - start) * scale).astype(np.int64), 0, bins - 1))

    strides = np.array([1, bins, bins * bins])
    keys = of(places[near]) @ strides
    order = np.argsort(keys, kind="stable")
    near, keys = near[order], keys[order]
    begins = np.searchsorted(keys, np.arange(bins**3 + 1))
    first, last = of(low), of(high)
    held_rows: list[Ids] = []
    held_cells: list[Ids] = []
    held = 0
    for cell in range(len(low)):
        axes = [np.arange(first[cell, axis], last[cell, axis] + 1) * strides[axis] for axis in range(3)]
        lines = (axes[1][:, None] + axes[2][None, :]).ravel()  # bins along x are one behind the other
        rows = np.concatenate([near[begins[axes[0][0] + line] : begins[axes[0][-1] + line + 1]] for line in lines])
        rows = rows[((places[rows] >= low[cell]) & (places[rows] <= high[cell])).all(axis=1)]
        for begin in range(0, len(rows), at_once):
            part = rows[begin : begin + at_once]
            held_rows.append(part)
            held_cells.append(np.full(len(part), cell, np.int64))
            held += len(part)
            if held >= at_once:
                yield np.concatenate(held_rows), np.concatenate(held_cells)
                held_rows, held_cells, held = [], [], 0
    if held:
        yield np.concatenate(held_rows), np.concatenate(held_cells)
