"""The type of layouts: how views share a picture. A server only keeps them, for all programs of a session."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from ..records import dataclass
from .checks import ANY_LENGTH, COLOR, FRACTION, Choice, Flag, Name, Number, OrNone, Several, Text, Whole, is_list
from .props.fonts import FAMILIES, FONTS, font_file
from .references import VIEW, ReferenceTo
from .scalar_bars import ScalarBars
from .types import LAYOUTS, SceneProperty, SceneType

DEEPEST: Final = 12
"""A cell is split at most so often; ParaView writes a line for each cell that there could be."""
MOST_CELLS: Final = 2 ** (DEEPEST + 1) - 1
UNSPLIT: Final = "None"
HORIZONTAL: Final = "Horizontal"
VERTICAL: Final = "Vertical"
DIRECTIONS: Final = (UNSPLIT, VERTICAL, HORIZONTAL)
"""How a cell is split, in the order of ParaView's numbers."""
LAST: Final = MOST_CELLS - 1

MOST_ROWS: Final = 32
"""Of a figure, and so many columns."""
ABOVE: Final = "Above"
LABEL_LOCATIONS: Final = (
    ABOVE, "Upper Left Corner", "Upper Right Corner", "Lower Left Corner", "Lower Right Corner",
)  # fmt: skip
NUMERAL: Final = re.compile(r"(?<![A-Za-z0-9])[aA1iI](?![A-Za-z0-9])")
"""What stands in the form of labels for the letter or number of each view."""

_P = SceneProperty
_PAPER: Final = (0.937, 0.922, 0.906)


@dataclass(frozen=True)
class Cells:
    """A binary tree of cells as a list: (number, direction, fraction, view or None) of each that is split or filled.

    The first half of cell n has the number 2 n + 1, the second one 2 n + 2; the whole picture is cell 0.
    """

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {"type": "cells", "size": ANY_LENGTH, "kind": "indexed"}

    def __call__(self, value: object) -> tuple[tuple[int, str, float, Any], ...]:
        """See Check."""
        if not is_list(value) or len(value) > MOST_CELLS:
            raise ValueError(f"expected a list of at most {MOST_CELLS} cells")
        cells = [_cell(one) for one in value]
        found = {one[0]: one for one in cells}
        if len(found) < len(cells):
            raise ValueError("each cell is told once")
        for number, direction, _, view in cells:
            parent = found.get((number - 1) // 2)
            if number and (parent is None or parent[1] == UNSPLIT):
                raise ValueError(f"cell {number} is there if cell {(number - 1) // 2} is split, and that is not")
            if direction != UNSPLIT and view is not None:
                raise ValueError(f"cell {number} is split: its halves have views, and itself has none")
        views = [one[3] for one in cells if one[3] is not None]
        if len(set(views)) < len(views):
            raise ValueError("a view is in one cell only")
        return tuple(cells)


def _cell(value: object) -> tuple[int, str, float, Any]:
    if not is_list(value) or len(value) != 4:
        raise ValueError("a cell is its number, its direction, a fraction, and a view or None")
    number, direction, fraction, view = value
    return (
        Whole(0, LAST)(number),
        Choice("direction of a split", DIRECTIONS)(direction),
        FRACTION(fraction),
        None if view is None else ReferenceTo((VIEW,))(view),
    )


@dataclass(frozen=True)
class Parts:
    """How large rows or columns are beside each other: positive numbers, or none at all."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {"type": "float", "size": ANY_LENGTH, "kind": "indexed"}

    def __call__(self, value: object) -> tuple[float, ...]:
        """See Check."""
        if not is_list(value) or len(value) > MOST_ROWS:
            raise ValueError(f"expected a list of at most {MOST_ROWS} numbers, one for each row or column")
        return tuple(Number(1e-3, 1e6)(one) for one in value)


@dataclass(frozen=True)
class LabelFormat:
    """How views are labelled: "(a)", "A.", "1", "i" or "I", or with other texts around these; empty: not at all."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {"type": "str", "size": 1}

    def __call__(self, value: object) -> str:
        """See Check."""
        text = Text()(value)
        if text and len(NUMERAL.findall(text)) != 1:
            raise ValueError('expected a form of labels as "(a)", with one of a, A, 1, i, I by itself, or ""')
        return text


def _letters(what: str, of: str, size: int) -> tuple[SceneProperty, ...]:
    return (
        _P(f"{what}FontSize", f"of {of}, in points", size, Whole(4, 200)),
        _P(f"{what}FontFamily", f"of {of}: {FAMILIES}", FONTS[0], Choice("font", FONTS)),
        font_file(what, of),
        *(_P(f"{what}{look}", "whether its letters are so", False, Flag()) for look in ("Bold", "Italic")),
        _P(f"{what}Color", f"of {of}; None: seen on what is behind", None, OrNone(COLOR)),
    )


LAYOUT: Final = SceneType(
    "ViewLayout",
    LAYOUTS,
    "layout",
    "How views share a picture: each cell of it has a view, or is split into two.",
    (
        _P("Name", "what it is called", "Layout", Name()),
        _P("Cells", "the cells that are split or have a view: set by its methods", (), Cells(), panel="never"),
        _P("SeparatorWidth", "points between two views of a picture, 0 to 100", 1, Whole(0, 100)),
        _P("SeparatorColor", "of what is between views and around them, and of empty cells", _PAPER, COLOR),
        _P("MarginWidth", "points left free around all, 0 to 500", 0, Whole(0, 500)),
        _P(
            "Size",
            "of the whole picture, in points; 0, 0: that in which views are as large as they are",
            (0, 0),
            Several(2, Whole(0, 16384)),
        ),
        _P("RowHeights", "how high its rows are beside each other; none: cells are as they are split", (), Parts()),
        _P("ColumnWidths", "how wide its columns are beside each other", (), Parts()),
        _P("Title", "above all views; several lines have several lines", "", Text()),
        *_letters("Title", "the title", 16),
        _P(
            "LabelFormat",
            'how views are labelled, row by row: "(a)", "A", "1", "i" or "I", or other texts around those; empty: not',
            "",
            LabelFormat(),
        ),
        _P(
            "LabelLocation",
            "where labels stand: above their views, or in a corner of each, in front of it",
            ABOVE,
            Choice("location of labels", LABEL_LOCATIONS),
        ),
        *_letters("Label", "labels", 14),
        _P(
            "ScalarBars",
            "what was set of legends beside all views, by the names of color maps: see scalar_bar",
            {},
            ScalarBars(16),
        ),
        _P("CameraLink", "the CameraLink that render views get that come into it: see link_cameras", "", Text()),
    ),
)
