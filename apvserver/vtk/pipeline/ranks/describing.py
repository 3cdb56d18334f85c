"""What ranks tell of their pieces, and the description of the whole that is made of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy

from ...base.array_types import repeated
from ...base.arrays import Ranges, merge_arrays
from ...base.information import describe_data
from ...base.values.distinct import counted, distinct, numbered_rows
from ...base.values.ranges import finite_range
from .extents import cell_dimensions, dimensions
from .held import Held

Box = tuple[float, ...]

_ROUNDING: Final = 2.0**-48
"""So much, of the largest coordinate, places may differ that were computed of the same numbers in double precision.

Those of single precision differ by more, or not at all.
"""


def describe_piece(held: Held, ranges: Ranges = finite_range) -> dict[str, Any]:
    """Return what there is to say of a piece, as plain data: see `describe_data`; and its place in the whole."""
    described = describe_data(held.data, ranges)
    slab = held.slab if held.is_structured else None
    if slab is None:
        return {**described, "whole": None}
    own = {"points": math.prod(dimensions(slab.own)), "cells": math.prod(cell_dimensions(slab.own))}
    return {**described, **own, "whole": list(slab.whole)}


def describe_whole(pieces: Sequence[dict[str, Any]], shared: int) -> dict[str, Any]:
    """Return the description of all pieces together, of which `shared` points are there twice.

    The keys of `describe_data`; "ranks" has for each rank what it holds.
    """
    first = pieces[0]
    boxes = [one["bounds"] for one in pieces if one["bounds"] is not None]
    arrays = merge_arrays([one["arrays"] for one in pieces])
    found = {
        **first,
        "points": sum(one["points"] for one in pieces) - shared,
        "cells": sum(one["cells"] for one in pieces),
        "bounds": united(boxes),
        "memory_kib": sum(one["memory_kib"] for one in pieces),
        "ranks": [{"points": one["points"], "cells": one["cells"]} for one in pieces],
    }
    if first["whole"] is not None:
        found["extent"], found["dimensions"] = tuple(first["whole"]), dimensions(first["whole"])
        found["points"] = math.prod(dimensions(first["whole"]))
        found["cells"] = math.prod(cell_dimensions(first["whole"])) if found["points"] else 0
    del found["whole"]
    tuples = {"POINTS": found["points"], "CELLS": found["cells"]}
    found["arrays"] = [
        {name: value for name, value in array.items() if name != "partial"}
        | {"tuples": tuples.get(array["association"], array["tuples"])}
        for array in (_of_one_rank(one, first["arrays"]) for one in arrays)
    ]
    return found


def _of_one_rank(array: dict[str, Any], first: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return arrays of the data set as a whole as the first rank has them: each rank has the same."""
    own = (one for one in first if (one["association"], one["name"]) == (array["association"], array["name"]))
    return next(own, array) if array["association"] == "FIELD" else array


def united(boxes: Sequence[Sequence[float]]) -> Box | None:
    """Return the box around boxes; None around none."""
    if not boxes:
        return None
    return tuple((max if axis % 2 else min)(column) for axis, column in enumerate(zip(*boxes, strict=True)))


def points_in_others(data: Any, rank: int, boxes: Sequence[Sequence[float] | None]) -> Any:
    """Return the numbers of the points of a piece that lie within the box of another rank's."""
    points = data.GetPoints()
    if points is None or not points.GetNumberOfPoints():
        return np.zeros(0, np.int64)
    places = vtk_to_numpy(points.GetData())
    own = _widened(points.GetBounds())
    found = [np.zeros(0, np.int64)]
    for other, box in enumerate(boxes):
        if other == rank or box is None:
            continue
        others = _widened(box)
        low, high = np.maximum(others[::2], own[::2]), np.minimum(others[1::2], own[1::2])
        if (low > high).any():
            continue
        axis = int(np.argmin(high - low))  # the one along which fewest are within: looked at first
        along = places[:, axis]
        some = np.flatnonzero((along >= low[axis]) & (along <= high[axis]))
        found.append(some[((places[some] >= low) & (places[some] <= high)).all(axis=1)])
    return distinct(np.concatenate(found))


def _widened(box: Sequence[float]) -> Any:
    """Return a box with what rounding may have taken of it."""
    found = np.array(box, np.float64)
    by = np.abs(found).max() * _ROUNDING
    return found + np.tile([-by, by], 3)


def keys_of(of_ranks: Sequence[Any]) -> list[Any]:
    """Return, for places of points of each rank, three numbers each, four that are the same where the points are one.

    Places are the same that differ by rounding alone: ranks compute a point between two others of the same numbers, and
    VTK's cuts of other extents not in the same order. The fourth number counts: the second point of a rank at a place
    is one with the second of another there.
    """
    places = np.concatenate([np.zeros((0, 3)), *of_ranks]).astype(np.float64)
    for axis in range(3 if len(places) else 0):
        order = np.argsort(places[:, axis], kind="stable")
        values = places[order, axis]
        by = np.abs(values[[0, -1]]).max() * _ROUNDING
        begins = np.r_[True, np.diff(values) > by]
        places[order, axis] = values[begins][counted(begins) - 1] + 0.0  # -0.0 becomes 0.0
    ends = np.cumsum([len(one) for one in of_ranks])[:-1]
    return [np.column_stack([one, _repetitions(one)]) for one in np.split(places, ends)]


def _repetitions(places: Any) -> Any:
    """Return for each place how many before it are the same."""
    _, inverse = numbered_rows(places)
    order = np.argsort(inverse, kind="stable")
    grouped = inverse[order]
    starts = np.flatnonzero(np.r_[True, grouped[1:] != grouped[:-1]]) if len(grouped) else np.zeros(0, np.int64)
    lengths = np.diff(np.r_[starts, len(grouped)])
    nth = np.empty(len(grouped), np.float64)
    nth[order] = np.arange(len(grouped)) - repeated(starts, lengths)
    return nth


def points_of_ranks_before(of_ranks: Sequence[Any], rank: int) -> Any:
    """Return which of these places of points of a rank one of the ranks before it has as well: see `keys_of`."""
    *before, own = keys_of(of_ranks[: rank + 1])
    if not len(own) or not any(map(len, before)):
        return np.zeros(len(own), bool)
    together = np.concatenate([*before, own])
    _, numbers = numbered_rows(together)
    first = len(together) - len(own)
    return np.isin(numbers[first:], numbers[:first])


def numbers_in_common(of_ranks: Sequence[Any]) -> int:
    """Return how many of these places of points are there more than once, less one for each: see `keys_of`."""
    together = np.concatenate([np.zeros((0, 4)), *keys_of(of_ranks)])
    return len(together) - len(numbered_rows(together)[0])
