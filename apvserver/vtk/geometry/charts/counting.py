"""How the values of an array are counted in bins, for a chart: the half of a histogram that has the data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from vtkmodules.vtkCommonCore import vtkDataArray
from vtkmodules.vtkCommonDataModel import vtkDataSet, vtkTable

from async_paraview.names import unknown_name
from async_paraview.records import dataclass

from ...base.array_types import as_numpy, copied
from ...base.associations import CELLS, POINTS, GeometryError
from ...base.blocks import uncovered
from ...base.property_set import PropertySet
from ..extraction import FULL, Extract
from .bins import Bins, Limits
from .columns import ROWS, blocks_of, counting
from .extraction import CHART

Values = npt.NDArray[Any]

_PLACES = {POINTS: vtkDataSet.POINT, CELLS: vtkDataSet.CELL, ROWS: vtkTable.ROW}


@dataclass(frozen=True)
class Counted:
    """How many values of an array lie in which bins: from `limits[0]` to `limits[1]`, None if there are no values."""

    limits: Limits | None
    counts: npt.NDArray[np.int64]
    outside: int


def count_values(data: Any, array: tuple[str, str], component: int, bins: Bins) -> Counted:
    """Count the values of an array (association, name) that are finite, and neither hidden nor copies.

    Raises `GeometryError` for an array that is not there, or has no numbers; `VtkError` for limits that are none.
    """
    return _counted([values for values, _, _ in _values(data, array, component)], bins)


class CountedPieces:
    """Counts the values of an array as `count_values` does, in pieces that are gone through once or twice."""

    def __init__(self, array: tuple[str, str], component: int, bins: Bins) -> None:
        self._array, self._component, self._bins = array, component, bins
        self.passes = 1 if bins.own is not None else 2
        self.points_once = array[0] == POINTS
        self._extremes: list[float] = []
        self._counts, self._outside = np.zeros(bins.count, np.int64), 0

    def add(self, data: Any, number: int) -> None:
        """Look at a piece, in that pass. See `count_values`."""
        several = [values for values, _, _ in _values(data, self._array, self._component)]
        if number < self.passes - 1:
            self._extremes += [float(end) for one in several if len(one) for end in (one.min(), one.max())]
            self._extremes = [min(self._extremes), max(self._extremes)] if self._extremes else []
        elif (limits := self._bins.limits([np.array(self._extremes)])) is not None:
            counts, outside = self._bins.counted(several, limits)
            self._counts += counts
            self._outside += outside

    def part(self, number: int) -> Any:
        """Return the extremes, or counts, that were added in that pass, as plain data."""
        return self._extremes if number < self.passes - 1 else [self._counts.tobytes(), self._outside]

    def take(self, parts: Sequence[Any], number: int) -> None:
        """Take the extremes, or counts, of several."""
        if number < self.passes - 1:
            several = [end for one in parts for end in one]
            self._extremes = [min(several), max(several)] if several else []
        else:
            self._counts = np.sum([np.frombuffer(counts, np.int64) for counts, _ in parts], axis=0)
            self._outside = sum(outside for _, outside in parts)

    def result(self) -> Counted:
        """Return how many values lie in which bins."""
        limits = self._bins.limits([np.array(self._extremes)])
        return (
            Counted(None, np.zeros(0, np.int64), 0) if limits is None else Counted(limits, self._counts, self._outside)
        )


def extract_histogram(data: Any, properties: PropertySet) -> Extract:
    """Return a table of two columns, the middles of bins and what lies in them, and between which limits those are.

    Values that are no finite numbers, that are hidden or copies, or that lie outside of limits of their own are not
    counted. Raises `GeometryError` for an array that is not there, or has no numbers.
    """
    association, name = _chosen(blocks_of(uncovered(data)), properties["SelectInputArray"])
    weight = properties["WeightArray"]
    several, weights = [], []
    for values, block, there in _values(data, (association, name), properties["Component"]):
        several.append(values)
        if weight is not None:
            weights.append(_weights(block, association, weight)[there])
    own = properties["CustomBinRanges"] if properties["UseCustomBinRanges"] else None
    bins = Bins(properties["BinCount"], properties["CenterBinsAroundMinAndMax"], own)
    counted = _counted(several, bins)
    limits, outside = counted.limits, counted.outside
    facts = {"array": name, "weights": weight, "limits": limits}
    if limits is None:
        remark = f"{name!r} has no finite number: there is nothing to put into bins"
        return Extract(CHART, {FULL: _table(np.zeros(0), np.zeros(0))}, facts=facts, remark=remark)
    remark = f"{outside} values of {name!r} are not between {limits[0]:g} and {limits[1]:g}: no bin has them"
    edges = bins.edges(limits)
    heights: Values = counted.counts
    if weights:
        each = [bins.weighed(one, other, limits) for one, other in zip(several, weights, strict=True)]
        heights = np.sum(each, axis=0)
    table = _table((edges[:-1] + edges[1:]) / 2, heights)
    return Extract(CHART, {FULL: table}, facts=facts, remark=remark if outside else None)


def _values(data: Any, array: tuple[str, str], component: int) -> Iterator[tuple[Values, Any, Values]]:
    """Yield the values that count of each block that has the array, the block, and which of its values those are."""
    association, name = array
    for block, found in _arrays(blocks_of(uncovered(data)), association, name):
        values, there = _numbers(found, component), counting(block, association)
        there &= np.isfinite(values) if not np.issubdtype(values.dtype, np.integer) else True
        yield values[there], block, there


def _counted(several: list[Values], bins: Bins) -> Counted:
    limits = bins.limits(several)
    if limits is None:
        return Counted(None, np.zeros(0, np.int64), 0)
    return Counted(limits, *bins.counted(several, limits))


def _chosen(blocks: list[Any], wanted: Any) -> tuple[str, str]:
    """Return the association and the name of the array: the active scalars if none is asked for, else the first."""
    if wanted is not None:
        return str(wanted[0]), str(wanted[1])
    are_tables = any(isinstance(one, vtkTable) for one in blocks)
    places = [ROWS] if are_tables else [POINTS, CELLS]
    for association in places:
        for block in blocks:
            active = None if are_tables else block.GetAttributes(_PLACES[association]).GetScalars()
            names = [active.GetName()] if active is not None and active.GetName() else _names([block], association)
            if names:
                return association, names[0]
    raise GeometryError("the data has no array of numbers that could be counted")


def _attributes(block: Any, association: str) -> Any:
    if (association == ROWS) != isinstance(block, vtkTable):
        right = "ROWS" if isinstance(block, vtkTable) else "POINTS or CELLS"
        raise GeometryError(f"arrays of this output are of {right}, not of {association}")
    return block.GetAttributes(_PLACES[association])


def _names(blocks: list[Any], association: str) -> list[str]:
    found: dict[str, None] = {}
    for block in blocks:
        attributes = _attributes(block, association)
        arrays = (attributes.GetAbstractArray(index) for index in range(attributes.GetNumberOfArrays()))
        found |= {one.GetName(): None for one in arrays if isinstance(one, vtkDataArray) and one.GetName()}
    found.pop("vtkGhostType", None)
    return list(found)


def _arrays(blocks: list[Any], association: str, name: str) -> Iterator[tuple[Any, Any]]:
    """Yield the blocks that have an array, with it. Raises `GeometryError` if none has."""
    is_there = False
    for block in blocks:
        array = _attributes(block, association).GetAbstractArray(name)
        if array is None:
            continue
        if not isinstance(array, vtkDataArray):
            raise GeometryError(f"{name!r} is an array of texts: there is nothing to put into bins")
        is_there = True
        yield block, array
    if not is_there:
        words = {POINTS: "point array", CELLS: "cell array", ROWS: "column of numbers"}[association]
        raise GeometryError(unknown_name(words, name, _names(blocks, association)))


def _numbers(array: Any, component: int) -> Values:
    values, count = as_numpy(array), array.GetNumberOfComponents()
    if component in (-1, count) and count > 1:
        return np.asarray(np.linalg.norm(values.astype(np.float64), axis=1))
    if component < 0 or (component == count == 1):
        component = 0
    if component >= count:
        raise GeometryError(f"Component is {component}, and {array.GetName()!r} has {count}, counted from 0")
    return values if values.ndim == 1 else values[:, component]


def _weights(block: Any, association: str, name: str) -> Values:
    array = _attributes(block, association).GetAbstractArray(name)
    if not isinstance(array, vtkDataArray):
        raise GeometryError(unknown_name("array of weights", name, _names([block], association)))
    weights = as_numpy(array).astype(np.float64)
    if weights.ndim != 1:
        raise GeometryError(f"weights are single numbers, and {name!r} has {weights.shape[1]} components")
    if not np.isfinite(weights).all():
        raise GeometryError(f"weights are finite, and {name!r} holds others: take them out with a Threshold")
    return weights


def _table(middles: Values, heights: Values) -> vtkTable:
    made = vtkTable()
    for name, values in (("bin_extents", middles), ("bin_values", heights)):
        array = copied(np.asarray(values, np.float64))
        array.SetName(name)
        made.AddColumn(array)
    return made
