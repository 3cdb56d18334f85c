"""Draws the columns of one output in a chart: the half of a chart representation that makes plots."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkChartsCore import vtkChart, vtkPlotPoints
from vtkmodules.vtkCommonDataModel import vtkTable

from async_paraview.scene.representations import CHART_REPRESENTATION, LINE_STYLES

from ...base.property_set import PropertySet
from ...geometry.extraction import FULL

Color = tuple[float, ...]

CHART_TYPES: Final = {"Line": vtkChart.LINE, "Bar": vtkChart.BAR, "Points": vtkChart.POINTS}
MARKERS: Final = {
    "None": vtkPlotPoints.NONE,
    "Cross": vtkPlotPoints.CROSS,
    "Plus": vtkPlotPoints.PLUS,
    "Square": vtkPlotPoints.SQUARE,
    "Circle": vtkPlotPoints.CIRCLE,
    "Diamond": vtkPlotPoints.DIAMOND,
}

COLORS: Final[Sequence[Color]] = (
    (0.0, 0.447, 0.698), (0.835, 0.369, 0.0), (0.0, 0.62, 0.451), (0.8, 0.475, 0.655),
    (0.902, 0.624, 0.0), (0.337, 0.706, 0.914), (0.35, 0.35, 0.35), (0.62, 0.42, 0.15),
)  # fmt: skip
"""Of series without a color of their own, one after the other; after Okabe and Ito, apart for the color-blind."""


class ChartRepresentation:
    """Makes plots of the table that `extract_chart` has made. Belongs to the thread of the view that shows it."""

    association = None
    """Nothing in a chart is picked."""
    failure = None
    """Why it is not drawn as asked for: what can be extracted can be drawn."""

    def __init__(self) -> None:
        self._properties = PropertySet(CHART_REPRESENTATION)
        self._table: Any = vtkTable()
        self.x_label = ""
        self.version = 0
        """Of the data that is shown, counted by who extracted it."""
        self.data: Any = None

    @staticmethod
    def check_properties(changes: Mapping[str, object]) -> None:
        """Raise what names and values would raise, whatever the data."""
        PropertySet(CHART_REPRESENTATION).checked(changes)

    def set_properties(self, changes: Mapping[str, object]) -> None:
        """Change properties, all or none. Raises `UnknownProperty`, `InvalidProperty`."""
        self._properties.update(changes)

    def set_data(self, parts: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
        """Draw this from now on; it is never changed any more."""
        self._table, self.x_label, self.version = parts[FULL], str(facts["x"]), int(facts["version"])

    @property
    def series(self) -> list[str]:
        """The names of what is drawn: columns that have numbers, none if it is invisible."""
        if not self._properties["Visibility"]:
            return []
        wanted = self._properties["SeriesVisibility"]
        names = [self._table.GetColumnName(index) for index in range(1, self._table.GetNumberOfColumns())]
        return [name for name in names if (wanted is None or name in wanted) and self._has_numbers(name)]

    def label(self, series: str) -> str:
        """Return what the legend calls a series."""
        return str(self._properties["SeriesLabelPrefix"] + self._properties["SeriesLabel"].get(series, series))

    def corner(self, series: str) -> int:
        """Return by which axes a series is measured: 0 (left and bottom) or 1 (right and bottom)."""
        return int(self._properties["SeriesPlotCorner"].get(series, 0))

    def add_plots(self, chart: Any, colors: Iterator[Color], scale: float) -> None:
        """Add a plot for each series; lengths in pixels are multiplied by `scale`."""
        get, kind = self._properties, self._properties["ChartType"]
        for series in self.series:
            plot = chart.AddPlot(CHART_TYPES[kind])
            plot.SetInputData(self._table)
            plot.SetInputArray(0, self._table.GetColumnName(0))
            plot.SetInputArray(1, series)
            plot.SetLabel(self.label(series))
            own = get["SeriesColor"].get(series)
            color = next(colors) if own is None else own
            opacity = get["SeriesOpacity"].get(series, 1.0)
            plot.SetColorF(*color, opacity)
            chart.SetPlotCorner(plot, self.corner(series))
            plot.SetWidth(scale * get["SeriesLineThickness"].get(series, 2.0))
            if kind == "Bar":
                plot.GetPen().SetColorF(*color)
                plot.GetPen().SetOpacityF(opacity)
                continue
            if kind == "Line" and series in get["SeriesLineStyle"]:
                plot.GetPen().SetLineType(LINE_STYLES.index(get["SeriesLineStyle"][series]))
            marker = get["SeriesMarkerStyle"].get(series, "Circle" if kind == "Points" else "None")
            plot.SetMarkerStyle(MARKERS[marker])
            plot.SetMarkerSize(scale * get["SeriesMarkerSize"].get(series, 6.0))

    def release(self, window: Any) -> None:
        """Free the data."""
        self._table = vtkTable()

    def _has_numbers(self, series: str) -> bool:
        x, y = (vtk_to_numpy(self._table.GetColumnByName(one)) for one in (self._table.GetColumnName(0), series))
        return bool((np.isfinite(x) & np.isfinite(y)).any())
