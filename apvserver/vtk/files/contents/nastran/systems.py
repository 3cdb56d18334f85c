"""Systems of coordinates of Nastran, in which points are given and on which others stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from async_paraview.records import dataclass

RECTANGULAR, CYLINDRICAL, SPHERICAL = "R", "C", "S"
_BASIC: Final = 0
"""The number of the system that all others go back to."""


@dataclass(frozen=True)
class System:
    """A system by three places: its origin, one on its z axis, one in the plane of its x and z axes.

    The places are in the system of the number `of`; they are None where `grids` are the points that are there.
    """

    kind: str
    of: int
    places: Any = None
    grids: tuple[int, ...] = ()


class Systems:
    """The systems of a model."""

    def __init__(self, systems: dict[int, System], place_of: Callable[[int], tuple[int, Any]]) -> None:
        """`place_of` gives the system and the coordinates of a point by its number."""
        self._systems, self._place_of = systems, place_of
        self._frames: dict[int, tuple[Any, Any]] = {}

    def placed(self, number: int, coordinates: Any) -> Any:
        """Return rows of coordinates in a system as places in the basic one.

        Raises KeyError if there is no such system, ValueError if it stands on itself, or its places are in a line.
        """
        return self._basic(number, coordinates, ())

    def _frame(self, number: int, above: tuple[int, ...]) -> tuple[Any, Any]:
        """Return the origin and the axes (as rows) of a system in the basic one."""
        if number in above:
            raise ValueError(f"the system of coordinates {number} stands on itself")
        if number not in self._frames:
            self._frames[number] = _axes(number, *self._places(number, (*above, number)))
        return self._frames[number]

    def _places(self, number: int, above: tuple[int, ...]) -> Any:
        system = self._systems[number]
        if not system.grids:
            return self._basic(system.of, system.places, above)
        given = (self._place_of(one) for one in system.grids)
        return [self._basic(of, np.array([place]), above)[0] for of, place in given]

    def _basic(self, number: int, coordinates: Any, above: tuple[int, ...]) -> Any:
        if number == _BASIC:
            return coordinates
        origin, axes = self._frame(number, above)
        return origin + _straight(self._systems[number].kind, coordinates) @ axes


def _axes(number: int, origin: Any, on_z: Any, in_plane: Any) -> tuple[Any, Any]:
    z = on_z - origin
    y = np.cross(z, in_plane - origin)
    if not np.linalg.norm(z) or not np.linalg.norm(y):
        raise ValueError(f"the three places of the system of coordinates {number} are in a line")
    z, y = z / np.linalg.norm(z), y / np.linalg.norm(y)
    return origin, np.array([np.cross(y, z), y, z])


def _straight(kind: str, coordinates: Any) -> Any:
    """Return x, y and z of rows of radius, angle in degrees and z, or of radius and two angles: from z, about z."""
    if kind == RECTANGULAR:
        return coordinates
    radius, second, third = np.asarray(coordinates, float).T
    if kind == CYLINDRICAL:
        angle = np.radians(second)
        return np.column_stack([radius * np.cos(angle), radius * np.sin(angle), third])
    theta, phi = np.radians(second), np.radians(third)
    return np.column_stack(
        [radius * np.sin(theta) * np.cos(phi), radius * np.sin(theta) * np.sin(phi), radius * np.cos(theta)]
    )
