"""What pieces hold together, as plain values, without having them together."""

from __future__ import annotations

from typing import Any

from ...base.arrays import merge_arrays
from ...base.information import describe_data
from .borders import Neighbour, places_of
from .division import Division
from .taking import is_structured


class Summary:
    """Adds up what pieces are described as. Add them in order, without ghosts."""

    def __init__(self, division: Division) -> None:
        self._division = division
        self._found: list[dict[str, Any]] = []
        self._neighbour = Neighbour()
        self._twice = 0

    def add(self, data: Any) -> None:
        """Add a piece."""
        described = describe_data(data)
        self._found.append(described)
        if self._division.whole is not None and not is_structured(data):
            self._twice += int(self._neighbour.seen(places_of(data)).sum())

    def result(self, kind: str) -> dict[str, Any]:
        """Return the keys of `describe_data` for the whole; of nothing, that of `kind`."""
        if not self._found:
            return {
                "type": kind, "points": 0, "cells": 0, "rows": 0, "bounds": None, "memory_kib": 0, "arrays": [],
                "blocks": [], "pieces": self._division.count,
            }  # fmt: skip
        first = self._found[0]
        boxes = [one["bounds"] for one in self._found if one["bounds"]]
        united = tuple((max if axis % 2 else min)(side) for axis, side in enumerate(zip(*boxes, strict=True)))
        found = {
            **first,
            **{key: sum(one[key] for one in self._found) for key in ("points", "cells", "rows", "memory_kib")},
            "bounds": united or None,
            "arrays": merge_arrays([one["arrays"] for one in self._found]),
            "pieces": self._division.count,
        }
        found["points"] -= self._twice
        if "extent" in first and self._division.whole is not None:
            whole = self._division.whole
            dimensions = tuple(whole[2 * axis + 1] - whole[2 * axis] + 1 for axis in range(3))
            found |= {"extent": whole, "dimensions": dimensions}
            found["points"] = dimensions[0] * dimensions[1] * dimensions[2]
        for array in found["arrays"]:
            if array["association"] in ("POINTS", "CELLS") and not array.get("partial"):
                array["tuples"] = found["points"] if array["association"] == "POINTS" else found["cells"]
        return found
