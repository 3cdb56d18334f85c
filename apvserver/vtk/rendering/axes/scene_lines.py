"""Lines in a scene that no light shades: those of axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from ..camera.looking import Floats
from ..paper import Color


class SceneLines:
    """What draws them is `prop`."""

    def __init__(self) -> None:
        """Draw nothing yet."""
        self._data = vtkPolyData()
        self._drawn: list[tuple[int, Color]] = []
        """How many lines of which colors are drawn."""
        mapper = vtkPolyDataMapper()
        mapper.SetInputData(self._data)
        self.prop: Any = vtkActor()
        self.prop.SetMapper(mapper)
        self.prop.SetPickable(False)
        self.prop.GetProperty().SetLighting(False)

    def show(self, groups: Sequence[tuple[Floats, Color]], middle: Floats, width: float) -> None:
        """Draw lines, of each group shape (n, 2, 3), in the color of their group, around a middle.

        The numbers of the graphics card have few digits: those of the differences from the middle.
        """
        groups = [one for one in groups if len(one[0])]
        self.prop.SetVisibility(bool(groups))
        if not groups:
            return
        lines = np.concatenate([one for one, _ in groups])
        points = vtkPoints()
        points.SetData(numpy_to_vtk((lines.reshape(-1, 3) - middle).astype(np.float32), deep=True))
        self.prop.SetPosition(*middle.tolist())
        self.prop.GetProperty().SetLineWidth(width)
        self._data.SetPoints(points)
        described = [(len(one), color) for one, color in groups]
        if described != self._drawn:
            self._drawn = described
            self._connect(described)
        self._data.Modified()

    def _connect(self, groups: Sequence[tuple[int, Color]]) -> None:
        """Make lines of points that follow each other, so many of each color."""
        cells, counts = vtkCellArray(), [one for one, _ in groups]
        starts = numpy_to_vtk(np.arange(0, 2 * sum(counts) + 1, 2), deep=True)
        cells.SetData(starts, numpy_to_vtk(np.arange(2 * sum(counts)), deep=True))
        inks = np.rint(255 * np.array([color for _, color in groups])).astype(np.uint8)
        self._data.SetLines(cells)
        self._data.GetCellData().SetScalars(numpy_to_vtk(np.repeat(inks, counts, axis=0), deep=True))

    def hide(self) -> None:
        """Draw nothing until they are shown next."""
        self.prop.VisibilityOff()
