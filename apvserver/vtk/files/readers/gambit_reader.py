"""An algorithm of our own: reads Gambit neutral files with VTK's reader, which takes bricks in the order of files."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from vtkmodules.vtkCommonDataModel import VTK_HEXAHEDRON, VTK_PYRAMID, vtkUnstructuredGrid
from vtkmodules.vtkIOGeometry import vtkGAMBITReader

from ..corrections.cell_orders import reorder
from .own_reader import OwnReader

_RINGS: Final = {VTK_HEXAHEDRON: (0, 1, 3, 2, 4, 5, 7, 6), VTK_PYRAMID: (0, 1, 3, 2, 4)}
"""VTK goes round a face; Gambit goes along the first axis, then along the second."""


class GambitReader(OwnReader):
    """GambitReader - Reads meshes in Gambit's neutral format (.neu), with the materials of the cells."""

    def read(self, path: str, time: float | None) -> tuple[Any, ...]:
        """Return the cells, their points in VTK's order."""
        reader = vtkGAMBITReader()
        reader.SetFileName(path)
        reader.Update()
        made = vtkUnstructuredGrid()
        made.ShallowCopy(reader.GetOutput())
        reorder(made, {kind: (order, _goes_along) for kind, order in _RINGS.items()})
        return (made,)


def _goes_along(places: Any) -> Any:
    """Return whether the first four points are in no ring's order: both corners of the diagonal turn alike."""
    first, second, third, fourth = (places[:, one] for one in range(4))
    one = np.cross(second - first, third - first)
    other = np.cross(third - fourth, second - fourth)
    return np.einsum("ij,ij->i", one, other) > 0
