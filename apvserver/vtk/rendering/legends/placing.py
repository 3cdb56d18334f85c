"""Which legends a view has, one for all that share a color map, and where they stand: plain functions."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import field, replace
from typing import Any, Final

from async_paraview.records import dataclass
from async_paraview.scene.scalar_bars import ANY_LOCATION

from ..coloring import Coloring
from ..layout.boxes import Box
from ..representation import Representation
from .arrangement import USUAL, Arrangement, Arranger, length_for_names
from .bar import outer_box

_MARGIN: Final = 6
"""Between a legend and the edge of the picture, another legend or the scene, in points."""
_SHORTEST: Final = 24
"""So long its colors are at least, in points, however long its title is."""
_TITLE: Final = 0.3
"""The part of the picture that the title of one that stands may have; but not more points than the next."""
_MOST_OF_A_TITLE: Final = 140
_MOST_OF_A_SIDE: Final = 0.5
_WIDER_TITLES: Final = (0.5, 0.9)
"""The parts that it may have if not all has room otherwise."""
_CORNERS: Final[Mapping[str, tuple[float, float]]] = {
    "Lower Left Corner": (0.0, 0.0), "Lower Center": (0.5, 0.0), "Lower Right Corner": (1.0, 0.0),
    "Upper Left Corner": (0.0, 1.0), "Upper Center": (0.5, 1.0), "Upper Right Corner": (1.0, 1.0),
}  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """A legend that is to be seen, and how it is to look."""

    key: Hashable
    coloring: Coloring
    look: Mapping[str, Any]

    @property
    def is_put(self) -> bool:
        """Whether somebody put it at a place of its own."""
        return bool(self.look["WindowLocation"] == ANY_LOCATION)


@dataclass(frozen=True)
class Place:
    """A picture of a size, in which a point has so many pixels, and what stands in it already."""

    size: tuple[int, int]
    scale: float = 1.0
    obstacles: tuple[Box, ...] = ()
    arranged: dict[tuple[Hashable, int, float], Arrangement] = field(default_factory=dict, compare=False, repr=False)
    """Legends that were tried here already, by key, length and width of the title."""

    @property
    def margin(self) -> int:
        """Between a legend and whatever is beside it, in pixels."""
        return round(_MARGIN * self.scale)


@dataclass(frozen=True)
class Placed:
    """A legend, and the pixel where the lower left corner of its colors is."""

    wanted: Wanted
    arranged: Arrangement
    place: tuple[int, int]
    side: str | None
    """Of the picture, beside which the scene is: "right", "left", "top", "bottom"; None: it lies upon the scene."""

    @property
    def box(self) -> Box:
        """What it takes of the picture."""
        return outer_box(self.arranged, self.wanted.look).moved(*self.place)


def wanted_legends(shown: Iterable[Representation], settings: Mapping[str, Mapping[str, Any]]) -> list[Wanted]:
    """Return the legends of what is shown, by what was set of them by the names of color maps."""
    groups: dict[Hashable, list[Representation]] = {}
    for one in shown:
        if one.is_visible and one.coloring is not None:
            groups.setdefault(one.legend, []).append(one)
    found: list[Wanted] = []
    for members in groups.values():
        coloring = members[0].coloring
        assert coloring is not None
        look = _look(members, settings.get(coloring.key[0], {}))
        if look["Visibility"]:
            number = sum(one.coloring.key == coloring.key for one in found)
            found.append(Wanted((coloring.key, number), coloring, look))
    return found


def _look(members: list[Representation], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return how the legend of some representations is to look: as was set, else as they say."""
    get = {**USUAL, **settings}
    asked = [one.properties for one in members if one.properties["ScalarBarVisibility"]]
    for theirs, name in (("ScalarBarTitle", "Title"), ("TitleColor", "TitleColor"), ("LabelColor", "LabelColor")):
        if get[name] is None:
            get[name] = next((one[theirs] for one in asked if one[theirs] is not None), None)
    if get["Visibility"] is None:
        get["Visibility"] = bool(asked)
    return get


