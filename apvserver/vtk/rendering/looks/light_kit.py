"""The usual lights of a view: key, fill, back and head, as VTK's light kit has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from vtkmodules.vtkRenderingCore import vtkLightKit

from async_paraview.scene.looks.lighting import LIGHT_KIT

USUAL_LIGHTS: Final = ("LightKitIntensity", *(one.name for one in LIGHT_KIT))
"""The properties of a view that say how its usual lights are."""
_LIGHTS: Final = ("Key", "Fill", "Back")


def light_kit(get: Mapping[str, Any]) -> Any:
    """Return the usual lights with the properties of a view."""
    kit = vtkLightKit()
    kit.SetKeyLightIntensity(get["LightKitIntensity"])
    for light in _LIGHTS:
        getattr(kit, f"Set{light}LightWarmth")(get[f"{light}LightWarmth"])
        getattr(kit, f"Set{light}LightAngle")(get[f"{light}LightElevation"], get[f"{light}LightAzimuth"])
    kit.SetHeadLightWarmth(get["HeadLightWarmth"])
    for light in ("Fill", "Back", "Head"):
        getattr(kit, f"SetKeyTo{light}Ratio")(get[f"{light}LightK{light[0]}Ratio"])
    kit.SetMaintainLuminance(get["MaintainLuminance"])
    return kit
