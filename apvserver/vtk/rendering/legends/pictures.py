"""Pictures of legends and texts by themselves, to stand beside the pictures of several views."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np

from async_paraview.records import dataclass
from async_paraview.scene.scalar_bars import ANY_LOCATION, ScalarBars
from async_paraview.scene.text import TEXT
from async_paraview.scene.views import MAX_VIEW_SIZE

from ...base.errors import InvalidProperty
from ..fonts.files import check_fonts
from ..fonts.rasters import Mask
from ..layout.boxes import Box
from ..paper import Color, Paper
from ..representation import Representation
from ..view import check_dots
from .bar import Inks, painted
from .overlay import Pixels
from .placing import Place, Placed, Wanted, place_all, wanted_legends
from .texts import POINTS_PER_INCH, Font, composed, line_of

_LONGEST: Final = 1000
"""So many letters a text has at most."""


@dataclass(frozen=True)
class LegendAlone:
    """A legend by itself, upon a paper."""

    placed: Placed
    """In a picture that has nothing else in it."""
    paper: Paper

    @property
    def colors(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of its colors, in pixels from its top left."""
        bar, height = self.placed.arranged.bar, self.placed.box.size[1]
        x, y = self.placed.place
        return bar.left + x, height - bar.top - y, bar.right + x, height - bar.bottom - y

    @property
    def ticks(self) -> list[list[Any]]:
        """Each number that is written, and the pixel along the colors that it belongs to."""
        return [[one.value, one.at] for one in self.placed.arranged.ticks]

    def pixels(self) -> Pixels:
        """Return it painted, top row first, with straight alpha."""
        arranged, look, (x, y) = self.placed.arranged, self.placed.wanted.look, self.placed.place
        height = self.placed.box.size[1]
        inks = Inks(look, self.paper, y, height)
        return np.ascontiguousarray(painted(arranged, self.placed.box.moved(-x, -y), look, inks)[::-1])


def legend_alone(
    name: str,
    shown: Iterable[Representation],
    properties: Mapping[str, Any],
    size: tuple[int, int],
    dpi: float,
    paper: Paper,
) -> LegendAlone:
    """Return the legend of a color map for all that is shown with it, as large as one in a picture of that size.

    Raises `InvalidProperty` if nothing is, if not all have the same colors for the same numbers, or if it has no room.
    """
    scale = _scale(dpi)
    if not all(1 <= side <= MAX_VIEW_SIZE for side in size):
        raise InvalidProperty(f"a legend stands in a picture of 1 to {MAX_VIEW_SIZE} pixels each way, not {size}")
    wanted = _wanted(name, list(shown), properties)
    placed = place_all([wanted], Place(size, scale))[0]
    box = placed.box
    whole = Box(0, 0, *size)
    if box.left < 0 or box.bottom < 0 or box.right > whole.right or box.top > whole.top:
        least = " x ".join(str(one) for one in box.size)
        raise InvalidProperty(
            f"the legend of {name!r} needs {least} pixels, and has {size[0]} x {size[1]}: "
            "make the picture larger, or its letters smaller"
        )
    own = box.moved(-placed.place[0], -placed.place[1])
    return LegendAlone(replace(placed, place=(-own.left, -own.bottom)), paper)


def _wanted(name: str, shown: list[Representation], properties: Mapping[str, Any]) -> Wanted:
    try:
        check_fonts(properties, f"legend of {name!r:.60}")
        look = ScalarBars(1)({name: properties})[name]
    except ValueError as error:
        raise InvalidProperty(str(error)) from None
    if look.get("WindowLocation") == ANY_LOCATION:
        raise InvalidProperty(
            f"WindowLocation: a legend of several views stands at a side of them, not at {ANY_LOCATION}"
        )
    every = wanted_legends(shown, {name: {**look, "Visibility": True}})
    found = [one for one in every if one.coloring.key[0] == name]
    if not found:
        known = sorted({one.coloring.key[0] for one in shown if one.coloring is not None})
        raise InvalidProperty(
            f"nothing that is seen in these views has the colors of {name!r}; "
            f"there are those of {', '.join(known) or 'none'}"
        )
    if len(found) > 1:
        ranges = ", ".join(f"{one.coloring.range[0]:g} to {one.coloring.range[1]:g}" for one in found)
        raise InvalidProperty(
            f"one legend cannot stand for all that {name!r} colors in these views ({ranges}): have all of it show one "
            "component, with the same ScalarRange and Preset"
        )
    return found[0]


@dataclass(frozen=True)
class TextAlone:
    """A text by itself: how opaque its pixels are, and its color."""

    mask: Mask
    color: Color
    paper: Color
    """Of what is behind it."""

    def on_paper(self) -> Pixels:
        """Return it painted upon its paper: red, green and blue, top row first."""
        alpha = np.asarray(self.mask, np.float64)[..., None] / 255
        return np.rint(255 * (alpha * self.color + (1.0 - alpha) * self.paper)).astype(np.uint8)

    def pixels(self) -> Pixels:
        """Return it painted, top row first, with straight alpha."""
        pixels = np.empty((*self.mask.shape, 4), np.uint8)
        pixels[..., :3] = np.rint(255 * np.asarray(self.color))
        pixels[..., 3] = self.mask
        return pixels


def text_alone(text: str, properties: Mapping[str, Any], dpi: float, paper: Paper) -> TextAlone:
    """Return a text in ink that is seen on a paper. Raises `InvalidProperty`."""
    scale, look = _scale(dpi), _look(properties)
    font = Font(look["FontSize"], look["FontFamily"], look["Bold"], look["Italic"], scale, look["FontFile"])
    longest = max(map(len, text.split("\n")))
    if len(text) > _LONGEST or longest * font.size * scale > 4 * MAX_VIEW_SIZE:
        raise InvalidProperty(f"a text of {len(text)} letters of {font.size} points is too long at {dpi:g} dpi")
    lines = [_line(one, font) for one in text.split("\n")]
    return TextAlone(_stacked(lines, look["Justification"]), look["Color"] or paper.text_ink(), paper.bottom)


def _look(properties: Mapping[str, Any]) -> dict[str, Any]:
    check_fonts(properties, TEXT.owner)
    unknown = [one for one in properties if one not in TEXT.by_name]
    if unknown:
        raise InvalidProperty(f"a text has no {unknown[0]!r:.60}; it has {', '.join(TEXT.by_name)}")
    try:
        return {one.name: one.check(properties.get(one.name, one.default)) for one in TEXT}
    except ValueError as error:
        raise InvalidProperty(f"a text with {dict(properties)!r:.200}: {error}") from None


def _line(text: str, font: Font) -> Mask:
    """Return a line, as high as one with letters also if it has none."""
    return line_of(text, font) if text.strip() else np.zeros((font.line, 1), np.uint8)


def _stacked(lines: list[Mask], justified: str) -> Mask:
    width, height = max(one.shape[1] for one in lines), sum(one.shape[0] for one in lines)
    part = {"Left": 0.0, "Right": 1.0}.get(justified, 0.5)
    parts, top = [], height
    for line in lines:
        top -= line.shape[0]
        parts.append((line, int((width - line.shape[1]) * part), top))
    return composed((height, width), parts)


def _scale(dpi: float) -> float:
    """Return how many pixels a point has. Raises `InvalidProperty`."""
    check_dots(dpi)
    return dpi / POINTS_PER_INCH
