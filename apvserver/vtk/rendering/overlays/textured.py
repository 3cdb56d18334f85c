"""A picture on quads in front of a scene, by which letters and legends are drawn."""

from __future__ import annotations

from typing import Any

from vtkmodules.vtkRenderingCore import vtkPolyDataMapper2D, vtkTexture, vtkTexturedActor2D


def textured(quads: Any) -> tuple[Any, Any]:
    """Return what draws quads with a texture as it is, pixel by pixel, and that texture, which has no picture yet."""
    prop, texture, mapper = vtkTexturedActor2D(), vtkTexture(), vtkPolyDataMapper2D()
    texture.InterpolateOff()
    texture.RepeatOff()
    texture.SetColorModeToDirectScalars()
    mapper.SetInputData(quads)
    prop.SetPickable(False)
    prop.SetMapper(mapper)
    prop.SetTexture(texture)
    return prop, texture
