"""Where elements of an Open Mining Format file stand: VTK's reader leaves their own origin out, or adds it twice."""

from __future__ import annotations

import json
import struct
from collections import defaultdict
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkOutputWindow
from vtkmodules.vtkCommonDataModel import vtkCompositeDataSet

from ...base.data_making import points_of
from ...base.errors import FileError

_MAGIC: Final = b"\x84\x83\x82\x81"
_HEADER: Final = struct.Struct("<4s32s16sQ")
"""The magic number, the version, the number of the project, and where its description as JSON begins."""
_SHIFTS: Final = {
    "PointSetGeometry": (1.0, 1.0, 1.0),
    "LineSetGeometry": (1.0, 1.0, 1.0),
    "SurfaceGeometry": (1.0, 1.0, 1.0),
    "SurfaceGridGeometry": (0.0, 0.0, -1.0),
}
"""How often the origin of an element has to be added to what VTK makes; that of a volume is right."""


def move_elements(reader: Any, data: Any) -> None:
    """Move the elements that were read to their places. Raises `FileError`, where the file and they do not agree."""
    path = reader.GetFileName()
    if not path or not Path(path).is_file():
        return
    shifts = _shifts(Path(path))
    for index in range(data.GetNumberOfPartitionedDataSets()):
        name = data.GetMetaData(index).Get(vtkCompositeDataSet.NAME())
        if not shifts[name]:
            raise FileError(f"it describes no element {name!r}, which was read; the place of that is unknown")
        shift = shifts[name].pop(0)
        for part in range(data.GetNumberOfPartitions(index)):
            _move(data.GetPartition(index, part), shift)
    left_out = [name for name, rest in shifts.items() if rest and reader.GetDataElementArrayStatus(name)]
    if left_out:
        vtkOutputWindow.GetInstance().DisplayWarningText(
            f"{path}: VTK's reader makes nothing of {', '.join(map(repr, left_out))}; they are left out"
        )


def _move(part: Any, shift: tuple[float, ...]) -> None:
    if part is not None and part.IsA("vtkPointSet") and part.GetNumberOfPoints() and any(shift):
        part.SetPoints(points_of(vtk_to_numpy(part.GetPoints().GetData()).astype(float) + shift))


def _shifts(path: Path) -> defaultdict[str, list[tuple[float, ...]]]:
    """Return what to add to the places of the elements, by their names, in the order of the file."""
    with path.open("rb") as stream:
        magic, _version, project, start = _HEADER.unpack(stream.read(_HEADER.size).ljust(_HEADER.size, b"\0"))
        if magic != _MAGIC:
            raise FileError("it does not begin as a file of the Open Mining Format, version 0.9")
        stream.seek(start)
        text = stream.read()
    shifts: defaultdict[str, list[tuple[float, ...]]] = defaultdict(list)
    try:
        entries = json.loads(text)
        for one in entries[str(UUID(bytes=project))]["elements"]:
            geometry = entries[entries[one]["geometry"]]
            factors = _SHIFTS.get(geometry["__class__"], (0.0, 0.0, 0.0))
            origin = geometry.get("origin", (0.0, 0.0, 0.0))
            shifts[entries[one]["name"]].append(tuple(f * o for f, o in zip(factors, origin, strict=True)))
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise FileError(f"where its elements stand cannot be told: {error!r}") from error
    return shifts
