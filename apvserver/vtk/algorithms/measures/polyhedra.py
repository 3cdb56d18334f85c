"""Volumes of polyhedra, convex or not, and how much values at their points count in integrals."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy

from ...base.array_types import repeated
from ...base.values.distinct import distinct

Numbers = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]


def measure_polyhedra(grid: Any, cells: Ids) -> tuple[Numbers, Ids, Numbers]:
    """Return the volumes of cells of a grid, and flat lists of ids of points and of their weights in integrals.

    Tetrahedra from the middle of the cell to the middle of each face to each of its edges are added up; those outside
    of a concave cell count against the others. It does not matter which way round the faces are.
    """
    places = vtk_to_numpy(grid.GetPoints().GetData()).astype(np.float64, copy=False)
    corners, cell_of_corner = _members(grid.GetCells(), cells)
    middles = _means(places[corners], cell_of_corner, len(cells))
    faces, cell_of_face = _members(grid.GetPolyhedronFaceLocations(), cells)
    points, face_of_edge = _members(grid.GetPolyhedronFaces(), faces)
    face_middles = _means(places[points], face_of_edge, len(faces))
    following = _following(points, face_of_edge)
    cell_of_edge = cell_of_face[face_of_edge]
    signs = _signs(points, following, face_of_edge, cell_of_edge)
    centre = face_middles[face_of_edge]
    spans = np.cross(places[points] - centre, places[following] - centre)
    outward = centre - middles[cell_of_edge]
    each = np.einsum("ek,ek->e", spans, outward) / 6
    loose = signs == 0
    each = np.where(loose, np.abs(each), each * signs)
    volumes: Numbers = np.bincount(cell_of_edge, each, len(cells)).astype(np.float64)
    each *= np.where(volumes < 0, -1.0, 1.0)[cell_of_edge]
    volumes = np.abs(volumes)
    of_faces = np.bincount(face_of_edge, each, len(faces)) / 4 / np.maximum(np.bincount(face_of_edge), 1)
    of_cells = volumes / 4 / np.maximum(np.bincount(cell_of_corner, minlength=len(cells)), 1)
    weights = [each / 4 + of_faces[face_of_edge], each / 4, of_cells[cell_of_corner]]
    return volumes, np.concatenate([points, following, corners]), np.concatenate(weights)


def _members(lists: Any, ids: Ids) -> tuple[Ids, Ids]:
    """Return the entries of some lists of a cell array, one after the other, and which of the lists each is of."""
    offsets = vtk_to_numpy(lists.GetOffsetsArray()).astype(np.int64)
    sizes = offsets[ids + 1] - offsets[ids]
    owners = repeated(np.arange(len(ids)), sizes)
    begins = np.cumsum(sizes) - sizes
    places = offsets[ids][owners] + np.arange(len(owners)) - begins[owners]
    return vtk_to_numpy(lists.GetConnectivityArray())[places].astype(np.int64), owners


def _means(values: Numbers, owners: Ids, count: int) -> Numbers:
    sums = np.stack([np.bincount(owners, values[:, axis], count) for axis in range(3)], axis=1)
    return np.asarray(sums / np.maximum(np.bincount(owners, minlength=count), 1)[:, None])


def _following(points: Ids, faces: Ids) -> Ids:
    """Return, for each point of a face, the next point, the first after the last."""
    last = np.append(np.diff(faces) != 0, True) if len(faces) else np.zeros(0, bool)
    first = np.flatnonzero(np.insert(last[:-1], 0, True)) if len(faces) else np.zeros(0, np.int64)
    following = np.roll(points, -1)
    following[last] = points[first]
    return following


def _signs(points: Ids, following: Ids, faces: Ids, cells: Ids) -> Numbers:
    """Return 1 for edges of faces that are the same way round as those beside them, -1 for others; 0 where none fits.

    Where the faces of a cell agree, each of its edges is gone along once in each direction.
    """
    forward = points < following
    low, high = np.minimum(points, following), np.maximum(points, following)
    order = np.lexsort((high, low, cells))
    same = (np.diff(cells[order]) == 0) & (np.diff(low[order]) == 0) & (np.diff(high[order]) == 0)
    starts = np.flatnonzero(np.insert(~same, 0, True))
    counts = np.diff(np.append(starts, len(order)))
    directions = np.add.reduceat(np.where(forward[order], 1, -1), starts)
    doubtful = distinct(cells[order][starts[(counts != 2) | (directions != 0)]])
    signs = np.ones(len(points))
    if len(doubtful):
        begins = np.searchsorted(cells, doubtful, side="left")
        ends = np.searchsorted(cells, doubtful, side="right")
        for begin, end in zip(begins, ends, strict=True):
            part = slice(begin, end)
            signs[part] = _turned_alike(points[part], following[part], faces[part])
    return signs


def _turned_alike(points: Ids, following: Ids, faces: Ids) -> Numbers:
    """Return the signs of the edges of one cell: going from face to face over their common edges."""
    sides: dict[tuple[int, int], list[tuple[int, bool]]] = {}
    for one, other, face in zip(points.tolist(), following.tolist(), faces.tolist(), strict=True):
        sides.setdefault((min(one, other), max(one, other)), []).append((face, one < other))
    neighbours: dict[int, list[tuple[int, int]]] = {}
    for pair in sides.values():
        if len(pair) != 2:
            return np.zeros(len(points))
        (face, forward), (beside, also) = pair
        turn = 1 if forward != also else -1
        neighbours.setdefault(face, []).append((beside, turn))
        neighbours.setdefault(beside, []).append((face, turn))
    found = {int(faces[0]): 1}
    waiting = [int(faces[0])]
    while waiting:
        face = waiting.pop()
        for beside, turn in neighbours[face]:
            if beside not in found:
                found[beside] = found[face] * turn
                waiting.append(beside)
            elif found[beside] != found[face] * turn:
                return np.zeros(len(points))
    return np.array([found.get(face, 0) for face in faces.tolist()], float)
