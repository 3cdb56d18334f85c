"""Texts in a picture: how large they are, and where they stand so that none covers another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from async_paraview.records import dataclass
from async_paraview.scene.scalar_bars import ANY_LOCATION
from async_paraview.scene.text import JUSTIFICATIONS, VERTICAL_JUSTIFICATIONS

from ..fonts.formulas import has_formulas
from ..fonts.noted import gathered
from ..overlays.texts import anchor, angle, outline, width_of
from .boxes import Box, around

_FINE: Final = 8.0
"""So many pixels a point has where lines are measured to be broken: more than letters of whole pixels shift."""
_FILLED: Final = 0.97
"""The part of a line that letters may have there: in few pixels they can be wider."""
_GAP: Final = 3
"""Between two texts, in points."""
_TALL: Final = 0.25
"""A text of more than this part of the picture's height has the scene beside it, not above or below."""


@dataclass(frozen=True)
class Written:
    """A text that is to be seen, and all of its properties."""

    text: str
    look: Mapping[str, Any]

    @property
    def is_put(self) -> bool:
        """Whether somebody put it at a place of its own."""
        return bool(self.look["WindowLocation"] == ANY_LOCATION)

    @property
    def is_above(self) -> bool:
        """Whether it stands at the upper edge."""
        return str(self.look["WindowLocation"]).startswith("Upper")


@dataclass(frozen=True)
class PlacedText:
    """A text, in lines, where it stands; a point of its letters has `scale` pixels."""

    written: Written
    lines: str
    at: tuple[float, float]
    """The pixel that its justification is about."""
    scale: float
    box: Box

    def moved(self, across: int, up: int) -> PlacedText:
        """Return it so many pixels farther to the right, and higher."""
        x, y = self.at
        return replace(self, at=(x + across, y + up), box=self.box.moved(across, up))

    def look(self, size: tuple[int, int]) -> Mapping[str, Any]:
        """Return the properties with which it stands there in a picture of that size."""
        if self.written.is_put:
            return self.written.look
        _, _, across, upwards = anchor(self.written.look)
        return {
            **self.written.look,
            "WindowLocation": ANY_LOCATION,
            "Position": (self.at[0] / size[0], self.at[1] / size[1]),
            "Justification": JUSTIFICATIONS[across],
            "VerticalJustification": VERTICAL_JUSTIFICATIONS[upwards],
        }


def place_text(written: Written, size: tuple[int, int], scale: float) -> PlacedText:
    """Return a text at its own place in a picture, in lines that are no wider than the picture if words allow it."""
    x, y, _, _ = anchor(written.look)
    at, text = (x * size[0], y * size[1]), written.text
    if not text.strip():
        return PlacedText(written, text, at, scale, around(*at, *at))
    look = tuple(sorted(written.look.items()))
    if not written.is_put and not angle(written.look):
        widest = 1.0 - 2.0 * min(x, 1.0 - x) if x != 0.5 else 1.0 - 2.0 * _RIM
        text = _lines(text, look, widest * size[0] / scale)
    left, bottom, right, top = _reach(text, look, scale)
    placed = PlacedText(written, text, at, scale, around(at[0] + left, at[1] + bottom, at[0] + right, at[1] + top))
    return placed if written.is_put else _inside(placed, size)


_RIM: Final = 0.01


def _inside(placed: PlacedText, size: tuple[int, int]) -> PlacedText:
    """Return a text at the edge of a picture that has a box behind it, moved so far that all of it is seen."""
    box = placed.box
    across = -min(0, box.left) - max(0, box.right - size[0])
    up = -min(0, box.bottom) - max(0, box.top - size[1])
    return placed if not across and not up else placed.moved(across, up)


def stack_texts(
    texts: Iterable[Written], size: tuple[int, int], scale: float, obstacles: Iterable[Box]
) -> list[PlacedText]:
    """Return texts at their corners, each beyond those that stand there already: below at the top, else above."""
    taken, gap, placed = list(obstacles), max(1, round(_GAP * scale)), []
    for written in texts:
        moved = one = place_text(written, size, scale)
        if not written.text.strip():
            placed.append(one)
            continue
        while (other := next((box for box in taken if moved.box.overlaps(box)), None)) is not None:
            up = other.bottom - gap - moved.box.top if written.is_above else other.top + gap - moved.box.bottom
            moved = moved.moved(0, up)
            if not 0 <= moved.box.bottom <= moved.box.top <= size[1]:
                moved = one
                break
        placed.append(moved)
        taken.append(moved.box)
    return placed


def side_of(placed: PlacedText, size: tuple[int, int]) -> str | None:
    """Return at which side of the picture the scene leaves room for a text; None: it lies upon the scene."""
    if placed.written.is_put:
        return None
    where = placed.written.look["WindowLocation"]
    if placed.box.size[1] > _TALL * size[1] and not where.endswith("Center"):
        return "right" if "Right" in where else "left"
    return "top" if placed.written.is_above else "bottom"


Look = tuple[tuple[str, Any], ...]


@lru_cache(maxsize=1024)
def _reach(lines: str, look: Look, scale: float) -> tuple[float, float, float, float]:
    """Return how far lines reach around the place where they stand: left, bottom, right, top."""
    wanted = dict(look)
    x, y, _, _ = anchor(wanted)
    with gathered() as said:
        xs, ys = zip(*outline(lines, wanted, (1, 1), scale), strict=True)
        said.clear()  # who draws it says it
    return min(xs) - x, min(ys) - y, max(xs) - x, max(ys) - y


@lru_cache(maxsize=1024)
def _lines(text: str, look: Look, widest: float) -> str:
    """Return the lines of a text that may have so many points, the same however many pixels a point has."""
    wanted = dict(look)
    with gathered() as said:
        lines = [_broken(one, wanted, _FILLED * _FINE * widest) for one in text.split("\n")]
        said.clear()  # it is of parts of lines
    return "\n".join(lines)


def _broken(line: str, wanted: Mapping[str, Any], widest: float) -> str:
    """Return a line, broken between words where it would be too wide; one with formulas stays whole."""
    if has_formulas(line):
        return line
    lines, begun = [], ""
    for word in line.split(" "):
        longer = f"{begun} {word}" if begun else word
        if begun.strip() and width_of(longer, wanted, _FINE) > widest:
            lines.append(begun)
            longer = word
        begun = longer
    return "\n".join([*lines, begun])
