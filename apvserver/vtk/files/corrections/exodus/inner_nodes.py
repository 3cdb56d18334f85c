"""Puts the nodes inside of prisms and tetrahedra of Exodus files, and on their faces, where VTK's cells have them.

VTK 9.7 takes the nodes on the two triangles of a WEDGE21 for one another, and programs do not agree on their order (the
centre first, as of HEX27 and in libMesh, or behind the triangles, as in IOSS). Where they lie tells it.
"""

from __future__ import annotations

from itertools import permutations
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import VTK_LAGRANGE_TETRAHEDRON, VTK_LAGRANGE_WEDGE

from ....base.blocks import parts
from ....base.data_making import cells_of

_WEDGE_EDGES: Final = ((0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3), (0, 3), (1, 4), (2, 5))
_WEDGE_TRIANGLES: Final = ((0, 1, 2, 6, 7, 8), (3, 4, 5, 9, 10, 11))
_WEDGE_SQUARES: Final = ((0, 1, 4, 3, 6, 13, 9, 12), (1, 2, 5, 4, 7, 14, 10, 13), (2, 0, 3, 5, 8, 12, 11, 14))
_TETRA_TRIANGLES: Final = ((0, 1, 2, 4, 5, 6), (0, 1, 3, 4, 8, 7), (1, 2, 3, 5, 9, 8), (0, 2, 3, 6, 9, 7))
_EDGES_BY_LAYER: Final = (*range(9), *range(12, 15), *range(9, 12))
"""Order of Exodus: the edges between the triangles before those of the upper one."""


def order_inner_nodes(_reader: Any, data: Any) -> None:
    """Order the nodes of the prisms of 21 and the tetrahedra of 15 nodes in each block by their places."""
    for leaf in parts(data) if data is not None else ():
        if leaf is not None and leaf.IsA("vtkUnstructuredGrid") and leaf.GetNumberOfCells():
            _order(leaf)


def _order(grid: Any) -> None:
    kinds = vtk_to_numpy(grid.GetCellTypes())
    if not np.isin(kinds, (VTK_LAGRANGE_WEDGE, VTK_LAGRANGE_TETRAHEDRON)).any():
        return
    offsets = vtk_to_numpy(grid.GetCells().GetOffsetsArray()).astype(np.int64)
    points = vtk_to_numpy(grid.GetCells().GetConnectivityArray()).astype(np.int64)
    places = vtk_to_numpy(grid.GetPoints().GetData())
    changed = False
    for kind, size, order_of in ((VTK_LAGRANGE_WEDGE, 21, _wedge_order), (VTK_LAGRANGE_TETRAHEDRON, 15, _tetra_order)):
        starts = offsets[:-1][(kinds == kind) & (np.diff(offsets) == size)]
        if len(starts):
            rows = points[starts[:, None] + np.arange(size)]
            order = order_of(places[rows].astype(float))
            points[starts[:, None] + np.arange(size)] = rows[:, order]
            changed |= order != list(range(size))
    if changed:
        grid.SetCells(grid.GetCellTypes(), cells_of(offsets, points))


def _wedge_order(nodes: Any) -> list[int]:
    """Return which node stands where, of places (cell, node, axis)."""
    middles = np.stack([nodes[:, edge].mean(axis=1) for edge in _WEDGE_EDGES], axis=1)
    edges = min(
        (list(range(15)), list(_EDGES_BY_LAYER)), key=lambda one: float(((nodes[:, one[6:]] - middles) ** 2).sum())
    )
    outer = nodes[:, edges]
    triangles = [_of_triangle(outer[:, face]) for face in _WEDGE_TRIANGLES]
    squares = [_of_square(outer[:, face]) for face in _WEDGE_SQUARES]
    return [*edges, *_nearest(nodes, [*triangles, *squares, sum(squares) / 3], 15)]


def _tetra_order(nodes: Any) -> list[int]:
    faces = [_of_triangle(nodes[:, face]) for face in _TETRA_TRIANGLES]
    return [*range(10), *_nearest(nodes, [*faces, nodes[:, :4].mean(axis=1)], 10)]


def _of_triangle(nodes: Any) -> Any:
    """Return the middle of a triangle with six nodes: their quadratic shape functions there are -1/9 and 4/9."""
    return (4 * nodes[:, 3:].sum(axis=1) - nodes[:, :3].sum(axis=1)) / 9


def _of_square(nodes: Any) -> Any:
    """Return the middle of a square with eight nodes: their shape functions there are -1/4 and 1/2."""
    return (2 * nodes[:, 4:].sum(axis=1) - nodes[:, :4].sum(axis=1)) / 4


def _nearest(nodes: Any, wanted: list[Any], first: int) -> list[int]:
    """Return the order of the nodes from `first` on in which all cells together are nearest to what is wanted."""
    inner = nodes[:, first:]
    costs = np.array([[((inner[:, one] - place) ** 2).sum() for one in range(len(wanted))] for place in wanted])
    spots = range(len(wanted))
    best = min(permutations(spots), key=lambda order: (costs[spots, list(order)].sum(), order))
    return [first + one for one in best]
