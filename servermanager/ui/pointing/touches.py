"""Two fingers on a view: they pull the scene along, spread it, and turn it. Decided from places alone."""

from __future__ import annotations

import math
from typing import Final

from async_paraview.records import dataclass

from .bindings import PAN, ROLL, Movement, turned

Place = tuple[float, float]
"""An offset from the middle of the picture, right and down, in fractions of its height (`Surface.offset`)."""

TWIST_BEGINS: Final = 12.0
"""So many degrees two fingers turn before the picture turns with them: less is how hands move when they spread."""
_NEAREST: Final = 1e-3


@dataclass(frozen=True, slots=True)
class Fingers:
    """Two fingers, and how far they have turned since they came down, in degrees clockwise."""

    first: Place
    second: Place
    twist: float = 0.0

    @property
    def middle(self) -> Place:
        """Return the place between them."""
        return (self.first[0] + self.second[0]) / 2.0, (self.first[1] + self.second[1]) / 2.0

    @property
    def apart(self) -> Place:
        """Return the way from the first to the second."""
        return self.second[0] - self.first[0], self.second[1] - self.first[1]

    def moved(self, first: Place, second: Place) -> Fingers:
        """Return them where they are now."""
        after = Fingers(first, second)
        return Fingers(first, second, self.twist + turned(self.apart, after.apart))


def movements(before: Fingers, after: Fingers) -> list[Movement]:
    """Return how the camera moves when two fingers do."""
    (x0, y0), (x1, y1) = before.middle, after.middle
    found: list[Movement] = []
    if (x0, y0) != (x1, y1):
        found.append((PAN, {"dx": x1 - x0, "dy": y1 - y0}))
    distances = math.hypot(*before.apart), math.hypot(*after.apart)
    if min(distances) > _NEAREST and distances[0] != distances[1]:
        found.append(("zoom_at", {"factor": distances[1] / distances[0], "dx": x1, "dy": y1}))
    if abs(after.twist) > TWIST_BEGINS and (degrees := after.twist - before.twist):
        found.append((ROLL, {"degrees": degrees}))
    return found
