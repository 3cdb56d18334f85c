"""What surfaces are made of, from the properties of a representation, and as Mitsuba describes it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from async_paraview.scene.looks.surfaces import PBR

from .traced_scene import Material, TracedMesh

NAMED: Final[Mapping[str, Mapping[str, Any]]] = {
    "aluminium": {"type": "roughconductor", "material": "Al", "alpha": 0.1},
    "chromium": {"type": "roughconductor", "material": "Cr", "alpha": 0.05},
    "copper": {"type": "roughconductor", "material": "Cu", "alpha": 0.1},
    "gold": {"type": "roughconductor", "material": "Au", "alpha": 0.1},
    "silver": {"type": "roughconductor", "material": "Ag", "alpha": 0.05},
    "mirror": {"type": "conductor", "material": "none"},
    "glass": {"type": "dielectric", "int_ior": 1.5, "ext_ior": 1.0},
    "thin glass": {"type": "thindielectric", "int_ior": 1.5, "ext_ior": 1.0},
    "water": {"type": "dielectric", "int_ior": 1.33, "ext_ior": 1.0},
}
"""Materials that have a name, as Mitsuba's plugins."""
CLEAR: Final = ("glass", "thin glass", "water")
"""Those that light passes, so that they have no back."""
_USUAL_SPECULAR: Final = 0.5


def material_of(get: Mapping[str, Any]) -> Material:
    """Return what a representation with these properties is made of."""
    named = get["OSPRayMaterial"]
    if named is not None:
        return Material(is_matte=False, named=named)
    if get["Interpolation"] == PBR:
        return Material(
            roughness=max(get["Roughness"], 0.02),
            metallic=get["Metallic"],
            specular=_USUAL_SPECULAR,
            coat=get["CoatStrength"],
            coat_roughness=get["CoatRoughness"],
            refraction=get["BaseIOR"],
            is_matte=False,
        )
    if get["Specular"] > 0.0:  # the lobe of Phong's model, as wide as Beckmann's of that roughness
        width = math.sqrt(2.0 / (get["SpecularPower"] + 2.0))
        return Material(roughness=math.sqrt(width), specular=_USUAL_SPECULAR * get["Specular"], is_matte=False)
    return Material()


def described(mesh: TracedMesh) -> dict[str, Any]:
    """Return a mesh's material as Mitsuba's loader takes it; its colors are the attribute `vertex_color`."""
    made, material = _front(mesh), mesh.material
    if material.named not in CLEAR:
        made = {"type": "twosided", "nested": made}
    if mesh.opacities is not None:
        return {"type": "mask", "opacity": {"type": "mesh_attribute", "name": "vertex_faded"}, "nested": made}
    return made if mesh.opacity >= 1.0 else {"type": "mask", "opacity": mesh.opacity, "nested": made}


def is_seen_through(mesh: TracedMesh) -> bool:
    """Return whether light passes a mesh."""
    return mesh.opacities is not None or mesh.opacity < 1.0 or mesh.material.named in CLEAR


def _front(mesh: TracedMesh) -> dict[str, Any]:
    material = mesh.material
    if material.named is not None:
        return dict(NAMED[material.named])
    color: dict[str, Any] = {"type": "rgb", "value": list(mesh.color)}
    if mesh.colors is not None:
        color = {"type": "mesh_attribute", "name": "vertex_color"}
    if material.is_matte:
        return {"type": "diffuse", "reflectance": color}
    made = {"type": "principled", "base_color": color, "roughness": material.roughness, "metallic": material.metallic}
    if material.metallic > 0.0 or material.refraction == Material.refraction:
        made["specular"] = material.specular
    else:
        made["eta"] = material.refraction
    if material.coat > 0.0:
        made |= {"clearcoat": material.coat, "clearcoat_gloss": 1.0 - material.coat_roughness}
    return made
