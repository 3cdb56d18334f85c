"""What a surface is made of, and how it is drawn, as VTK's property of an actor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from async_paraview.scene.looks.surfaces import PBR
from async_paraview.scene.representations import INTERPOLATIONS

_OF_MATERIALS: Final = (
    "Metallic", "Roughness", "BaseIOR", "EdgeTint", "CoatStrength", "CoatIOR", "CoatRoughness", "CoatColor",
)  # fmt: skip


def apply_look(look: Any, get: Mapping[str, Any], style: str, scale: float) -> None:
    """Have an actor's property look as the properties of a representation say, as surface, lines or points."""
    look.SetRepresentation({"Points": 0, "Wireframe": 1}.get(style, 2))
    look.SetEdgeVisibility(style == "Surface With Edges")
    look.SetInterpolation(INTERPOLATIONS.index(get["Interpolation"]))
    look.SetEdgeColor(get["EdgeColor"])
    look.SetEdgeOpacity(get["EdgeOpacity"])
    look.SetRenderLinesAsTubes(get["RenderLinesAsTubes"])
    look.SetRenderPointsAsSpheres(get["RenderPointsAsSpheres"])
    for name in ("PointSize", "LineWidth"):
        getattr(look, f"Set{name}")(get[name] * scale)
    for name in ("Ambient", "Diffuse", "Specular", "SpecularPower"):
        getattr(look, f"Set{name}")(get[name])
    if get["Interpolation"] == PBR:
        for name in _OF_MATERIALS:
            getattr(look, f"Set{name}")(get[name])
