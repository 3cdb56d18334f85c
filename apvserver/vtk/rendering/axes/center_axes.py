"""Axes at the center of rotation: three lines, as long as the quarter of what is to be seen, as ParaView's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from async_paraview.scene.looks.drawing import AXES

from ..images import Bounds

_PART: Final = 0.25
"""Of the lengths of the box around what is visible, to either side."""


class CenterAxes:
    """The axes of one view."""

    def __init__(self) -> None:
        """Draw nothing yet."""
        self._lines = vtkPolyData()
        mapper = vtkPolyDataMapper()
        mapper.SetInputData(self._lines)
        self.prop: Any = vtkActor()
        self.prop.SetMapper(mapper)
        self.prop.GetProperty().SetLighting(False)
        self.prop.UseBoundsOff()

    def show(self, get: Mapping[str, Any], bounds: Bounds) -> None:
        """Stand at the center of rotation of a view with these properties, around a box."""
        center = np.array(get["CenterOfRotation"] or get["CameraFocalPoint"], float)
        lengths = np.subtract(bounds[1::2], bounds[::2]) * _PART
        lengths = np.where(lengths > 0, lengths, lengths.max() or 1.0)
        ends = [center + side * lengths[axis] * np.eye(3)[axis] for axis in range(3) for side in (-1, 1)]
        points, cells = vtkPoints(), vtkCellArray()
        points.SetData(numpy_to_vtk(np.array(ends), deep=True))
        for first in (0, 2, 4):
            cells.InsertNextCell(2, (first, first + 1))
        wanted = np.array([get[f"CenterAxes{axis}Color"] for axis in AXES])
        colors = numpy_to_vtk(np.rint(255.0 * wanted).astype(np.uint8), deep=True)
        self._lines.SetPoints(points)
        self._lines.SetLines(cells)
        self._lines.GetCellData().SetScalars(colors)
        self._lines.Modified()
