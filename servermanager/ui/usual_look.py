"""How outputs are shown where nothing else is asked for, as ParaView shows them: plain functions."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from async_paraview.information import DataInformation
from async_paraview.scene.representations import UNLIT

_OUTLINED: Final = frozenset({
    "vtkImageData", "vtkUniformGrid", "vtkStructuredPoints", "vtkRectilinearGrid", "vtkStructuredGrid",
})  # fmt: skip
"""What ParaView shows the outline of, where it has three dimensions."""
PLOTTED: Final[Mapping[str, str]] = MappingProxyType({
    **dict.fromkeys((
        "EqualizerFilter", "PlotData", "PlotGlobalVariablesOverTime", "PlotOnSortedLines", "PlotOverLine",
        "PointLineInterpolator", "SPHLineInterpolator", "TableFFT",
    ), "XYChartView"),
    **dict.fromkeys(("PlotDataOverTime", "PlotSelectionOverTime"), "QuartileChartView"),
    "ComputeQuartiles": "BoxChartView",
    "Histogram": "XYBarChartView",
    "ScatterPlot": "PlotMatrixView",
})  # fmt: skip
"""Filters whose output ParaView shows in a chart, and the kind of that."""
_BESIDE: Final = frozenset({
    "AnnotateAttributeData", "AnnotateGlobalData", "AnnotateTimeFilter", "ExtractGrid", "FeatureEdges", "Glyph",
    "GlyphWithCustomSource", "Outline", "OutlineCorners", "ProbeLocation", "PythonAnnotation", "Ruler",
    "TimeStepProgressBar",
})  # fmt: skip
"""Filters whose input ParaView goes on to show."""
_INSIDE: Final = frozenset({
    "Clip", "Contour", "EvenlySpacedStreamlines2D", "ExtractLocation", "IsoVolume", "Slice", "StreamTracer",
    "StreamTracerWithCustomSource", "Threshold",
})  # fmt: skip
"""Filters whose input ParaView goes on to show, unless it is an opaque surface, which would hide what they make."""
_IMAGES: Final = frozenset({"vtkImageData", "vtkUniformGrid", "vtkStructuredPoints"})


def usual_look(information: DataInformation) -> dict[str, Any]:
    """Return how ParaView shows data when nothing else is asked for: its kind, and the array that colors it.

    That is the array that VTK takes for the scalars, of points, else of cells; an outline has no colors.
    """
    kind = "Surface"
    if information.data_type in _OUTLINED:
        dimensions = information.raw.get("dimensions") or (2, 2, 2)
        thick = sum(one > 1 for one in dimensions)
        kind = "Outline" if thick == 3 else "Slice" if information.data_type in _IMAGES and thick == 2 else "Surface"
    look: dict[str, Any] = {"Representation": kind}
    if kind != "Outline":
        scalars = [one for one in information.arrays if one.attribute == "Scalars"]
        for association in ("POINTS", "CELLS"):
            found = next((one for one in scalars if one.association == association), None)
            if found is not None:
                return {**look, "ColorBy": [association, found.name]}
    return look


def replaces(type_name: str, representation: str, opacity: float) -> bool:
    """Return whether what a type of filters makes is shown instead of its input, shown so, as in ParaView."""
    if type_name in _INSIDE:
        return representation == "Surface" and opacity in (0.0, 1.0)
    return type_name not in _BESIDE and type_name not in PLOTTED


def look_after(information: DataInformation, color_by: Any) -> dict[str, Any]:
    """Return how a filter's output is shown, whose input was colored by an array: by the same, if it has it."""
    look = usual_look(information)
    kind = look["Representation"]
    if color_by and any([one.association, one.name] == list(color_by[:2]) for one in information.arrays):
        look = {**look, "ColorBy": list(color_by)}
    return {**look, "Lighting": kind not in UNLIT}
