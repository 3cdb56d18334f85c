"""Color maps, opacity functions and legends as ParaView has them in state files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from async_paraview.scene.color_maps import COLOR_MAP, NEVER, PIECEWISE_FUNCTION, USUAL_PRESET
from services_core import RemoteError

from ...scene import Scene
from .document import Document, Element
from .report import Report

LUT: Final = COLOR_MAP.name
_FUNCTION: Final = PIECEWISE_FUNCTION.name
_OWN: Final = frozenset({
    "Preset", "RGBPoints", "ColorSpace", "ScalarRange", "InvertLookupTable", "ScalarRangeInitialized",
    "AutomaticRescaleRangeMode", "UseBelowRangeColor", "UseAboveRangeColor",
})  # fmt: skip
"""Properties that are said in ParaView's way: as points with the values that they have now."""


class ColorsWriter:
    """Writes what colors the representations of a state; afterwards `names` has each by the name of its map."""

    def __init__(self, scene: Scene, document: Document, report: Report) -> None:
        self._scene = scene
        self._document = document
        self._report = report
        self.maps: dict[str, Element] = {}
        self.functions: dict[str, Element] = {}
        self.plain: dict[str, Mapping[str, Any]] = {}
        """What is left to be written of each color map as its properties are."""

    async def write(self, state: Mapping[str, Any]) -> None:
        """Write the color maps that representations of a state use."""
        known = {(one["kind"], one["name"]): one["properties"] for one in state["color_maps"]}
        for one in state["representations"]:
            name = map_of(one["properties"])
            if name is not None and name not in self.maps:
                await self._map(name, known.get((LUT, name), {}), known.get((_FUNCTION, name), {}))

    async def _map(self, name: str, values: Mapping[str, Any], opacities: Mapping[str, Any]) -> None:
        points = list(values.get("RGBPoints") or ())
        try:
            points = await self._scene.color_maps[name].points()
        except RemoteError as error:
            if not points:
                self._report.add(f"colors of {name}", "", f"which colors numbers have is not known here: {error}")
                return
        element = self.maps[name] = self._document.add("lookup_tables", LUT, f"{name}.{LUT}")
        element.set("RGBPoints", *points)
        is_usual = not values.get("RGBPoints") and (values.get("Preset") or USUAL_PRESET) == USUAL_PRESET
        space = "Diverging" if is_usual else values.get("ColorSpace", "RGB")
        spaces = ("RGB", "HSV", "Lab", "Diverging", "Lab/CIEDE2000", "Step")
        element.set("ColorSpace", spaces.index(space))
        element.set("ScalarRangeInitialized", 1)
        if values.get("ScalarRange") is not None or values.get("AutomaticRescaleRangeMode") == NEVER:
            element.set("AutomaticRescaleRangeMode", -1)
        for side in ("Below", "Above"):
            used = values.get(f"Use{side}RangeColor")
            if used or (used is None and values.get(f"{side}RangeColor") is not None):
                element.set(f"Use{side}RangeColor", 1)
        self.plain[name] = {key: value for key, value in values.items() if key not in _OWN}
        function = self.functions[name] = self._document.add("piecewise_functions", _FUNCTION, f"{name}.{_FUNCTION}")
        low, high = points[0], points[-4]
        function.set("Points", *(opacities.get("Points") or (low, 0.0, 0.5, 0.0, high, 1.0, 0.5, 0.0)))
        function.set("ScalarRangeInitialized", 1)
        element.hold("ScalarOpacityFunction", function.id)

    def legend(self, name: str, settings: Mapping[str, Any], shown: Mapping[str, Any]) -> Element | None:
        """Return the legend of a color map in a view, if it is to be seen: as it was set, or as `shown` asks for it."""
        visible = settings.get("Visibility")
        if name not in self.maps or not (visible or (visible is None and shown.get("ScalarBarVisibility"))):
            return None
        number = len(self._document.registered("scalar_bars")) + 1
        element = self._document.add(
            "representations", "ScalarBarWidgetRepresentation", f"ScalarBar{number}", "scalar_bars"
        )
        element.hold("LookupTable", self.maps[name].id)
        element.set("Visibility", 1)
        element.set("Enabled", 1)
        title = settings.get("Title") or shown.get("ScalarBarTitle") or (shown.get("ColorBy") or ["", name])[1]
        element.set("Title", title)
        element.set("ComponentTitle", settings.get("ComponentTitle") or "")
        return element


def map_of(properties: Mapping[str, Any]) -> str | None:
    """Return the name of the color map of a representation; None: no array colors it."""
    color_by = properties.get("ColorBy")
    return None if color_by is None else properties.get("ColorMap") or color_by[1]
