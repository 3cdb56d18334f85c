"""Boxes of whole pixels, from the lower left corner of a picture."""

from __future__ import annotations

import math
from collections.abc import Iterable

from async_paraview.records import dataclass


@dataclass(frozen=True)
class Box:
    """A box of whole pixels; right and top are the first beyond it."""

    left: int
    bottom: int
    right: int
    top: int

    @property
    def size(self) -> tuple[int, int]:
        """Its width and height."""
        return self.right - self.left, self.top - self.bottom

    def moved(self, x: int, y: int) -> Box:
        """Return it elsewhere."""
        return Box(self.left + x, self.bottom + y, self.right + x, self.top + y)

    def grown(self, by: int) -> Box:
        """Return it with more on each side."""
        return Box(self.left - by, self.bottom - by, self.right + by, self.top + by)

    def overlaps(self, other: Box, gap: int = 0) -> bool:
        """Return whether two boxes have a pixel in common, or less than a gap between them."""
        across = self.left < other.right + gap and other.left < self.right + gap
        return across and self.bottom < other.top + gap and other.bottom < self.top + gap

    def is_within(self, size: tuple[float, float]) -> bool:
        """Return whether all of it is in a picture of a size."""
        return self.left >= 0 and self.bottom >= 0 and self.right <= size[0] and self.top <= size[1]

    def from_the_top(self, height: int) -> tuple[int, int, int, int]:
        """Return left, top, right and bottom, counted from the top of a picture of a height."""
        return self.left, height - self.top, self.right, height - self.bottom


def union(boxes: Iterable[Box]) -> Box:
    """Return the smallest box around some, at least one."""
    lefts, bottoms, rights, tops = zip(*((one.left, one.bottom, one.right, one.top) for one in boxes), strict=True)
    return Box(min(lefts), min(bottoms), max(rights), max(tops))


def around(left: float, bottom: float, right: float, top: float) -> Box:
    """Return the smallest box that has these places in it."""
    return Box(math.floor(left), math.floor(bottom), math.ceil(right), math.ceil(top))
