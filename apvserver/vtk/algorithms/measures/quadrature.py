"""Points and weights by which integrals over VTK's cells are exact, from the interpolation functions of VTK itself."""

from __future__ import annotations

import functools
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules import vtkCommonDataModel as model
from vtkmodules.vtkCommonDataModel import vtkGenericCell

from async_paraview.records import dataclass

Numbers = npt.NDArray[np.float64]

_LINES: Final = (model.VTK_LINE, 21, 35, 68, 75)
_TRIANGLES: Final = (model.VTK_TRIANGLE, 22, 34, 69, 76)
_QUADS: Final = (model.VTK_QUAD, 23, 28, 30, 70, 77)
_TETRAHEDRA: Final = (model.VTK_TETRA, 24, 71, 78)
_HEXAHEDRA: Final = (model.VTK_HEXAHEDRON, 25, 29, 33, 72, 79)
_WEDGES: Final = (model.VTK_WEDGE, 26, 31, 32, 73, 80)
_PYRAMIDS: Final = (model.VTK_PYRAMID, 27)
_LINEAR: Final = frozenset({3, 5, 9, 10, 12, 13, 14})
BEZIER: Final = frozenset(range(75, 82))
ARBITRARY: Final = frozenset(range(68, 82))
"""Lagrange and Bezier cells, whose order is that of their number of points, or told by an array of degrees."""

DIMENSIONS: Final[dict[int, int]] = {
    **dict.fromkeys(_LINES, 1),
    **dict.fromkeys((*_TRIANGLES, *_QUADS), 2),
    **dict.fromkeys((*_TETRAHEDRA, *_HEXAHEDRA, *_WEDGES, *_PYRAMIDS), 3),
}
"""The types of cells that have a rule, and their dimensions."""
_STEP: Final = 1e-3


@dataclass(frozen=True)
class Rule:
    """`functions` (points of the rule x points of the cell), their derivatives along each axis, and the weights."""

    functions: Numbers
    derivatives: tuple[Numbers, ...]
    weights: Numbers


@functools.cache
def rule(kind: int, count: int, degrees: tuple[int, int, int] | None = None) -> Rule:
    """Return the rule of cells of a type with `count` points; of Lagrange and Bezier cells also by their degrees."""
    cell = cell_of(kind, count, degrees)
    places, weights = _reference(kind, _points_per_axis(kind, count, degrees))
    values = np.array([functions_of(cell, place, count) for place in places])
    along = tuple(_derivative(cell, places, count, axis) for axis in range(DIMENSIONS[kind]))
    return Rule(values, along, weights)


def cell_of(kind: int, count: int, degrees: tuple[int, int, int] | None) -> Any:
    """Return a cell of VTK of that type, which knows its order."""
    cell = vtkGenericCell.InstantiateCell(kind)
    cell.GetPointIds().SetNumberOfIds(count)
    cell.GetPoints().SetNumberOfPoints(count)
    if kind in ARBITRARY:
        dimension = DIMENSIONS[kind]
        if degrees is not None and hasattr(cell, "SetOrder"):
            cell.SetOrder(*degrees[:dimension], *((count,) if kind in _WEDGES else ()))
        elif hasattr(cell, "SetUniformOrderFromNumPoints"):
            cell.SetUniformOrderFromNumPoints(count)
        cell.Initialize()
    return cell


def functions_of(cell: Any, place: Numbers, count: int) -> Numbers:
    """Return how much each point of a cell counts at a place, in parametric coordinates."""
    values = np.zeros(count)
    cell.InterpolateFunctions([float(one) for one in place], values)
    return values


def _derivative(cell: Any, places: Numbers, count: int, axis: int) -> Numbers:
    """Differentiate by differences of fourth order, exact but for rounding: VTK's own are laid out in two ways."""
    step = np.zeros(3)
    step[axis] = _STEP
    rows = []
    for place in places:
        near = functions_of(cell, place + step, count) - functions_of(cell, place - step, count)
        far = functions_of(cell, place + 2 * step, count) - functions_of(cell, place - 2 * step, count)
        rows.append((8 * near - far) / (12 * _STEP))
    return np.array(rows)


def _points_per_axis(kind: int, count: int, degrees: tuple[int, int, int] | None) -> int:
    if kind in _LINEAR:
        return 2 if kind in (*_LINES, *_QUADS, *_HEXAHEDRA) else 3
    if kind not in ARBITRARY:
        return 6
    order = max(degrees) if degrees is not None else round(count ** (1 / DIMENSIONS[kind])) + 1
    return min(2 * order + 2, 16)


def _reference(kind: int, count: int) -> tuple[Numbers, Numbers]:
    """Return Gauss's points and weights in the parametric coordinates of a type."""
    nodes, factors = np.polynomial.legendre.leggauss(count)
    nodes, factors = (nodes + 1) / 2, factors / 2
    dimension = DIMENSIONS[kind]
    axes = np.meshgrid(*[nodes] * dimension, indexing="ij")
    places = np.zeros((count**dimension, 3))
    places[:, :dimension] = np.stack([one.ravel() for one in axes], axis=1)
    weights = functools.reduce(np.multiply.outer, [factors] * dimension).ravel()
    if kind == model.VTK_CUBIC_LINE:  # whose coordinate goes from -1 to 1
        return 2 * places - [1, 0, 0], 2 * weights
    r, s, t = places.T
    if kind in (*_TRIANGLES, *_WEDGES):
        weights = weights * (1 - r)
        places[:, 1] = s * (1 - r)
    elif kind in _TETRAHEDRA:
        weights = weights * (1 - r) ** 2 * (1 - s)
        places[:, 1], places[:, 2] = s * (1 - r), t * (1 - r) * (1 - s)
    return places, weights
