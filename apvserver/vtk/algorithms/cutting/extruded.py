"""An algorithm of our own: solids that were pulled out of faces, with their right side out."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from vtkmodules import vtkCommonDataModel as model
from vtkmodules.util.numpy_support import vtk_to_numpy

from ...base.blocks import parts
from ..array_algorithm import ArrayAlgorithm
from ..measures.measures import measured

_SIZES: Final = {model.VTK_WEDGE: 6, model.VTK_HEXAHEDRON: 8}


class RightSideOut(ArrayAlgorithm):
    """RightSideOut - Turns wedges and hexahedra of a negative volume, as VTK 9.7.2 extrudes them, their right side out.

    The points of bottom and top change places, in the grid that the filter before it has made.
    """

    def change(self, output: Any, *inputs: Any) -> None:
        """Change what is listed of such cells."""
        for grid in parts(output):
            if not grid.IsA("vtkUnstructuredGrid") or not grid.GetNumberOfCells():
                continue
            kinds, cells = vtk_to_numpy(grid.GetCellTypes()), grid.GetCells()
            offsets = vtk_to_numpy(cells.GetOffsetsArray())
            connectivity = vtk_to_numpy(cells.GetConnectivityArray())
            for some in measured(grid, 3):
                for kind, size in _SIZES.items():
                    chosen = some.cells[(some.sizes < 0) & (kinds[some.cells] == kind)]
                    places = offsets[chosen][:, None] + np.arange(size)
                    connectivity[places] = connectivity[np.roll(places, size // 2, axis=1)]
            cells.Modified()
