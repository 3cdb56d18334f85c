"""Legends as vectors: their colors as they are in pictures, lines and boxes, and texts as text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..legends.bar import Inks, outer_box
from ..legends.placing import Placed
from ..paper import Paper
from .sheet import Place, Sheet


def draw_legends(sheet: Sheet, legends: Iterable[Placed], paper: Paper, height: int) -> None:
    """Draw legends where they stand, in inks for that paper, in a picture of that height."""
    for one in legends:
        _draw_legend(sheet, one, paper, height)


def _draw_legend(sheet: Sheet, legend: Placed, paper: Paper, height: int) -> None:
    get, (x, y) = legend.wanted.look, legend.place
    inks = Inks(get, paper, y, height)
    if get["DrawBackground"]:
        *color, opacity = get["BackgroundColor"]
        sheet.add_box(_place(outer_box(legend.arranged, get).moved(x, y)), color, opacity)
    for piece in legend.arranged.pieces:
        place = _place(piece.box.moved(x, y))
        if piece.colors is not None:
            _draw_colors(sheet, piece.colors, place)
            continue
        color, opacity = inks.of(piece)
        if piece.mask is None:
            sheet.add_box(place, color, opacity)
        else:
            sheet.add_letters(piece.mask, place[:2], color, opacity)


def _place(box: Any) -> Place:
    return box.left, box.bottom, box.right, box.top


def _draw_colors(sheet: Sheet, colors: Any, place: Place) -> None:
    """Draw colors, bottom row first: a box if all are the same."""
    first = colors[0, 0]
    if (colors == first).all():
        sheet.add_box(place, tuple(first / 255))
    else:
        sheet.add_picture(np.ascontiguousarray(colors[::-1]), place)
