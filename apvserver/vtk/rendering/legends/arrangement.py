"""Where all parts of a legend stand: boxes in whole pixels, from the lower left corner of its colors."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy

from async_paraview.records import dataclass
from async_paraview.scene.scalar_bars import SCALAR_BAR, TICKS_BEFORE

from ..coloring import Coloring
from ..fonts.rasters import Mask
from ..layout.boxes import Box, union
from .numbers import Label, Numbers, Span, number_alone, numbers_along, shortest, without_factor, written
from .texts import Font, beside, composed, line_of, raised, upwards, wrapped

USUAL: Final[Mapping[str, Any]] = SCALAR_BAR.initial
_TICK: Final = 4
_SMALL_TICK: Final = 2
_GAP: Final = 3
"""Between a tick and its number, in points, as all of these."""
_GAP_OF_TITLE: Final = 6
_GAP_OF_SWATCH: Final = 4
_SWATCH: Final = 12
_GAP_OF_BOXES: Final = 2
_LEAST_BOX: Final = 8
"""How long a category is at least, to be a box with a gap around it."""
_LINES_APART: Final = 1.8
"""How far from each other numbers stand at least, in heights of a line."""
_MOST_NUMBERS: Final = 10
_SMALLEST_NAMES: Final = 7
"""So many points high names of categories are at least, where there is no room for all of them."""
_MOST_PLAIN: Final = 1e7


@dataclass(frozen=True)
class Piece:
    """One part of a legend: letters, a line, or colors."""

    box: Box
    what: str
    """Whose properties say how it looks: "Title", "Label", "Outline", or "Colors" of its own."""
    mask: Mask | None = None
    """How opaque its pixels are, top row first; None: all of them."""
    colors: Any = None
    """Bytes, bottom row first, of shape (height, width, 3)."""


@dataclass(frozen=True)
class Tick:
    """A number, or the value of a category, with the pixel along the colors that is its color, and as it is written."""

    value: Any
    at: int
    label: Label


@dataclass(frozen=True)
class Arrangement:
    """All parts of a legend; `bar` are its colors, and lie with their lower left corner at (0, 0)."""

    bar: Box
    pieces: tuple[Piece, ...]
    scale: float
    """How many pixels a point has."""
    ticks: tuple[Tick, ...]
    common: Numbers
    """What the numbers have in common, and all of those that were to have a tick."""
    left_out: int = 0
    """How many categories have no name, because there is no room."""

    @property
    def box(self) -> Box:
        """What all of it takes."""
        return union([self.bar, *(one.box for one in self.pieces)])


class Arranger:
    """Arranges one legend, of which `length` pixels are colors, in a picture of a size; a point has `scale` pixels."""

    def __init__(
        self,
        coloring: Coloring,
        get: Mapping[str, Any],
        length: int,
        size: tuple[int, int],
        scale: float,
        widest: float,
    ) -> None:
        """Measure nothing yet; `widest` is how many pixels the title of one that stands may have."""
        self._widest = widest
        self._coloring = coloring
        self._get = get
        self._length = length
        self._size = size
        self._scale = scale
        self._stands = get["Orientation"] == "Vertical"
        self._thickness = self._pixels(get["ScalarBarThickness"])
        self._font = _font(get, "Label", scale)
        self._side = -1 if get["TextPosition"] == TICKS_BEFORE else 1
        """Of the numbers: 1 to the right of the colors, or above them."""
        self._pieces: list[Piece] = []
        self._ticks: list[Tick] = []
        self._named = self._left_out = 0

    def arranged(self) -> Arrangement:
        """Return where everything stands."""
        get, coloring = self._get, self._coloring
        bar = self._box(0, self._length, 0, self._thickness)
        common = Numbers((), ())
        if coloring.spec.categorical:
            self._add_categories()
        else:
            self._add("Colors", bar, colors=self._colors_along())
            self._add_outline(bar)
            common = self._add_numbers()
            self._add_annotations()
            self._add_outside(common)
        if get["DrawNanAnnotation"]:
            self._add_nan(bar)
        self._add_title(common, bar)
        return Arrangement(bar, tuple(self._pieces), self._scale, tuple(self._ticks), common, self._left_out)

    # --- pixels and boxes

    def _pixels(self, points: float) -> int:
        return max(1, round(points * self._scale))

    def _box(self, first: int, last: int, low: int, high: int) -> Box:
        """Return a box from first to last along the colors and from low to high across them."""
        return Box(low, first, high, last) if self._stands else Box(first, low, last, high)

    def _add(self, what: str, box: Box, mask: Mask | None = None, colors: Any = None) -> None:
        self._pieces.append(Piece(box, what, mask, colors))

    def _add_outline(self, box: Box) -> None:
        if not self._get["DrawScalarBarOutline"]:
            return
        wide = self._pixels(self._get["ScalarBarOutlineThickness"])
        outer = box.grown(wide)
        self._add("Outline", Box(outer.left, outer.bottom, outer.right, box.bottom))
        self._add("Outline", Box(outer.left, box.top, outer.right, outer.top))
        self._add("Outline", Box(outer.left, box.bottom, box.left, box.top))
        self._add("Outline", Box(box.right, box.bottom, outer.right, box.top))

    def _text_box(self, at: int, side: int, mask: Mask, gap: int) -> Box:
        """Return where a text stands beside the colors, its middle at a pixel along them."""
        height, width = mask.shape
        edge = self._thickness + gap if side > 0 else -gap
        along = height if self._stands else width
        first = at - (along - 1) // 2
        across = width if self._stands else height
        low = edge if side > 0 else edge - across
        return self._box(first, first + along, low, low + across)

    def _place(self, fraction: float) -> int:
        """Return the pixel along the colors that has the color of a number so far along them."""
        if self._get["ReverseLegend"]:
            fraction = 1.0 - fraction
        return min(self._length - 1, max(0, math.floor(fraction * self._length)))

    # --- colors

    def _colors_along(self) -> Any:
        table = self._coloring.table
        colors = vtk_to_numpy(table.GetTable())[: table.GetNumberOfTableValues(), :3]
        at = (np.arange(self._length) + 0.5) / self._length
        if self._get["ReverseLegend"]:
            at = 1.0 - at
        return self._spread(colors[np.minimum(len(colors) - 1, (at * len(colors)).astype(int))])

    def _spread(self, along: Any) -> Any:
        """Return colors along the legend as those of all its pixels."""
        line = along[:, None, :] if self._stands else along[None, :, :]
        shape = (len(along), self._thickness, 3) if self._stands else (self._thickness, len(along), 3)
        return np.broadcast_to(line, shape)

    def _add_block(self, first: int, last: int, color: Sequence[float]) -> None:
        one = np.rint(255 * np.asarray(color[:3])).astype(np.uint8)
        box = self._box(first, last, 0, self._thickness)
        self._add("Colors", box, colors=self._spread(np.tile(one, (last - first, 1))))
        self._add_outline(box)

    def _add_swatch(self, first: int, color: Sequence[float], label: Label) -> None:
        last = first + self._pixels(_SWATCH)
        self._add_block(first, last, color)
        self._add_text(label, (first + last - 1) // 2, if_free=True)

    def _add_text(self, label: Label, at: int, *, if_free: bool = False) -> None:
        """Add a text beside the colors; `if_free`: unless it would cover another."""
        if not label.text:
            return
        mask = raised(label.text, label.power, self._font)
        box = self._text_box(at, self._side, mask, self._pixels(_TICK + _GAP))
        texts = (one.box for one in self._pieces if one.what == "Label" and one.mask is not None)
        if not (if_free and any(box.overlaps(one) for one in texts)):
            self._add("Label", box, mask)

    def _add_outside(self, common: Numbers) -> None:
        """Add swatches of what lies below and above the range, where that has colors of its own."""
        span, spec = self._span(), self._coloring.spec
        texts = self._ends(span, common)
        for color, end, sign in ((spec.below, 0, "<"), (spec.above, 1, ">")):
            if color is None:
                continue
            at_end = (end == 1) != bool(self._get["ReverseLegend"])
            gap, swatch = self._pixels(_GAP_OF_SWATCH), self._pixels(_SWATCH)
            first = self._length + gap if at_end else -gap - swatch
            self._add_swatch(first, color, Label(f"{sign} {texts[end]}" if self._stands else sign))

    def _add_nan(self, bar: Box) -> None:
        """Add the color of what is no number below all the rest, or to the left of it."""
        color, label = self._coloring.table.GetNanColor(), Label(self._get["NanAnnotation"])
        rest, swatch = union([bar, *(one.box for one in self._pieces)]), self._pixels(_SWATCH)
        text = 0 if not label.text else line_of(label.text, self._font).shape[0 if self._stands else 1]
        last = (rest.bottom if self._stands else rest.left) - self._pixels(_GAP_OF_SWATCH)
        self._add_swatch(last - max(swatch, (swatch + text) // 2 + 1), color, label)

    # --- numbers

    def _span(self) -> Span:
        coloring = self._coloring
        return Span(*coloring.range, coloring.spec.logarithmic and not coloring.spec.categorical)

    @property
    def _is_of_one_number(self) -> bool:
        """Return whether the data has one number alone: what is around it was added for the colors."""
        low, high = self._coloring.span
        return low == high

    @property
    def _is_automatic(self) -> bool:
        get = self._get
        return bool(get["AutomaticLabelFormat"] and get["LabelFormat"] == USUAL["LabelFormat"])

    def _numbers(self, span: Span) -> Numbers:
        """Return the numbers that were asked for, or as many round ones as there is room for."""
        get = self._get
        if get["UseCustomLabels"]:
            return self._as_asked(
                written(sorted({one for one in get["CustomLabels"] if span.has(one)}), span.high - span.low)
            )
        count = get["NumberOfLabels"]
        if self._is_of_one_number and count != 0:
            return self._as_asked(number_alone(self._coloring.span[0]))
        if count is not None:
            places = [index / (count - 1) for index in range(count)] if count > 1 else [0.5] * count
            return self._as_asked(written([span.at(place) for place in places], span.high - span.low))
        points, font = self._length / self._scale, replace(self._font, scale=1.0)
        most = min(_MOST_NUMBERS, max(2, int(points / (_LINES_APART * font.line) + 1e-6)))
        while True:
            found = self._as_asked(numbers_along(span, most))
            if self._stands or most <= 2 or _fit_beside(found, span, points, font):
                return found
            most -= 1

    def _as_asked(self, numbers: Numbers) -> Numbers:
        if self._is_automatic:
            return numbers
        labels = tuple(Label(self._get["LabelFormat"].format(one)) for one in numbers.values)
        return Numbers(numbers.values, labels, numbers.small)

    def _add_numbers(self) -> Numbers:
        """Add ticks and numbers; returns what they have in common."""
        span, get = self._span(), self._get
        if not get["DrawTickLabels"] or not span.low < span.high:
            return Numbers((), ())
        numbers = self._numbers(span)
        placed = list(zip(numbers.values, numbers.labels, strict=True))
        if get["AddRangeLabels"] and not self._is_of_one_number:
            placed = [*zip((span.low, span.high), map(Label, self._ends(span, numbers)), strict=True), *placed]
        taken: list[Box] = []
        for value, label in placed:
            at, mask = self._place(span.fraction(value)), raised(label.text, label.power, self._font)
            box = self._text_box(at, self._side, mask, self._pixels(_TICK + _GAP))
            if get["AddRangeLabels"] and any(box.overlaps(one, 1) for one in taken):
                continue
            taken.append(box)
            self._add("Label", box, mask)
            self._add_tick(at, _TICK)
            self._ticks.append(Tick(value, at, label))
        for value in numbers.small:
            self._add_tick(self._place(span.fraction(value)), _SMALL_TICK)
        return numbers

    def _ends(self, span: Span, common: Numbers) -> tuple[str, str]:
        """Return how both ends are written, with what the other numbers have in common."""
        ends = (span.low, span.high)
        if self._get["RangeLabelFormat"] is not None or not self._is_automatic:
            name = "LabelFormat" if self._get["RangeLabelFormat"] is None else "RangeLabelFormat"
            low, high = (str(self._get[name].format(one)) for one in ends)
            return low, high
        rest = [without_factor(one - float(common.offset or 0.0), common.factor) for one in ends]
        low, high = shortest(rest) if max(map(abs, rest)) < _MOST_PLAIN else [f"{one:.4g}" for one in rest]
        return low, high

    def _add_tick(self, at: int, length: float) -> None:
        if not self._get["DrawTickMarks"]:
            return
        wide, long = self._pixels(1), self._pixels(length)
        first = min(self._length - wide, max(0, at - wide // 2))
        low = self._thickness if self._side > 0 else -long
        self._add("Label", self._box(first, first + wide, low, low + long))

    # --- categories and texts of values

    def _add_annotations(self) -> None:
        """Add texts of values on the other side of the colors."""
        spec, span = self._coloring.spec, self._span()
        if not self._get["DrawAnnotations"]:
            return
        taken: list[Box] = []
        for value, text in zip(spec.annotations[::2], spec.annotations[1::2], strict=True):
            if not isinstance(value, int | float) or not text or not span.has(value):
                continue
            mask = line_of(str(text), self._font)
            box = self._text_box(self._place(span.fraction(value)), -self._side, mask, self._pixels(_GAP))
            if not any(box.overlaps(one) for one in taken):
                taken.append(box)
                self._add("Label", box, mask)

    def _add_categories(self) -> None:
        """Add a box for each category, with its name, as many of them as there is room for."""
        coloring, get = self._coloring, self._get
        count, annotations = coloring.table.GetNumberOfTableValues(), coloring.spec.annotations
        values, names = categories(coloring)
        from_the_top = bool(annotations) == self._stands  # as lists are read; numbers grow upwards
        if not self._stands:
            from_the_top = False
        edges = [round(index * self._length / count) for index in range(count + 1)]
        gap = self._pixels(_GAP_OF_BOXES) if self._length / count >= self._pixels(_LEAST_BOX) else 0
        drawn = get["DrawAnnotations"] if annotations else get["DrawTickLabels"]
        apart = self._with_room_for(names) if drawn else 1
        self._named = len(range(0, count, apart))
        self._left_out = count - self._named
        for index in range(count):
            place = count - 1 - index if from_the_top != bool(get["ReverseLegend"]) else index
            first, last = edges[place], max(edges[place] + 1, edges[place + 1] - (gap if place + 1 < count else 0))
            self._add_block(first, last, coloring.table.GetTableValue(index))
            if drawn and index % apart == 0:
                label, at = Label(names[index]), (first + last - 1) // 2
                self._add_text(label, at)
                self._ticks.append(Tick(values[index], at, label))

    def _with_room_for(self, names: Sequence[str]) -> int:
        """Write smaller if names have no room else; return that every one has it then, or every second, third, ..."""
        while (apart := self._apart(names)) > 1 and self._font.size > _SMALLEST_NAMES:
            self._font = replace(self._font, size=self._font.size - 1)
        return apart

    def _apart(self, names: Sequence[str]) -> int:
        """Return that every one of the names has room, or every second, third, ..."""
        font = replace(self._font, scale=1.0)
        each = self._length / self._scale / len(names)
        return max(1, math.ceil(_room_of(names, font, stands=self._stands) / each))

    # --- the title

    def _add_title(self, common: Numbers, bar: Box) -> None:
        """Add the title, and below it what numbers have in common, above all the rest."""
        get, font = self._get, _font(self._get, "Title", self._scale)
        rest = union([bar, *(one.box for one in self._pieces)])
        title, upright = _title(get, self._coloring), self._stands and not get["HorizontalTitle"]
        rim = self._pixels(_GAP_OF_TITLE) + (self._pixels(get["BackgroundPadding"]) if get["DrawBackground"] else 0)
        limit = float(self._size[1 if upright else 0] - 2 * rim)
        if self._stands and not upright:
            limit = max(float(rest.size[0]), self._widest)
        lines = [line_of(one, font) for one in wrapped(title, replace(font, scale=1.0), limit / self._scale)]
        lines = lines if title else []
        if upright and lines:
            mask = upwards(_stacked(lines, get["TitleJustification"]))
            height, width = mask.shape
            left = (
                rest.left - self._pixels(_GAP_OF_TITLE) - width
                if self._side > 0
                else (rest.right + self._pixels(_GAP_OF_TITLE))
            )
            bottom = (self._length - height) // 2
            self._add("Title", Box(left, bottom, left + width, bottom + height), mask)
            lines = []
        lines += _common(common, font)
        if self._left_out:
            lines.append(line_of(f"{self._named} of {self._named + self._left_out} named", self._font))
        if lines:
            mask = _stacked(lines, get["TitleJustification"])
            height, width = mask.shape
            left, bottom = self._beginning(rest, width), rest.top + self._pixels(_GAP_OF_TITLE)
            self._add("Title", Box(left, bottom, left + width, bottom + height), mask)

    def _beginning(self, rest: Box, width: int) -> int:
        """Return where lines of a width begin above the rest."""
        justified = self._get["TitleJustification"]
        if justified == "Left":
            return rest.left
        return rest.right - width if justified == "Right" else (rest.left + rest.right - width) // 2


def categories(coloring: Coloring) -> tuple[list[Any], list[str]]:
    """Return the values of categories, and their names."""
    annotations = coloring.spec.annotations
    if annotations:
        values = list(annotations[::2])
        return values, [str(text) or str(value) for value, text in zip(values, annotations[1::2], strict=True)]
    first = round(coloring.range[0] + 0.5)
    values = [first + index for index in range(coloring.table.GetNumberOfTableValues())]
    return values, list(map(str, values))


def length_for_names(coloring: Coloring, get: Mapping[str, Any], scale: float) -> int:
    """Return how many pixels colors have at least beside which all names of categories have room; 0 without such."""
    if not (coloring.spec.categorical and get["DrawAnnotations" if coloring.spec.annotations else "DrawTickLabels"]):
        return 0
    names = categories(coloring)[1]
    room = _room_of(names, _font(get, "Label", 1.0), stands=get["Orientation"] == "Vertical")
    return math.ceil(room * len(names) * scale) + 1


def _room_of(names: Sequence[str], font: Font, *, stands: bool) -> float:
    """Return how many pixels along the colors each name needs."""
    if stands:
        return 1.1 * font.line
    return max((line_of(one, font).shape[1] for one in names), default=0) + font.line / 2


def _font(get: Mapping[str, Any], what: str, scale: float) -> Font:
    return Font(
        get[f"{what}FontSize"],
        get[f"{what}FontFamily"],
        bool(get[f"{what}Bold"]),
        bool(get[f"{what}Italic"]),
        scale,
        get[f"{what}FontFile"],
    )


def _fit_beside(numbers: Numbers, span: Span, points: float, font: Font) -> bool:
    """Return whether numbers have room side by side."""
    ends: list[tuple[float, float]] = []
    for value, label in zip(numbers.values, numbers.labels, strict=True):
        middle, width = span.fraction(value) * points, raised(label.text, label.power, font).shape[1]
        ends.append((middle - width / 2, middle + width / 2))
    ends.sort()
    return all(before[1] + font.line / 2 <= after[0] for before, after in itertools.pairwise(ends))


def _stacked(lines: Sequence[Mask], justified: str) -> Mask:
    """Return lines, one above the other."""
    width = max(one.shape[1] for one in lines)
    part = {"Left": 0.0, "Right": 1.0}.get(justified, 0.5)
    top, parts = sum(one.shape[0] for one in lines), []
    height = top
    for line in lines:
        top -= line.shape[0]
        parts.append((line, int((width - line.shape[1]) * part), top))
    return composed((height, width), parts)


def _common(common: Numbers, font: Font) -> list[Mask]:
    """Return a line with the factor and the offset of numbers, if they have some."""
    parts = []
    if common.factor:
        parts.append(raised("\N{MULTIPLICATION SIGN}10", str(common.factor), font))
    if common.offset:
        parts.append(line_of(f"+ {common.offset}" if not common.offset.startswith("-") else common.offset, font))
    if not parts:
        return []
    return [beside(parts, font.line // 3)]


def _title(get: Mapping[str, Any], coloring: Coloring) -> str:
    """Return the title; None: the name of the array, with the component if it has several."""
    component, color_by = get["ComponentTitle"], coloring.color_by
    if get["Title"] is not None:
        return f"{get['Title']} {component}" if component else str(get["Title"])
    if component is None:
        component = coloring.component_name
    return f"{color_by.name} {component}" if component else color_by.name
