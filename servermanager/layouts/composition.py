"""Where everything of a picture of several views stands: these, their labels, a title, legends. Plain values."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from typing import Any, Final

from async_paraview.records import dataclass
from async_paraview.scene.layouts import ABOVE, NUMERAL

from .cells import Place

GAP_OF_TITLE: Final = 6
"""Below the title, in points, as all of these."""
GAP_OF_LABEL: Final = 3
"""Below a label, or between one in front of a view and its edges."""
GAP_OF_LEGEND: Final = 10
"""Between a legend and the views, or another legend."""
LEAST_VIEW: Final = 24
"""So wide and high a view of a figure is at least."""
_A_LINE: Final = 1.05
"""How high a line of text is, in sizes of its font: of what was not measured yet."""
_LEGEND: Final = (80, 50)
"""How much room a legend that stands, and one that lies, takes: as long as it was not measured."""

_ROMAN: Final = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


@dataclass(frozen=True)
class Lettered:
    """How large something is that letters are part of, in pixels."""

    width: int
    height: int


@dataclass(frozen=True)
class Measured:
    """How large what stands beside views is; legends by the names of their color maps."""

    title: Lettered | None = None
    labels: Mapping[int, Lettered] = field(default_factory=dict)
    legends: Mapping[str, Lettered] = field(default_factory=dict)


@dataclass(frozen=True)
class Composition:
    """Where everything is in a picture, in pixels from its top left; views and labels by the numbers of cells."""

    width: int
    height: int
    views: Mapping[int, Place]
    labels: Mapping[int, Place] = field(default_factory=dict)
    title: Place | None = None
    legends: Mapping[str, Place] = field(default_factory=dict)
    numbers: Mapping[str, Sequence[tuple[Any, tuple[int, int]]]] = field(default_factory=dict)
    """Each number that is written at a legend, and the pixel of the picture, from its top left, that has its color."""

    def magnified(self, by: int) -> Composition:
        """Return it with so many pixels in the place of each, across and up."""

        def larger(places: Mapping[Any, Place]) -> dict[Any, Place]:
            return {key: _larger(one, by) for key, one in places.items()}

        return Composition(
            self.width * by,
            self.height * by,
            larger(self.views),
            larger(self.labels),
            None if self.title is None else _larger(self.title, by),
            larger(self.legends),
        )


def _larger(place: Place, by: int) -> Place:
    return Place(*(one * by for one in place))


@dataclass(frozen=True)
class Arranging:
    """What a picture is arranged by: properties of a layout, and how many pixels a point has."""

    get: Mapping[str, Any]
    legends: Mapping[str, Mapping[str, Any]]
    """Those that stand beside the views, with what was set of each."""
    scale: float
    cells: Callable[[Place, int, int], dict[int, Place]]
    """Returns where the cells are in an area, with so many pixels between them, and above the view in each."""

    def pixels(self, points: float) -> int:
        """Return points as whole pixels."""
        return round(points * self.scale)

    @property
    def gap(self) -> int:
        """Return how many pixels are between two cells."""
        return self.pixels(self.get["SeparatorWidth"])

    @property
    def is_decorated(self) -> bool:
        """Whether anything stands beside the cells."""
        get = self.get
        return bool(self.legends or get["Title"] or get["LabelFormat"] or get["MarginWidth"])

    def strip(self, measured: Measured) -> int:
        """Return how high what is above each view is, for its label."""
        if not measured.labels or self.get["LabelLocation"] != ABOVE:
            return 0
        return max(one.height for one in measured.labels.values()) + self.pixels(GAP_OF_LABEL)

    def whole(self, area: Lettered, measured: Measured) -> Lettered:
        """Return how large a picture is whose cells have an area."""
        _, rest = self._beside(Place(0, 0, 0, 0), measured)
        return Lettered(area.width - rest.width, area.height - rest.height)

    def for_legends(self, size: tuple[int, int], measured: Measured) -> tuple[int, int]:
        """Return what legends have to stand in, before any of them is measured."""
        _, rest = self._beside(Place(0, 0, *size), replace(measured, legends={}))
        return max(1, rest.width), max(1, rest.height)

    def composed(self, size: tuple[int, int], measured: Measured) -> Composition:
        """Return where everything is. Raises ValueError for what has no room."""
        made, rest = self._beside(Place(0, 0, *size), measured)
        if min(rest.width, rest.height) < 1:
            raise ValueError(
                f"{size[0]} x {size[1]} pixels are too few for what stands beside the views: title, legends, margins"
            )
        strip = self.strip(measured)
        cells = self.cells(rest, self.gap, strip)
        views, labels = cells, {}
        if strip:
            views = {at: one._replace(top=one.top + strip, height=one.height - strip) for at, one in cells.items()}
            for at, one in measured.labels.items():
                labels[at] = Place(cells[at].left, cells[at].top, one.width, one.height)
        elif measured.labels:
            labels = {at: self._in_corner(views[at], one) for at, one in measured.labels.items()}
        done = replace(made, views=views, labels=labels)
        if self.is_decorated:
            self._check(done)
        return done

    def _beside(self, whole: Place, measured: Measured) -> tuple[Composition, Place]:
        """Return where the title and the legends are, and what they leave."""
        margin = self.pixels(self.get["MarginWidth"])
        rest = Place(whole.left + margin, whole.top + margin, whole.width - 2 * margin, whole.height - 2 * margin)
        title, legends = None, {}
        if (one := measured.title) is not None:
            title = Place(rest.left + (rest.width - one.width) // 2, rest.top, one.width, one.height)
            taken = one.height + self.pixels(GAP_OF_TITLE)
            rest = rest._replace(top=rest.top + taken, height=rest.height - taken)
        for name, size in measured.legends.items():
            legends[name], rest = self._legend(size, self.legends[name], rest)
        return Composition(whole.width, whole.height, {}, {}, title, legends), rest

    def _legend(self, size: Lettered, look: Mapping[str, Any], rest: Place) -> tuple[Place, Place]:
        gap, side = self.pixels(GAP_OF_LEGEND), side_of(look)
        where = look.get("WindowLocation") or ""
        if side in ("left", "right"):
            spare = rest.height - size.height
            top = rest.top + (spare if "Lower" in where else 0 if "Upper" in where else spare // 2)
            left = rest.left if side == "left" else rest.left + rest.width - size.width
            taken = size.width + gap
            moved = rest.left + taken if side == "left" else rest.left
            return Place(left, top, *_both(size)), rest._replace(left=moved, width=rest.width - taken)
        spare = rest.width - size.width
        left = rest.left + (0 if "Left" in where else spare if "Right" in where else spare // 2)
        top = rest.top if side == "top" else rest.top + rest.height - size.height
        taken = size.height + gap
        moved = rest.top + taken if side == "top" else rest.top
        return Place(left, top, *_both(size)), rest._replace(top=moved, height=rest.height - taken)

    def _in_corner(self, view: Place, size: Lettered) -> Place:
        where, gap = self.get["LabelLocation"], self.pixels(GAP_OF_LABEL)
        right, low = "Right" in where, "Lower" in where
        left = view.left + (view.width - size.width - gap if right else gap)
        return Place(left, view.top + (view.height - size.height - gap if low else gap), size.width, size.height)

    def _check(self, made: Composition) -> None:
        """Raise ValueError for what is cut, or too small to be seen."""
        whole = Place(0, 0, made.width, made.height)
        if made.title is not None and not contains(whole, made.title):
            raise ValueError(
                f"the title is {made.title.width} pixels wide, and the picture {made.width}: "
                "break it into lines, or make its letters smaller"
            )
        for name, one in made.legends.items():
            if not contains(whole, one):
                raise ValueError(
                    f"the legend of {name!r} needs {one.width} x {one.height} pixels of {made.width} x {made.height}"
                )
        least = self.pixels(LEAST_VIEW)
        for at, one in made.views.items():
            if min(one.width, one.height) < least:
                raise ValueError(
                    f"the view in cell {at} would have {one.width} x {one.height} pixels, and needs {least} each way: "
                    "make the picture larger, or its letters, margins and legends smaller"
                )
            if at in made.labels and made.labels[at].width > one.width:
                raise ValueError(f"the label of cell {at} is wider than its view: {made.labels[at].width} pixels")


def _both(size: Lettered) -> tuple[int, int]:
    return size.width, size.height


def contains(outer: Place, inner: Place) -> bool:
    """Return whether a place lies wholly in another one."""
    return (
        inner.left >= outer.left
        and inner.top >= outer.top
        and inner.left + inner.width <= outer.left + outer.width
        and inner.top + inner.height <= outer.top + outer.height
    )


def side_of(look: Mapping[str, Any]) -> str:
    """Return at which side of the views a legend stands, by what was set of it: as in a view."""
    where = look.get("WindowLocation") or ""
    if look.get("Orientation", "Vertical") == "Vertical":
        return "left" if "Left" in where else "right"
    return "top" if "Upper" in where else "bottom"


def estimated(get: Mapping[str, Any], legends: Mapping[str, Mapping[str, Any]], labelled: Sequence[int]) -> Measured:
    """Return about how large what stands beside views is, in points, before a server has measured it."""
    title = None
    if get["Title"]:
        lines = get["Title"].split("\n")
        title = Lettered(1, math.ceil(len(lines) * get["TitleFontSize"] * _A_LINE))
    high = math.ceil(get["LabelFontSize"] * _A_LINE)
    labels = dict.fromkeys(labelled, Lettered(1, high)) if get["LabelFormat"] else {}
    sizes = {
        name: Lettered(_LEGEND[0], 1) if side_of(one) in ("left", "right") else Lettered(1, _LEGEND[1])
        for name, one in legends.items()
    }
    return Measured(title, labels, sizes)


def label(form: str, index: int) -> str:
    """Return the label of a view by its number, from 0, in a form as "(a)"."""
    found = NUMERAL.search(form)
    assert found is not None  # or it would not have been taken
    kind = found.group()
    written = str(index + 1)
    if kind in "iI":
        written = _roman(index + 1)
    elif kind in "aA":
        written = _letters(index + 1)
    written = written.upper() if kind in "AI" else written
    return form[: found.start()] + written + form[found.end() :]


def _letters(number: int) -> str:
    """Return a, b, ..., z, aa, ab, ..."""
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("a") + rest) + text
    return text


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text
