"""What a file of Tecplot holds, text or binary: zones of points and cells with their variables. No VTK here."""

from __future__ import annotations

import re
from typing import Any, Final

from async_paraview.records import dataclass

CORNERS: Final = {"LINESEG": 2, "TRIANGLE": 3, "QUADRILATERAL": 4, "TETRAHEDRON": 4, "BRICK": 8}
"""Corners of each kind of element."""
_COORDINATE: Final = re.compile(r"^(?:coordinates?|coord)?[\s_]*([xyz])\s*(?:[\[(,/].*)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Zone:
    """One zone. `element` is the kind of its elements, "" if it is ordered; then `dimensions` count."""

    title: str
    names: tuple[str, ...]
    element: str
    dimensions: tuple[int, int, int]
    points: int
    time: float | None
    values: dict[str, Any]
    """The numbers of each variable that has some."""
    centred: frozenset[str]
    """The variables whose values belong to the cells."""
    connectivity: Any
    """The points of each element, a row for each."""

    def axes(self) -> tuple[list[str], bool]:
        """Return the variables that are x, y and z, "" for none; and whether their names say so."""
        named: dict[str, str] = {}
        for name in self.names:
            matched = _COORDINATE.match(name.strip())
            if matched:
                named.setdefault(matched[1].lower(), name)
        if named:
            return [named.get(axis, "") for axis in "xyz"], True
        solid = self.element in ("BRICK", "TETRAHEDRON") or self.dimensions[2] > 1
        return [*self.names[: 3 if solid else 2], "", "", ""][:3], False
