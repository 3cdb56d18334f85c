"""Rows and columns of a figure: which cells of a layout they are, and how those are split for it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from async_paraview.records import dataclass
from async_paraview.scene.layouts import HORIZONTAL, LAST, VERTICAL

from .cells import CellTree, Place, Split

_SAME_LINE: Final = 1e-6


class Rectangle(NamedTuple):
    """Some rows and columns beside each other; the last ones are the first beyond it."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def overlaps(self, other: Rectangle) -> bool:
        """Return whether both have a place in common."""
        rows = self.first_row < other.last_row and other.first_row < self.last_row
        return rows and self.first_column < other.last_column and other.first_column < self.last_column


@dataclass(frozen=True)
class Grid:
    """Rows and columns, by how high and how wide they are beside each other."""

    heights: Sequence[float]
    widths: Sequence[float]

    @property
    def whole(self) -> Rectangle:
        """All rows and columns."""
        return Rectangle(0, 0, len(self.heights), len(self.widths))

    def meant(self, key: object) -> Rectangle:
        """Return what an index means: a row and a column, each a number or a slice. Raises IndexError, TypeError."""
        if not isinstance(key, tuple) or len(key) != 2:
            raise TypeError(f"a place in a figure is its row and its column, as figure[0, 1], not {key!r:.60}")
        (first_row, last_row), (first_column, last_column) = (
            _span(one, len(sides), what)
            for one, sides, what in zip(key, (self.heights, self.widths), ("rows", "columns"), strict=True)
        )
        return Rectangle(first_row, first_column, last_row, last_column)

    def rectangles(self, tree: CellTree) -> dict[int, Rectangle] | None:
        """Return which rows and columns each cell has; None if the cells are split elsewhere than between those."""
        found: dict[int, Rectangle] = {}
        stack = [(0, self.whole)]
        while stack:
            at, area = stack.pop()
            split = tree.splits.get(at)
            if split is None:
                found[at] = area
                continue
            halves = self._halves(area, split)
            if halves is None:
                return None
            stack += [(2 * at + 1, halves[0]), (2 * at + 2, halves[1])]
        return found

    def _halves(self, area: Rectangle, split: Split) -> tuple[Rectangle, Rectangle] | None:
        upright = split.direction == VERTICAL
        sides = self.heights if upright else self.widths
        first, last = (area.first_row, area.last_row) if upright else (area.first_column, area.last_column)
        for at in range(first + 1, last):
            if abs(_part(sides, first, at, last) - split.fraction) < _SAME_LINE:
                return _cut(area, at, upright=upright)
        return None

    def tree(self, views: Mapping[Rectangle, Any]) -> CellTree:
        """Return cells that have these views; every other place has a cell of its own. Raises ValueError."""
        places = [
            Rectangle(row, column, row + 1, column + 1)
            for row, column in itertools.product(range(len(self.heights)), range(len(self.widths)))
        ]
        free = [one for one in places if not any(one.overlaps(taken) for taken in views)]
        splits: dict[int, Split] = {}
        leaves: dict[int, Any] = {}
        stack = [(0, self.whole, [*views, *free])]
        while stack:
            at, area, parts = stack.pop()
            if len(parts) == 1:
                if parts[0] in views:
                    leaves[at] = views[parts[0]]
                continue
            upright, line = self._line(area, parts)
            if 2 * at + 2 > LAST:
                raise ValueError(f"a layout has {LAST + 1} cells at most, which this figure would exceed")
            sides = self.heights if upright else self.widths
            first, last = (area.first_row, area.last_row) if upright else (area.first_column, area.last_column)
            splits[at] = Split(VERTICAL if upright else HORIZONTAL, _part(sides, first, line, last))
            for number, half in zip((2 * at + 1, 2 * at + 2), _cut(area, line, upright=upright), strict=True):
                stack.append((number, half, [one for one in parts if one.overlaps(half)]))
        return CellTree(splits, leaves)

    def _line(self, area: Rectangle, parts: Iterable[Rectangle]) -> tuple[bool, int]:
        """Return where an area is split so that no part is cut, as near to its middle as can be: rows first."""
        for upright in (True, False):
            low, high = (area.first_row, area.last_row) if upright else (area.first_column, area.last_column)
            spans = [(one[0], one[2]) if upright else (one[1], one[3]) for one in parts]
            lines = [at for at in range(low + 1, high) if not any(first < at < last for first, last in spans)]
            if lines:
                return upright, min(lines, key=lambda at: abs(2 * at - low - high))
        raise ValueError(
            "views that go round each other cannot be placed: a figure is split into two parts, and each of them again"
        )

    def places(self, rectangles: Mapping[int, Rectangle], area: Place, gap: float) -> dict[int, Place]:
        """Return where cells are in an area, in whole pixels; rows and columns of one size differ by one at most.

        Raises ValueError if they have no room.
        """
        down = _edges(self.heights, area.top, area.height, gap)
        across = _edges(self.widths, area.left, area.width, gap)
        found = {}
        for at, one in rectangles.items():
            left, right = across[one.first_column][0], across[one.last_column - 1][1]
            top, bottom = down[one.first_row][0], down[one.last_row - 1][1]
            if right <= left or bottom <= top:
                raise ValueError(
                    f"{area.width} x {area.height} pixels are too few for {len(self.heights)} rows and "
                    f"{len(self.widths)} columns with {gap:g} pixels between them"
                )
            found[at] = Place(left, top, right - left, bottom - top)
        return found


def _span(index: object, count: int, what: str) -> tuple[int, int]:
    if isinstance(index, slice):
        if index.step not in (None, 1):
            raise IndexError(f"{what} beside each other are taken together, not every {index.step}th")
        first, last, _ = index.indices(count)
        if first >= last:
            raise IndexError(f"{what} {index.start} to {index.stop} are none of {count}")
        return first, last
    if not isinstance(index, int) or isinstance(index, bool):
        raise TypeError(f"{what} are numbers or slices, not {index!r:.60}")
    if not -count <= index < count:
        raise IndexError(f"there is no {what[:-1]} {index}: a figure with {count} {what} has 0 to {count - 1}")
    return index % count, index % count + 1


def _part(sides: Sequence[float], first: int, at: int, last: int) -> float:
    """Return which part of some rows or columns lies before one of them."""
    return sum(sides[first:at]) / sum(sides[first:last])


def _cut(area: Rectangle, at: int, *, upright: bool) -> tuple[Rectangle, Rectangle]:
    if upright:
        return area._replace(last_row=at), area._replace(first_row=at)
    return area._replace(last_column=at), area._replace(first_column=at)


def _edges(sides: Sequence[float], first: int, length: int, gap: float) -> list[tuple[int, int]]:
    """Return where each row or column begins and ends, with gaps between them."""
    rest, total = length - gap * (len(sides) - 1), sum(sides)
    found, at = [], float(first)
    for side in sides:
        end = at + rest * side / total
        found.append((round(at), round(end)))
        at = end + gap
    return found
