"""Elements that version 2 of Gmsh's format has once for each group that they are in, with a number for each."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from async_paraview.records import dataclass

_GROUP, _ENTITY = "gmsh:physical", "gmsh:geometrical"
_OWN_NUMBERS: Final = 2
"""Of a name of groups in the field data: the number of the group, and its dimension."""


@dataclass(frozen=True)
class Merged:
    """Which element of the mesh each element of the file is."""

    of: Any
    count: int

    def values(self, found: Any) -> Any:
        """Return a row for each element of the mesh from those of the file: the first of its rows that has numbers."""
        made = np.full((self.count, *found.shape[1:]), np.nan)
        has = ~np.isnan(found).reshape(len(found), -1).all(axis=1)
        places = np.flatnonzero(has)[::-1]  # the first row is the last that is put
        made[self.of[places]] = found[places]
        return made


def merged(mesh: Any) -> tuple[Any, Merged | None]:
    """Return a mesh of meshio with each element once, and groups as sets; None if each was there once.

    Gmsh writes an element several times in a row. They are the same if they have the same nodes in the same order,
    and belong to the same entity.
    """
    if _GROUP not in mesh.cell_data or _ENTITY not in mesh.cell_data:
        return mesh, None
    firsts, places = [], []
    for block, entity in zip(mesh.cells, mesh.cell_data[_ENTITY], strict=True):
        rows = np.column_stack([block.data, entity])
        first = np.concatenate([[True], (rows[1:] != rows[:-1]).any(axis=1)])[: len(rows)]
        firsts.append(first)
        places.append(np.cumsum(first) - 1)
    for name, (number, dimension) in _named(mesh):
        groups = zip(mesh.cells, places, mesh.cell_data[_GROUP], strict=True)
        found = [
            np.unique(at[np.abs(one) == number]) if block.dim == dimension else at[:0] for block, at, one in groups
        ]
        if any(map(len, found)):  # a file of all elements does not say which are in groups
            mesh.cell_sets[name] = found
    kept = np.concatenate(firsts) if firsts else np.zeros(0, bool)
    if kept.all():
        return mesh, None
    for name, values in mesh.cell_data.items():
        mesh.cell_data[name] = [np.asarray(one)[first] for one, first in zip(values, firsts, strict=True)]
    for block, first in zip(mesh.cells, firsts, strict=True):
        block.data = block.data[first]
    return mesh, Merged(np.cumsum(kept) - 1, int(kept.sum()))


def _named(mesh: Any) -> list[tuple[str, tuple[int, int]]]:
    return [(name, (int(one[0]), int(one[1]))) for name, one in mesh.field_data.items() if len(one) == _OWN_NUMBERS]
