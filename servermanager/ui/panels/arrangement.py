"""In which order, and under which headings, the lines of large panels stand: as ParaView's users know them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from async_paraview.domains import OFFERED
from async_paraview.records import dataclass
from async_paraview.scene.representations import REPRESENTATION
from async_paraview.scene.views import RENDER_VIEW

ADVANCED: Final = "advanced"

_ARRANGED: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    REPRESENTATION.wire_type: {
        "": ("Representation",),
        "Coloring": ("ColorBy", "Color", "ScalarRange", "UseLogScale", "Categorical", "ScalarBarVisibility"),
        "Styling": ("Opacity", "PointSize", "LineWidth", "RenderPointsAsSpheres", "RenderLinesAsTubes"),
        "Lighting": ("Interpolation", "Specular", "SpecularPower", "Ambient", "Diffuse"),
        "Transforming": ("Position", "Scale", "Orientation", "Origin"),
        "Axes and labels": ("DataAxesGrid", "PolarAxes", "PointLabelVisibility", "CellLabelVisibility"),
    },
    RENDER_VIEW.wire_type: {
        "Axes": ("OrientationAxesVisibility", "CenterAxesVisibility", "AxesGrid", "LegendGrid"),
        "Background": ("UseColorPaletteForBackground", "BackgroundColorMode", "Background", "Background2"),
        "Camera": ("CameraParallelProjection",),
        "Lights": ("UseLightKit", "LightKitIntensity", "AdditionalLights"),
    },
}
"""Of a type: headings, and what stands under them. What is not there is for experts, unless it matters only with some
value of another property, such as what is about volumes."""


NEVER: Final = "never"
_PLUMBING: Final = frozenset({
    "ReadFromInputStream", "ReadFromInputString", "InputStream", "InputString", "Stream", "TimeStep", "TimeStepRange",
    "WholeSlices",
})  # fmt: skip
"""What VTK's classes of readers have for programs, and sessions do by themselves."""
_OF_THE_WINDOW: Final = frozenset({"ViewSize", "PPI"})
"""What no panel has a line for: whoever shows a view says how large it is, and how fine its screen."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Of one type: its properties in the order of their lines, headings, and who sees them."""

    order: tuple[str, ...]
    headings: Mapping[str, str]
    advanced: frozenset[str]
    """For experts."""
    absent: frozenset[str]
    """In no panel."""

    @classmethod
    def of(cls, wire_type: str, entries: Mapping[str, Mapping[str, Any]], definition: Mapping[str, Any]) -> Arrangement:
        """Arrange the lines of a type; `entries` are its inputs and properties by name."""
        headings = {
            name: heading
            for heading, names in _ARRANGED.get(wire_type, {}).items()
            for name in names
            if name in entries
        }
        order = (*headings, *(name for name in entries if name not in headings))
        bare_reader = definition.get("group") == "readers" and not definition.get("curated")
        advanced = frozenset(
            name for name, one in entries.items() if _is_advanced(one, headings, wire_type, bare_reader=bare_reader)
        )
        absent = frozenset(name for name, one in entries.items() if _is_absent(one, bare_reader=bare_reader))
        return cls(order, headings, advanced, absent)


def _is_advanced(entry: Mapping[str, Any], headings: Mapping[str, str], wire_type: str, *, bare_reader: bool) -> bool:
    if bare_reader:
        return not (entry.get("path") or entry.get("domain", {}).get("kind") == OFFERED)
    if wire_type not in _ARRANGED or entry.get("hidden_unless"):
        return entry.get("panel") == ADVANCED
    return entry["name"] not in headings


def _is_absent(entry: Mapping[str, Any], *, bare_reader: bool) -> bool:
    name = entry["name"]
    holds_nothing = entry.get("kind") == "object" and not entry.get("candidates") and not entry.get("names")
    return entry.get("panel") == NEVER or name in _OF_THE_WINDOW or holds_nothing or (bare_reader and name in _PLUMBING)
