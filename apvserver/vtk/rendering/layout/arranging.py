"""From what stands beside a scene to boxes: sizes in points shrink together where there is no place for all of it."""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import field
from typing import Any, Final

from async_paraview.records import dataclass

from ..camera.framing import Margins, Room
from ..fonts.noted import gathered, note
from ..legends.placing import Place, Placed, place_all
from .boxes import Box
from .contents import AXES, LEGEND, PICTURE, TEXT, Contents
from .texts import PlacedText, Written, place_text, side_of, stack_texts

_SHRUNK: Final = (
    1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.42, 0.36, 0.3, 0.25, 0.21, 0.17, 0.14, 0.12, 0.1, 0.085, 0.07, 0.06, 0.05,
)  # fmt: skip
"""The parts of their sizes that all have, the first with which all of it has a place."""
_SMALLEST: Final = 5.0
"""Letters of fewer pixels cannot be read; nothing shrinks further."""
_MOST_OF_LEGENDS: Final = 0.6
"""Legends may have this part of each side of the picture, the scene has the rest."""
_MOST: Final = 0.75
"""Legends and texts may have this part together."""
_AXES_PART: Final = (0.2, 0.25)
"""The part of the picture, across and up, that orientation axes have."""
_LEAST_AXES: Final = 96
"""So many points that is at least, so that their letters are whole, and at most half of the picture."""


@dataclass(frozen=True)
class Item:
    """One thing beside the scene, and the pixels that it takes."""

    kind: str
    name: str
    box: Box
    is_put: bool
    """Whether somebody put it at a place of its own, where it stays."""
    letters: tuple[Box, ...] = ()
    """What its texts take."""

    def __str__(self) -> str:
        return self.kind if self.kind in (AXES, PICTURE) else f"{self.kind} {self.name!r:.60}"


