"""Rectilinear grids in which VTK finds cells: their coordinates go up, and the last ones belong to them.

VTK 9.7 looks for a place between coordinates that go up, and takes the last of them for outside. Where they go down, as
latitudes often do, it finds other cells; at the upper sides it finds none.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkRectilinearGrid

from ...base.array_types import as_numpy, copied
from ...base.blocks import parts, places
from ...base.values.order import in_order


def has_rectilinear(data: Any) -> bool:
    """Return whether data, or a block of it, is a rectilinear grid."""
    return any(one.IsA("vtkRectilinearGrid") for one in parts(data))


def ascending(data: Any) -> Any:
    """Return the same data in which cells are found at places; cells of rectilinear grids may have other numbers.

    Arrays are shared unless coordinates go down.
    """
    if data.IsA("vtkCompositeDataSet"):
        if not has_rectilinear(data):
            return data
        made = data.NewInstance()
        made.ShallowCopy(data)
        for place, leaf in places(data):
            made.SetDataSet(place, ascending(leaf))
        return made
    return _ascending_grid(data) if data.IsA("vtkRectilinearGrid") and data.GetNumberOfPoints() else data


def _ascending_grid(grid: Any) -> Any:
    made, down = vtkRectilinearGrid(), []
    made.ShallowCopy(grid)
    for index, letter in enumerate("XYZ"):
        values = as_numpy(getattr(grid, f"Get{letter}Coordinates")()).astype(np.float64)
        if len(values) < 2:
            continue
        if values[0] > values[-1]:
            values = values[::-1].copy()
            down.append(2 - index)
        values[-1] = np.nextafter(values[-1], np.inf)
        getattr(made, f"Set{letter}Coordinates")(copied(values))
    if not down:
        return made
    extent = made.GetExtent()
    shape = [last - first + 1 for first, last in zip(extent[4::-2], extent[5::-2], strict=True)]
    for attributes, counts in ((made.GetPointData(), shape), (made.GetCellData(), [max(1, one - 1) for one in shape])):
        order = np.flip(np.arange(int(np.prod(counts))).reshape(counts), tuple(down)).ravel()
        attributes.ShallowCopy(in_order(attributes, order))
    return made
