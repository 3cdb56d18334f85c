"""An algorithm of our own: reads FLUENT cases with VTK's reader, with faces where that repeats cells."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkMultiBlockDataSet, vtkPolyData
from vtkmodules.vtkIOGeometry import vtkFLUENTReader

from ...base.data_making import add_array, cells_of, points_of
from ...base.errors import FileError
from ...base.values.distinct import numbered
from ..contents.fluent_text import CELLS, INTERIOR, NODES, FaceZone, count_of, face_zones, names_of_zones
from .own_reader import OwnReader

_CELLS: Final = frozenset({"fluid", "solid"})


class FluentReader(OwnReader):
    """FluentReader - Reads a FLUENT case (.cas, .msh), text or binary, with the data beside it (.dat).

    A block for each zone: of cells, and of the faces of boundaries. Faces have the values of the cells beside them.
    Faces of the interior are left out.
    """

    OUTPUTS = ("vtkMultiBlockDataSet",)

    def companions(self, path: str) -> tuple[str, ...]:
        """Return the data of a case."""
        return (str(Path(path).with_suffix(".dat")),)

    def read(self, path: str, time: float | None) -> tuple[Any, ...]:
        """Return blocks of cells, then blocks of faces."""
        data = Path(path).read_bytes()
        zones, names = _checked(path, data), names_of_zones(data)
        blocks = _cells(path)
        made = vtkMultiBlockDataSet()
        for name, block in blocks:
            _append(made, name, block)
        if not blocks:
            raise FileError(f"{path}: there is no zone of cells in this FLUENT case")
        if zones:
            values = _joined([block for _, block in blocks])
            places = vtk_to_numpy(blocks[0][1].GetPoints().GetData())
            for zone in zones:
                name, kind = names.get(zone.number, (f"zone-{zone.number}", "wall"))
                if kind != "interior" and zone.boundary != INTERIOR:
                    _append(made, f"{name}:{kind}", _faces(zone, places, values))
        return (made,)


def _checked(path: str, data: bytes) -> list[FaceZone]:
    """Return the zones of faces; VTK's reader reads what is not there if they name cells or points that are not."""
    zones = face_zones(path, data)
    cells, points = count_of(data, CELLS), count_of(data, NODES)
    for zone in zones:
        if zone.cells.size and not (zone.cells.min() >= 0 and zone.cells.max() < cells):
            raise FileError(
                f"{path}: zone {zone.number} has faces of cells that the case does not have; is it complete?"
            )
        if zone.points.size and not (zone.points.min() >= 0 and zone.points.max() < points):
            raise FileError(f"{path}: zone {zone.number} has faces of points that the case does not have")
    if not zones:
        raise FileError(f"{path}: this FLUENT case has no faces, of which its cells are made")
    return zones


def _append(made: Any, name: str, block: Any) -> None:
    index = made.GetNumberOfBlocks()
    made.SetBlock(index, block)
    made.GetMetaData(index).Set(made.NAME(), name)


def _cells(path: str) -> list[tuple[str, Any]]:
    """Return VTK's blocks of the zones of cells."""
    reader = vtkFLUENTReader()
    reader.SetFileName(path)
    reader.UpdateInformation()
    for index in range(reader.GetNumberOfCellArrays()):
        reader.SetCellArrayStatus(reader.GetCellArrayName(index), 1)
    reader.Update()
    output = reader.GetOutput()
    found = []
    for index in range(output.GetNumberOfBlocks()):
        name = output.GetMetaData(index).Get(output.NAME()) if output.HasMetaData(index) else ""
        if output.GetBlock(index) is not None and (name or "").rpartition(":")[2] in _CELLS:
            found.append((name, output.GetBlock(index)))
    return found


def _joined(blocks: list[Any]) -> dict[str, Any]:
    """Return the values of all cells, one block behind the other, of the arrays that all blocks have."""
    found = {}
    first = blocks[0].GetCellData()
    for index in range(first.GetNumberOfArrays()):
        name = first.GetArrayName(index)
        arrays = [block.GetCellData().GetArray(name) for block in blocks]
        if all(one is not None for one in arrays):
            found[name] = np.concatenate([vtk_to_numpy(one) for one in arrays])
    return found


def _faces(zone: FaceZone, places: Any, values: dict[str, Any]) -> Any:
    used, points = numbered(zone.points)
    made = vtkPolyData()
    made.SetPoints(points_of(places[used]))
    cells = cells_of(zone.offsets, points)
    if (np.diff(zone.offsets) == 2).all():  # in two dimensions faces are lines
        made.SetLines(cells)
    else:
        made.SetPolys(cells)
    for name, of_cells in values.items():
        if zone.cells.size and zone.cells.min() >= 0 and zone.cells.max() < len(of_cells):
            add_array(made.GetCellData(), name, of_cells[zone.cells])
    return made
