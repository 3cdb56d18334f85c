"""The mesh in bulk data of Nastran, after MSC Nastran's Quick Reference Guide. No VTK here."""

from __future__ import annotations

from collections import Counter
from dataclasses import field
from typing import Any, Final

import numpy as np

from async_paraview.records import dataclass

from ....base.errors import FileError
from .cards import cards_of, integer, real
from .systems import System, Systems

_Order = tuple[int, ...]
_Kinds = dict[int, tuple[str, _Order | None]]
_LINE: Final[_Kinds] = {2: ("line", None)}
_TRIANGLE: Final[_Kinds] = {3: ("triangle", None)}
_QUAD: Final[_Kinds] = {4: ("quad", None)}
_PYRAMID: Final[_Kinds] = {13: ("pyramid13", None), 5: ("pyramid", None)}
_CORNERS: Final[dict[str, _Kinds]] = {
    "CBAR": _LINE, "CBEAM": _LINE, "CROD": _LINE, "CTUBE": _LINE, "CBUSH": _LINE, "CGAP": _LINE,
    "CTRIA3": _TRIANGLE, "CTRIAR": _TRIANGLE,
    "CTRIA6": {6: ("triangle6", None), **_TRIANGLE},
    "CTRIAX6": {6: ("triangle6", (0, 2, 4, 1, 3, 5))},
    "CQUAD4": _QUAD, "CQUADR": _QUAD, "CSHEAR": _QUAD,
    "CQUAD8": {8: ("quad8", None), **_QUAD},
    "CTETRA": {10: ("tetra10", None), 4: ("tetra", None)},
    "CPYRAM": _PYRAMID, "CPYRA": _PYRAMID,
    "CPENTA": {15: ("wedge15", (*range(9), 12, 13, 14, 9, 10, 11)), 6: ("wedge", None)},
    "CHEXA": {20: ("hexahedron20", (*range(12), *range(16, 20), *range(12, 16))), 8: ("hexahedron", None)},
}  # fmt: skip
"""Of each element: the kinds that it has by its number of points, and which point of Nastran VTK has at each place."""
_SOLIDS: Final = ("CTETRA", "CPYRAM", "CPYRA", "CPENTA", "CHEXA")
_SYSTEMS: Final = tuple(f"CORD{number}{kind}" for number in "12" for kind in "RCS")
_LEFT_OUT: Final = (
    "CBUSH1D", "CELAS1", "CELAS2", "CELAS3", "CELAS4", "CDAMP1", "CDAMP2", "CDAMP3", "CDAMP4", "CMASS1", "CMASS2",
    "CMASS3", "CMASS4", "CONM1", "CONM2", "CVISC", "CWELD", "CFAST", "CBEND", "CQUAD", "CQUAD9", "CQUADX", "CQUADX4",
    "CQUADX8", "CTRIAX", "CTRAX3", "CTRAX6", "RBE1", "RBE2", "RBE3", "RBAR", "RROD", "RSPLINE", "SPOINT",
)  # fmt: skip
"""What connects points, and is shown by nothing here."""
_PLACES_IN_ROW: Final = 3


@dataclass(frozen=True)
class Block:
    """Elements of one of meshio's kinds: their points by index, a row for each."""

    type: str
    data: Any


@dataclass(frozen=True)
class NastranMesh:
    """A mesh as meshio has one, and how many elements of which names are left out."""

    points: Any
    cells: list[Block]
    point_data: dict[str, Any]
    cell_data: dict[str, list[Any]]
    left_out: dict[str, int]
    field_data: dict[str, Any] = field(default_factory=dict)
    cell_sets: dict[str, list[Any]] = field(default_factory=dict)
    point_sets: dict[str, Any] = field(default_factory=dict)


