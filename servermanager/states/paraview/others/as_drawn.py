"""What ParaView does by itself for a kind of representation, and which shapes it has: as properties of ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from async_paraview.scene.representations import is_lit

from ..names import type_names
from ..report import Report
from ..values import is_default
from ..xml_state import PvProxy, PvState

_USUAL_NORMALS: Final = "Normals"
_SOFT: Final = ("0", "1")
"""Shapes of Point Gaussian that are drawn here: Gaussian Blur and Sphere."""
_GLYPHS: Final[Mapping[str, str]] = {
    "ArrowSource": "Arrow", "ConeSource": "Cone", "CubeSource": "Box", "CylinderSource": "Cylinder",
    "LineSource": "Line", "SphereSource": "Sphere", "GlyphSource2D": "2D Glyph",
}  # fmt: skip


def kind_of(one: PvProxy) -> str:
    """Return the kind of a representation, as "Surface"."""
    return "".join(one.values("Representation"))


def as_drawn(state: PvState, one: PvProxy, properties: dict[str, Any], label: str, report: Report) -> None:
    """Put what ParaView does by itself into the properties of a representation, and say which shapes are not here."""
    kind = kind_of(one)
    if not is_lit(kind, lambda name: one.values(name) == ("1",)):
        properties["Lighting"] = False
    if properties.get("SelectNormalArray") == _USUAL_NORMALS:
        del properties["SelectNormalArray"]  # ParaView has chosen it by itself: what is marked as normals
    preset = one.values("ShaderPreset")
    if kind == "Point Gaussian" and preset and preset[0] not in _SOFT:
        shape = one.properties["ShaderPreset"].texts.get(preset[0], preset[0])
        report.add(label, "ShaderPreset", f"points are soft balls here, no {shape}")
    held = [state.proxies[id_] for id_, _ in one.held("GlyphType") if id_ in state.proxies]
    if kind == "3D Glyphs" and held:
        _glyph(held[0], properties, label, report)


def _glyph(held: PvProxy, properties: dict[str, Any], label: str, report: Report) -> None:
    """Put which glyph stands at the points, which ParaView holds as a source."""
    shape = _GLYPHS.get(held.type)
    if shape is None:
        there = ", ".join(_GLYPHS.values())
        report.add(label, "GlyphType", f"{held.type} is no glyph here; there are {there}")
        return
    properties["GlyphType"] = shape
    known = type_names(held.group, held.type)
    own = [
        f"{name} {' '.join(of.values)}"
        for name, of in held.properties.items()
        if known is not None and of.values and not is_default(known.property(name), of.values)
    ]
    if own:
        report.add(label, "GlyphType", f"a {shape} has its usual shape here, without {', '.join(own):.80}")
