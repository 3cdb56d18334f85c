"""What the arrays hold: the scans that keep VTK from reading foreign memory. O(n), without VTK.

Geometry is not judged: coordinates may be infinite, cells flat or inside out.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..array_views import numbers
from ..description import ArrayDescription, CellsDescription, CompositeNode, MeshNode, Node, PolyNode, UnstructuredNode
from ..errors import DataSetError
from .cell_types import (
    HEXAHEDRA,
    HIGHER_ORDER,
    LEAST_POINTS,
    MAX_ORDER,
    MOST_POINTS,
    POLYHEDRON,
    QUADRILATERALS,
    WEDGES,
)
from .polyhedra import check_polyhedra

Integers = NDArray[Any]

_UNSIGNED = {4: np.uint32, 8: np.uint64}
_ANY_SIZE = 2**63 - 1
_AT_A_TIME = 1 << 15


def check_content(node: Node) -> None:
    """Raise DataSetError unless every cell can be held by VTK, with points that exist."""
    if isinstance(node, CompositeNode):
        for child in node.children:
            if child is not None:
                check_content(child)
    elif isinstance(node, PolyNode):
        for name, cells in zip(("verts", "lines", "polys", "strips"), node.cells, strict=True):
            if cells is not None:
                sizes = check_cells(cells, node.number_of_points, name)
                _check_sizes_at_least_one(sizes, name)
    elif isinstance(node, UnstructuredNode) and node.cells is not None and node.cell_types is not None:
        sizes = check_cells(node.cells, node.number_of_points, "cells")
        types = numbers(node.cell_types)
        check_cell_sizes(types, sizes, higher_order_degrees(node))
        check_polyhedra(node, types == POLYHEDRON, _face_locations(node), _faces(node))


def _faces(node: UnstructuredNode) -> Integers | None:
    return None if node.faces is None else check_cells(node.faces, node.number_of_points, "faces")


def _face_locations(node: UnstructuredNode) -> Integers | None:
    if node.face_locations is None or node.faces is None:
        return None
    return check_cells(node.face_locations, node.faces.count, "face locations")


def check_cells(cells: CellsDescription, points: int, what: str) -> Integers:
    """Raise DataSetError unless offsets rise from 0 to the end and every id is below `points`.

    Returns the number of points of each cell; where all are alike, as one number that stands for all (stride 0).
    """
    ids = numbers(cells.connectivity)
    # One pass over the memory: as a number without sign, an id below 0 is larger than any other.
    if ids.size and int(ids.view(_UNSIGNED[ids.dtype.itemsize]).max()) >= points:
        raise DataSetError(f"{what}: expected ids from 0 to {points - 1}, got {ids.min()} to {ids.max()}")
    if cells.offsets is None:
        return _all_alike(cells.cell_size or 0, cells.count)
    offsets = numbers(cells.offsets)
    if offsets[0] != 0 or offsets[-1] != ids.size:
        raise DataSetError(f"{what}: expected offsets from 0 to {ids.size}, got {offsets[0]} to {offsets[-1]}")
    least, most = _size_range(offsets, what)
    return _all_alike(least, offsets.size - 1) if least == most else np.diff(offsets)


def _size_range(offsets: Integers, what: str) -> tuple[int, int]:
    """Return the sizes of the smallest and the largest cell. Some at a time: new memory costs more than numbers.

    Raises DataSetError unless the offsets, of which the last is the number of ids, rise.
    """
    least, most, end = _ANY_SIZE, 0, int(offsets[-1])
    room = np.empty(min(_AT_A_TIME, offsets.size), np.int64)
    for first in range(0, offsets.size - 1, _AT_A_TIME):
        some = offsets[first : first + _AT_A_TIME + 1]
        sizes = np.subtract(some[1:], some[:-1], out=room[: some.size - 1])
        low, high = int(sizes.min()), int(sizes.max())
        # So many sizes, none of which is larger than what memory holds, do not go past 2**63: none has come around.
        if low < 0 or high > end or some[-1] > end:
            wrong = np.flatnonzero((some[1:] < some[:-1]) | (some[1:] > end))
            raise DataSetError(f"{what}: expected rising offsets, got a fall after cell {first + int(wrong[0])}")
        least, most = min(least, low), max(most, high)
    return (least, most) if offsets.size > 1 else (0, 0)


def _all_alike(size: int, count: int) -> Integers:
    return np.broadcast_to(np.int64(size), (count,))


def _check_sizes_at_least_one(sizes: Integers, what: str) -> None:
    # VTK reads the first point of a vertex list, line or strip without asking whether there is one.
    if not (sizes[:1] if _are_alike(sizes) else sizes).all():
        raise DataSetError(f"{what}: expected at least 1 point per cell, cell {int(np.argmin(sizes))} has none")


def _are_alike(sizes: Integers) -> bool:
    return sizes.size > 0 and sizes.strides == (0,)


def higher_order_degrees(node: MeshNode) -> ArrayDescription | None:
    """Return the cell array of degrees that VTK takes the shape of Lagrange and Bezier cells from."""
    places = dict(node.cell_data.active)
    if "HigherOrderDegrees" not in places:
        return None
    return node.cell_data.arrays[places["HigherOrderDegrees"]]


def check_cell_sizes(types: Integers, sizes: Integers, degrees: ArrayDescription | None) -> None:
    """Raise DataSetError unless each cell is of a known type and has as many points as its type allows."""
    if _are_alike(sizes) and types.min() == types.max() and types[0] not in HIGHER_ORDER:
        types, sizes = types[:1], sizes[:1]  # one stands for all
    wrong = (sizes < LEAST_POINTS[types]) | (sizes > MOST_POINTS[types])
    present = np.flatnonzero(np.bincount(types, minlength=1))
    for kind in HIGHER_ORDER.keys() & set(present.tolist()):
        mine = np.flatnonzero(types == kind)
        wrong[mine] |= ~_fits(kind, sizes[mine], None if degrees is None else _rows(degrees, mine))
    if wrong.any():
        cell = int(np.argmax(wrong))
        raise DataSetError(f"cell {cell}: type {types[cell]} cannot have {sizes[cell]} points")


def _rows(degrees: ArrayDescription, cells: Integers) -> Integers:
    if degrees.type in ("bit", "string"):
        raise DataSetError(f"HigherOrderDegrees: expected numbers, got {degrees.type}")
    with np.errstate(invalid="ignore"):
        rows: Integers = numbers(degrees)[cells].astype(np.float64)
    return rows


def _fits(kind: int, sizes: Integers, degrees: Integers | None) -> NDArray[np.bool_]:
    """Return whether each cell of one Lagrange or Bezier type has as many points as its order needs."""
    if degrees is None or kind not in (*QUADRILATERALS, *HEXAHEDRA, *WEDGES):
        return np.isin(sizes, list(HIGHER_ORDER[kind]))
    sound = (degrees >= 1) & (degrees <= MAX_ORDER) & (degrees == np.floor(degrees))
    r, s, t = np.where(sound, degrees, 0).T
    if kind in QUADRILATERALS:
        return np.asarray(sound[:, :2].all(axis=1) & (sizes == (r + 1) * (s + 1)))
    if kind in HEXAHEDRA:
        return np.asarray(sound.all(axis=1) & (sizes == (r + 1) * (s + 1) * (t + 1)))
    needed = (r + 1) * (r + 2) / 2 * (t + 1)
    serendipity = (sizes == 21) & (r == 2) & (t == 2)
    return np.asarray(sound.all(axis=1) & (r == s) & ((sizes == needed) | serendipity))
