"""Whether tetrahedra fill the convex hull of points, each place once: told by their faces."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from async_paraview.records import dataclass

from ...base.array_types import repeated

Places = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]

_FLAT: Final = 1e-12
"""Of the cube of the size of all: the volume of a tetrahedron of which one cannot say how it lies."""
_LEVEL: Final = 1e-6
"""Of that size: how far a boundary may be hollow."""
_FACES: Final = ((1, 2, 3), (0, 3, 2), (0, 1, 3), (0, 2, 1))
"""Of a tetrahedron whose last point is where the normal of the first three points to: each as seen from inside."""


@dataclass(frozen=True)
class Filling:
    """What tetrahedra fill: `whole` if they overlap nowhere, `convex` if their boundary is."""

    volume: float
    whole: bool
    convex: bool


def filling(tetrahedra: Ids, places: Places) -> Filling:
    """Return what tetrahedra, rows of ids of their points, fill."""
    size = float(np.linalg.norm(np.ptp(places, axis=0))) if len(places) else 0.0
    corners = places[tetrahedra]
    edges = corners[:, 1:] - corners[:, :1]
    volumes = np.einsum("ck,ck->c", np.cross(edges[:, 0], edges[:, 1]), edges[:, 2]) / 6
    ordered = np.where((volumes < 0)[:, None], tetrahedra[:, [0, 1, 3, 2]], tetrahedra)
    faces = ordered[:, _FACES].reshape(-1, 3)
    flat = repeated(np.abs(volumes) < _FLAT * size**3, len(_FACES))
    keys, turns = _sorted(faces)
    order = np.lexsort(keys.T)
    keys, turns, flat = keys[order], turns[order], flat[order]
    begins = np.flatnonzero(np.concatenate([[True], (keys[1:] != keys[:-1]).any(axis=1)]))
    counts = np.diff(np.concatenate([begins, [len(keys)]]))
    pairs = begins[counts == 2]
    agree = (turns[pairs] != turns[pairs + 1]) | flat[pairs] | flat[pairs + 1]
    whole = bool((counts <= 2).all() and agree.all())
    boundary = faces[order[begins[counts == 1]]]
    return Filling(float(np.abs(volumes).sum()), whole, _is_convex(boundary, places, _LEVEL * size))


def _sorted(faces: Ids) -> tuple[Ids, npt.NDArray[np.bool_]]:
    """Return the ids of each face in order, and whether it was turned around by that."""
    order = np.argsort(faces, axis=1)
    odd = (order[:, 0] > order[:, 1]) ^ (order[:, 0] > order[:, 2]) ^ (order[:, 1] > order[:, 2])
    return np.take_along_axis(faces, order, axis=1), odd


def _is_convex(boundary: Ids, places: Places, level: float) -> bool:
    """Return whether the point beyond each edge of a face lies not above that face; both sides of an edge count."""
    corners = places[boundary]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    normals = normals / np.where(lengths > 0, lengths, 1)
    edges = np.sort(np.concatenate([boundary[:, [i, (i + 1) % 3]] for i in range(3)]), axis=1)
    beyond = np.concatenate([boundary[:, (i + 2) % 3] for i in range(3)])
    face = np.tile(np.arange(len(boundary)), 3)
    order: Any = np.lexsort(edges.T)
    edges, beyond, face = edges[order], beyond[order], face[order]
    first = np.flatnonzero((edges[1:] == edges[:-1]).all(axis=1))
    for one, other in ((first, first + 1), (first + 1, first)):
        heights = np.einsum("fk,fk->f", normals[face[one]], places[beyond[other]] - corners[face[one], 0])
        if (heights > level).any():
            return False
    return True
