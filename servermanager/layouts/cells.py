"""The cells of a layout: a binary tree whose leaves have views. Plain values, as ParaView's layouts have them.

The first half of cell n (left, or above) has the number 2 n + 1, the second one 2 n + 2.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace
from typing import Any, NamedTuple

from async_paraview.records import dataclass
from async_paraview.scene.layouts import HORIZONTAL, LAST, UNSPLIT, VERTICAL


class Split(NamedTuple):
    """How a cell is split: the direction, and which part of it the first half has."""

    direction: str
    fraction: float


class Place(NamedTuple):
    """Where a cell is in a picture, in pixels from its top left."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True)
class CellTree:
    """A tree of cells. What changes it returns another one."""

    splits: Mapping[int, Split] = field(default_factory=dict)
    views: Mapping[int, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, cells: list[list[Any]]) -> CellTree:
        """Return the tree of a list of (number, direction, fraction, view or None)."""
        splits = {one[0]: Split(one[1], one[2]) for one in cells if one[1] != UNSPLIT}
        return cls(splits, {one[0]: one[3] for one in cells if one[1] == UNSPLIT and one[3] is not None})

    def listed(self) -> list[list[Any]]:
        """Return the cells that are split or have a view, as `of` takes them."""
        numbers = sorted({*self.splits, *self.views})
        return [[one, *self.splits.get(one, Split(UNSPLIT, 0.5)), self.views.get(one)] for one in numbers]

    def leaves(self, at: int = 0) -> list[int]:
        """Return the cells below one that are not split, from left to right and from above."""
        found, stack = [], [at]
        while stack:
            one = stack.pop()
            if one in self.splits:
                stack += [2 * one + 2, 2 * one + 1]
            else:
                found.append(one)
        return found

    def has(self, number: int) -> bool:
        """Return whether there is a cell of that number."""
        return number == 0 or (number > 0 and (number - 1) // 2 in self.splits and self.has((number - 1) // 2))

    def split(self, number: int, direction: str, fraction: float) -> CellTree:
        """Split a cell; its view goes into the first half. Raises ValueError."""
        if not self.has(number) or number in self.splits:
            why = "is split already" if number in self.splits else "is not there"
            raise ValueError(f"cell {number!r} {why}; cells that can be split are {self.leaves()}")
        if 2 * number + 2 > LAST:
            raise ValueError(f"cell {number} is not split again: a layout has {LAST + 1} cells at most")
        views = {2 * number + 1 if at == number else at: view for at, view in self.views.items()}
        return CellTree({**self.splits, number: Split(direction, float(fraction))}, views)

    def with_fraction(self, number: int, fraction: float) -> CellTree:
        """Give the first half of a split cell another part of it. Raises ValueError for one that is not split."""
        if number not in self.splits:
            raise ValueError(f"cell {number!r} is not split; those that are: {sorted(self.splits) or 'none'}")
        return replace(self, splits={**self.splits, number: Split(self.splits[number].direction, float(fraction))})

    def with_view(self, number: int, view: Any) -> CellTree:
        """Put a view into an empty cell. Raises ValueError."""
        if number not in self.leaves():
            raise ValueError(f"cell {number!r} takes no view; those that do are {self.leaves()}")
        if number in self.views:
            raise ValueError(f"cell {number} has a view already: {self.views[number]!r:.60}")
        return replace(self, views={**self.views, number: view})

    def without(self, leaves_out: Callable[[Any], bool]) -> CellTree:
        """Leave out some views; their cells are empty then."""
        return replace(self, views={at: view for at, view in self.views.items() if not leaves_out(view)})

    def collapsed(self, number: int) -> CellTree:
        """Take out an empty cell; what is beside it takes its room. Raises ValueError."""
        if number not in self.leaves() or number in self.views:
            empty = [one for one in self.leaves() if one not in self.views]
            raise ValueError(f"cell {number!r} is not empty; those that are: {empty or 'none'}")
        if number == 0:
            return self
        parent = (number - 1) // 2
        beside = 2 * parent + 1 if number % 2 == 0 else 2 * parent + 2
        moved = {old: new for old, new in self._pairs(beside, parent)}
        gone = {parent, number}
        splits = {moved.get(at, at): one for at, one in self.splits.items() if at not in gone}
        return CellTree(splits, {moved.get(at, at): one for at, one in self.views.items() if at not in gone})

    def _pairs(self, source: int, target: int) -> Iterator[tuple[int, int]]:
        yield source, target
        if source in self.splits:
            yield from self._pairs(2 * source + 1, 2 * target + 1)
            yield from self._pairs(2 * source + 2, 2 * target + 2)

    def swapped(self, one: int, other: int) -> CellTree:
        """Exchange what is in two cells that are not split. Raises ValueError."""
        for number in (one, other):
            if number not in self.leaves():
                raise ValueError(f"cell {number!r} has no view to exchange; those that may are {self.leaves()}")
        to = {one: other, other: one}
        return replace(self, views={to.get(at, at): view for at, view in self.views.items()})

    def equalized(self, *directions: str) -> CellTree:
        """Give the cells of each row, or column, one size; see `vtkSMViewLayoutProxy::EqualizeViews` of ParaView."""
        splits = dict(self.splits)
        for direction in directions or (HORIZONTAL, VERTICAL):
            self._equalize(0, direction, splits)
        return replace(self, splits=splits)

    def _equalize(self, number: int, direction: str, splits: dict[int, Split]) -> int:
        """Return how many cells stand beside each other in a direction."""
        if number not in splits:
            return 1
        first = self._equalize(2 * number + 1, direction, splits)
        second = self._equalize(2 * number + 2, direction, splits)
        if splits[number].direction != direction:
            return 1
        splits[number] = Split(direction, first / (first + second))
        return first + second

    def with_view_anywhere(self, view: Any, hint: int = 0) -> CellTree:
        """Put a view into an empty cell at or below `hint`, else any; if there is none, split one, as ParaView does."""
        hint = hint if self.has(hint) else 0
        for below in (hint, 0):
            for number in self.leaves(below):
                if number not in self.views:
                    return self.with_view(number, view)
        parent = self.splits.get((hint - 1) // 2) if hint else None
        direction = VERTICAL if parent is not None and parent.direction == HORIZONTAL else HORIZONTAL
        while hint in self.splits:
            direction = VERTICAL if self.splits[hint].direction == HORIZONTAL else HORIZONTAL
            hint = 2 * hint + 1
        return self.split(hint, direction, 0.5).with_view(2 * hint + 2, view)

    def places(self, width: int, height: int, separator: int) -> dict[int, Place]:
        """Return where each cell is in a picture. Raises ValueError if it is too small for some of them.

        Of a cell that is split the first half has the rounded-up part of its pixels, less half of the separator.
        """
        found: dict[int, Place] = {}
        stack = [(0, Place(0, 0, width, height))]
        while stack:
            at, place = stack.pop()
            if min(place.width, place.height) < 1:
                raise ValueError(f"{width} x {height} pixels are too few for {len(self.leaves())} cells of a layout")
            if at not in self.splits:
                found[at] = place
                continue
            direction, fraction = self.splits[at]
            whole = place.width if direction == HORIZONTAL else place.height
            part = math.ceil(whole * fraction)
            first, second = part - separator // 2, whole - part - (separator - separator // 2)
            if direction == HORIZONTAL:
                halves = (
                    place._replace(width=first),
                    place._replace(left=place.left + first + separator, width=second),
                )
            else:
                halves = (
                    place._replace(height=first),
                    place._replace(top=place.top + first + separator, height=second),
                )
            stack += [(2 * at + 1, halves[0]), (2 * at + 2, halves[1])]
        return found

    def natural_size(self, sizes: Mapping[int, tuple[int, int]], separator: int, at: int = 0) -> tuple[int, int]:
        """Return the size of a cell whose views, by the numbers of theirs, are as large as they are."""
        if at not in self.splits:
            return sizes.get(at, (0, 0))
        first, second = (self.natural_size(sizes, separator, 2 * at + half) for half in (1, 2))
        if self.splits[at].direction == HORIZONTAL:
            return first[0] + second[0] + separator, max(first[1], second[1])
        return max(first[0], second[0]), first[1] + second[1] + separator

    def natural_places(self, sizes: Mapping[int, tuple[int, int]], separator: int) -> dict[int, Place]:
        """Return where the cells with views are in a picture in which these are as large as they are."""
        found: dict[int, Place] = {}
        stack = [(0, 0, 0)]
        while stack:
            at, left, top = stack.pop()
            if at not in self.splits:
                if at in sizes:
                    found[at] = Place(left, top, *sizes[at])
                continue
            width, height = self.natural_size(sizes, separator, 2 * at + 1)
            aside = (width + separator, 0) if self.splits[at].direction == HORIZONTAL else (0, height + separator)
            stack += [(2 * at + 1, left, top), (2 * at + 2, left + aside[0], top + aside[1])]
        return found
