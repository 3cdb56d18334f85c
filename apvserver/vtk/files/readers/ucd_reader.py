"""An algorithm of our own: reads AVS UCD with VTK's reader, and turns the cells that have their inside out then."""

from __future__ import annotations

from typing import Any, Final

from vtkmodules.vtkCommonDataModel import VTK_HEXAHEDRON, VTK_PYRAMID, VTK_TETRA, VTK_WEDGE, vtkUnstructuredGrid
from vtkmodules.vtkIOGeometry import vtkAVSucdReader

from ..corrections.cell_orders import turn_inside_out
from .own_reader import OwnReader

_FROM_THE_OTHER_END: Final = {
    VTK_TETRA: (0, 1, 3, 2),
    VTK_PYRAMID: (3, 2, 1, 0, 4),
    VTK_WEDGE: (3, 4, 5, 0, 1, 2),
    VTK_HEXAHEDRON: (4, 5, 6, 7, 0, 1, 2, 3),
}


class AVSUCDReader(OwnReader):
    """AVSUCDReader - Reads AVS UCD meshes (.inp, .avs), text or binary.

    AVS numbers the points of cells from the other end than VTK; some programs number them as VTK does. Cells whose
    volume would be negative are turned.
    """

    def read(self, path: str, time: float | None) -> tuple[Any, ...]:
        """Return the cells, with all arrays."""
        reader = vtkAVSucdReader()
        reader.SetFileName(path)
        reader.Update()
        made = vtkUnstructuredGrid()
        made.ShallowCopy(reader.GetOutput())
        turn_inside_out(made, _FROM_THE_OTHER_END)
        return (made,)
