"""Pages without transparency: what is translucent on them becomes what is seen there, in opaque colors."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from .drawn_pages import Drawn, Ink, Letters, Page, Picture, Shape

_MOST: Final = 20_000
_WHITE: Final = (1.0, 1.0, 1.0)
Extent = tuple[float, float, float, float]


class NoTransparency(ValueError):
    """A page is to be an EPS file, and something of it lets through what lies behind it."""


def opaque(page: Page) -> Page:
    """Return a page that looks the same, with nothing translucent: areas are filled with what lies behind them, tinted.

    Raises NoTransparency for what is not only an area: lines, texts and pictures, and areas upon each other.
    """
    done: list[Drawn] = []
    for one in page.drawn:
        tint = _tint(one)
        if tint is None:
            done.append(one)
            continue
        area, ink = tint
        extent, within = _extent(replace(one, what=replace(area, rim=None))), replace(one, cut=None)
        behind = [other for other in done if _meet(_extent(other), extent)]
        if any(other.cut is not None for other in behind):
            raise _refused("areas of it lie upon each other")
        paper = Shape(area.points, area.codes, Ink(_mixed(_WHITE, ink), 1.0), None)
        done.append(replace(within, what=paper))
        done += [replace(other, what=_tinted(other.what, ink), cut=area, within=_both(other, one)) for other in behind]
        if area.rim is not None:
            done.append(replace(within, what=replace(area, fill=None)))
        if len(done) > _MOST:
            raise _refused("it is too much to be made opaque")
    return replace(page, drawn=tuple(done))


def _tint(one: Drawn) -> tuple[Shape, Ink] | None:
    """Return the area and the ink of what is translucent; None of what is not. Raises NoTransparency."""
    what = one.what
    if isinstance(what, Picture):
        if (what.pixels[..., 3] < 255).any():
            raise _refused("a picture of it is")
        return None
    if isinstance(what, Letters):
        if 0.0 < what.ink.opacity < 1.0:
            raise _refused(f"the text {what.text!r} is")
        return None
    if what.rim is not None and what.rim.ink.opacity < 1.0:
        raise _refused("lines of it are")
    return None if what.fill is None or what.fill.opacity >= 1.0 else (what, what.fill)


def _refused(why: str) -> NoTransparency:
    return NoTransparency(
        f"EPS knows no transparency, and something of the view is translucent ({why}): export a .pdf or .svg, or set "
        "its Opacity to 1"
    )


def _mixed(color: tuple[float, float, float], ink: Ink) -> tuple[float, float, float]:
    red, green, blue = (below + (above - below) * ink.opacity for below, above in zip(color, ink.color, strict=True))
    return red, green, blue


def _tinted(what: Shape | Picture | Letters, ink: Ink) -> Shape | Picture | Letters:
    if isinstance(what, Picture):
        pixels = what.pixels.astype(np.float64)
        pixels[..., :3] += (255.0 * np.array(ink.color) - pixels[..., :3]) * ink.opacity
        return replace(what, pixels=np.rint(pixels).astype(np.uint8))
    if isinstance(what, Letters):
        return replace(what, ink=replace(what.ink, color=_mixed(what.ink.color, ink)))
    fill = None if what.fill is None else replace(what.fill, color=_mixed(what.fill.color, ink))
    rim = None if what.rim is None else replace(what.rim, ink=Ink(_mixed(what.rim.ink.color, ink), 1.0))
    return replace(what, fill=fill, rim=rim)


def _both(one: Drawn, other: Drawn) -> Extent | None:
    """Return what the rectangles have in common beyond which two are cut off."""
    if one.within is None or other.within is None:
        return one.within or other.within
    return _common(one.within, other.within)


def _common(one: Extent, other: Extent) -> Extent:
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def _meet(one: Extent, other: Extent) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _extent(one: Drawn) -> Extent:
    """Return a rectangle around what is drawn: left, top, right, bottom."""
    what = one.what
    if isinstance(what, Shape):
        points = what.points if len(what.points) else np.zeros((1, 2))
        more = 0.0 if what.rim is None else what.rim.width
    elif isinstance(what, Picture):
        corners = np.array([(0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)], float)
        points, more = (corners @ what.place.T)[:, :2], 0.0
    else:
        points, more = np.array([what.at]), what.size * (len(what.text) + 1)
    (left, top), (right, bottom) = points.min(axis=0) - more, points.max(axis=0) + more
    around: Extent = (float(left), float(top), float(right), float(bottom))
    if one.within is not None:
        around = _common(around, one.within)
    return around if one.cut is None else _common(around, _extent(Drawn(replace(one.cut, rim=None), None)))
