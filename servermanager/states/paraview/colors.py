"""Color maps, opacity functions and legends, from a state of ParaView to ours: shared by name there and here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from async_paraview.scene.color_maps import COLOR_MAP, PIECEWISE_FUNCTION
from async_paraview.scene.scalar_bars import SCALAR_BAR
from async_paraview.scene.types import SceneType

from .report import Report
from .xml_state import PvProxy, PvState

_LUT: Final = "PVLookupTable"
_FUNCTION: Final = "PiecewiseFunction"
_OF_HISTOGRAMS: Final = frozenset({
    "ActiveAnnotatedValues", "AllowDuplicateScalars", "AnnotationsInitialized", "AutomaticDataHistogramComputation",
    "DataHistogramNumberOfBins", "IndexedOpacities", "LastPresetName", "RescaleOnVisibilityChange",
    "ScalarOpacityFunction", "ShowDataHistogram", "ShowIndexedColorActiveValues", "TransferFunction2D",
    "UseOpacityControlPointsFreehandDrawing", "Use2DTransferFunction", "UseOpacityMappingForColorLegend",
})  # fmt: skip
"""Properties of color maps that say how ParaView's editor of them behaves."""

_SHARED: Final = (("lookup_tables", _LUT, COLOR_MAP), ("piecewise_functions", _FUNCTION, PIECEWISE_FUNCTION))

Properties = Callable[[PvProxy, SceneType, str, set[str]], dict[str, Any]]


class Colors:
    """Translates what colors arrays; afterwards `color_maps` has ours."""

    def __init__(self, state: PvState, report: Report, properties: Properties) -> None:
        """Read `state`; `properties` translates those of one proxy into those of one type of ours."""
        self._state = state
        self._report = report
        self._properties = properties
        self._names: dict[str, str] = {}
        """Of color maps and opacity functions: their ids -> the names that they are shared by."""
        self.color_maps: list[dict[str, Any]] = []

    def translate(self) -> None:
        """Translate all that is registered by name."""
        for group, kind, type_ in (
            ("lookup_tables", _LUT, COLOR_MAP),
            ("piecewise_functions", _FUNCTION, PIECEWISE_FUNCTION),
        ):
            for id_, registered in self._state.collections.get(group, ()):
                one = self._state.proxies.get(id_)
                if one is None or one.type != kind:
                    continue
                name = registered.removesuffix(f".{kind}")
                self._names[id_] = name
                properties = self._properties(one, type_, registered, set(_OF_HISTOGRAMS))
                self._clean(properties)
                if properties and name:
                    self.color_maps.append({"kind": kind, "name": name, "properties": properties})

    def _clean(self, properties: dict[str, Any]) -> None:
        """Take out what says nothing, as it stands: colors of categories where there are none."""
        for name in ("Annotations", "IndexedColors", "RGBPoints", "Points"):
            if properties.get(name) == []:
                del properties[name]

    def shared_by(self, shown: PvProxy, array: str) -> dict[str, Any]:
        """Return the properties of a representation that say by which other names than the array's it shares colors."""
        found = {}
        for xml, name in (("LookupTable", "ColorMap"), ("ScalarOpacityFunction", "OpacityFunction")):
            held = shown.held(xml)
            shared = self._names.get(held[0][0]) if held else None
            if shared is not None and shared != array:
                found[name] = shared
        if found.get("OpacityFunction") == found.get("ColorMap"):
            found.pop("OpacityFunction", None)
        return found

    def legends(self, bars: Sequence[PvProxy], label: str) -> Mapping[str, Any]:
        """Return what was set of the legends of a view, by the names of their color maps."""
        found = {}
        for one in bars:
            held = one.held("LookupTable")
            name = self._names.get(held[0][0]) if held else None
            if name is None:
                continue
            own = {"Enabled", "LookupTable"}
            if one.values("DrawDataRange") != ("1",):
                own |= {"DataRangeMin", "DataRangeMax", "DataRangeLabelFormat"}
            properties = self._properties(one, SCALAR_BAR, f"legend of {name} in {label}", own)
            if one.values("Enabled") == ("0",):
                properties["Visibility"] = False
            found[name] = properties
        return found
