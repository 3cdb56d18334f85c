"""Where the numbers and titles of a grid of axes stand in a picture: beyond its edges, none upon another."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple

from async_paraview.records import dataclass

from ..fonts.rasters import Mask
from ..layout.boxes import Box, union
from ..legends.texts import Font, beside, line_of, raised, upwards
from .grid_box import Edge, Row, SeenBox
from .numbers import AxisNumbers
from .placing import Point, Shape, beyond, box_around, has_room, is_within, reach

USUAL_SIZE: Final = 12
TICK: Final = 5.0
"""How long ticks are, in points."""
_GAP: Final = 4.0
"""Between a tick, its number and the title, in points."""
_SHORTEST: Final = 2.5
"""Edges that are seen shorter than so many lines have neither numbers nor title."""
_APART: Final = 0.6
"""Numbers of two edges that meet are at least such a part of a line apart: else one of them is left out."""
_BESIDE_TITLES: Final = 2
_LYING: Final = -1
_TURNED: Final = -2
_UPRIGHT: Final = 0.9
"""The sine of edges along which titles are turned."""
_STRIDES: Final = (1, 2, 5, 10, 20, 50)
_TRIES: Final = ((0.0, 0.5), (1.0, 0.5), (2.0, 0.5), (0.0, 0.3), (0.0, 0.7), (1.0, 0.3), (1.0, 0.7))
"""Where titles may stand: so many lines farther, at that part of their edge."""


class GridText(NamedTuple):
    """A text of a grid, and what it takes of the picture."""

    what: str
    """Whose properties say how it looks: "XLabel", "XTitle", ..."""
    text: str
    box: Box
    mask: Mask


class Title(NamedTuple):
    """A title, and its letters, lying and turned."""

    text: str
    lying: Mask
    turned: Mask


@dataclass(frozen=True)
class Letters:
    """What is written along the axes of a grid, drawn."""

    numbers: tuple[AxisNumbers, ...]
    labels: tuple[tuple[Mask, ...], ...]
    """By axis, the numbers."""
    titles: tuple[Title | None, ...]
    lines: tuple[int, ...]
    """By axis, how high a line of its numbers is."""

    @cached_property
    def shapes(self) -> tuple[tuple[Shape, ...], ...]:
        """By axis, the rows and columns of the numbers."""
        return tuple(tuple(one.shape for one in axis) for axis in self.labels)

    @property
    def masks(self) -> list[Mask]:
        """All letters that may be drawn."""
        titles = [mask for one in self.titles if one is not None for mask in (one.lying, one.turned)]
        return [*titles, *(mask for axis in self.labels for mask in axis)]


def letters_of(
    get: Mapping[str, Any], numbers: Sequence[AxisNumbers], titles: Mapping[str, str], scale: float
) -> Letters:
    """Return what is written along the axes, by the properties of a grid, with so many pixels to a point.

    `titles` are those of axes without one.
    """
    labels, drawn, lines = [], [], []
    for name, one in zip("XYZ", numbers, strict=True):
        font = _font(get, f"{name}Label", scale)
        labels.append(tuple(line_of(text, font) for text in one.texts))
        lines.append(font.line)
        title = titles[name] if get[f"{name}Title"] is None else get[f"{name}Title"]
        drawn.append(_title(title, one, _font(get, f"{name}Title", scale)))
    return Letters(tuple(numbers), tuple(labels), tuple(drawn), tuple(lines))


def _font(get: Mapping[str, Any], what: str, scale: float) -> Font:
    looks = get[f"{what}FontFamily"], bool(get[f"{what}Bold"]), bool(get[f"{what}Italic"])
    return Font(get[f"{what}FontSize"] or USUAL_SIZE, *looks, scale, get[f"{what}FontFile"])


def _title(title: str, numbers: AxisNumbers, font: Font) -> Title | None:
    """Return a title, with what the numbers have in common behind it."""
    parts = [(title, "")] if title else []
    if numbers.factor:
        parts.append(("\N{MULTIPLICATION SIGN}10", str(numbers.factor)))
    if numbers.offset:
        parts.append((f"+ {numbers.offset}" if not numbers.offset.startswith("-") else numbers.offset, ""))
    if not parts:
        return None
    masks = [raised(text, power, font) for text, power in parts]
    mask = beside(masks, font.line // 3)
    return Title(" ".join(text + power for text, power in parts), mask, upwards(mask))


class _Line(NamedTuple):
    """An edge as it is seen."""

    axis: int
    start: Point
    end: Point
    along: Point
    outward: Point
    ticks: tuple[Point, ...]
    """Where the numbers of its axis stand."""

    def at(self, part: float, away: float) -> Point:
        """Return the place at a part of the edge, so far outside of it."""
        x = self.start[0] + (self.end[0] - self.start[0]) * part + self.outward[0] * away
        return x, self.start[1] + (self.end[1] - self.start[1]) * part + self.outward[1] * away


class _Text(NamedTuple):
    """A text where it has room, in points."""

    axis: int
    which: int
    """The number of its axis, or a title."""
    middle: Point
    box: Box


def placed_texts(
    seen: SeenBox,
    edges: Iterable[tuple[Edge, int]],
    letters: Letters,
    size: tuple[float, float] | None,
    *,
    ticks: bool,
) -> list[_Text]:
    """Return the texts along edges, each upon one of the faces of the box, as that is seen in points.

    What a picture of a size would cut is left out. `ticks` says whether there are ticks, beyond which they stand.
    """
    lines = [line for one in edges if (line := _seen(seen, *one, size)) is not None]
    lines = [one for one in lines if math.dist(one.start, one.end) >= _SHORTEST * letters.lines[one.axis]]
    lines.sort(key=lambda one: one.start[1] + one.end[1])
    gap = _GAP + (TICK if ticks else 0.0)
    found: list[_Text] = []
    reached: list[float] = []
    for line in lines:
        labels = _labels(line, letters, gap)
        shapes, apart = letters.shapes[line.axis], round(letters.lines[line.axis] * _APART)
        reached.append(max((2 * reach(line.outward, shapes[one.which]) for one in labels), default=0.0))
        whole = union(one.box for one in labels) if labels else None
        others = [] if whole is None else [one.box for one in found if whole.overlaps(one.box, apart)]
        found += [one for one in labels if has_room(one.box, others, apart) and is_within(one.box, size)]
    for line, far in zip(lines, reached, strict=True):
        title = letters.titles[line.axis]
        if title is not None:
            found += _titled(line, title, gap + far + (_GAP if far else 0.0), found, size)
    return found


def in_pixels(texts: Iterable[_Text], letters: Letters, scale: float) -> list[GridText]:
    """Return texts as they stand in a picture with so many pixels to a point; `letters` are drawn as large."""
    found = []
    for axis, which, (x, y), _ in texts:
        title = letters.titles[axis]
        if which >= 0:
            what, text, mask = "Label", letters.numbers[axis].texts[which], letters.labels[axis][which]
        else:
            assert title is not None
            what, text, mask = "Title", title.text, title.turned if which == _TURNED else title.lying
        found.append(GridText(f"{'XYZ'[axis]}{what}", text, box_around((x * scale, y * scale), mask.shape), mask))
    return found


def _titled(
    line: _Line, title: Title, away: float, found: Sequence[_Text], size: tuple[float, float] | None
) -> list[_Text]:
    """Return the title of an edge, where it covers nothing; none if it has no such place."""
    is_turned = abs(line.along[1]) > _UPRIGHT
    shape: Shape = (title.turned if is_turned else title.lying).shape
    taken = [one.box for one in found]
    for lines, part in _TRIES:
        middle = line.at(part, away + lines * min(shape) + reach(line.outward, shape))
        box = box_around(middle, shape)
        if has_room(box, taken, _BESIDE_TITLES) and is_within(box, size):
            return [_Text(line.axis, _TURNED if is_turned else _LYING, middle, box)]
    return []


def _labels(line: _Line, letters: Letters, gap: float) -> list[_Text]:
    """Return the numbers along an edge: all, or every second, fifth, tenth, ... if all of them have no room."""
    axis, numbers = line.axis, letters.numbers[line.axis]
    texts = []
    for index, (x, y) in enumerate(line.ticks):
        shape = letters.shapes[axis][index]
        middle = beyond((x, y), line.outward, shape, gap)
        texts.append(_Text(axis, index, middle, box_around(middle, shape)))
    apart = round(letters.lines[axis] / 3)
    for stride in _STRIDES:
        left = [one for one in texts if _counts(numbers, one.which, stride)]
        if all(has_room(after.box, (before.box,), apart) for before, after in itertools.pairwise(left)):
            return left
    return []


def _counts(numbers: AxisNumbers, index: int, stride: int) -> bool:
    """Return whether a number is one of every second, fifth, ..., counted from 0 if the numbers are multiples."""
    return (round(numbers.values[index] / numbers.step) if numbers.step else index) % stride == 0


def _seen(seen: SeenBox, edge: Edge, face: int, size: tuple[float, float] | None) -> _Line | None:
    """Return an edge as it is seen, cut off at the sides of a picture of a size; None if it is not seen."""
    first, last, face_middle = *seen.ends(edge), seen.face_middle(face)
    if not seen.is_before(first, last, face_middle):
        return None
    start, end = (first[0], first[1]), (last[0], last[1])
    length = math.dist(start, end)
    ends = (start, end) if size is None else _within(start, end, size)
    if ends is None or length < 1e-6:
        return None
    along = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    outward = along[1], -along[0]
    beside = _beside(start, face_middle, outward)
    if abs(beside) < 1.0:
        beside = _beside(start, seen.middle, outward)
    outward = (-outward[0], -outward[1]) if beside > 0 else outward
    return _Line(edge.axis, *ends, along, outward, tuple((x, y) for x, y, _ in seen.ticks(edge)))


def _beside(start: Point, other: Row, across: Point) -> float:
    return (other[0] - start[0]) * across[0] + (other[1] - start[1]) * across[1]


def _within(start: Point, end: Point, size: tuple[float, float]) -> tuple[Point, Point] | None:
    """Return the part of a line within a picture; None if there is none."""
    low, high = 0.0, 1.0
    for axis in (0, 1):
        delta = end[axis] - start[axis]
        for limit, sign in ((0.0, 1.0), (float(size[axis]), -1.0)):
            # sign * (start + t * delta - limit) >= 0
            rate, value = sign * delta, sign * (start[axis] - limit)
            if rate == 0.0:
                if value < 0:
                    return None
            elif rate > 0:
                low = max(low, -value / rate)
            else:
                high = min(high, -value / rate)
    if low >= high:
        return None
    first, last = ((start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1])) for t in (low, high))
    return first, last
