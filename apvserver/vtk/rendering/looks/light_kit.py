"""The usual lights of a view: key, fill, back and head, as VTK's light kit has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from vtkmodules.vtkRenderingCore import vtkLight, vtkLightKit

from async_paraview.scene.looks.lighting import LIGHT_KIT
from async_paraview.scene.props.light import RAYS

USUAL_LIGHTS: Final = ("LightKitIntensity", *(one.name for one in LIGHT_KIT))
"""The properties of a view that say how its usual lights are."""
OF_LIGHTS: Final = ("UseLightKit", "AdditionalLights", *USUAL_LIGHTS)
"""The properties of a view that say how its lights are."""
_LIGHTS: Final = ("Key", "Fill", "Back")


def apply_lights(renderer: Any, get: Mapping[str, Any]) -> None:
    """Have a renderer the lights of a view with these properties, and no others."""
    renderer.RemoveAllLights()
    if get["UseLightKit"]:
        light_kit(get).AddLightsToRenderer(renderer)
    for one in get["AdditionalLights"]:
        renderer.AddLight(_light(one))
    renderer.SetAutomaticLightCreation(False)


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


def _light(look: Mapping[str, Any]) -> Any:
    """Return a light of VTK with the properties of one of a view."""
    light = vtkLight()
    if look["Coords"] == "Scene":
        light.SetLightTypeToSceneLight()
    elif look["Coords"] == "Camera":
        light.SetLightTypeToCameraLight()
    else:  # of ambient light VTK's rasterizer knows nothing, and ParaView takes that of the camera for it
        light.SetLightTypeToHeadlight()
    light.SetSwitch(look["Enable"])
    light.SetPositional(look["Type"] == RAYS[1])
    light.SetConeAngle(look["ConeAngle"])
    light.SetPosition(look["Position"])
    light.SetFocalPoint(look["FocalPoint"])
    light.SetColor(look["DiffuseColor"])
    light.SetIntensity(look["Intensity"])
    return light
