"""A picture that lies upon a view, pixel by pixel."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkFloatArray, vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkImageData, vtkPolyData

from ..overlays.textured import textured

Pixels = npt.NDArray[np.uint8]

_CORNERS: Final = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


class Overlay:
    """Draws a picture with opacities. What draws it is `prop`."""

    def __init__(self) -> None:
        """Draw nothing yet."""
        self._quad = vtkPolyData()
        corners, cells = vtkFloatArray(), vtkCellArray()
        corners.SetNumberOfComponents(2)
        corners.SetName("corners")
        for corner in _CORNERS:
            corners.InsertNextTuple2(*corner)
        cells.InsertNextCell(4, (0, 1, 2, 3))
        self._quad.SetPolys(cells)
        self._quad.GetPointData().SetTCoords(corners)
        self.prop, self._texture = textured(self._quad)

    def show(self, pixels: Pixels, left: int, bottom: int) -> None:
        """Draw these from now on: bottom row first, of shape (height, width, 4), from that pixel of the view on."""
        height, width, _ = pixels.shape
        image = vtkImageData()
        image.SetDimensions(width, height, 1)
        image.GetPointData().SetScalars(numpy_to_vtk(pixels.reshape(-1, 4), deep=True))
        self._texture.SetInputData(image)
        points = vtkPoints()
        for across, up in _CORNERS:
            points.InsertNextPoint(left + across * width, bottom + up * height, 0.0)
        self._quad.SetPoints(points)
