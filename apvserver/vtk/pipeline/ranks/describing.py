"""What ranks tell of their pieces, and the description of the whole that is made of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy

from ...base.array_types import repeated
from ...base.arrays import Ranges, merge_arrays
from ...base.information import describe_data
from ...base.ranges import finite_range
from .extents import cell_dimensions, dimensions
from .held import Held

Box = tuple[float, ...]


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
    own = points.GetBounds()
    found = [np.zeros(0, np.int64)]
    for other, box in enumerate(boxes):
        if other == rank or box is None:
            continue
        low, high = np.maximum(box[::2], own[::2]), np.minimum(box[1::2], own[1::2])
        if (low > high).any():
            continue
        axis = int(np.argmin(high - low))  # the one along which fewest are within: looked at first
        along = places[:, axis]
        some = np.flatnonzero((along >= low[axis]) & (along <= high[axis]))
        found.append(some[((places[some] >= low) & (places[some] <= high)).all(axis=1)])
    return np.unique(np.concatenate(found))


def keys_of(places: Any) -> Any:
    """Return places, three numbers each, as single values that are equal where the places are, and count repetitions.

    The second point of a piece at one place has another key than the first.
    """
    clean = np.ascontiguousarray(places + 0.0, np.float64)  # -0.0 becomes 0.0
    single = clean.view(np.dtype((np.void, 24))).ravel()
    _, inverse = np.unique(single, return_inverse=True)
    order = np.argsort(inverse, kind="stable")
    grouped = inverse[order]
    starts = np.flatnonzero(np.r_[True, grouped[1:] != grouped[:-1]]) if len(grouped) else np.zeros(0, np.int64)
    lengths = np.diff(np.r_[starts, len(grouped)])
    nth = np.empty(len(grouped), np.float64)
    nth[order] = np.arange(len(grouped)) - repeated(starts, lengths)
    return np.column_stack([clean, nth])


def points_of_ranks_before(of_ranks: Sequence[Any], rank: int) -> Any:
    """Return which of these keys of a rank, as `keys_of` makes them, one of the ranks before it has as well."""
    own = of_ranks[rank]
    before = np.concatenate([np.zeros((0, 4)), *of_ranks[:rank]])
    if not len(own) or not len(before):
        return np.zeros(len(own), bool)
    _, numbers = np.unique(np.concatenate([before, own]), axis=0, return_inverse=True)
    return np.isin(numbers.ravel()[len(before) :], numbers.ravel()[: len(before)])


def numbers_in_common(of_ranks: Sequence[Any]) -> int:
    """Return how many of these keys (as `keys_of` makes them) are there more than once, less one for each."""
    together = np.concatenate(of_ranks)
    return 0 if not len(together) else len(together) - len(np.unique(together, axis=0))
