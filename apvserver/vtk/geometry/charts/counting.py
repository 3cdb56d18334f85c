"""How the values of an array are counted in bins, for a chart: the half of a histogram that has the data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkDataArray
from vtkmodules.vtkCommonDataModel import vtkDataSet, vtkTable

from async_paraview.names import unknown_name

from ...base.array_types import as_numpy
from ...base.associations import CELLS, POINTS, GeometryError
from ...base.blocks import uncovered
from ...base.property_set import PropertySet
from ..extraction import FULL, Extract
from .bins import Bins
from .columns import ROWS, blocks_of, counting
from .extraction import CHART

Values = npt.NDArray[Any]

_PLACES = {POINTS: vtkDataSet.POINT, CELLS: vtkDataSet.CELL, ROWS: vtkTable.ROW}


def extract_histogram(data: Any, properties: PropertySet) -> Extract:
    """Return a table of two columns, the middles of bins and what lies in them, and between which limits those are.

    Values that are no finite numbers, that are hidden or copies, or that lie outside of limits of their own are not
    counted. Raises `GeometryError` for an array that is not there, or has no numbers.
    """
    blocks = blocks_of(uncovered(data))
    association, name = _chosen(blocks, properties["SelectInputArray"])
    several, weights = [], []
    for block, array in _arrays(blocks, association, name):
        values, there = _numbers(array, properties["Component"]), counting(block, association)
        there &= np.isfinite(values) if not np.issubdtype(values.dtype, np.integer) else True
        several.append(values[there])
        if properties["WeightArray"] is not None:
            weights.append(_weights(block, association, properties["WeightArray"])[there])
    own = properties["CustomBinRanges"] if properties["UseCustomBinRanges"] else None
    bins = Bins(properties["BinCount"], properties["CenterBinsAroundMinAndMax"], own)
    limits = bins.limits(several)
    facts = {"array": name, "weights": properties["WeightArray"], "limits": limits}
    if limits is None:
        remark = f"{name!r} has no finite number: there is nothing to put into bins"
        return Extract(CHART, {FULL: _table(np.zeros(0), np.zeros(0))}, facts=facts, remark=remark)
    totals, outside = bins.counted(several, limits)
    remark = f"{outside} values of {name!r} are not between {limits[0]:g} and {limits[1]:g}: no bin has them"
    edges = bins.edges(limits)
    heights: Values = totals
    if weights:
        each = [bins.weighed(one, other, limits) for one, other in zip(several, weights, strict=True)]
        heights = np.sum(each, axis=0)
    table = _table((edges[:-1] + edges[1:]) / 2, heights)
    return Extract(CHART, {FULL: table}, facts=facts, remark=remark if outside else None)


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
        array = numpy_to_vtk(np.asarray(values, np.float64), deep=True)
        array.SetName(name)
        made.AddColumn(array)
    return made
