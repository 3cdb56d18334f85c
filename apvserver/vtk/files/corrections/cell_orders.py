"""Gives the points of cells another order, where a reader took them in that of the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import (
    VTK_BIQUADRATIC_QUADRATIC_WEDGE,
    VTK_HEXAHEDRON,
    VTK_PYRAMID,
    VTK_QUADRATIC_HEXAHEDRON,
    VTK_QUADRATIC_PYRAMID,
    VTK_QUADRATIC_TETRA,
    VTK_QUADRATIC_WEDGE,
    VTK_TETRA,
    VTK_TRIQUADRATIC_HEXAHEDRON,
    VTK_WEDGE,
)

from ...base.data_making import cells_of

Decision = Callable[[Any], Any]
"""Given the places of the points of cells (cell, point, axis), which of the cells get the other order."""

_TURNED: Final = {
    VTK_TETRA: (0, 2, 1, 3),
    VTK_PYRAMID: (0, 3, 2, 1, 4),
    VTK_WEDGE: (0, 2, 1, 3, 5, 4),
    VTK_HEXAHEDRON: (0, 3, 2, 1, 4, 7, 6, 5),
    VTK_QUADRATIC_TETRA: (0, 2, 1, 3, 6, 5, 4, 7, 9, 8),
    VTK_QUADRATIC_PYRAMID: (0, 3, 2, 1, 4, 8, 7, 6, 5, 9, 12, 11, 10),
    VTK_QUADRATIC_WEDGE: (0, 2, 1, 3, 5, 4, 8, 7, 6, 11, 10, 9, 12, 14, 13),
    VTK_BIQUADRATIC_QUADRATIC_WEDGE: (0, 2, 1, 3, 5, 4, 8, 7, 6, 11, 10, 9, 12, 14, 13, 17, 16, 15),
    VTK_QUADRATIC_HEXAHEDRON: (0, 3, 2, 1, 4, 7, 6, 5, 11, 10, 9, 8, 15, 14, 13, 12, 16, 19, 18, 17),
    VTK_TRIQUADRATIC_HEXAHEDRON: (
        0, 3, 2, 1, 4, 7, 6, 5, 11, 10, 9, 8, 15, 14, 13, 12, 16, 19, 18, 17, 22, 23, 20, 21, 24, 25, 26
    ),
}  # fmt: skip
"""The same cell with its base, and so all its faces, the other way round."""
_WITH_SQUARE_BASE: Final = (
    VTK_PYRAMID, VTK_HEXAHEDRON, VTK_QUADRATIC_PYRAMID, VTK_QUADRATIC_HEXAHEDRON, VTK_TRIQUADRATIC_HEXAHEDRON
)  # fmt: skip


def turn_inside_out(grid: Any, orders: Mapping[int, tuple[int, ...]] = _TURNED) -> None:
    """Turn the cells of a grid whose volume would be negative: a format or a program has the other orientation.

    `orders` says for each kind of cell in which order its points are right then.
    """
    corners = {kind: (0, 1, 3, 4) if kind in _WITH_SQUARE_BASE else (0, 1, 2, 3) for kind in orders}
    reorder(grid, {kind: (order, _is_negative(corners[kind])) for kind, order in orders.items()})


def _is_negative(four: tuple[int, ...]) -> Decision:
    """Return what decides by the sign of the volume of four points."""

    def decide(places: Any) -> Any:
        corner, *others = (places[:, one] for one in four)
        sides = [other - corner for other in others]
        return np.einsum("ij,ij->i", np.cross(sides[0], sides[1]), sides[2]) < 0

    return decide


def reorder(grid: Any, orders: Mapping[int, tuple[tuple[int, ...], Decision]]) -> None:
    """Give cells of the kinds in `orders` the order that is there, those that the decision is for."""
    if not grid.GetNumberOfCells():
        return
    places = vtk_to_numpy(grid.GetPoints().GetData()).astype(float)
    kinds = vtk_to_numpy(grid.GetCellTypes())
    offsets = vtk_to_numpy(grid.GetCells().GetOffsetsArray()).astype(np.int64)
    points = vtk_to_numpy(grid.GetCells().GetConnectivityArray()).astype(np.int64)
    changed = False
    for kind, (order, decide) in orders.items():
        starts = offsets[:-1][kinds == kind]
        if not len(starts):
            continue
        rows = points[starts[:, None] + np.arange(len(order))]
        chosen = decide(places[rows])
        if chosen.any():
            points[starts[chosen, None] + np.arange(len(order))] = rows[chosen][:, order]
            changed = True
    if changed:
        grid.SetCells(grid.GetCellTypes(), cells_of(offsets, points))
