"""Polyhedral cells: their faces must exist and use no other points than the cell's own.

vtkPolyhedron looks up each face point among the points of its cell and does not ask whether it found it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..array_views import numbers
from ..description import CellsDescription, UnstructuredNode
from ..errors import DataSetError

MIN_FACES: Final = 4
MIN_FACE_POINTS: Final = 3

_AT_A_TIME: Final = 1 << 13
_FREE_BITS: Final = 3
"""How often the number of points is doubled for the places of a table: few displace each other then."""
_FACTORS: Final = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F)
"""Odd numbers whose products with other numbers have high bits that depend on all of theirs."""

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
    _check_points_are_the_cells(node, points_per_face)


def _check_points_are_the_cells(node: UnstructuredNode, points_per_face: Integers) -> None:
    """Look for each point of a face among those of its cell, some cells at a time: their points lie in the cache."""
    assert node.cells is not None and node.faces is not None and node.face_locations is not None
    ids, faces, points = (numbers(one.connectivity) for one in (node.cells, node.face_locations, node.faces))
    begins, faces_begin, points_begin = map(_offsets, (node.cells, node.face_locations, node.faces))
    # A face may serve two cells, or be named a million times by a hostile peer: bound what is expanded.
    bound = 4 * (node.faces.connectivity.tuples + faces.size)
    expanded = 0
    for first, last in _some_cells(begins):
        used_faces = faces[faces_begin[first] : faces_begin[last]]
        if not used_faces.size:
            continue
        ends = np.cumsum(points_per_face[used_faces], dtype=np.int64)
        expanded += int(ends[-1])
        if expanded > bound:
            raise DataSetError(f"faces: expected at most {bound} points with repetitions, got {expanded} or more")
        of_cells = np.diff(np.concatenate([[0], ends])[faces_begin[first : last + 1] - faces_begin[first]])
        keys = np.arange(last - first, dtype=np.uint64) * np.uint64(node.number_of_points)
        own = _pairs(keys, np.diff(begins[first : last + 1]), ids[begins[first] : begins[last]])
        used = _pairs(keys, of_cells, points[_places_of(used_faces, ends, points_begin)])
        missing = _missing(used, own)
        if missing.size:
            cell, point = divmod(int(missing[0]), node.number_of_points)
            raise DataSetError(f"cell {first + cell}: a face uses point {point}, which the cell has not")


def _offsets(cells: CellsDescription) -> Integers:
    if cells.offsets is None:
        return np.arange(cells.count + 1) * np.int64(cells.cell_size or 0)
    return numbers(cells.offsets)


def _some_cells(begins: Integers) -> Iterator[tuple[int, int]]:
    """Yield the first and the last + 1 of cells that have about so many points together."""
    ends = np.arange(_AT_A_TIME, int(begins[-1]), _AT_A_TIME).astype(begins.dtype)
    cuts = np.unique(np.concatenate([[0], np.searchsorted(begins, ends), [begins.size - 1]]))
    return pairwise(cuts.tolist())


def _places_of(some: Integers, ends: Integers, begins: Integers) -> slice | Integers:
    """Return where the points of faces are, one face after the other, whose sizes sum up to `ends`."""
    first, last = int(some[0]), int(some[-1])
    if last - first + 1 == some.size and (some[1:] - some[:-1] == 1).all():
        return slice(begins[first], begins[last + 1])  # as in most files
    counts = np.diff(ends, prepend=0)
    places: Integers = np.arange(ends[-1])
    places += np.repeat(begins[some] - (ends - counts), counts)
    return places


def _pairs(keys: Integers, counts: Integers, points: Integers) -> Integers:
    """Return each (cell, point) as one number: exact, since cells x points of real arrays stays below 2**63."""
    pairs: Integers = np.repeat(keys, counts)
    pairs += points.view(np.uint64) if points.itemsize == pairs.itemsize else points.astype(np.uint64)
    return pairs


def _missing(wanted: Integers, own: Integers) -> Integers:
    """Return those of `wanted`, in their order, that are not in `own`.

    Each of `own` lies in a table at a place made of itself. One that another has displaced there is looked for in a
    table with other places; the few that stay displaced are searched for.
    """
    bits = own.size.bit_length() + _FREE_BITS
    table = np.empty(1 << bits, np.uint64)
    for factor in _FACTORS:
        table[_hashed(own, factor, bits)] = own
        wanted = wanted[table[_hashed(wanted, factor, bits)] != wanted]
        if not wanted.size:
            return wanted
    return wanted[~np.isin(wanted, own)]


def _hashed(pairs: Integers, factor: int, bits: int) -> Integers:
    places: Integers = pairs * np.uint64(factor)
    places >>= np.uint64(64 - bits)
    return places.view(np.int64)
