"""The type of layouts: how views share a picture. A server only keeps them, for all programs of a session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from .checks import ANY_LENGTH, COLOR, FRACTION, Choice, Name, Whole, is_list
from .references import VIEW, ReferenceTo
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

_P = SceneProperty


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


LAYOUT: Final = SceneType(
    "ViewLayout",
    LAYOUTS,
    "layout",
    "How views share a picture: each cell of it has a view, or is split into two.",
    (
        _P("Name", "what it is called", "Layout", Name()),
        _P("Cells", "the cells that are split or have a view: set by its methods", (), Cells(), panel="never"),
        _P("SeparatorWidth", "pixels between two views of a picture, 0 to 100", 1, Whole(0, 100)),
        _P("SeparatorColor", "of what is between views, and of empty cells", (0.937, 0.922, 0.906), COLOR),
    ),
)
