"""The legends of one view, one for all that share a color map: where they stand, and what room they take."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from async_paraview.scene.scalar_bars import ANY_LOCATION

from ..camera.framing import Margins
from ..coloring import Coloring
from ..paper import Paper
from ..representation import Representation
from .arrangement import USUAL, Arrangement, Arranger, Box
from .bar import ScalarBar, outer_box

_MARGIN: Final = 6
"""Between a legend and the edge of the picture, another legend or the scene, in points."""
_SHORTEST: Final = 24
"""So long its colors are at least, in points, however long its title is."""
_TITLE: Final = 0.3
"""The part of the picture that the title of one that stands may have; but not more points than the next."""
_MOST_OF_A_TITLE: Final = 140
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


@dataclass(frozen=True)
class Place:
    """A picture of a size, in which a point has so many pixels, and what stands in it already."""

    size: tuple[int, int]
    scale: float = 1.0
    obstacles: tuple[Box, ...] = ()

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

    @property
    def box(self) -> Box:
        """What it takes of the picture."""
        return outer_box(self.arranged, self.wanted.look).moved(*self.place)


class Legends:
    """The legends of one view."""

    def __init__(self) -> None:
        """Have none yet."""
        self._bars: dict[Hashable, ScalarBar] = {}
        self._placed: dict[Place, tuple[list[Any], list[Placed]]] = {}
        """By the picture, what was to be seen, and where it stands."""

    def props(self, wanted: list[Wanted], paper: Paper, place: Place) -> list[Any]:
        """Return what draws legends upon that paper in a picture."""
        placed = self.placed(wanted, place)
        self._bars = {one.wanted.key: self._bars.get(one.wanted.key) or ScalarBar() for one in placed}
        for one in placed:
            self._bars[one.wanted.key].draw(one.arranged, one.place, one.wanted.look, paper, place.size[1])
        return [bar.prop for bar in self._bars.values()]

    def placed(self, wanted: list[Wanted], place: Place) -> list[Placed]:
        """Return where legends stand in a picture."""
        described = [(one.key, one.coloring.color_by, one.coloring.legend, one.look) for one in wanted]
        found = self._placed.get(place)
        if found is None or found[0] != described:
            if len(self._placed) > 1:  # that of the view itself, and that of a picture of another size
                self._placed.clear()
            found = self._placed[place] = described, _place_all(wanted, place)
        return found[1]

    def margins(self, wanted: list[Wanted], place: Place) -> Margins:
        """Return what legends leave of a picture for the scene, where somebody did not put them anywhere."""
        gap, (width, height) = place.margin, place.size
        left = right = bottom = top = 0
        for one in self.placed(wanted, place):
            side, box = _side(one.wanted.look), one.box
            if side == "right":
                right = max(right, width - box.left + gap)
            elif side == "left":
                left = max(left, box.right + gap)
            elif side == "bottom":
                bottom = max(bottom, box.top + gap)
            elif side == "top":
                top = max(top, height - box.bottom + gap)
        return Margins(left, right, bottom, top)


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
    """Return at which side of the picture a legend stands, so that the scene is beside it; None: upon the scene."""
    where, stands = look["WindowLocation"], look["Orientation"] == "Vertical"
    if where == ANY_LOCATION:
        return None
    if where is None:
        return "right" if stands else "bottom"
    across, up = _CORNERS[where]
    if stands and across != 0.5:
        return "right" if across else "left"
    return "top" if up else "bottom"


def _place_all(wanted: Iterable[Wanted], place: Place) -> list[Placed]:
    """Place legends one after the other: each beside those before it at the same place."""
    placed: list[Placed] = []
    taken: dict[Any, int] = {}
    for one in wanted:
        look = one.look
        where = look["WindowLocation"], look["Orientation"]
        done = _place(one, place, taken.get(where, 0))
        placed.append(done)
        if look["WindowLocation"] != ANY_LOCATION:
            taken[where] = _taken(look, done.box, place, taken.get(where, 0))
            place = replace(place, obstacles=(*place.obstacles, done.box))
    return placed


def _taken(look: Mapping[str, Any], box: Box, place: Place, before: int) -> int:
    """Return how many pixels of a side the legends have taken that stand there, with one more in this box."""
    stands, where = look["Orientation"] == "Vertical", look["WindowLocation"]
    across, up = (1.0, 0.0) if where is None else _CORNERS[where]
    if not stands:
        return box.top if up == 0.0 else place.size[1] - box.bottom
    if across == 0.5:
        return before + box.size[0] + place.margin
    return box.right if across == 0.0 else place.size[0] - box.left


def _place(wanted: Wanted, place: Place, before: int) -> Placed:
    """Place one legend, with so many pixels taken by others at its place."""
    look, scale = wanted.look, place.scale
    stands = look["Orientation"] == "Vertical"
    whole = place.size[1] if stands else place.size[0]
    length = max(1, round(look["ScalarBarLength"] * whole))
    title = min(_TITLE * place.size[0], _MOST_OF_A_TITLE * scale)
    if look["WindowLocation"] == ANY_LOCATION:
        arranged = _arranged(wanted, length, place, title)
        across, up = look["Position"]
        box, at = outer_box(arranged, look), (round(across * place.size[0]), round(up * place.size[1]))
        return Placed(wanted, arranged, _within(box, at, place.size, 0))
    for widest in (title, *(part * place.size[0] for part in _WIDER_TITLES)):
        arranged = _arranged(wanted, length, place, widest)
        more = outer_box(arranged, look).size[1 if stands else 0] + 2 * place.margin - whole
        if more > 0:
            arranged = _arranged(wanted, max(min(length, round(_SHORTEST * scale)), length - more), place, widest)
        if outer_box(arranged, look).size[1] + 2 * place.margin <= place.size[1]:
            break
    box = outer_box(arranged, look)
    corner = _within(box, _corner(wanted, arranged, place, before), place.size, place.margin)
    return Placed(wanted, arranged, _clear(box, corner, place, upwards=stands))


def _arranged(wanted: Wanted, length: int, place: Place, widest: float) -> Arrangement:
    return Arranger(wanted.coloring, wanted.look, length, place.size, place.scale, widest).arranged()


def _corner(wanted: Wanted, arranged: Arrangement, place: Place, before: int) -> tuple[int, int]:
    """Return where the lower left corner of the colors is, with so many pixels between it and its side."""
    look, box, bar, margin = wanted.look, outer_box(arranged, wanted.look), arranged.bar, place.margin
    width, height = place.size
    where, stands = look["WindowLocation"], look["Orientation"] == "Vertical"
    if where is None and stands:
        return width - margin - before - box.right, (height - bar.top) // 2
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