class _Model:
    """What the entries say."""

    def __init__(self) -> None:
        self.grids: dict[int, tuple[int | None, tuple[float, float, float]]] = {}
        self.systems: dict[int, System] = {}
        self.elements: dict[str, list[tuple[int, int, list[int]]]] = {}
        self.orders: dict[str, _Order | None] = {}
        self.left_out: Counter[str] = Counter()
        self.usual_system = 0

    def add(self, name: str, fields: list[str]) -> None:
        """Take an entry in. Raises ValueError."""
        if name == "GRID":
            system = integer(fields, 1) if len(fields) > 1 and fields[1] else None
            self.grids[integer(fields, 0)] = system, (real(fields, 2), real(fields, 3), real(fields, 4))
        elif name == "GRDSET":
            self.usual_system = integer(fields, 1)
        elif name in _SYSTEMS:
            self._add_system(name, fields)
        elif name in ("CONROD", "PLOTEL"):
            self._add_element("line", integer(fields, 0), 0, [integer(fields, 1), integer(fields, 2)], None)
        elif name in _CORNERS:
            self._add_card(name, fields)
        elif name in _LEFT_OUT:
            self.left_out[name] += 1
        elif name.startswith("INCLUDE"):
            raise FileError("it includes other files (INCLUDE), which are not read; write the model out as one file")

    def _add_system(self, name: str, fields: list[str]) -> None:
        if name[4] == "2":
            places = np.array([real(fields, at) for at in range(2, 11)]).reshape(3, 3)
            self.systems[integer(fields, 0)] = System(name[5], integer(fields, 1), places)
            return
        for at in (0, 4):
            if integer(fields, at):
                grids = tuple(integer(fields, at + 1 + one) for one in range(_PLACES_IN_ROW))
                self.systems[integer(fields, at)] = System(name[5], 0, None, grids)

    def _add_card(self, name: str, fields: list[str]) -> None:
        kinds = _CORNERS[name]
        most = max(kinds)
        if name in _SOLIDS and (given := sum(map(bool, fields[2:]))) > most:
            why = f"it has {name} with {given} points, where Nastran has {most} at most: their order is not known"
            raise FileError(why)
        points = [integer(fields, at) for at in range(2, 2 + most)]
        for count, (kind, order) in kinds.items():
            if all(points[:count]):  # of points between corners some may be left out
                self._add_element(kind, integer(fields, 0), integer(fields, 1), points[:count], order)
                return
        self.left_out[f"{name} without all of its points"] += 1

    def _add_element(self, kind: str, number: int, group: int, points: list[int], order: _Order | None) -> None:
        self.elements.setdefault(kind, []).append((number, group, points))
        self.orders[kind] = order


def read_mesh(text: str) -> NastranMesh:
    """Return the mesh, with all points in the basic system.

    Raises `FileError` for what is not read, ValueError or KeyError where it is damaged.
    """
    model = _Model()
    for name, fields in cards_of(text):
        model.add(name, fields)
    numbers = np.fromiter(model.grids, np.int64, len(model.grids))
    usual = model.usual_system
    systems = np.array([usual if system is None else system for system, _ in model.grids.values()], np.int64)
    places = np.array([place for _, place in model.grids.values()]).reshape(-1, 3)

    def place_of(number: int) -> tuple[int, Any]:
        system, place = model.grids[number]
        return (usual if system is None else system), np.array(place)

    known = Systems(model.systems, place_of)
    for system in np.unique(systems).tolist():
        if system and system not in model.systems:
            raise FileError(f"it has points in the system of coordinates {system}, and does not say where that is")
        places[systems == system] = known.placed(system, places[systems == system])
    order = np.argsort(numbers, kind="stable")
    blocks = []
    for kind, found in model.elements.items():
        rows = np.array([points for *_, points in found], np.int64)
        at = np.searchsorted(numbers, rows, sorter=order)
        if not len(numbers) or at.max() >= len(numbers) or (numbers[order[at]] != rows).any():
            raise ValueError("there are elements of points that are not there; is the file complete?")
        permuted = model.orders[kind]
        blocks.append(Block(kind, order[at] if permuted is None else order[at][:, permuted]))
    held = list(model.elements.values())
    return NastranMesh(
        places,
        blocks,
        {"Number": numbers, "nastran:ref": systems},
        {
            "Number": [np.array([number for number, *_ in one]) for one in held],
            "nastran:ref": [np.array([group for _, group, _ in one]) for one in held],
        },
        dict(model.left_out),
    )