@dataclass(frozen=True)
class Layout:
    """Where all of it stands in a picture of a size, of which a point of the page has `scale` pixels."""

    size: tuple[int, int]
    scale: float
    shrunk: float
    """The part of the sizes that were set, 1 where there is place enough."""
    legends: tuple[Placed, ...] = ()
    texts: tuple[PlacedText, ...] = ()
    """Those of the view, in its order."""
    data: Mapping[Hashable, PlacedText] = field(default_factory=dict)
    """Texts that are data, by their representations."""
    pictures: Mapping[str, Box] = field(default_factory=dict)
    axes: Box | None = None

    @property
    def items(self) -> tuple[Item, ...]:
        """All of it."""
        return tuple(self._items())

    def _items(self) -> Iterator[Item]:
        for legend in self.legends:
            x, y = legend.place
            letters = (one.box.moved(x, y) for one in legend.arranged.pieces if one.mask is not None)
            name = str(legend.wanted.coloring.key[0])
            yield Item(LEGEND, name, legend.box, legend.wanted.is_put, tuple(letters))
        for text in (*self.texts, *self.data.values()):
            if text.written.text.strip():
                yield Item(TEXT, text.written.text, text.box, text.written.is_put, (text.box,))
        for name, box in self.pictures.items():
            yield Item(PICTURE, name, box, True)
        if self.axes is not None:
            yield Item(AXES, AXES, self.axes, False)

    @property
    def margins(self) -> Margins:
        """What legends and texts take along the sides of the picture, where somebody did not put them anywhere."""
        texts = [(side_of(one, self.size), one.box) for one in (*self.texts, *self.data.values())]
        return self._margins([*((one.side, one.box) for one in self.legends), *texts])

    @property
    def legend_margins(self) -> Margins:
        """What legends alone take along the sides of the picture."""
        return self._margins([(one.side, one.box) for one in self.legends])

    def _margins(self, sides: list[tuple[str | None, Box]]) -> Margins:
        width, height = self.size
        gap = max(1, round(_GAP * self.scale * self.shrunk))
        found = {"left": 0, "right": 0, "bottom": 0, "top": 0}
        for side, box in sides:
            if side is not None and box.size != (0, 0):
                taken = {
                    "left": box.right, "right": width - box.left, "bottom": box.top, "top": height - box.bottom,
                }[side]  # fmt: skip
                found[side] = max(found[side], taken + gap)
        return Margins(**found)

    @property
    def scene(self) -> Box:
        """What legends and texts leave for the scene."""
        return scene_of(Room(self.size, self.margins))

    def told(self, more: Iterable[Item] = ()) -> dict[str, Any]:
        """Return it, and more that is drawn there, as plain data, with boxes that count from the top."""
        height = self.size[1]
        items = [
            {
                "kind": one.kind,
                "name": one.name,
                "box": one.box.from_the_top(height),
                "is_put": one.is_put,
                "letters": [box.from_the_top(height) for box in one.letters],
            }
            for one in (*self.items, *more)
        ]
        return {
            "size": self.size,
            "scene": self.scene.from_the_top(height),
            "items": items,
            "shrunk": self.shrunk,
            "remarks": self.remarks(),
        }

    def clashes(self) -> list[tuple[Item, Item | None]]:
        """Return which two of it cover each other, and what is cut off (None)."""
        items = self.items
        found: list[tuple[Item, Item | None]] = [(one, None) for one in items if not one.box.is_within(self.size)]
        found += [pair for pair in itertools.combinations(items, 2) if pair[0].box.overlaps(pair[1].box)]
        return found

    def remarks(self) -> tuple[str, ...]:
        """Tell what is not as it was asked for, and what to do."""
        width, height = self.size
        said = []
        if self.shrunk < 1.0:
            said.append(
                f"in {width} x {height} pixels there is no place for all legends, texts and axes in their sizes: they "
                f"have {round(100 * self.shrunk)} % of them; make the picture larger, its dpi lower, or sizes smaller"
            )
        for one, other in self.clashes():
            if other is None:
                said.append(f"{one} is cut off by the edge of the picture: put it elsewhere, or make it smaller")
            else:
                said.append(f"{one} and {other} cover each other: put one of them elsewhere, or make them smaller")
        said += [
            f"{count} categories of the {LEGEND} {str(legend.wanted.coloring.key[0])!r:.60} have no name beside their "
            "color: make ScalarBarLength larger, or LabelFontSize smaller"
            for legend in self.legends
            if (count := legend.arranged.left_out)
        ]
        return tuple(said)


def scene_of(room: Room) -> Box:
    """Return the pixels that a room leaves for the scene."""
    (left, right), (bottom, top) = room.sides
    return Box(round(left), round(bottom), round(right), round(top))


_GAP: Final = 6
"""Between a legend or a text and the scene, in points."""


def arrange(contents: Contents, size: tuple[int, int], scale: float) -> Layout:
    """Return where all of it stands in a picture, in which a point has so many pixels."""
    tried: list[tuple[int, Layout]] = []
    begin = _begin(contents, size, scale)
    for shrunk in _SHRUNK:
        if shrunk > begin:
            continue
        if tried and _smallest(contents) * scale * shrunk < _SMALLEST:
            break
        made = _attempt(contents, size, scale, shrunk)
        wrong = _failures(made)
        if not wrong:
            return made
        tried.append((wrong, made))
    return min(tried, key=lambda one: one[0])[1]


def _begin(contents: Contents, size: tuple[int, int], scale: float) -> float:
    """Return what is tried first: what the same page has with one pixel to a point, so that both look the same."""
    page = round(size[0] / scale), round(size[1] / scale)
    if scale <= 1.0 or min(page) < 1:
        return 1.0
    for shrunk in _SHRUNK:
        if not _failures(_attempt(contents, page, 1.0, shrunk)):
            return shrunk
    return 1.0


