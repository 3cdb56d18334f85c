"""An algorithm of our own: reads Gambit neutral files with VTK's reader, which takes bricks in the order of files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import numpy as np
from vtkmodules.vtkCommonDataModel import VTK_HEXAHEDRON, VTK_PYRAMID, vtkUnstructuredGrid
from vtkmodules.vtkIOGeometry import vtkGAMBITReader

from ...base.errors import FileError
from ..corrections.cell_orders import reorder
from .own_reader import OwnReader

_RINGS: Final = {VTK_HEXAHEDRON: (0, 1, 3, 2, 4, 5, 7, 6), VTK_PYRAMID: (0, 1, 3, 2, 4)}
"""VTK goes round a face; Gambit goes along the first axis, then along the second."""
_ELEMENTS: Final = re.compile(rb"^\s*ELEMENTS/CELLS.*?^ENDOFSECTION", re.MULTILINE | re.DOTALL)
_ELEMENT: Final = re.compile(rb"^(?=.{0,14}\S) *\d+ +(\d+) +(\d+)\s", re.MULTILINE)
"""The kind of an element and its number of points; lines that go on begin with fifteen blanks."""
_CORNERS: Final = {1: 2, 2: 4, 3: 3, 4: 8, 5: 6, 6: 4, 7: 5}
"""So many points has an element of each kind that VTK's reader knows: it takes no look at the number in the file."""


class GambitReader(OwnReader):
    """GambitReader - Reads meshes in Gambit's neutral format (.neu), with the materials of the cells."""

    def read(self, path: str, time: float | None) -> tuple[Any, ...]:
        """Return the cells, their points in VTK's order. Raises `FileError` for elements with points on their edges."""
        _check_elements(path)
        reader = vtkGAMBITReader()
        reader.SetFileName(path)
        reader.Update()
        made = vtkUnstructuredGrid()
        made.ShallowCopy(reader.GetOutput())
        reorder(made, {kind: (order, _goes_along) for kind, order in _RINGS.items()})
        return (made,)


def _check_elements(path: str) -> None:
    for section in _ELEMENTS.finditer(Path(path).read_bytes()):
        for kind, count in {(int(one[1]), int(one[2])) for one in _ELEMENT.finditer(section[0])}:
            if count != _CORNERS.get(kind):
                raise FileError(
                    f"{path}: it has elements of kind {kind} with {count} points; VTK reads those with points at their"
                    f" corners only ({_CORNERS.get(kind, 'none')} for this kind): write it in order 1, or otherwise"
                )


def _goes_along(places: Any) -> Any:
    """Return whether the first four points are in no ring's order: both corners of the diagonal turn alike."""
    first, second, third, fourth = (places[:, one] for one in range(4))
    one = np.cross(second - first, third - first)
    other = np.cross(third - fourth, second - fourth)
    return np.einsum("ij,ij->i", one, other) > 0
