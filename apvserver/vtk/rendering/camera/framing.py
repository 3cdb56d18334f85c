"""Where a camera stands so that a box just fits into its picture."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from async_paraview.records import dataclass
from async_paraview.widgets.sight import as_vector as as_vector
from async_paraview.widgets.sight import upright as upright

from ..images import Bounds, Vector

DIRECTIONS: Mapping[str, tuple[Vector, Vector]] = {
    "+X": ((1.0, 0.0, 0.0), (0.0, 0.0, 1.0)),
    "-X": ((-1.0, 0.0, 0.0), (0.0, 0.0, 1.0)),
    "+Y": ((0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "-Y": ((0.0, -1.0, 0.0), (0.0, 0.0, 1.0)),
    "+Z": ((0.0, 0.0, 1.0), (0.0, 1.0, 0.0)),
    "-Z": ((0.0, 0.0, -1.0), (0.0, 1.0, 0.0)),
}
"""By name: the direction the camera looks along, and which way is up."""

UNIT_BOX: Bounds = (-0.5, 0.5, -0.5, 0.5, -0.5, 0.5)
FIT_MARGIN = 1.05
_LEAST_REST = 0.25
"""So much of each side of a picture the scene has, whatever else needs room."""
_SAME_ASIDE = 1e-6


class Margins(NamedTuple):
    """How much of a picture is left free along its sides, in pixels."""

    left: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    top: float = 0.0

    def beside(self, other: Margins) -> Margins:
        """Return those that leave what both need, one outside of the other."""
        return Margins(*(one + more for one, more in zip(self, other, strict=True)))

    def even(self) -> Margins:
        """Return those that leave as much on opposite sides: what is in the middle stays there."""
        across, up = max(self.left, self.right), max(self.bottom, self.top)
        return Margins(across, across, up, up)


NO_MARGINS = Margins()


@dataclass(frozen=True)
class Room:
    """A picture of a size in pixels, and what of it is left free."""

    size: tuple[int, int]
    margins: Margins = NO_MARGINS

    @property
    def aspect(self) -> float:
        """Width by height of the picture."""
        return self.size[0] / self.size[1]

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the rest, from -1 to 1 across the picture and up."""
        across, up = self._limits()
        return (across[0] + across[1]) / 2, (up[0] + up[1]) / 2

    @property
    def half(self) -> tuple[float, float]:
        """Half the size of the rest, as parts of half the picture."""
        across, up = self._limits()
        return (across[1] - across[0]) / 2, (up[1] - up[0]) / 2

    @property
    def aside(self) -> tuple[float, float]:
        """How far to the right and up the middle of the rest is, in halves of the picture's height."""
        across, up = self.middle
        return across * self.aspect, up

    @property
    def sides(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Left and right of the rest, and bottom and top, in pixels."""
        (left, right), (bottom, top) = (
            ((1 + low) * side / 2, (1 + high) * side / 2)
            for (low, high), side in zip(self._limits(), self.size, strict=True)
        )
        return (left, right), (bottom, top)

    def _limits(self) -> tuple[tuple[float, float], tuple[float, float]]:
        margins = self.margins
        return _rest(margins.left, margins.right, self.size[0]), _rest(margins.bottom, margins.top, self.size[1])


def rooms_for_one_camera(rooms: Iterable[Room]) -> list[Room]:
    """Return rooms in which one camera can show the same: where they differ, as much is left free on both sides."""
    found = list(dict.fromkeys(rooms))
    asides = [one.aside for one in found]
    if all(math.dist(one, asides[0]) < _SAME_ASIDE for one in asides):
        return found
    return [Room(one.size, one.margins.even()) for one in found]


def _rest(low: float, high: float, size: float) -> tuple[float, float]:
    """Return where the rest of a side begins and ends, from -1 to 1; at least a part of it is left for the scene."""
    shrunk = min(1.0, (1.0 - _LEAST_REST) * size / max(low + high, 1e-9))
    return -1.0 + 2.0 * low * shrunk / size, 1.0 - 2.0 * high * shrunk / size


def fit_camera(
    bounds: Bounds, look: Vector, view_up: Vector, *, view_angle: float, room: Room, parallel: bool
) -> tuple[Vector, Vector, float]:
    """Return position, focal point and parallel scale that just show the whole box in a room, with a small margin.

    `view_angle` is vertical, in degrees. Where more is left free on one side, the box is in the middle of the rest, and
    the camera looks beside it, `parallel` or from a point.
    """
    low, high = np.array(bounds[::2]), np.array(bounds[1::2])
    corners = np.array([[x, y, z] for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)])
    offsets = corners * (high - low)
    forward = np.array(look) / np.linalg.norm(look)
    right = np.cross(forward, view_up)
    right /= np.linalg.norm(right)
    up, deep = np.cross(right, forward), offsets @ forward
    slope = math.tan(math.radians(view_angle) / 2)
    (beside, above), (half_across, half_up) = room.aside, room.half
    extent_up, extent_right = offsets @ up * FIT_MARGIN, offsets @ right * FIT_MARGIN
    half_height = np.maximum(np.abs(extent_up) / half_up, np.abs(extent_right) / (room.aspect * half_across))
    scale = float(half_height.max()) or 1.0
    # What is nearer than the middle of the box is farther from the middle of the picture.
    seen_up = np.abs(extent_up - above * slope * deep) / half_up
    seen_right = np.abs(extent_right - beside * slope * deep) / (room.aspect * half_across)
    distance = max(float((np.maximum(seen_up, seen_right) / slope - deep).max()), scale)
    half_picture = scale if parallel else distance * slope
    center = (low + high) / 2
    aside = half_picture * (beside * right + above * up)
    return as_vector(center - aside - distance * forward), as_vector(center - aside), scale


def union_of_bounds(boxes: Iterable[Bounds]) -> Bounds | None:
    """Return the smallest box around all boxes; None if there are none."""
    rows = list(boxes)
    if not rows:
        return None
    xs, xe, ys, ye, zs, ze = zip(*rows, strict=True)
    return (min(xs), max(xe), min(ys), max(ye), min(zs), max(ze))
