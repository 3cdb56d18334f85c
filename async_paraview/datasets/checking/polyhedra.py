"""Polyhedral cells: their faces must exist and use no other points than the cell's own.

vtkPolyhedron looks up each face point among the points of its cell and does not ask whether it found it.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..array_views import numbers
from ..description import UnstructuredNode
from ..errors import DataSetError

MIN_FACES: Final = 4
MIN_FACE_POINTS: Final = 3

Integers = NDArray[Any]


def check_polyhedra(
    node: UnstructuredNode,
    is_polyhedron: NDArray[np.bool_],
    faces_per_cell: Integers | None,
    points_per_face: Integers | None,
) -> None:
    """Raise DataSetError unless polyhedra, and only they, have faces, each made of points of its cell.

    `faces_per_cell` and `points_per_face` are the sizes found by `check_cells`, None where there are no faces.
    """
    if faces_per_cell is None or points_per_face is None:
        if is_polyhedron.any():
            raise DataSetError(f"cell {int(np.argmax(is_polyhedron))}: a polyhedron needs faces, got none")
        return
    wrong = np.where(is_polyhedron, faces_per_cell < MIN_FACES, faces_per_cell != 0)
    if wrong.any():
        cell = int(np.argmax(wrong))
        expected = f"at least {MIN_FACES}" if is_polyhedron[cell] else "no"
        raise DataSetError(f"cell {cell}: expected {expected} faces, got {faces_per_cell[cell]}")
    if np.any(points_per_face < MIN_FACE_POINTS):
        face = int(np.argmin(points_per_face))
        raise DataSetError(f"face {face}: expected {MIN_FACE_POINTS} points, got {points_per_face[face]}")
    _check_points_are_the_cells(node, is_polyhedron, faces_per_cell, points_per_face)


def _check_points_are_the_cells(
    node: UnstructuredNode, is_polyhedron: Integers, faces_per_cell: Integers, points_per_face: Integers
) -> None:
    assert node.cells is not None and node.faces is not None and node.face_locations is not None
    face_ids = numbers(node.face_locations.connectivity).astype(np.int64)
    cell_of_face = np.repeat(np.arange(node.number_of_cells), faces_per_cell)
    # A face may serve two cells, or be named a million times by a hostile peer: bound what is expanded.
    expanded = int(points_per_face[face_ids].sum())
    bound = 4 * (node.faces.connectivity.tuples + face_ids.size)
    if expanded > bound:
        raise DataSetError(f"faces: expected at most {bound} points with repetitions, got {expanded}")
    starts = np.concatenate([[0], np.cumsum(points_per_face, dtype=np.int64)])[face_ids]
    counts = points_per_face[face_ids].astype(np.int64)
    first = np.cumsum(counts) - counts
    places = np.arange(expanded) - np.repeat(first - starts, counts)
    used = numbers(node.faces.connectivity)[places].astype(np.int64)
    user = np.repeat(cell_of_face, counts)
    own, wanted = np.sort(_own_pairs(node, is_polyhedron), kind="stable"), _pairs(node, user, used)
    # both lie cell by cell, so that the searches meet what is in the cache: six times as fast as isin
    missing = own[np.minimum(np.searchsorted(own, wanted), own.size - 1)] != wanted
    if missing.any():
        place = int(np.argmax(missing))
        raise DataSetError(f"cell {user[place]}: a face uses point {used[place]}, which the cell has not")


def _pairs(node: UnstructuredNode, cells: Integers, points: Integers) -> Integers:
    """Return each (cell, point) as one number: exact, since cells x points of real arrays stays below 2**63."""
    return cells * np.int64(node.number_of_points) + points


def _own_pairs(node: UnstructuredNode, is_polyhedron: Integers) -> Integers:
    assert node.cells is not None
    if node.cells.offsets is None:
        sizes: Integers = np.full(node.number_of_cells, node.cells.cell_size)
    else:
        sizes = np.diff(numbers(node.cells.offsets))
    owner = np.repeat(np.arange(node.number_of_cells), sizes)
    chosen = is_polyhedron[owner]
    return _pairs(node, owner[chosen], numbers(node.cells.connectivity)[chosen].astype(np.int64))
