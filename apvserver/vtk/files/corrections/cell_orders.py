"""Gives the points of cells another order, where a reader of VTK took them in that of the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy

from ...base.data_making import cells_of

Decision = Callable[[Any], Any]
"""Given the places of the points of cells (cell, point, axis), which of the cells get the other order."""


def reorder(grid: Any, orders: Mapping[int, tuple[tuple[int, ...], Decision]]) -> None:
    """Give cells of the kinds in `orders` the order that is there, those that the decision is for."""
    if not grid.GetNumberOfCells():
        return
    places = vtk_to_numpy(grid.GetPoints().GetData()).astype(float)
    kinds = vtk_to_numpy(grid.GetCellTypes())
    offsets = vtk_to_numpy(grid.GetCells().GetOffsetsArray()).astype(np.int64)
    points = vtk_to_numpy(grid.GetCells().GetConnectivityArray()).astype(np.int64)
    changed = False
    for kind, (order, decide) in orders.items():
        starts = offsets[:-1][kinds == kind]
        if not len(starts):
            continue
        rows = points[starts[:, None] + np.arange(len(order))]
        chosen = decide(places[rows])
        if chosen.any():
            points[starts[chosen, None] + np.arange(len(order))] = rows[chosen][:, order]
            changed = True
    if changed:
        grid.SetCells(grid.GetCellTypes(), cells_of(offsets, points))
