"""Texts of legends as rasters: how opaque each of their pixels is. Of use in one thread."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
from PIL import Image
from vtkmodules.vtkRenderingCore import vtkTextProperty

from async_paraview.records import dataclass

from ..fonts.formulas import as_typed, has_formulas, unescaped
from ..fonts.noted import gathered, note
from ..fonts.rasters import Mask, raster
from ..fonts.spelling import Typeface, spell

POINTS_PER_INCH = 72
_RAISED = 0.7
"""How large letters above the line are, beside the others."""
_RISE = 0.4
_GAP_OF_WORDS = " "


@dataclass(frozen=True)
class Font:
    """How letters look. `scale` is how many pixels a point has."""

    size: int
    family: str
    bold: bool
    italic: bool
    scale: float = 1.0
    file: str = ""

    @property
    def line(self) -> int:
        """How high a line is, in pixels."""
        return int(line_of("0", self).shape[0])


@dataclass(frozen=True)
class Run:
    """Letters of one font in a line: where they begin, in pixels from the lower left corner of a raster."""

    text: str
    font: Font
    left: float
    baseline: float
    length: float
    turned: float = 0.0
    """By so many degrees against the clock, around the place where they begin."""

    def moved(self, x: float, y: float) -> Run:
        """Return them elsewhere."""
        return replace(self, left=self.left + x, baseline=self.baseline + y)


class Letters(np.ndarray[Any, np.dtype[np.uint8]]):
    """A raster that knows what is written in it, so that it can be written elsewhere as text."""

    runs: tuple[Run, ...]

    def __array_finalize__(self, made_of: object) -> None:
        """Know nothing of what is made of others."""
        self.runs = ()


def composed(shape: tuple[int, int], parts: Iterable[tuple[Mask, int, int]]) -> Mask:
    """Return a raster of that height and width with others in it, each with its lower left corner at a place.

    It knows what is written in it if all of those do.
    """
    made, runs, all_known = np.zeros(shape, np.uint8), list[Run](), True
    for part, left, bottom in parts:
        height, width = part.shape
        made[shape[0] - bottom - height : shape[0] - bottom, left : left + width] = part
        known = part.runs if isinstance(part, Letters) else ()
        runs += [one.moved(left, bottom) for one in known]
        all_known &= bool(known) or not part.any()
    return _lettered(made, runs if all_known else [])


def beside(parts: Sequence[Mask], gap: int) -> Mask:
    """Return rasters beside each other, at least one, with a gap of so many pixels between each two."""
    *lefts, end = itertools.accumulate((one.shape[1] + gap for one in parts), initial=0)
    shape = max(one.shape[0] for one in parts), end - gap
    return composed(shape, ((one, left, 0) for one, left in zip(parts, lefts, strict=True)))


def upwards(mask: Mask) -> Mask:
    """Return a raster turned so that it is read from the bottom to the top."""
    runs = mask.runs if isinstance(mask, Letters) else ()
    height = mask.shape[0]
    return _lettered(
        np.rot90(mask).copy(),
        [replace(one, left=height - one.baseline, baseline=one.left, turned=90.0) for one in runs],
    )


def turned(mask: Mask, degrees: int) -> Mask:
    """Return a raster turned against the clock about its middle, as large as that needs."""
    if not degrees:
        return mask
    made = np.asarray(Image.fromarray(np.asarray(mask)).rotate(degrees, Image.Resampling.BICUBIC, expand=True)).copy()
    turn = math.radians(degrees)
    cosine, sine = math.cos(turn), math.sin(turn)

    def moved(run: Run) -> Run:
        x, y = run.left - mask.shape[1] / 2, run.baseline - mask.shape[0] / 2
        left, baseline = cosine * x - sine * y + made.shape[1] / 2, sine * x + cosine * y + made.shape[0] / 2
        return replace(run, left=left, baseline=baseline, turned=run.turned + degrees)

    return _lettered(made, map(moved, mask.runs if isinstance(mask, Letters) else ()))


def _lettered(mask: Mask, runs: Iterable[Run]) -> Mask:
    made = mask.view(Letters)
    made.runs = tuple(runs)
    made.setflags(write=False)
    return made


@lru_cache(maxsize=256)
def _descent(font: Font) -> int:
    """Return how many pixels of a line lie below the feet of its letters."""
    mask = _line_of("H", font)[0]
    rows = np.flatnonzero(mask.any(axis=1))
    height: int = mask.shape[0]
    return height - 1 - int(rows[-1]) if len(rows) else 0


def line_of(text: str, font: Font) -> Mask:
    """Return one line of text, top row first, as high as lines of that font are; of formulas it has no runs."""
    mask, remarks = _lettered_line(text, font)
    note(remarks)
    return mask


@lru_cache(maxsize=4096)
def _lettered_line(text: str, font: Font) -> tuple[Mask, tuple[str, ...]]:
    mask, words, drawn, remarks = _line_of(text, font)
    if not text.strip() or has_formulas(words):
        return mask, remarks
    return _lettered(mask, [Run(unescaped(text), drawn, 0.0, _descent(drawn), mask.shape[1])]), remarks


@lru_cache(maxsize=4096)
def _line_of(text: str, font: Font) -> tuple[Mask, str, Font, tuple[str, ...]]:
    """Return a raster, the words as VTK has taken them, the font they are drawn in, and what is to be said of them."""
    look = vtkTextProperty()
    look.SetFontSize(font.size)
    Typeface(font.family, font.bold, font.italic, font.file).give(look)
    with gathered() as remarks:
        words = spell(look, text)
    found = Typeface.of(look)
    drawn = replace(font, family=found.family, file=found.file)
    return raster(look, words, max(1, round(POINTS_PER_INCH * font.scale))), words, drawn, tuple(remarks)


def raised(text: str, power: str, font: Font) -> Mask:
    """Return a text with a smaller one above the line behind it."""
    line = line_of(text, font)
    return _raised(text, power, font) if power else line


@lru_cache(maxsize=4096)
def _raised(text: str, power: str, font: Font) -> Mask:
    line = line_of(text, font)
    small = line_of(power, replace(font, size=max(1, round(font.size * _RAISED))))
    rise = round(line.shape[0] * _RISE)
    height = max(line.shape[0], rise + small.shape[0])
    return composed((height, line.shape[1] + small.shape[1]), [(line, 0, 0), (small, line.shape[1], rise)])


def _words(line: str) -> list[str]:
    """Return what a line may be broken between; a formula is one word, whatever spaces it has."""
    words = line.split(_GAP_OF_WORDS)
    if not has_formulas(line):
        return words
    whole: list[str] = []
    for word in words:
        if whole and not has_formulas(whole[-1]) and as_typed(whole[-1]) != whole[-1]:
            whole[-1] += _GAP_OF_WORDS + word
        else:
            whole.append(word)
    return whole


def wrapped(text: str, font: Font, width: float) -> list[str]:
    """Return the lines of a text: its own, and where one would be wider, several, broken between words."""
    lines: list[str] = []
    for one in text.splitlines() or [""]:
        line = ""
        for word in _words(one):
            longer = f"{line} {word}".strip()
            if line and line_of(longer, font).shape[1] > width:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return lines
