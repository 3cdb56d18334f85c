"""The other sides of surfaces: drawn by an actor of their own, which leaves out what is seen from the front."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from async_paraview.scene.looks.surfaces import BACKS

from ..paper import Color
from .materials import apply_look


class Backfaces:
    """Draws what another actor draws, where it is seen from behind."""

    def __init__(self) -> None:
        self.prop: Any = vtkActor()
        self._mapper: Any = vtkPolyDataMapper()
        self.prop.SetMapper(self._mapper)

    def apply(self, get: Mapping[str, Any], front: Any, scale: float) -> None:
        """Look as the properties say, where the actor of the front stands."""
        kind, look = get["BackfaceRepresentation"], self.prop.GetProperty()
        self.prop.SetVisibility(get["Visibility"])
        self.prop.SetUserMatrix(front.GetUserMatrix())
        apply_look(look, get, kind, scale)
        look.SetLighting(front.GetProperty().GetLighting() and kind.startswith("Surface"))
        look.SetFrontfaceCulling(True)
        look.SetOpacity(get["BackfaceOpacity"])
        self.prop.SetTexture(front.GetTexture())

    def draw(self, mapper: Any) -> None:
        """Draw what a mapper of the front draws, in the colors that it has."""
        self._mapper.SetInputDataObject(mapper.GetInputDataObject(0, 0))
        color_alike(self._mapper, mapper)

    def paint(self, get: Mapping[str, Any], front: Color) -> None:
        """Have the color that is asked for, else that of the front."""
        look, color = self.prop.GetProperty(), get["BackfaceDiffuseColor"]
        if get["BackfaceAmbientColor"] is not None and not get["BackfaceRepresentation"].startswith("Surface"):
            color = get["BackfaceAmbientColor"]
        look.SetColor(color or front)
        look.SetSpecularColor(get["SpecularColor"])


def color_alike(mapper: Any, other: Any) -> None:
    """Have a mapper color its data as another one does."""
    mapper.UseLookupTableScalarRangeOn()
    mapper.SetLookupTable(other.GetLookupTable())
    mapper.SelectColorArray(other.GetArrayName())
    for name in ("ColorMode", "InterpolateScalarsBeforeMapping", "ScalarMode", "ScalarVisibility"):
        getattr(mapper, f"Set{name}")(getattr(other, f"Get{name}")())


def has_backs(get: Mapping[str, Any]) -> bool:
    """Return whether surfaces that are seen from behind look otherwise than from the front."""
    return get["BackfaceRepresentation"] in BACKS


def is_translucent(get: Mapping[str, Any]) -> bool:
    """Return whether something is seen through what is seen from behind."""
    return has_backs(get) and bool(get["BackfaceOpacity"] < 1.0)
