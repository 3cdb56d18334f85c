"""Texts as rasters, by VTK: how opaque each pixel of letters is."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import numpy as np
import numpy.typing as npt
import vtkmodules.vtkRenderingFreeType
import vtkmodules.vtkRenderingMatplotlib  # noqa: F401  both register the classes that draw letters and formulas
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkRenderingCore import vtkTextProperty, vtkTextRenderer

from .formulas import LOCK

Mask = npt.NDArray[np.uint8]

EMPTY: Mask = np.zeros((1, 1), np.uint8)
EMPTY.setflags(write=False)


def extent(look: Any, words: str, dpi: int) -> tuple[int, int, int, int]:
    """Return how far words reach from where they stand: left, right, bottom, top, in pixels, without their turning."""
    upright, box = vtkTextProperty(), [0, 0, 0, 0]
    upright.ShallowCopy(look)
    upright.SetOrientation(0.0)
    with LOCK if "$" in words else nullcontext():
        vtkTextRenderer.GetInstance().GetBoundingBox(upright, words, box, dpi)
    left, right, bottom, top = box
    return left, right, bottom, top


def raster(look: Any, words: str, dpi: int) -> Mask:
    """Return words as a vtkTextProperty has them, top row first, read-only."""
    image, size = vtkImageData(), [0, 0]
    if not words.strip():
        return EMPTY
    with LOCK if "$" in words else nullcontext():
        if not vtkTextRenderer.GetInstance().RenderString(look, words, image, size, dpi):
            return EMPTY
    width, height, _ = image.GetDimensions()
    letters = vtk_to_numpy(image.GetPointData().GetScalars()).reshape(height, width, -1)[: size[1], : size[0], 3]
    mask: Mask = letters[::-1].copy()
    mask.setflags(write=False)
    return mask
