"""Many texts in front of a scene, drawn at once: their letters in one picture, each text in a color of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkImageData, vtkPolyData

from ..fonts.rasters import Mask
from ..overlays.textured import textured

_WIDTH: Final = 1024
"""Of the picture with all letters, at least."""


SOLID: Final[Mask] = np.full((1, 1), 255, np.uint8)
"""What is the same all over."""


class DrawnText(NamedTuple):
    """Letters, the pixel of their lower left corner, their color and their size: of SOLID a box of that size.

    A color is red, green, blue and alpha, from 0 to 1.
    """

    mask: Mask
    left: int
    bottom: int
    color: tuple[float, float, float, float]
    size: tuple[int, int]


class TextSheet:
    """What draws it is `prop`."""

    def __init__(self) -> None:
        """Draw nothing yet."""
        self._quads = vtkPolyData()
        self.prop, self._texture = textured(self._quads)
        self._masks: list[Mask] = []
        self._drawn: list[tuple[int, tuple[float, ...]]] = []
        """The letters that are drawn, by their identity, and their colors."""
        self.texts: Sequence[DrawnText] = ()
        """What is drawn."""
        self._places: dict[int, tuple[float, float, float, float]] = {}
        """By the identity of letters, which are kept: where they are in the picture, as fractions of it."""

    def hold(self, masks: Sequence[Mask]) -> None:
        """Have these letters at hand, of which any may be drawn from now on."""
        if all(id(one) in self._places for one in masks):
            return
        self._masks = list({id(one): one for one in masks}.values())
        width = max(_WIDTH, *(one.shape[1] for one in self._masks))
        corners, left, bottom, row = [], 0, 0, 0
        for mask in self._masks:
            if left + mask.shape[1] > width:
                left, bottom, row = 0, bottom + row, 0
            corners.append((left, bottom))
            left, row = left + mask.shape[1], max(row, mask.shape[0])
        pixels = np.full((bottom + row, width, 4), 255, np.uint8)
        pixels[..., 3] = 0
        self._places.clear()
        self._drawn = []
        for mask, (x, y) in zip(self._masks, corners, strict=True):
            high, wide = mask.shape
            pixels[y : y + high, x : x + wide, 3] = mask[::-1]
            self._places[id(mask)] = x / width, y / len(pixels), (x + wide) / width, (y + high) / len(pixels)
        image = vtkImageData()
        image.SetDimensions(width, len(pixels), 1)
        image.GetPointData().SetScalars(numpy_to_vtk(pixels.reshape(-1, 4), deep=True))
        self._texture.SetInputData(image)

    def show(self, texts: Sequence[DrawnText]) -> None:
        """Draw these from now on, whose letters are at hand; later ones upon earlier ones."""
        self.texts = texts
        self.prop.SetVisibility(bool(texts))
        if not texts:
            return
        corners = np.array([(t.left, t.bottom, *t.size) for t in texts], np.float32)
        right, top = corners[:, 0] + corners[:, 2], corners[:, 1] + corners[:, 3]
        places = np.zeros((len(texts), 4, 3), np.float32)
        places[:, :, 0] = np.column_stack([corners[:, 0], right, right, corners[:, 0]])
        places[:, :, 1] = np.column_stack([corners[:, 1], corners[:, 1], top, top])
        points = vtkPoints()
        points.SetData(numpy_to_vtk(places.reshape(-1, 3), deep=True))
        self._quads.SetPoints(points)
        described: list[tuple[int, tuple[float, ...]]] = [(id(one.mask), one.color) for one in texts]
        if described != self._drawn:
            self._drawn = described
            self._connect(texts)
        self._quads.Modified()

    def _connect(self, texts: Sequence[DrawnText]) -> None:
        """Make quads of points that follow each other, of the letters and colors of these."""
        sheet = np.array([self._places[id(one.mask)] for one in texts], np.float32)
        colors = np.rint(255 * np.array([one.color for one in texts], np.float64)).astype(np.uint8)
        cells = vtkCellArray()
        starts = numpy_to_vtk(np.arange(0, 4 * len(texts) + 1, 4), deep=True)
        cells.SetData(starts, numpy_to_vtk(np.arange(4 * len(texts)), deep=True))
        of_sheet = numpy_to_vtk(sheet[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 2), deep=True)
        of_sheet.SetName("sheet")
        self._quads.SetPolys(cells)
        self._quads.GetPointData().SetTCoords(of_sheet)
        self._quads.GetPointData().SetScalars(numpy_to_vtk(np.repeat(colors, 4, axis=0), deep=True))
