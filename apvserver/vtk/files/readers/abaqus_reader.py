"""An algorithm of our own: reads the mesh of an input file of Abaqus or CalculiX."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from ...base.data_making import add_array, grid_of
from ...base.errors import FileError
from ..contents.abaqus_text import Instance, read_model
from .own_reader import OwnReader

_INSTANCE: Final = "Instance"
_Sets = dict[str, dict[int, Any]]
"""By name: the members in each instance, by its place."""


class AbaqusReader(OwnReader):
    """AbaqusReader - Reads the nodes, elements and sets of an input file of Abaqus or CalculiX (.inp).

    Instances of parts are put where the assembly has them. Sets are arrays of 0 and 1, called after their instance as
    well where there are several. Elements that are no cells (masses, springs, connectors) are left out.
    """

    def read(self, path: str, time: float | None) -> tuple[Any, ...]:
        """Return all instances as one grid."""
        model = read_model(path)
        pieces = model.placed()
        if not pieces:
            raise FileError(f"{path}: there are no nodes in this input file of Abaqus")
        if model.left_out:
            self.warn(
                f"{path}: elements of the types {', '.join(sorted(model.left_out))} are left out; they are no cells"
            )
        return (_grid(path, pieces),)


def _grid(path: str, pieces: list[Instance]) -> Any:
    places, numbers, kinds, sizes, points, elements = [], [], [], [], [], []
    sets: tuple[_Sets, _Sets] = {}, {}
    first = 0
    for piece in pieces:
        nodes = np.concatenate(piece.mesh.nodes) if piece.mesh.nodes else np.zeros((0, 4))
        ids = nodes[:, 0].astype(np.int64)
        order = np.argsort(ids, kind="stable")
        places.append(_moved(nodes[:, 1:], piece.place))
        numbers.append(ids)
        own = []
        for kind, rows in piece.mesh.elements:
            kinds.append(np.full(len(rows), kind))
            sizes.append(np.full(len(rows), rows.shape[1] - 1))
            points.append(first + _found(path, ids, order, rows[:, 1:]).ravel())
            own.append(rows[:, 0])
        elements.append(np.concatenate(own) if own else np.zeros(0, np.int64))
        prefix = f"{piece.name}." if len(pieces) > 1 else ""
        at = len(numbers) - 1
        for found, of_part, of_assembly in (
            (sets[0], piece.mesh.node_sets, piece.node_sets),
            (sets[1], piece.mesh.element_sets, piece.element_sets),
        ):
            _add_sets(found, prefix, of_part, at)
            _add_sets(found, "", of_assembly, at)
        first += len(ids)
    offsets = np.concatenate(([0], np.cumsum(np.concatenate(sizes)))) if sizes else np.zeros(1, int)
    none = np.zeros(0, np.int64)
    made = grid_of(np.concatenate(places), np.concatenate(kinds or [none]), offsets, np.concatenate(points or [none]))
    for attributes, ids_of, named in ((made.GetPointData(), numbers, sets[0]), (made.GetCellData(), elements, sets[1])):
        add_array(attributes, "Number", np.concatenate(ids_of))
        if len(pieces) > 1:
            add_array(
                attributes, _INSTANCE, np.concatenate([np.full(len(one), number) for number, one in enumerate(ids_of)])
            )
        for name, members in named.items():
            parts = [np.isin(one, members.get(at, none)) for at, one in enumerate(ids_of)]
            add_array(attributes, name, np.concatenate(parts).astype(np.uint8))
    return made


def _add_sets(sets: _Sets, prefix: str, found: dict[str, list[Any]], index: int) -> None:
    for name, members in found.items():
        if members:
            sets.setdefault(prefix + name, {})[index] = np.concatenate(members)


def _found(path: str, ids: Any, order: Any, wanted: Any) -> Any:
    """Return the places of node numbers among the nodes."""
    at = np.searchsorted(ids, wanted, sorter=order)
    if not len(ids) or (at >= len(ids)).any() or (ids[order[at]] != wanted).any():
        raise FileError(f"{path}: there are elements of nodes that are not there; is the file complete?")
    return order[at]


def _moved(places: Any, moves: list[list[float]]) -> Any:
    """Move places by the translation and the rotation of an instance."""
    if moves:
        places = places + np.array((moves[0] + [0.0] * 3)[:3])
    if len(moves) > 1:
        start, end, degrees = np.array(moves[1][:3]), np.array(moves[1][3:6]), moves[1][6]
        axis = (end - start) / np.linalg.norm(end - start)
        angle = np.radians(degrees)
        arms = places - start
        along = (arms @ axis)[:, None] * axis
        places = start + along + (arms - along) * np.cos(angle) + np.cross(axis, arms) * np.sin(angle)
    return places
