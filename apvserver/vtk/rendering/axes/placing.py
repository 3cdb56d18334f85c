"""Where letters have room in a picture: plain functions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ..camera.framing import NO_MARGINS, Margins
from ..camera.looking import Floats, Looking
from ..layout.boxes import Box, union

_RIM: Final = 2.0
"""What is left between letters and the side of a picture, in points."""

Point = tuple[float, float]
Shape = tuple[int, int]
"""Rows and columns of letters."""


def box_around(middle: Point, shape: Shape) -> Box:
    """Return the box of letters around a place."""
    height, width = shape
    left, bottom = round(middle[0] - width / 2), round(middle[1] - height / 2)
    return Box(left, bottom, left + width, bottom + height)


def reach(outward: Point, shape: Shape) -> float:
    """Return how far letters reach in a direction of length 1 from their middle."""
    return (abs(outward[0]) * shape[1] + abs(outward[1]) * shape[0]) / 2


def beyond(place: Point, outward: Point, shape: Shape, gap: float) -> Point:
    """Return the middle of letters that begin a gap outwards of a place."""
    away = gap + reach(outward, shape)
    return place[0] + outward[0] * away, place[1] + outward[1] * away


def has_room(box: Box, taken: Iterable[Box], gap: int) -> bool:
    """Return whether letters cover no others, with a gap to those beside them."""
    left, right, bottom, top = box.left - gap, box.right + gap, box.bottom, box.top
    return not any(left < one.right and one.left < right and bottom < one.top and one.bottom < top for one in taken)


def is_within(box: Box, size: tuple[float, float] | None) -> bool:
    """Return whether a picture of a size has all of a box; None: there is no end."""
    return size is None or box.is_within(size)


def margins_around(corners: Floats, looking: Looking, boxes: Iterable[Box]) -> Margins:
    """Return how far boxes reach beyond what a picture shows of some corners of the scene."""
    boxes = list(boxes)
    if not boxes:
        return NO_MARGINS
    seen = looking.pixels(corners)[:, :2]
    (left, bottom), (right, top) = seen.min(axis=0).tolist(), seen.max(axis=0).tolist()
    whole = union(boxes)
    return Margins(
        *(max(0.0, one) for one in (left - whole.left, whole.right - right, bottom - whole.bottom, whole.top - top))
    )
