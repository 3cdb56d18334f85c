"""An algorithm of our own: reads AVS UCD with VTK's reader, and turns the cells that have their inside out then."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from vtkmodules.vtkCommonDataModel import VTK_HEXAHEDRON, VTK_PYRAMID, VTK_TETRA, VTK_WEDGE, vtkUnstructuredGrid
from vtkmodules.vtkIOGeometry import vtkAVSucdReader

from ..corrections.cell_orders import Decision, reorder
from .own_reader import OwnReader

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
        """Return the cells, with all arrays."""
        reader = vtkAVSucdReader()
        reader.SetFileName(path)
        reader.Update()
        made = vtkUnstructuredGrid()
        made.ShallowCopy(reader.GetOutput())
        reorder(made, {kind: (order, _inside_out(four)) for kind, (order, four) in _TURNED.items()})
        return (made,)


def _inside_out(four: tuple[int, ...]) -> Decision:
    """Return whether the volume of four points is negative."""

    def decide(places: Any) -> Any:
        corner, *others = (places[:, one] for one in four)
        sides = [other - corner for other in others]
        return np.einsum("ij,ij->i", np.cross(sides[0], sides[1]), sides[2]) < 0

    return decide
