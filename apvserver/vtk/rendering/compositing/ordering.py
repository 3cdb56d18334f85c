"""In which order pieces that are seen through are put one before the other, as a camera sees their boxes. Without VTK.

Boxes that a plane keeps apart are never one before the other and behind it, too: who looks from one side of the plane
sees what is on that side before the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from async_paraview.records import dataclass

Box = Sequence[float]

NEARLY: Final = 1e-5
"""Boxes may reach into each other by so much of their size: places are rounded, and no pixel shows it."""


@dataclass(frozen=True, slots=True)
class Eye:
    """From where boxes are seen, in their own places."""

    position: Sequence[float]
    toward: Sequence[float] | None = None
    """Where all rays go, of a camera whose rays are parallel; else None."""


def front_to_back(boxes: Sequence[Box | None], eye: Eye) -> list[int] | None:
    """Return the numbers of boxes, the nearest first; None if some are not apart, or there is no such order.

    A box (x low, x high, y low, ...) that is None, of nothing, may stand anywhere.
    """
    filled = [number for number, box in enumerate(boxes) if box is not None]
    behind: dict[int, set[int]] = {number: set() for number in filled}
    """Which boxes are behind each."""
    for at, one in enumerate(filled):
        for other in filled[at + 1 :]:
            nearer = _is_nearer(boxes[one], boxes[other], eye)
            if nearer is None:
                return None
            behind[one if nearer else other].add(other if nearer else one)
    order = [number for number, box in enumerate(boxes) if box is None]
    while behind:
        last = [number for number in behind if not any(number in others for others in behind.values())]
        if not last:
            return None  # each is behind another one
        order.append(last[0])
        del behind[last[0]]
    return order


def _is_nearer(one: Box | None, other: Box | None, eye: Eye) -> bool | None:
    """Return whether the first of two boxes is before the second; None if no plane across an axis is between them."""
    assert one is not None and other is not None
    for axis in range(3):
        (low, high), (other_low, other_high) = one[2 * axis : 2 * axis + 2], other[2 * axis : 2 * axis + 2]
        slack = NEARLY * (max(high, other_high) - min(low, other_low))
        if high <= other_low + slack and low < other_high:
            return _is_below(axis, 0.5 * (high + other_low), eye)
        if other_high <= low + slack and other_low < high:
            return not _is_below(axis, 0.5 * (other_high + low), eye)
    return None


def _is_below(axis: int, plane: float, eye: Eye) -> bool:
    """Return whether what is below a plane across an axis is seen before what is above."""
    if eye.toward is not None:
        return eye.toward[axis] >= 0.0
    return eye.position[axis] <= plane
