"""Blocks of a surface that look otherwise than the others: each look has an actor of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from ..paper import Color
from .backfaces import color_alike


class BlockActor:
    """Draws some blocks as another actor draws the others, but for their color and opacity."""

    def __init__(self, color: Color | None, opacity: float | None, data: Any) -> None:
        """Have a look and a surface; None: as the others."""
        self._color, self._opacity = color, opacity
        self.data = data
        self.prop: Any = vtkActor()
        self.mapper: Any = vtkPolyDataMapper()
        self.mapper.SetInputDataObject(data)
        self.prop.SetMapper(self.mapper)

    def apply(self, get: Mapping[str, Any], other: Any) -> None:
        """Look as the actor of the others does, where that stands."""
        look = self.prop.GetProperty()
        look.DeepCopy(other.GetProperty())
        self.prop.SetVisibility(get["Visibility"])
        self.prop.SetUserMatrix(other.GetUserMatrix())
        self.prop.SetTexture(other.GetTexture())
        if self._opacity is not None:
            look.SetOpacity(self._opacity)
        if self._color is not None:
            look.SetColor(self._color)

    def color(self, mapper: Any) -> None:
        """Have the colors of the mapper of the others, unless these blocks have one of their own."""
        color_alike(self.mapper, mapper)
        fields, name = (self.data.GetPointData(), self.data.GetCellData()), mapper.GetArrayName() or ""
        has_array = any(one.HasArray(name) for one in fields)
        if self._color is not None or not has_array:
            self.mapper.ScalarVisibilityOff()


def is_translucent(get: Mapping[str, Any]) -> bool:
    """Return whether something is seen through single blocks."""
    opacities: Sequence[Any] = get["BlockOpacities"]
    return any(one < 1.0 for one in opacities[1::2])
