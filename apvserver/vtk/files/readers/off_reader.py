"""An algorithm of our own: reads OFF; VTK's reader has points and polygons alone, and refuses most of the headers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkPolyData

from ...base.data_making import add_array, array_of, cells_of, points_of
from ...base.errors import FileError
from ..contents.off_text import read_surface
from .own_reader import OwnReader


class vtkOFFReader(OwnReader):  # stands for the class of VTK
    """vtkOFFReader - Reads OFF, also with normals, colors and places in a picture (NOFF, COFF, STOFF)."""

    OUTPUTS = ("vtkPolyData",)

    def read(self, path: str, time: float | None) -> tuple[Any, ...]:
        """Return vertices, then lines, then polygons."""
        try:
            found = read_surface(Path(path).read_text("latin-1"))
        except FileError as error:
            raise FileError(f"{path}: {error}") from error
        except (ValueError, IndexError) as error:
            raise FileError(f"{path}: this cannot be read as OFF: {error}") from error
        sizes = np.array([len(face) for face in found.faces], int)
        made = vtkPolyData()
        made.SetPoints(points_of(found.points))
        order = []
        for put, wanted in ((made.SetVerts, sizes == 1), (made.SetLines, sizes == 2), (made.SetPolys, sizes > 2)):
            rows = np.flatnonzero(wanted)
            corners = [point for row in rows for point in found.faces[row]]
            put(cells_of(np.concatenate(([0], np.cumsum(sizes[rows]))), corners))
            order.append(rows)
        for name, values in found.arrays.items():
            if name == "Normals":
                made.GetPointData().SetNormals(array_of(values, name))
            elif name == "TCoords":
                made.GetPointData().SetTCoords(array_of(values, name))
            else:
                add_array(made.GetPointData(), name, values)
        if found.colors is not None:
            name = "RGB" if found.colors.shape[1] == 3 else "RGBA"
            add_array(made.GetCellData(), name, found.colors[np.concatenate(order)])
        for one in found.left_out:
            self.warn(f"{path}: {one} are left out")
        return (made,)
