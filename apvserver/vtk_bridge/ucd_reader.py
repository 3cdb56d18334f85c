"""An algorithm of our own: reads AVS UCD with VTK's reader, and turns the cells that have their inside out then."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import VTK_HEXAHEDRON, VTK_PYRAMID, VTK_TETRA, VTK_WEDGE, vtkUnstructuredGrid
from vtkmodules.vtkIOGeometry import vtkAVSucdReader

from apvserver.vtk_bridge.data_making import cells_of
from apvserver.vtk_bridge.own_reader import OwnReader

_TURNED: Final = {
    VTK_TETRA: ((0, 1, 3, 2), (0, 1, 2, 3)),
    VTK_PYRAMID: ((3, 2, 1, 0, 4), (0, 1, 3, 4)),
    VTK_WEDGE: ((3, 4, 5, 0, 1, 2), (0, 1, 2, 3)),
    VTK_HEXAHEDRON: ((4, 5, 6, 7, 0, 1, 2, 3), (0, 1, 3, 4)),
}
"""The same cell with its points the other way round, and four points whose volume is positive in VTK's order."""


class AVSUCDReader(OwnReader):
    """AVSUCDReader - Reads AVS UCD meshes (.inp, .avs), text or binary.

    AVS numbers the points of cells from the other end than VTK; some programs number them as VTK does. Cells whose
    volume would be negative are turned.
    """

    def read(self, path: str, time: float | None) -> tuple[Any, ...]:
        """The cells, with all arrays."""
        reader = vtkAVSucdReader()
        reader.SetFileName(path)
        reader.Update()
        made = vtkUnstructuredGrid()
        made.ShallowCopy(reader.GetOutput())
        if made.GetNumberOfCells():
            _turn(made)
        return (made,)


def _turn(grid: Any) -> None:
    places = vtk_to_numpy(grid.GetPoints().GetData()).astype(float)
    kinds = vtk_to_numpy(grid.GetCellTypes())
    offsets = vtk_to_numpy(grid.GetCells().GetOffsetsArray()).astype(np.int64)
    points = vtk_to_numpy(grid.GetCells().GetConnectivityArray()).astype(np.int64)
    turned = False
    for kind, (order, four) in _TURNED.items():
        starts = offsets[:-1][kinds == kind]
        if not len(starts):
            continue
        rows = points[starts[:, None] + np.arange(len(order))]
        corner, *others = (places[rows[:, one]] for one in four)
        sides = [other - corner for other in others]
        inside_out = np.einsum("ij,ij->i", np.cross(sides[0], sides[1]), sides[2]) < 0
        if inside_out.any():
            points[starts[inside_out, None] + np.arange(len(order))] = rows[inside_out][:, order]
            turned = True
    if turned:
        grid.SetCells(grid.GetCellTypes(), cells_of(offsets, points))