def _side(look: Mapping[str, Any]) -> str | None:
    """Return at which side of the picture a legend stands, with the scene beside it; None: upon the scene."""
    where, stands = look["WindowLocation"], look["Orientation"] == "Vertical"
    if where == ANY_LOCATION:
        return None
    if where is None:
        return "right" if stands else "bottom"
    across, up = _CORNERS[where]
    if stands and across != 0.5:
        return "right" if across else "left"
    return "top" if up else "bottom"


def place_all(wanted: Iterable[Wanted], place: Place) -> list[Placed]:
    """Place legends one after the other: each beside those before it at the same place.

    One that stands at the right because nobody said where goes to the left as soon as those at the right would have
    more than half of the picture.
    """
    placed: list[Placed] = []
    taken: dict[Any, int] = {}
    for one in wanted:
        side = _side(one.look)
        where = one.look["WindowLocation"], one.look["Orientation"], side
        done = _place(one, place, side, taken.get(where, 0))
        if where == (None, "Vertical", "right") and taken.get(where):
            left = (None, "Vertical", "left")
            if place.size[0] - done.box.left > _MOST_OF_A_SIDE * place.size[0]:
                other = _place(one, place, "left", taken.get(left, 0))
                if other.box.left >= 0 and not any(other.box.overlaps(box) for box in place.obstacles):
                    where, done = left, other
        placed.append(done)
        if not one.is_put:
            taken[where] = _taken(done, place, taken.get(where, 0))
            place = replace(place, obstacles=(*place.obstacles, done.box))
    return placed


def _taken(done: Placed, place: Place, before: int) -> int:
    """Return how many pixels of a side the legends have taken that stand there, with this one more."""
    look, box = done.wanted.look, done.box
    if done.side == "right":
        return place.size[0] - box.left
    if done.side == "left":
        return box.right
    if look["Orientation"] == "Vertical":  # at the middle of the upper or the lower edge
        return before + box.size[0] + place.margin
    return box.top if done.side == "bottom" else place.size[1] - box.bottom


def _place(wanted: Wanted, place: Place, side: str | None, before: int) -> Placed:
    """Place one legend at a side, with so many pixels taken by others at its place."""
    look, scale = wanted.look, place.scale
    stands = look["Orientation"] == "Vertical"
    whole = place.size[1] if stands else place.size[0]
    length = max(1, round(look["ScalarBarLength"] * whole))
    if look["ScalarBarLength"] == USUAL["ScalarBarLength"]:
        length = max(length, min(whole, length_for_names(wanted.coloring, look, scale)))
    title = min(_TITLE * place.size[0], _MOST_OF_A_TITLE * scale)
    if wanted.is_put:
        arranged = _arranged(wanted, length, place, title)
        across, up = look["Position"]
        box, at = outer_box(arranged, look), (round(across * place.size[0]), round(up * place.size[1]))
        return Placed(wanted, arranged, _within(box, at, place.size, 0), side)
    done = _in_stretch(wanted, place, side, before, (length, title, (0, whole)))
    if not _is_clear(done.box, place):
        stretch = _stretch(done.box, place, upwards=stands)
        narrower = _in_stretch(wanted, place, side, before, (length, title, stretch))
        return narrower if _is_clear(narrower.box, place) else done
    return done


def _in_stretch(
    wanted: Wanted, place: Place, side: str | None, before: int, lengths: tuple[int, float, tuple[int, int]]
) -> Placed:
    """Place one legend along a stretch of its side, with a length of its colors and a width of its title if it fits."""
    look, scale, (length, title, (first, last)) = wanted.look, place.scale, lengths
    stands = look["Orientation"] == "Vertical"
    for widest in (title, *(part * place.size[0] for part in _WIDER_TITLES)):
        arranged = _arranged(wanted, length, place, widest)
        more = outer_box(arranged, look).size[1 if stands else 0] + 2 * place.margin - (last - first)
        if more > 0:
            arranged = _arranged(wanted, max(min(length, round(_SHORTEST * scale)), length - more), place, widest)
        if outer_box(arranged, look).size[1] + 2 * place.margin <= (last - first if stands else place.size[1]):
            break
    box = outer_box(arranged, look)
    corner = _within(box, _corner(wanted, arranged, place, side, before), place.size, place.margin)
    if (first, last) != (0, place.size[1 if stands else 0]):
        middle = (first + last) // 2
        along = middle - (box.bottom + box.top) // 2 if stands else middle - (box.left + box.right) // 2
        corner = (corner[0], along) if stands else (along, corner[1])
    return Placed(wanted, arranged, _clear(box, corner, place, upwards=stands), side)


