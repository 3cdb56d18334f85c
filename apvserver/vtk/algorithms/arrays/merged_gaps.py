"""Points that became one: the values of blocks that have an array, where others have only a gap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy

from ...base.array_types import as_numpy, copied, put_in_place

Ids = npt.NDArray[np.int64]


def close_gaps(merged: Any, apart: Any, names: Sequence[str]) -> None:
    """Put values of points of `apart` where a merged grid, or surface, has NaN at the points that they became.

    `apart` is the same cells, in the same order, whose points are not merged; where that is not so nothing is done.
    Of several values at one place that of the first block counts.
    """
    before, after = _corners(apart), _corners(merged)
    if len(before) != len(after):
        return
    attributes = merged.GetPointData()
    for index in range(attributes.GetNumberOfArrays()):
        array, given = attributes.GetArray(index), apart.GetPointData().GetArray(attributes.GetArrayName(index) or "")
        if array is None or given is None or array.GetName() not in names or array.IsIntegral():
            continue
        values = as_numpy(array).copy()
        found = as_numpy(given)[before]
        useful = ~np.isnan(found.reshape(len(found), -1)).all(axis=1)
        useful &= np.isnan(values.reshape(len(values), -1)).all(axis=1)[after]
        if not useful.any():
            continue
        order = np.flatnonzero(useful)[::-1]  # the first of several is written last
        values[after[order]] = found[order]
        made = copied(values)
        made.SetName(array.GetName())
        made.CopyComponentNames(array)
        put_in_place(attributes, index, made)


def _corners(data: Any) -> Ids:
    """Return the points of all cells, one cell after the other."""
    if data.IsA("vtkUnstructuredGrid"):
        lists = [data.GetCells()]
    else:
        lists = [data.GetVerts(), data.GetLines(), data.GetPolys(), data.GetStrips()]
    filled = [one for one in lists if one is not None and one.GetNumberOfCells()]
    each = [vtk_to_numpy(one.GetConnectivityArray()).astype(np.int64, copy=False) for one in filled]
    return np.concatenate(each) if each else np.zeros(0, np.int64)
