"""Legends and texts by themselves as vectors: SVG files with texts as texts."""

from __future__ import annotations

import numpy as np

from ..legends.pictures import LegendAlone, TextAlone
from ..legends.texts import POINTS_PER_INCH, Letters
from .drawn_legends import draw_legends
from .sheet import Sheet


def legend_drawing(legend: LegendAlone, dpi: float) -> bytes:
    """Return a legend of which 72 points have so many pixels as an SVG file, with points as its units."""
    size = legend.placed.box.size
    sheet = _sheet(size, dpi)
    draw_legends(sheet, [legend.placed], legend.paper, size[1])
    return sheet.file()


def text_drawing(text: TextAlone, dpi: float) -> bytes:
    """Return a text likewise; what has formulas in it is a picture upon its paper: EPS files know no transparency."""
    height, width = text.mask.shape
    sheet = _sheet((width, height), dpi)
    if isinstance(text.mask, Letters) and text.mask.runs:
        for run in text.mask.runs:
            sheet.add_run(run, text.color)
    elif np.any(text.mask):
        sheet.add_picture(text.on_paper(), (0, 0, width, height))
    return sheet.file()


def _sheet(size: tuple[int, int], dpi: float) -> Sheet:
    width, height = (side * POINTS_PER_INCH / dpi for side in size)
    return Sheet((width, height), size)
