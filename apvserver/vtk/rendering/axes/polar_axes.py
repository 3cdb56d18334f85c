"""Axes of angles and distances around an output, in a plane of x and y: lines in the scene, texts in front of it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

import numpy as np

from async_paraview.contrast import ink_on
from async_paraview.records import dataclass

from ..camera.framing import Margins
from ..camera.looking import Floats, Looking
from ..fonts.noted import gathered, note
from ..fonts.rasters import Mask
from ..images import Bounds
from ..layout.boxes import Box, union
from ..legends.texts import Font, line_of
from ..paper import Color, Paper
from .grid_texts import TICK, USUAL_SIZE, GridText
from .lines_and_texts import LinesAndTexts
from .numbers import round_step, written_numbers
from .placing import Point, beyond, box_around, has_room, is_within, margins_around
from .text_sheet import DrawnText

_GAP: Final = 4.0
"""Between lines and texts, in points."""
_APART: Final = 0.25
"""Round distances that are nearer than this part of a step to the last arc have no arc of their own."""
_ABOUT: Final = 5
"""So many arcs there are, more or less."""
_STEP_OF_ARCS: Final = 2.0
"""The degrees of one straight line of an arc."""
_MOST: Final = 720
"""So many arcs or axes there are at most."""
_FULL: Final = 360.0
_NARROW: Final = 270.0
"""Sectors that are wider have no room beside their first axis: its numbers stand before the arcs."""
_NEAR: Final = 1e-3


@dataclass(frozen=True)
class Polar:
    """What polar axes are to be: their properties, and around which bounds."""

    get: Mapping[str, Any]
    bounds: Bounds

    @property
    def scene_bounds(self) -> Bounds:
        """Their bounds in the scene."""
        places = _Sector(self).corners
        return tuple(np.column_stack([places.min(axis=0), places.max(axis=0)]).ravel().tolist())

    def margins_beyond(self, looking: Looking) -> Margins:
        """Return how far their texts reach beyond their lines in a picture, in points."""
        sector = _Sector(self)
        texts = _in_pixels(_placed(sector, looking, None), sector, 1.0)
        margins = margins_around(sector.corners, looking, (one.box for one in texts))
        return Margins(*(max(TICK + 1.0, one) for one in margins))

    def texts_in(self, looking: Looking, scale: float) -> list[GridText]:
        """Return their texts in a picture, in which a point has so many pixels."""
        sector, page = _Sector(self), replace(looking, size=(looking.size[0] / scale, looking.size[1] / scale))
        return _in_pixels(_placed(sector, page, page.size), sector, scale)


class PolarAxes(LinesAndTexts):
    """One set of polar axes. What draws them are `props`."""

    def show(self, polar: Polar, looking: Looking, paper: Paper, scale: float) -> None:
        """Stand in a picture as it is seen, upon that paper, with so many pixels to a point."""
        if self._drawn == (polar, looking, paper, scale):
            note(self._remarks)
            return
        self._drawn = polar, looking, paper, scale
        points = replace(looking, size=(looking.size[0] / scale, looking.size[1] / scale))
        with gathered() as remarks:
            sector, self.texts = _Sector(polar), polar.texts_in(looking, scale)
        self._remarks = tuple(remarks)
        self._lines.show(list(_lines(sector, points, paper)), sector.pole, scale)
        self.sheet.hold([one.mask for one in self.texts])
        height = looking.size[1]
        self.sheet.show([drawn for one in self.texts for drawn in _letters(one, polar.get, paper, height, scale)])


class _Sector:
    """Where arcs and axes stand, and what is written at them."""

    def __init__(self, polar: Polar) -> None:
        self.get = get = polar.get
        box = np.array(polar.bounds).reshape(3, 2)
        own = np.array(get["EnableCustomBounds"], bool)
        box[own] = np.array(get["CustomBounds"]).reshape(3, 2)[own]
        middle = box.mean(axis=1)
        self.pole: Floats = middle if get["AutoPole"] else np.array(get["PolePosition"], float)
        corners = np.array([(x, y) for x in box[0] for y in box[1]]) - self.pole[:2]
        nearest = np.clip(self.pole[:2], box[:2, 0], box[:2, 1]) - self.pole[:2]
        farthest = float(np.hypot(*corners.T).max()) or 1.0
        self.low = get["MinimumRadius"] if get["CustomMinRadius"] else float(np.hypot(*nearest))
        high = get["MaximumRadius"] if get["CustomMaxRadius"] else farthest
        self.high = high if high > self.low else self.low + 1e-6 * farthest
        self.start, self.end = _angles(get, corners, is_inside=not nearest.any())
        self._ratio = get["Ratio"]
        self.radii = self._radii()
        self.angles = self._angles_of_axes()

    @property
    def span(self) -> float:
        """How wide it is, in degrees."""
        return self.end - self.start

    @property
    def corners(self) -> Floats:
        """Places around all of it."""
        arc = self.arc(self.high).reshape(-1, 3)
        return np.concatenate([arc, self.arc(self.low).reshape(-1, 3)])

    def at(self, radius: Any, degrees: Any) -> Floats:
        """Return places, shape (n, 3), at distances and angles."""
        radius, angle = np.broadcast_arrays(radius, np.radians(degrees))
        across, up = radius * np.cos(angle), self._ratio * radius * np.sin(angle)
        places: Floats = self.pole + np.stack([across, up, np.zeros_like(across)], axis=-1).reshape(-1, 3)
        return places

    def arc(self, radius: float) -> Floats:
        """Return the lines of an arc."""
        count = max(1, math.ceil(self.span / _STEP_OF_ARCS))
        places = self.at(radius, np.linspace(self.start, self.end, count + 1))
        return np.stack([places[:-1], places[1:]], axis=1)

    def axis(self, degrees: float) -> Floats:
        """Return the line of an axis."""
        return self.at(np.array([self.low, self.high]), degrees)[None]

    def numbers(self) -> list[str]:
        """Return what is written at the arcs."""
        get, values = self.get, np.array(self.radii)
        if get["EnableCustomRange"]:
            first, last = get["CustomRange"]
            values = first + (values - self.low) / (self.high - self.low) * (last - first)
        if get["PolarLabelFormat"] is not None:
            return [get["PolarLabelFormat"].format(one).strip() for one in values.tolist()]
        return written_numbers(values.tolist(), 0.0, "Mixed", None)

    def degrees(self) -> list[str]:
        """Return what is written at the axes but the first."""
        unit = "\N{DEGREE SIGN}" if self.get["RadialUnitsVisibility"] else ""
        if self.get["RadialLabelFormat"] is not None:
            return [self.get["RadialLabelFormat"].format(one).strip() + unit for one in self.angles]
        return [one + unit for one in written_numbers(self.angles, 0.0, "Mixed", None)]

    def _radii(self) -> list[float]:
        """Return the distances of the arcs that have numbers: of the steps that are asked for, else round ones."""
        get, length = self.get, self.high - self.low
        if get["DeltaRangeArcs"] > 0:
            count = min(_MOST, math.floor(length / get["DeltaRangeArcs"] + 1e-9))
            return [self.low + one * get["DeltaRangeArcs"] for one in range(count + 1)]
        if get["NumberOfArcs"] is not None:
            return [float(one) for one in np.linspace(self.low, self.high, max(2, get["NumberOfArcs"]))]
        step = round_step(length, _ABOUT)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        found = [one * step for one in range(first, last + 1)]
        return [one for one in found if not 0 < self.high - one < _APART * step]

    def _angles_of_axes(self) -> list[float]:
        """Return the angles of all axes but the first."""
        count, found = self.get["NumberOfRadialAxes"], list[float]()
        whole = self.span >= _FULL
        if count:
            found = np.linspace(self.start, self.end, count + (1 if whole else 0), endpoint=True).tolist()[1:]
        else:
            step = max(self.get["DeltaAngleRadialAxes"], self.span / _MOST)
            found = [self.start + one * step for one in range(1, math.ceil(self.span / step - 1e-9))] + [self.end]
        return found[:-1] if whole else found


def _angles(get: Mapping[str, Any], corners: Floats, *, is_inside: bool) -> tuple[float, float]:
    """Return where a sector begins and ends, in degrees; that which just has a box in it if it is not said."""
    if get["CustomAngles"]:
        start, end = get["MinimumAngle"], get["MaximumAngle"]
        return start, min(end if end > start else end + _FULL, start + _FULL)
    if is_inside:
        return 0.0, _FULL
    angles = np.degrees(np.arctan2(corners[:, 1], corners[:, 0]))
    middle = math.degrees(math.atan2(*corners.mean(axis=0)[::-1]))
    around = (angles - middle + _FULL / 2) % _FULL - _FULL / 2
    return middle + float(around.min()), middle + float(around.max())


def _lines(sector: _Sector, looking: Looking, paper: Paper) -> Iterator[tuple[Floats, Color]]:
    """Yield the lines of a sector with their colors."""
    get, ink = sector.get, paper.ink()

    def color(part: str) -> Color:
        own = get["OverallColor"] if get["EnableOverallColor"] else get[f"{part}Color"]
        return own or ink

    if get["PolarArcsVisibility"]:
        inner = [sector.arc(one) for one in (*sector.radii, sector.low) if sector.low <= one < sector.high and one > 0]
        if inner and get["DrawPolarArcsGridlines"]:
            yield np.concatenate(inner), color("SecondaryPolarArcs")
        yield sector.arc(sector.high), color("PolarArcs")
    if get["RadialAxesVisibility"] and sector.angles:
        if get["DrawRadialGridlines"] and len(sector.angles) > 1:
            yield np.concatenate([sector.axis(one) for one in sector.angles[:-1]]), color("SecondaryRadialAxes")
        yield sector.axis(sector.angles[-1]), color("LastRadialAxis")
    if get["PolarAxisVisibility"]:
        yield sector.axis(sector.start), color("PolarAxis")
        if get["AllTicksVisibility"] and get["AxisTickVisibility"]:
            yield _ticks(sector, looking), color("PolarAxis")


def _ticks(sector: _Sector, looking: Looking) -> Floats:
    """Return short lines at the numbers of the first axis, away from the sector."""
    places = sector.at(np.array(sector.radii), sector.start)
    angle = math.radians(sector.start - 90.0)
    step = 1e-3 * sector.high * np.array([math.cos(angle), math.sin(angle), 0.0])
    seen = np.hypot(*(looking.pixels(places + step) - looking.pixels(places))[:, :2].T)
    times = np.minimum(TICK / np.maximum(seen, 1e-12), 50.0)
    return np.stack([places, places + times[:, None] * step], axis=1)


class _Text(NamedTuple):
    """A text where it has room, in points."""

    what: str
    text: str
    middle: Point
    box: Box


def _placed(sector: _Sector, looking: Looking, size: tuple[float, float] | None) -> list[_Text]:
    """Return the texts that have room: numbers along the first axis, degrees beyond the arcs, the title below them."""
    get, found = sector.get, list[_Text]()
    if get["RadialAxesVisibility"] and get["RadialLabelVisibility"]:
        found += _degrees(sector, looking, size)
    side = _beside_axis(sector, looking) if get["PolarAxisVisibility"] else None
    if side is None:
        return found
    if get["PolarLabelVisibility"]:
        found += _numbers(sector, looking, side, [one.box for one in found], size)
    if get["PolarAxisTitleVisibility"] and get["PolarAxisTitle"]:
        found += _title(sector, looking, side, found, size)
    return found


def _degrees(sector: _Sector, looking: Looking, size: tuple[float, float] | None) -> Iterator[_Text]:
    taken: list[Box] = []
    for number, (angle, text) in enumerate(zip(sector.angles, sector.degrees(), strict=True), 1):
        what = "LastRadialAxisText" if number == len(sector.angles) else "SecondaryRadialAxesText"
        if what == "SecondaryRadialAxesText" and not sector.get["DrawRadialGridlines"]:
            continue
        (x0, y0, _), (x1, y1, depth) = looking.pixels(sector.at(sector.high * np.array([0.98, 1.0]), angle)).tolist()
        length = math.hypot(x1 - x0, y1 - y0)
        if depth <= 0 or not length:
            continue
        mask = line_of(text, _font(sector.get, what))
        middle = beyond((x1, y1), ((x1 - x0) / length, (y1 - y0) / length), mask.shape, _GAP)
        box = box_around(middle, mask.shape)
        if has_room(box, taken, round(_GAP)) and is_within(box, size):
            taken.append(box)
            yield _Text(what, text, middle, box)


class _Side(NamedTuple):
    """The first axis as it is seen: where it begins and ends, its direction, and which way leads out of the sector."""

    start: Point
    end: Point
    along: Point
    outward: Point


def _beside_axis(sector: _Sector, looking: Looking) -> _Side | None:
    aside = sector.start + min(45.0, sector.span / 2)
    places = np.concatenate([sector.axis(sector.start)[0], sector.at((sector.low + sector.high) / 2, aside)])
    seen = looking.pixels(places)
    if not (seen[:, 2] > _NEAR * seen[:, 2].max()).all():
        return None
    (x0, y0), (x1, y1), (x, y) = seen[:, :2].tolist()
    length = math.hypot(x1 - x0, y1 - y0)
    if length < 1.0:
        return None
    along = (x1 - x0) / length, (y1 - y0) / length
    outward = along[1], -along[0]
    if (x - x0) * outward[0] + (y - y0) * outward[1] > 0:
        outward = -outward[0], -outward[1]
    return _Side((x0, y0), (x1, y1), along, outward)


def _numbers(
    sector: _Sector, looking: Looking, side: _Side, taken: list[Box], size: tuple[float, float] | None
) -> list[_Text]:
    """Return numbers at the arcs: all, or every second, third, ..., if all of them have no room."""
    font, gap = _font(sector.get, "PolarAxisLabel"), _GAP + TICK
    texts = []
    for (x, y, _), text in zip(
        looking.pixels(sector.at(np.array(sector.radii), sector.start)).tolist(), sector.numbers(), strict=True
    ):
        mask = line_of(text, font)
        place: Point = (x, y)
        if sector.span > _NARROW:  # the arc goes on there
            place = beyond(place, (-side.along[0], -side.along[1]), mask.shape, _GAP / 2)
        middle = beyond(place, side.outward, mask.shape, gap)
        texts.append(_Text("PolarAxisLabel", text, middle, box_around(middle, mask.shape)))
    for stride in range(1, len(texts) + 1):
        left = texts[::-1][::stride][::-1]
        if all(has_room(b.box, (a.box,), round(font.line / 3)) for a, b in itertools.pairwise(left)):
            return [one for one in left if has_room(one.box, taken, round(_GAP)) and is_within(one.box, size)]
    return []


def _title(
    sector: _Sector, looking: Looking, side: _Side, found: list[_Text], size: tuple[float, float] | None
) -> Iterator[_Text]:
    """Yield the title: beyond the numbers of the first axis, or below all of it."""
    text = sector.get["PolarAxisTitle"]
    mask = line_of(text, _font(sector.get, "PolarAxisTitle"))
    taken = [one.box for one in found]
    numbers = [one.box for one in found if one.what == "PolarAxisLabel"]
    deep = max(
        (abs(side.outward[0]) * box.size[0] + abs(side.outward[1]) * box.size[1] for box in numbers), default=0.0
    )
    seen = looking.pixels(sector.corners)[:, :2]
    low = min(float(seen[:, 1].min()), union(taken).bottom if taken else math.inf)
    below = float((seen[:, 0].min() + seen[:, 0].max()) / 2), low - _GAP - mask.shape[0] / 2
    center = (side.start[0] + side.end[0]) / 2, (side.start[1] + side.end[1]) / 2
    beside = beyond(center, side.outward, mask.shape, 2 * _GAP + TICK + deep)
    for middle in (below,) if sector.span > _NARROW else (beside, below):
        box = box_around(middle, mask.shape)
        if has_room(box, taken, round(_GAP)) and is_within(box, size):
            yield _Text("PolarAxisTitle", text, middle, box)
            return


def _font(get: Mapping[str, Any], what: str, scale: float = 1.0) -> Font:
    looks = get[f"{what}FontFamily"], bool(get[f"{what}Bold"]), bool(get[f"{what}Italic"])
    return Font(get[f"{what}FontSize"] or USUAL_SIZE, *looks, scale, get[f"{what}FontFile"])


def _in_pixels(texts: list[_Text], sector: _Sector, scale: float) -> list[GridText]:
    """Return texts as they stand in a picture with so many pixels to a point."""
    found = []
    for what, text, (x, y), _ in texts:
        mask: Mask = line_of(text, _font(sector.get, what, scale))
        found.append(GridText(what, text, box_around((x * scale, y * scale), mask.shape), mask))
    return found


def _letters(one: GridText, get: Mapping[str, Any], paper: Paper, height: float, scale: float) -> Iterator[DrawnText]:
    """Yield what draws a text: its shadow, if it has one, and its letters, in ink for where they stand."""
    box = one.box
    ink = get[f"{one.what}Color"] or paper.ink(min(1.0, max(0.0, (box.bottom + box.top) / 2 / max(1.0, height))))
    opacity = get[f"{one.what}Opacity"]
    if get[f"{one.what}Shadow"]:
        by = max(1, round(scale))
        yield DrawnText(one.mask, box.left + by, box.bottom - by, (*ink_on(ink), opacity), box.size)
    yield DrawnText(one.mask, box.left, box.bottom, (*ink, opacity), box.size)
