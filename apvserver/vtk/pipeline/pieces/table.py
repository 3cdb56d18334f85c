"""Which algorithms are right in pieces, and what they need of them: measured data, in `base/facts/pieces.toml`.

Who executes in pieces gives each algorithm a piece of data with as many ghost levels as it and all behind it need,
marked in vtkGhostType, as if it were the whole; what comes of ghost cells is taken away in the end. What is not in the
table needs the whole of its input.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import Any, Final

from ...base.facts import vtk_facts
from ...geometry.stable_order import CELLS_OF_DATA


class Given(enum.Enum):
    """How a source gives its output in pieces."""

    BLOCKS = "blocks"
    """Any block of indices of structured data; neighbours have the points between them in common."""
    PARTS = "parts"
    """Parts of files, as piece i of n; they have neither cells nor points in common, and no ghost levels are made."""


class Made(enum.Enum):
    """What the results of pieces are of the result of the whole."""

    CELLS = "as_they_are"
    """Its cells, each once."""
    NEIGHBOURS = "with_neighbours"
    """Its cells, each once, if there was a ghost level."""
    SURFACE = "surfaces"
    """Its faces, and those between pieces, unless there was a ghost level."""
    SUMS = "sums"
    """Terms of its numbers."""
    BESIDE = "beside"
    """The same for each piece."""
    SAMPLES = "samples"
    """Its values at places, each at places of one piece; the first input has the places, the second is in pieces."""


GHOST_LEVELS: Final = {
    Made.CELLS: 0,
    Made.NEIGHBOURS: 1,
    Made.SURFACE: 1,
    Made.SUMS: 0,
    Made.SAMPLES: 0,
    Made.BESIDE: 0,
}
"""How many layers of cells beside a piece have to be there."""


def given(algorithm: Any) -> Given | None:
    """Return how a source gives its output in pieces; None if it only has the whole."""
    entries = vtk_facts.by_name("pieces", "gives").get(type(algorithm).__name__)
    return Given(entries[0]) if entries else None


def made(algorithm: Any) -> Made | None:
    """Return what an algorithm makes of pieces of its input; None if it needs the whole to be right."""
    entries = vtk_facts.by_name("pieces", "right").get(type(algorithm).__name__)
    return Made(entries[0]) if entries else None


def needs_the_whole(algorithms: Iterable[Any]) -> str | None:
    """Return the class of the first algorithm that is not right in pieces; None if all are."""
    return next((type(one).__name__ for one in algorithms if made(one) is None), None)


_NOT_WITH: Final[tuple[tuple[str, Any, str], ...]] = (
    ("PassThroughCellIds", 1, "ids of cells are those within a piece"),
    ("PassThroughPointIds", 1, "ids of points are those within a piece"),
    ("CellClipping", 1, "ids of cells are those within a piece"),
    ("PointClipping", 1, "ids of points are those within a piece"),
    ("GenerateEnclosure", 1, "each piece would be closed at its borders"),
    ("ComputeSum", 1, "sums are those of a piece: IntegrateVariables adds up all"),
)
_NOT_WITH_PARTS: Final = (("ContributingCellOption", 2, "the highest dimension of cells may be another in each part"),)
"""Properties whose value makes what is right in pieces wrong, and why."""


def not_with(algorithms: Iterable[Any], kind: Given) -> str | None:
    """Return which property of an algorithm, as it is set, makes its result wrong in pieces; None if none does."""
    for one in algorithms:
        if getattr(one, "GetOriginalCellIdsName", str)() == CELLS_OF_DATA:
            continue  # what follows orders by these ids, and takes them away
        for name, value, why in (*_NOT_WITH, *(_NOT_WITH_PARTS if kind is Given.PARTS else ())):
            getter = getattr(one, f"Get{name}", None)
            if getter is not None and int(getter()) == value:
                return f"{name} of {type(one).__name__} is {value}: {why}"
    return None


def makes_less(algorithms: Iterable[Any], entry: str = "always") -> bool:
    """Return whether one of some algorithms makes something smaller of pieces: "always", "sometimes"."""
    smaller = vtk_facts.names("pieces", "smaller", entry)
    return any(type(one).__name__ in smaller for one in algorithms)


def kinds_of(algorithms: Iterable[Any]) -> list[Made]:
    """Return what some algorithms make of pieces, without those that need the whole."""
    return [found for one in algorithms if (found := made(one)) is not None]
