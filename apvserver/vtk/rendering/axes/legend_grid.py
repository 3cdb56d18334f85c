"""How large a scene is: a bar of a round length, and rulers along the sides of the picture."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import numpy as np

from async_paraview.records import dataclass

from ..camera.framing import NO_MARGINS, Margins
from ..camera.looking import Looking
from ..fonts.rasters import Mask
from ..layout.boxes import Box, union
from ..legends.texts import Font, line_of
from ..overlays.texts import corner
from ..paper import Paper, faint
from .numbers import round_step, written_numbers
from .text_sheet import SOLID, DrawnText, TextSheet

_LONGEST: Final = 0.25
"""The part of the width of the picture that the bar has at most."""
_CAP: Final = 4.0
"""How high the ends of the bar are, and how long ticks of rulers are, in points."""
_GAP: Final = 3.0
_THICK: Final = 2.0
"""How thick the bar is, in points."""
_SIDES: Final = ("Left", "Right", "Bottom", "Top")


@dataclass(frozen=True)
class Bar:
    """A bar that is as long as a round length of the scene where the camera looks at."""

    length: float
    text: str
    pixels: float
    """Its length in the picture."""


class Piece(NamedTuple):
    """A part of rulers or of the bar: letters, or a box that is filled."""

    what: str
    """ "Label", "Line", or "Grid"."""
    text: str
    box: Box
    mask: Mask = SOLID


class Surroundings(NamedTuple):
    """What stands in a picture already: legends along its sides, and boxes, in pixels."""

    margins: Margins = NO_MARGINS
    obstacles: tuple[Box, ...] = ()


class LegendGrid:
    """The bar and the rulers of a view. What draws them is `prop`."""

    def __init__(self) -> None:
        """Draw nothing yet."""
        self.sheet = TextSheet()
        self.pieces: list[Piece] = []
        """What is drawn."""

    @property
    def prop(self) -> Any:
        """What the view adds to its renderer."""
        return self.sheet.prop

    def hide(self) -> None:
        """Draw nothing until it is shown next."""
        self.pieces = []
        self.sheet.show([])

    def show(self, get: Mapping[str, Any], looking: Looking, around: Surroundings, paper: Paper, scale: float) -> None:
        """Draw it as `get` says, all properties of it, with so many pixels to a point."""
        self.pieces = pieces_of(get, looking, around, scale)
        self.sheet.hold([one.mask for one in self.pieces])
        self.sheet.show([drawn for one in self.pieces for drawn in _drawn(one, get, paper, looking.size[1], scale)])


def bar_of(get: Mapping[str, Any], looking: Looking) -> Bar:
    """Return the longest bar of a round length that has room, as it is where the camera looks at."""
    pixel = looking.pixel_length(looking.camera.focal_point)
    most = _LONGEST * looking.size[0] * pixel
    power = 10.0 ** math.floor(math.log10(most))
    length = max(step * power for step in (1.0, 2.0, 5.0) if step * power <= most * (1 + 1e-12))
    number = f"{length:.6g}"
    return Bar(length, f"{number} {get['LegendUnit']}".strip(), length / pixel)


def pieces_of(get: Mapping[str, Any], looking: Looking, around: Surroundings, scale: float) -> list[Piece]:
    """Return all that is drawn in a picture: rulers only where things far away look as large as near ones."""
    offsets = _offsets(get, looking, around, scale)
    pieces: list[Piece] = []
    if looking.camera.parallel_projection:
        for side in _SIDES:
            if get[f"{side}AxisVisibility"]:
                pieces += _ruler(get, side, looking, offsets, scale)
    return [*pieces, *_bar(get, looking, offsets, around.obstacles, scale)]


def legend_grid_margins(get: Mapping[str, Any], looking: Looking, around: Surroundings) -> Margins:
    """Return what rulers, the bar and all that stands around them take along the sides of a picture, in points."""
    offsets = _offsets(get, looking, around, 1.0)
    margins = {side: float(at) for side, at in offsets.items()}
    bar = list(_bar(get, looking, offsets, around.obstacles, 1.0))
    if bar:
        box, height = union(one.box for one in bar), looking.size[1]
        side, needed = ("Bottom", box.top) if box.bottom + box.top < height else ("Top", height - box.bottom)
        margins[side] = max(margins[side], needed + _GAP)
    return Margins(*(margins[side] for side in _SIDES))


def _offsets(get: Mapping[str, Any], looking: Looking, around: Surroundings, scale: float) -> dict[str, int]:
    """Return how far within the picture the rulers stand, or would the scene begin, in pixels."""
    drawn = looking.camera.parallel_projection
    return {
        side: round(beside + (get[f"{side}BorderOffset"] * scale if drawn and get[f"{side}AxisVisibility"] else 0.0))
        for side, beside in zip(_SIDES, around.margins, strict=True)
    }


def _bar(
    get: Mapping[str, Any], looking: Looking, offsets: Mapping[str, int], obstacles: Iterable[Box], scale: float
) -> Iterator[Piece]:
    if not get["LegendVisibility"]:
        return
    bar, (width, height) = bar_of(get, looking), looking.size
    letters = line_of(bar.text, _font(get, scale))
    long, thick, cap = round(bar.pixels), max(1, round(_THICK * scale)), max(1, round(_CAP * scale))
    gap = round(_GAP * scale)
    wide, high = max(long, letters.shape[1]), cap + thick + cap + gap + letters.shape[0]
    across, up = corner(get["WindowLocation"], (wide / width, high / height))
    low, far, under, over = (offsets[side] + gap for side in _SIDES)
    left = max(low, min(round(across * width), round(width) - far - wide))
    bottom = max(under, min(round(up * height), round(height) - over - high))
    bottom = _clear(Box(left, bottom, left + wide, bottom + high), obstacles, gap, upwards=up < 0.5)
    start = left + (wide - long) // 2
    line = bottom + cap
    yield Piece("Line", "", Box(start, line, start + long, line + thick))
    for end in (start, start + long - thick):
        yield Piece("Line", "", Box(end, bottom, end + thick, line + thick + cap))
    text, base = left + (wide - letters.shape[1]) // 2, line + thick + cap + gap
    yield Piece("Label", bar.text, Box(text, base, text + letters.shape[1], base + letters.shape[0]), letters)


def _clear(box: Box, obstacles: Iterable[Box], gap: int, *, upwards: bool) -> int:
    """Return where a box begins so that it covers nothing, moved upwards or downwards."""
    for one in sorted(obstacles, key=lambda one: one.bottom if upwards else -one.top):
        if box.overlaps(one, gap):
            box = box.moved(0, one.top + gap - box.bottom if upwards else one.bottom - gap - box.top)
    return box.bottom


def _ruler(
    get: Mapping[str, Any], side: str, looking: Looking, offsets: Mapping[str, int], scale: float
) -> Iterator[Piece]:
    """Yield the line, ticks and numbers of a ruler along one side: distances from Origin, to the right or up."""
    axis, across = (1, 0) if side in ("Left", "Right") else (0, 1)
    size = round(looking.size[0]), round(looking.size[1])
    low, high = (offsets["Left"], size[0] - offsets["Right"]), (offsets["Bottom"], size[1] - offsets["Top"])
    first, last = (low, high)[axis]
    if last - first < 2:
        return
    at = offsets[side] if side in ("Left", "Bottom") else size[across] - offsets[side]
    sign = -1 if side in ("Left", "Bottom") else 1
    thin, tick, gap = max(1, round(scale)), max(1, round(_CAP * scale)), round(_GAP * scale)

    def box(start: int, end: int, near: int, far: int) -> Box:
        near, far = sorted((near, far))
        return Box(near, start, far, end) if axis else Box(start, near, end, far)

    yield Piece("Line", "", box(first, last, at, at + sign * thin))
    origin = looking.pixels(np.array([get["Origin"]], float))[0, axis]
    pixel = looking.pixel_length(looking.camera.focal_point)
    count = get["VerticalLabelNumber" if axis else "HorizontalLabelNumber"]
    if not count:
        return
    span = (first - origin) * pixel, (last - origin) * pixel
    step = round_step(span[1] - span[0], count)
    values = [one * step for one in range(math.ceil(span[0] / step), math.floor(span[1] / step) + 1)]
    texts = written_numbers(values, step, get["AxisNotation"], get["AxisPrecision"])
    end = first - gap
    for value, text in zip(values, texts, strict=True):
        place = round(origin + value / pixel - thin / 2)
        start = min(max(place, first), last - thin)
        yield Piece("Line", "", box(start, start + thin, at, at + sign * (thin + tick)))
        if get["GridVisibility"] and side in ("Left", "Bottom"):
            other = size[across] - offsets["Right" if axis else "Top"]
            yield Piece("Grid", "", box(start, start + thin, at, other))
        mask = line_of(text, _font(get, scale))
        long, far = (mask.shape[0], mask.shape[1]) if axis else (mask.shape[1], mask.shape[0])
        begin, near = place - long // 2, at + sign * (thin + tick + gap)
        found = box(begin, begin + long, near, near + sign * far)
        if begin >= end + gap and found.is_within(size):
            end = begin + long
            yield Piece("Label", text, found, mask)


def _font(get: Mapping[str, Any], scale: float) -> Font:
    looks = get["LegendLabelFontFamily"], bool(get["LegendLabelBold"]), bool(get["LegendLabelItalic"])
    return Font(get["LegendLabelFontSize"], *looks, scale, get["LegendLabelFontFile"])


def _drawn(one: Piece, get: Mapping[str, Any], paper: Paper, height: float, scale: float) -> Iterator[DrawnText]:
    """Yield what draws a piece, in ink for what lies behind it."""
    box, place = one.box, min(1.0, max(0.0, (one.box.bottom + one.box.top) / 2 / max(1.0, height)))
    ink = paper.ink(place)
    if one.what == "Label":
        color, opacity = get["LegendLabelColor"] or ink, get["LegendLabelOpacity"]
        if get["LegendLabelShadow"]:
            by = max(1, round(scale))
            yield DrawnText(one.mask, box.left + by, box.bottom - by, (*paper.at(place), opacity), box.size)
    else:
        color, opacity = get["GridColor"] or (faint(paper.at(place), ink) if one.what == "Grid" else ink), 1.0
    yield DrawnText(one.mask, box.left, box.bottom, (*color, opacity), box.size)
