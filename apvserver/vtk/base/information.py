"""Describes what an algorithm has made, as plain values, and hands out copies that other threads may keep.

Describing fills VTK's lazy caches (bounds, ranges), which must not happen in two threads at once: so it happens
here, on the producer's thread, before a copy is handed over.
"""

import functools
from typing import Any

from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline

from .arrays import Ranges, describe_arrays, merge_arrays
from .blocks import children, composites, leaves
from .errors import PipelineError
from .values.ranges import find_bounds, finite_range

_TIME_STEPS = vtkStreamingDemandDrivenPipeline.TIME_STEPS()
_TIME_RANGE = vtkStreamingDemandDrivenPipeline.TIME_RANGE()
MAX_BLOCKS = 1000
"""Most blocks that are listed by name; the totals always count all of them."""


def describe_output(algorithm: Any, port: int = 0) -> dict[str, Any]:
    """Return what stands at an output port, without executing anything.

    The keys of `describe_data`, plus time_steps (list of floats) and time_range ((first, last) or None) as the
    pipeline has announced them. Raises `PipelineError` if the port does not exist.
    """
    return {**describe_data(_output(algorithm, port)), **describe_times(algorithm, port)}


def describe_times(algorithm: Any, port: int = 0) -> dict[str, Any]:
    """Return which times of the data the pipeline has announced at a port: time_steps and time_range."""
    information = algorithm.GetOutputInformation(port)
    time_range = information.Get(_TIME_RANGE) if _TIME_RANGE.Has(information) else None
    return {
        "time_steps": list(information.Get(_TIME_STEPS)) if _TIME_STEPS.Has(information) else [],
        "time_range": tuple(time_range) if time_range else None,
    }


def shallow_output(algorithm: Any, port: int = 0) -> Any:
    """Return a shallow copy of an output with all caches filled: safe to read in another thread meanwhile.

    Safe because an executing algorithm makes new arrays and never changes those that it gave out. None if
    the algorithm has made no output. Raises `PipelineError` if the port does not exist.
    """
    if (data := _output(algorithm, port)) is not None:
        describe_data(data)
    copy = kept_output(algorithm, port)
    if copy is not None:
        describe_data(copy)
    return copy


def kept_output(algorithm: Any, port: int = 0) -> Any:
    """Return a shallow copy of an output, which a new execution leaves alone, for this thread.

    No number of it is looked at: to find the ranges of large arrays takes as long as to copy them. None if the
    algorithm has made no output. Raises `PipelineError` if the port does not exist.
    """
    data = _output(algorithm, port)
    if data is None:
        return None
    copy = data.NewInstance()
    copy.ShallowCopy(data)
    return copy


def describe_data(data: Any, ranges: Ranges = finite_range) -> dict[str, Any]:
    """Return a data object as a plain dict.

    Always: type (VTK class name, "" for None), points, cells, rows, bounds (None if empty), memory_kib, arrays
    (see `arrays.describe_arrays`), blocks. Images add extent, dimensions, spacing, origin; other structured data
    extent and dimensions. Composites carry totals, united arrays and their blocks: a list of {name, type, points,
    cells, blocks}.
    """
    if data is None:
        return _empty("")
    if data.IsA("vtkCompositeDataSet"):
        return _describe_composite(data, ranges)
    return {
        **describe_shape(data),
        "memory_kib": data.GetActualMemorySize(),
        "arrays": describe_arrays(data, ranges),
    }


def describe_shape(data: Any) -> dict[str, Any]:
    """Return `describe_data` of what is no composite, without its arrays and its size in memory."""
    found = {**_empty(data.GetClassName()), **_counts(data)}
    if data.IsA("vtkDataSet") or data.IsA("vtkHyperTreeGrid"):
        find_bounds(data)
        found["bounds"] = _bounds(data.GetBounds())
    if data.IsA("vtkImageData"):
        found["spacing"], found["origin"] = data.GetSpacing(), data.GetOrigin()
        found["direction"] = [data.GetDirectionMatrix().GetElement(row, col) for row in range(3) for col in range(3)]
    kind: Any = type(data)
    if _is_structured(kind):
        extent = data.GetExtent()
        found["extent"] = extent
        found["dimensions"] = tuple(extent[2 * axis + 1] - extent[2 * axis] + 1 for axis in range(3))
    return found


@functools.cache
def _is_structured(kind: Any) -> bool:
    """Return whether data of a class has an extent; to ask an object for what it lacks takes a microsecond."""
    return hasattr(kind, "GetExtent") and hasattr(kind, "GetDimensions")


def _output(algorithm: Any, port: int) -> Any:
    count = algorithm.GetNumberOfOutputPorts()
    if port not in range(count):
        raise PipelineError(f"{algorithm.GetClassName()} has no output port {port!r}; it has {count}, counted from 0")
    return algorithm.GetOutputDataObject(port)


def _empty(type_name: str) -> dict[str, Any]:
    return {
        "type": type_name,
        "points": 0,
        "cells": 0,
        "rows": 0,
        "bounds": None,
        "memory_kib": 0,
        "arrays": [],
        "blocks": [],
    }


def _counts(data: Any) -> dict[str, int]:
    if data.IsA("vtkTable"):
        return {"rows": data.GetNumberOfRows()}
    if data.IsA("vtkGraph"):
        return {"points": data.GetNumberOfVertices(), "cells": data.GetNumberOfEdges()}
    counts = {}
    if hasattr(data, "GetNumberOfPoints"):
        counts["points"] = data.GetNumberOfPoints()
    if hasattr(data, "GetNumberOfCells"):
        counts["cells"] = data.GetNumberOfCells()
    return counts


def _bounds(bounds: tuple[float, ...]) -> tuple[float, ...] | None:
    return tuple(bounds) if bounds[0] <= bounds[1] else None


def _describe_composite(data: Any, ranges: Ranges) -> dict[str, Any]:
    described = [describe_data(leaf, ranges) for leaf in leaves(data)]
    all_bounds = [leaf["bounds"] for leaf in described if leaf["bounds"]]
    united = tuple((max if axis % 2 else min)(column) for axis, column in enumerate(zip(*all_bounds, strict=True)))
    return {
        **_empty(data.GetClassName()),
        **{key: sum(leaf[key] for leaf in described) for key in ("points", "cells", "rows", "memory_kib")},
        "bounds": united or None,
        "arrays": _with_own(data, merge_arrays([leaf["arrays"] for leaf in described]), ranges),
        "blocks": _blocks(data, [MAX_BLOCKS]),
    }


def _with_own(data: Any, arrays: list[dict[str, Any]], ranges: Ranges) -> list[dict[str, Any]]:
    """Return arrays, and behind them the field arrays that composites have themselves, as constants of EnSight are."""
    named = {array["name"] for array in arrays if array["association"] == "FIELD"}
    own = merge_arrays([describe_arrays(one, ranges) for one in composites(data)])
    return [*arrays, *({**array, "partial": False} for array in own if array["name"] not in named)]


def _blocks(data: Any, budget: list[int]) -> list[dict[str, Any]]:
    found = []
    for name, block in children(data):
        budget[0] -= 1
        if budget[0] < 0:
            break
        is_group = block is not None and block.IsA("vtkCompositeDataSet")
        counts = _counts(block) if block is not None and not is_group else {}
        found.append(
            {
                "name": name,
                "type": block.GetClassName() if block is not None else "",
                "points": counts.get("points", 0),
                "cells": counts.get("cells", 0),
                "blocks": _blocks(block, budget) if is_group else [],
            }
        )
    return found
