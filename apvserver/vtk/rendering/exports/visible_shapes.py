"""Which triangles, lines and points of a scene are seen, and in what color, as its picture and its depths say.

Places are in pixels from the lower left corner of the picture, with a depth from 0 to 1. Triangles that are seen in
part, or have several colors, are divided until each is seen as a whole, in one color, or is as small as a pixel or two.
What is seen as a whole has nothing before it: drawn last, it hides what it has to hide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from async_paraview.records import dataclass

Floats = npt.NDArray[np.float64]

MOST_POLYGONS: Final = 200_000
"""More are no figure any more: a picture is smaller, and shown faster."""
_ONE_COLOR: Final = 12
"""Levels by which colors differ that are drawn as one."""
_SMALLEST: Final = 3.0
"""Triangles whose sides are so many pixels are not divided any more,"""
_SMALL: Final = 8.0
"""nor those of so many pixels of which a fringe may be seen, and no more."""
_LEVELS: Final = 14
_SLOPES: Final = 3.0
"""Surfaces are pushed back by up to so many times what their depth changes from pixel to pixel, for lines upon them."""
_EXACT: Final = 4e-6
_SIDES: Final = np.unique(np.round(1.3 ** np.arange(40)).astype(int))
"""Triangles whose extents are the same ones of these, at most, are looked at together."""
_NO_AREA: Final = 1e-9
_EDGE: Final = 1e-6
"""Pixels whose middle lies on a side may be those of its neighbor."""
_BESIDE: Final = 0.75
"""So many pixels beside a triangle is what may be its own in part."""
_AT_ONCE: Final = 1 << 18
"""So many pixels are looked at together."""


class TooManyShapes(ValueError):
    """A scene takes more polygons than a page has room for."""


@dataclass(frozen=True)
class Seen:
    """A picture as uint8 of shape (rows, columns, 3), and the depths of what is seen in it, the lowest row first."""

    picture: Any
    depths: Any


@dataclass(frozen=True)
class Polygons:
    """Triangles, n x 3 x 2, with their colors, uint8, n x 3."""

    corners: Floats
    colors: Any


def visible_triangles(
    corners: Floats, seen: Seen, go_on: Callable[[], None] = lambda: None
) -> tuple[Polygons, Polygons]:
    """Return the parts of triangles, n x 3 x 3, that are seen. Raises TooManyShapes.

    The first have something before them, and are in the order of drawing; the others, to be drawn later, have not.
    `go_on` is called at times, and may raise.
    """
    whole, parts = list[tuple[Floats, Any]](), list[tuple[Floats, Any]]()
    left, accepted = corners, 0
    for level in range(_LEVELS):
        if not len(left):
            break
        go_on()
        found = _looked_at(left, seen)
        there = found.near > 0
        longest = _longest(left)
        small = (longest <= _SMALLEST) | (level == _LEVELS - 1)
        small |= (found.visible == 0) & (longest <= _SMALL)
        is_whole = (found.visible > 0) & (found.visible == found.inside)
        done_whole = is_whole & (small | (found.spread <= _ONE_COLOR))
        done_part = there & ~is_whole & small
        whole.append((left[done_whole], found.colors[done_whole]))
        parts.append((left[done_part], found.colors[done_part]))
        accepted += int(done_whole.sum() + done_part.sum())
        rest = left[there & ~done_whole & ~done_part]
        if accepted + len(rest) > MOST_POLYGONS:
            raise TooManyShapes(f"it takes more than {MOST_POLYGONS:,} polygons")
        left = _divided(rest)
    (behind, back), (before, front) = _joined(parts), _joined(whole)
    order = np.argsort(-behind[:, :, 2].mean(axis=1), kind="stable")
    return Polygons(behind[order, :, :2], back[order]), Polygons(before[:, :, :2], front)


def visible_runs(ends: Floats, seen: Seen) -> Iterator[tuple[int, Floats]]:
    """Yield of which line each piece is that is seen, and its ends, 2 x 2; `ends` are n x 2 x 3."""
    for index, (first, last) in enumerate(ends):
        steps = max(1, int(np.ceil(np.abs(last - first)[:2].max())))
        at = first + np.linspace(0.0, 1.0, steps + 1)[:, None] * (last - first)
        there = visible_places(at, seen)
        bounds = np.flatnonzero(np.diff(np.concatenate([[False], there, [False]]).astype(np.int8)))
        for begin, end in zip(bounds[::2], bounds[1::2] - 1, strict=True):
            if end > begin:
                yield index, at[[begin, end], :2]


def visible_places(places: Floats, seen: Seen) -> Any:
    """Return which of places, n x 3, nothing lies before."""
    rows, columns = seen.depths.shape
    x, y = np.floor(places[:, 0]).astype(int), np.floor(places[:, 1]).astype(int)
    inside = (x >= 0) & (x < columns) & (y >= 0) & (y < rows)
    farthest = np.zeros(len(places))
    for across in (-1, 0, 1):
        for up in (-1, 0, 1):
            near = seen.depths[np.clip(y + up, 0, rows - 1), np.clip(x + across, 0, columns - 1)]
            np.maximum(farthest, near, out=farthest)
    return inside & (places[:, 2] >= 0.0) & (places[:, 2] <= farthest + _EXACT)


def colors_at(places: Floats, seen: Seen) -> Any:
    """Return the colors of the pixels of places, n x 2 or more."""
    rows, columns, _ = seen.picture.shape
    x, y = np.floor(places[:, 0]).astype(int), np.floor(places[:, 1]).astype(int)
    return seen.picture[np.clip(y, 0, rows - 1), np.clip(x, 0, columns - 1)]


@dataclass
class _Found:
    inside: Any
    """By triangle, how many pixels have their middle in it,"""
    visible: Any
    """and in how many of these it is seen,"""
    near: Any
    """or in those beside it: it may be seen there in part,"""
    colors: Any
    """and their mean color,"""
    spread: Any
    """and by how many levels they differ."""


def _looked_at(corners: Floats, seen: Seen) -> _Found:
    """Look at the pixels of triangles, and at those beside them."""
    rows, columns = seen.depths.shape
    count = len(corners)
    found = _Found(
        np.zeros(count, int), np.zeros(count, int), np.zeros(count, int), np.zeros((count, 3), np.uint8),
        np.zeros(count, int),
    )  # fmt: skip
    low = np.clip(np.floor(corners[:, :, :2].min(axis=1) - _BESIDE).astype(int), 0, (columns, rows))
    high = np.clip(np.ceil(corners[:, :, :2].max(axis=1) + _BESIDE).astype(int), 0, (columns, rows))
    sides = _SIDES[np.searchsorted(_SIDES, np.maximum(high - low, 1))]
    chosen = np.flatnonzero((high > low).all(axis=1))
    chosen = chosen[np.lexsort(sides[chosen].T)]
    changes = np.flatnonzero((np.diff(sides[chosen], axis=0) != 0).any(axis=1)) + 1
    for alike in np.split(chosen, changes):
        if len(alike):
            across, up = sides[alike[0]].tolist()
            each = max(1, _AT_ONCE // (across * up))
            for begin in range(0, len(alike), each):
                _look(corners, alike[begin : begin + each], low, (across, up), seen, found)
    return found


def _look(corners: Floats, chosen: Any, low: Any, sides: tuple[int, int], seen: Seen, found: _Found) -> None:
    """Look at the pixels of rectangles, from `low` on, for some of the triangles."""
    rows, columns = seen.depths.shape
    x = low[chosen, 0, None, None] + np.arange(sides[0])[None, None, :]
    y = low[chosen, 1, None, None] + np.arange(sides[1])[None, :, None]
    a, b, c = (corners[chosen, index, :, None, None] for index in range(3))
    ab, ac = b - a, c - a
    area = ab[:, 0] * ac[:, 1] - ab[:, 1] * ac[:, 0]
    area = np.where(np.abs(area) < _NO_AREA, _NO_AREA, area)
    px, py = x + 0.5 - a[:, 0], y + 0.5 - a[:, 1]
    second, third = (px * ac[:, 1] - py * ac[:, 0]) / area, (ab[:, 0] * py - ab[:, 1] * px) / area
    first = 1.0 - second - third
    lengths = (np.hypot(*(c - b)[:, :2].swapaxes(0, 1)), np.hypot(ac[:, 0], ac[:, 1]), np.hypot(ab[:, 0], ab[:, 1]))
    beside = (x < columns) & (y < rows)
    inner = beside.copy()
    for part, length in zip((first, second, third), lengths, strict=True):
        far = part * (np.abs(area) / np.maximum(length, _NO_AREA))  # from the side, in pixels
        beside &= far > -_BESIDE
        inner &= far > _EDGE
    which, up, across = np.nonzero(beside)
    depth = a[which, 2, 0, 0] + second[which, up, across] * ab[which, 2, 0, 0]
    depth += third[which, up, across] * ac[which, 2, 0, 0]
    nearest, farthest = corners[chosen, :, 2].min(axis=1), corners[chosen, :, 2].max(axis=1)
    depth = np.clip(depth, nearest[which], farthest[which])
    slopes = np.stack([ab[:, 2] * ac[:, 1] - ac[:, 2] * ab[:, 1], ac[:, 2] * ab[:, 0] - ab[:, 2] * ac[:, 0]]) / area
    slope = np.minimum(np.abs(slopes).max(axis=0)[:, 0, 0], farthest - nearest)  # of slivers it is anything
    row, column = low[chosen[which], 1] + up, low[chosen[which], 0] + across
    visible = np.abs(depth - seen.depths[row, column]) <= (_SLOPES * slope + _EXACT)[which]
    within = inner[which, up, across]
    found.inside[chosen] = np.bincount(which[within], minlength=len(chosen))
    found.visible[chosen] = np.bincount(which[within & visible], minlength=len(chosen))
    found.near[chosen] = np.bincount(which[visible], minlength=len(chosen))
    counts = visible & (within | (found.visible[chosen] == 0)[which])
    _note_colors(found, chosen, which[counts], seen.picture[row[counts], column[counts]])


def _note_colors(found: _Found, chosen: Any, which: Any, pixels: Any) -> None:
    """Note how many pixels are seen of each triangle, their mean color, and by how much they differ."""
    counted = np.bincount(which, minlength=len(chosen))
    if len(which):
        starts = np.flatnonzero(np.diff(which, prepend=-1))
        those = chosen[which[starts]]
        total = np.add.reduceat(pixels.astype(np.int64), starts, axis=0)
        found.colors[those] = np.rint(total / counted[which[starts]][:, None]).astype(np.uint8)
        brightest, darkest = (one.reduceat(pixels, starts, axis=0).astype(int) for one in (np.maximum, np.minimum))
        found.spread[those] = (brightest - darkest).max(axis=1)


def _longest(corners: Floats) -> Floats:
    sides = corners[:, :, :2] - np.roll(corners[:, :, :2], -1, axis=1)
    return np.asarray(np.hypot(sides[..., 0], sides[..., 1]).max(axis=1))


def _divided(corners: Floats) -> Floats:
    """Return the quarters of triangles."""
    a, b, c = (corners[:, index] for index in range(3))
    ab, bc, ca = (a + b) / 2, (b + c) / 2, (c + a) / 2
    quarters = ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))
    return np.concatenate([np.stack(one, axis=1) for one in quarters])


def _joined(found: list[tuple[Floats, Any]]) -> tuple[Floats, Any]:
    corners = np.concatenate([np.zeros((0, 3, 3)), *(one for one, _ in found)])
    return corners, np.concatenate([np.zeros((0, 3), np.uint8), *(colors for _, colors in found)])
