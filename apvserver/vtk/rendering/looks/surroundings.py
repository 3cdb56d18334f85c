"""Surroundings that surfaces mirror: a picture, or a color that runs up to another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkRenderingCore import vtkTexture

from ..textures.pictures import picture

_ROWS: Final = 64
_COLUMNS: Final = 128
_SAMPLES: Final = 256
"""Of surroundings, for each pixel of what rough surfaces mirror: VTK's 1024 take seconds in software."""
OF_SURROUNDINGS: Final = (
    "UseEnvironmentLighting", "UseTexturedEnvironmentalBG", "EnvironmentalBGTexture", "EnvironmentalBG",
    "UseGradientEnvironmentalBG", "EnvironmentalBG2",
)  # fmt: skip


class Surroundings:
    """The surroundings of one renderer."""

    def __init__(self, renderer: Any) -> None:
        """Have none yet."""
        self._renderer = renderer
        self._shown: tuple[Any, ...] = ()

    def apply(self, get: Mapping[str, Any]) -> None:
        """Have those that the properties of a view ask for."""
        wanted = tuple(get[name] for name in OF_SURROUNDINGS)
        if wanted == self._shown:
            return
        self._shown = wanted
        self._renderer.SetUseImageBasedLighting(get["UseEnvironmentLighting"])
        # Pictures hold colors as screens show them; light adds up as what shines, and VTK turns it into colors again.
        self._renderer.SetEnvironmentTexture(_texture(get) if get["UseEnvironmentLighting"] else None, True)
        self._renderer.GetEnvMapPrefiltered().SetPrefilterMaxSamples(_SAMPLES)
        table = self._renderer.GetEnvMapLookupTable()
        table.SetLUTSize(_SAMPLES)
        table.SetLUTSamples(_SAMPLES)


def _texture(get: Mapping[str, Any]) -> Any:
    texture = vtkTexture()
    path = get["EnvironmentalBGTexture"] if get["UseTexturedEnvironmentalBG"] else None
    texture.SetInputData(_even(get) if path is None else picture(path))
    texture.SetColorModeToDirectScalars()
    texture.MipmapOn()
    texture.InterpolateOn()
    return texture


def _even(get: Mapping[str, Any]) -> Any:
    """Return a picture of surroundings without one."""
    low = np.array(get["EnvironmentalBG"])
    high = np.array(get["EnvironmentalBG2"]) if get["UseGradientEnvironmentalBG"] else low
    rows = low + np.linspace(0.0, 1.0, _ROWS)[:, None] * (high - low)
    pixels = np.rint(255.0 * np.repeat(rows[:, None, :], _COLUMNS, axis=1)).astype(np.uint8)
    made = vtkImageData()
    made.SetDimensions(_COLUMNS, _ROWS, 1)
    colors = numpy_to_vtk(np.ascontiguousarray(pixels).reshape(-1, 3), deep=True)
    colors.SetName("surroundings")
    made.GetPointData().SetScalars(colors)
    return made