def _failures(made: Layout) -> int:
    """Return how much of what may be moved and shrunk is in the way."""
    width, height = made.size
    wrong = 0
    for margins, most in ((made.margins, _MOST), (made.legend_margins, _MOST_OF_LEGENDS)):
        wrong += int(margins.left + margins.right > most * width) + int(margins.top + margins.bottom > most * height)
    for one, other in made.clashes():
        wrong += not one.is_put if other is None else not (one.is_put or other.is_put)
    return wrong


def _smallest(contents: Contents) -> float:
    """Return the size of the smallest letters, in points."""
    sizes = [one.look["FontSize"] for one in (*contents.texts, *contents.data.values())]
    sizes += [min(one.look["TitleFontSize"], one.look["LabelFontSize"]) for one in contents.legends]
    return float(min(sizes, default=12))


def _attempt(contents: Contents, size: tuple[int, int], scale: float, shrunk: float) -> Layout:
    """Return where all of it stands in that part of its sizes: first what was put somewhere, then the rest beside."""
    pictures = contents.picture_boxes(size)
    put = [one for one in contents.legends if one.is_put]
    legends = {one.wanted.key: one for one in place_all(put, Place(size, scale))}
    written: dict[Hashable, Written] = {(TEXT, index): one for index, one in enumerate(contents.texts)}
    written.update(contents.data)
    texts = {key: place_text(one, size, scale) for key, one in written.items() if one.is_put}
    obstacles = [*pictures.values(), *(one.box for one in legends.values()), *(one.box for one in texts.values())]
    rest = {key: one for key, one in written.items() if not one.is_put}
    texts.update(zip(rest, stack_texts(rest.values(), size, scale * shrunk, obstacles), strict=True))
    obstacles = [one for one in (*obstacles, *(texts[key].box for key in rest)) if one.size != (0, 0)]
    others = [one for one in contents.legends if not one.is_put]
    for legend in place_all(others, Place(size, scale * shrunk, tuple(obstacles))):
        legends[legend.wanted.key] = legend
        obstacles.append(legend.box)
    axes = _axes(size, scale, shrunk, obstacles) if contents.has_axes else None
    return Layout(
        size,
        scale,
        shrunk,
        tuple(legends[one.key] for one in contents.legends),
        tuple(texts[TEXT, index] for index in range(len(contents.texts))),
        {key: texts[key] for key in contents.data},
        pictures,
        axes,
    )


def _axes(size: tuple[int, int], scale: float, shrunk: float, obstacles: list[Box]) -> Box:
    """Return where orientation axes stand: at the left as low as possible, else at the lower edge, else at the right.

    If nothing is free they stand in their corner.
    """
    width, height = (
        round(shrunk * max(part * side, min(side / 2, _LEAST_AXES * scale)))
        for part, side in zip(_AXES_PART, size, strict=True)
    )
    ups, acrosses = sorted({0, *(box.top for box in obstacles)}), sorted({box.right for box in obstacles})
    places = [*((0, up) for up in ups), *((across, 0) for across in acrosses), *((size[0] - width, up) for up in ups)]
    for left, bottom in places:
        box = Box(left, bottom, left + width, bottom + height)
        if box.is_within(size) and not any(box.overlaps(one) for one in obstacles):
            return box
    return Box(0, 0, width, height)


class Layouts:
    """The layouts of one view: that of its own pictures, and of the last picture of another size."""

    def __init__(self) -> None:
        """Have none yet."""
        self._found: dict[tuple[tuple[int, int], float], tuple[object, Layout, tuple[str, ...]]] = {}
        """By the picture, what was to be seen, where it stands, and what is to be said of the texts of legends."""

    def of(self, contents: Contents, size: tuple[int, int], scale: float) -> Layout:
        """Return where all stands in a picture; worked out once, however often it is drawn."""
        place, described = (size, scale), contents.described
        found = self._found.get(place)
        if found is None or found[0] != described:
            if found is None and len(self._found) > 1:
                self._found.clear()
            with gathered() as remarks:
                layout = arrange(contents, size, scale)
            found = self._found[place] = described, layout, tuple(remarks)
        note(found[2])
        return found[1]
