"""Texts as rasters: how opaque each of their pixels is. Of use in one thread."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import vtkmodules.vtkRenderingFreeType  # noqa: F401  registers the class that draws letters
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkRenderingCore import vtkTextProperty, vtkTextRenderer

Mask = npt.NDArray[np.uint8]

POINTS_PER_INCH = 72
_RAISED = 0.7
"""How large letters above the line are, beside the others."""
_RISE = 0.4
_GAP_OF_WORDS = " "


@dataclass(frozen=True)
class Font:
    """How letters look. `scale` is how many pixels a point has."""

    size: int
    family: str
    bold: bool
    italic: bool
    scale: float = 1.0

    @property
    def line(self) -> int:
        """How high a line is, in pixels."""
        return int(line_of("0", self).shape[0])


@lru_cache(maxsize=4096)
def line_of(text: str, font: Font) -> Mask:
    """Return one line of text, top row first, as high as lines of that font are."""
    look = vtkTextProperty()
    look.SetFontSize(font.size)
    look.SetFontFamilyAsString(font.family)
    look.SetBold(font.bold)
    look.SetItalic(font.italic)
    image, size, renderer = vtkImageData(), [0, 0], vtkTextRenderer.GetInstance()
    dpi = max(1, round(POINTS_PER_INCH * font.scale))
    if not text.strip() or not renderer.RenderString(look, text, image, size, dpi):
        return np.zeros((1, 1), np.uint8)
    width, height, _ = image.GetDimensions()
    letters = vtk_to_numpy(image.GetPointData().GetScalars()).reshape(height, width, -1)[: size[1], : size[0], 3]
    mask: Mask = letters[::-1].copy()
    mask.setflags(write=False)
    return mask


@lru_cache(maxsize=4096)
def raised(text: str, power: str, font: Font) -> Mask:
    """Return a text with a smaller one above the line behind it."""
    line = line_of(text, font)
    if not power:
        return line
    small = line_of(power, replace(font, size=max(1, round(font.size * _RAISED))))
    rise = round(line.shape[0] * _RISE)
    above = max(0, rise + small.shape[0] - line.shape[0])
    made = np.zeros((line.shape[0] + above, line.shape[1] + small.shape[1]), np.uint8)
    made[above:, : line.shape[1]] = line
    top = made.shape[0] - rise - small.shape[0]
    made[top : top + small.shape[0], line.shape[1] :] = small
    made.setflags(write=False)
    return made


def wrapped(text: str, font: Font, width: float) -> list[str]:
    """Return the lines of a text: its own, and where one would be wider, several, broken between words."""
    lines: list[str] = []
    for one in text.splitlines() or [""]:
        line = ""
        for word in one.split(_GAP_OF_WORDS):
            longer = f"{line} {word}".strip()
            if line and line_of(longer, font).shape[1] > width:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return lines