def _stretch(box: Box, place: Place, *, upwards: bool) -> tuple[int, int]:
    """Return between which pixels along its side a legend has nothing beside it, about the middle of the picture."""
    whole = place.size[1 if upwards else 0]
    first, last = 0, whole
    for other in place.obstacles:
        low, high = (other.bottom, other.top) if upwards else (other.left, other.right)
        gap = place.margin // 2
        if upwards:
            is_beside = box.left < other.right + gap and other.left < box.right + gap
        else:
            is_beside = box.bottom < other.top + gap and other.bottom < box.top + gap
        if is_beside and low + high < whole:
            first = max(first, high)
        elif is_beside:
            last = min(last, low)
    return first, last


def _is_clear(box: Box, place: Place) -> bool:
    """Return whether a box is in the picture and covers nothing."""
    return box.is_within(place.size) and not any(box.overlaps(one) for one in place.obstacles)


def _arranged(wanted: Wanted, length: int, place: Place, widest: float) -> Arrangement:
    tried = wanted.key, length, widest
    if tried not in place.arranged:
        arranger = Arranger(wanted.coloring, wanted.look, length, place.size, place.scale, widest)
        place.arranged[tried] = arranger.arranged()
    return place.arranged[tried]


def _corner(wanted: Wanted, arranged: Arrangement, place: Place, side: str | None, before: int) -> tuple[int, int]:
    """Return where the lower left corner of the colors is, with so many pixels between it and its side."""
    look, box, bar, margin = wanted.look, outer_box(arranged, wanted.look), arranged.bar, place.margin
    width, height = place.size
    where, stands = look["WindowLocation"], look["Orientation"] == "Vertical"
    if where is None and stands:
        across = 0.0 if side == "left" else 1.0
        return _beside(across, width, box.left, box.right, margin, before), (height - bar.top) // 2
    if where is None:
        return (width - bar.right) // 2, margin + before - box.bottom
    across, up = _CORNERS[where]
    return (
        _beside(across, width, box.left, box.right, margin, before if stands else 0),
        _beside(up, height, box.bottom, box.top, margin, 0 if stands else before),
    )


def _beside(part: float, whole: int, low: int, high: int, margin: int, before: int) -> int:
    """Return where a box from low to high stands at the beginning, in the middle or at the end of a side."""
    if part == 0.5:
        return (whole - high - low) // 2 + before
    return margin + before - low if part == 0.0 else whole - margin - before - high


def _within(box: Box, at: tuple[int, int], size: tuple[int, int], margin: int) -> tuple[int, int]:
    """Return a place moved so far that all is in the picture; what is too large begins at its left, or its bottom."""
    x = max(margin - box.left, min(at[0], size[0] - margin - box.right))
    return x, max(margin - box.bottom, min(at[1], size[1] - margin - box.top))


def _clear(box: Box, at: tuple[int, int], place: Place, *, upwards: bool) -> tuple[int, int]:
    """Return the nearest place where a legend covers nothing: along its side, else away from that, else where it is."""
    margin = place.margin
    for axis in (1, 0) if upwards else (0, 1):
        tries = [at]
        for obstacle in place.obstacles:
            low, high = ((obstacle.left, obstacle.right), (obstacle.bottom, obstacle.top))[axis]
            first, last = ((box.left, box.right), (box.bottom, box.top))[axis]
            places = (high + margin - first, low - margin - last)
            tries += [(one, at[1]) if axis == 0 else (at[0], one) for one in places]
        free = [
            one
            for one in tries
            if _within(box, one, place.size, margin) == one
            and not any(box.moved(*one).overlaps(other, margin // 2) for other in place.obstacles)
        ]
        if free:
            return min(free, key=lambda one: abs(one[0] - at[0]) + abs(one[1] - at[1]))
    return at
