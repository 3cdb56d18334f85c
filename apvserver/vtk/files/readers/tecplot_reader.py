"""An algorithm of our own: reads Tecplot's formats, with times, units in names of coordinates, and all digits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from vtkmodules.vtkCommonDataModel import (
    VTK_HEXAHEDRON,
    VTK_LINE,
    VTK_QUAD,
    VTK_TETRA,
    VTK_TRIANGLE,
    vtkMultiBlockDataSet,
    vtkStructuredGrid,
)

from ...base.data_making import add_array, grid_of_one_kind, points_of
from ...base.errors import FileError
from ..contents import tecplot_binary, tecplot_text
from ..contents.tecplot_zones import Zone
from .own_reader import OwnReader

_BINARY: Final = b"#!TDV"
_UNKNOWN: Final = b"#!SZPL"
_CELLS: Final = {
    "LINESEG": VTK_LINE,
    "TRIANGLE": VTK_TRIANGLE,
    "QUADRILATERAL": VTK_QUAD,
    "TETRAHEDRON": VTK_TETRA,
    "BRICK": VTK_HEXAHEDRON,
}


class TecplotReader(OwnReader):
    """TecplotReader - Reads the zones of a Tecplot file, text or binary, as blocks."""

    OUTPUTS = ("vtkMultiBlockDataSet",)

    def times(self, path: str) -> Sequence[float]:
        """Return the solution times of the zones."""
        found = {zone.time for zone in self._zones(path) if zone.time is not None}
        return sorted(found)

    def read(self, path: str, time: float | None) -> tuple[Any, ...]:
        """Return a block for each zone that has no time, or that time."""
        made = vtkMultiBlockDataSet()
        for zone in self._zones(path):
            if zone.time is None or time is None or zone.time == time:
                index = made.GetNumberOfBlocks()
                made.SetBlock(index, self._block(zone))
                made.GetMetaData(index).Set(made.NAME(), zone.title or f"Zone {index + 1}")
        return (made,)

    def _zones(self, path: str) -> list[Zone]:
        found: list[Zone] = self.kept(path, _read)
        return found

    def _block(self, zone: Zone) -> Any:
        axes, certain = zone.axes()
        if not certain:
            used = ", ".join(filter(None, axes))
            self.warn(f"no variable is called x, y or z: the first ones are taken for places ({used})")
        coordinates = np.zeros((zone.points, 3))
        centred = zone.centred
        for axis, name in enumerate(axes):
            if name in zone.values and name not in centred:
                coordinates[:, axis] = zone.values[name]
        if zone.element:
            made = grid_of_one_kind(coordinates, _CELLS[zone.element], zone.connectivity)
        else:
            made = vtkStructuredGrid()
            made.SetDimensions(*zone.dimensions)
            made.SetPoints(points_of(coordinates))
        for name, values in zone.values.items():
            if name in centred:
                add_array(made.GetCellData(), name, values)
            elif name not in axes:
                add_array(made.GetPointData(), name, values)
        return made


def _read(path: str) -> list[Zone]:
    data = Path(path).read_bytes()
    if data.startswith(_UNKNOWN):
        raise FileError(
            f"{path}: this is a file of Tecplot's subzones (.szplt), which nothing here reads; save it as .plt or as "
            "text (.dat) in Tecplot, or have the program that wrote it write CGNS or VTK files"
        )
    if data.startswith(_BINARY):
        return tecplot_binary.zones_of(path, data)
    return tecplot_text.zones_of(path, data)
