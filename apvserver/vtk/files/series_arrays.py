"""Which arrays the files of a series have had so far: one that lacks some is told."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final

from ..base.array_names import KINDS, array_names, holds_anything

SELECTED_BY: Final = {"POINTS": "PointArrayStatus", "CELLS": "CellArrayStatus", "ROWS": "ColumnArrayStatus"}
"""The property that chooses arrays of each association."""


class SeriesArrays:
    """The names of the arrays of each part of a series, as far as its files were read."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], set[str]] = {}

    def forget(self) -> None:
        """Forget what was learnt: the files are others."""
        self._known.clear()

    def lacking(self, part: str, data: Any, chosen: Collection[str]) -> Iterator[str]:
        """Yield what data of a part lacks, as texts; not arrays left out by a property among `chosen`."""
        for association in KINDS if holds_anything(data) else ():
            here, known = array_names(data, association), self._known.setdefault((association, part), set())
            missing = sorted(known - here) if SELECTED_BY[association] not in chosen else []
            known |= here
            if missing:
                names = ", ".join(map(repr, missing))
                yield f"it lacks arrays of {association.lower()} that other files of the series have: {names}"
