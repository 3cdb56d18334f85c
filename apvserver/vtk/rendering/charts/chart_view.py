"""Draws charts off screen into images: curves, bars and points of columns of tables."""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Mapping
from typing import Any, Final

import vtkmodules.vtkRenderingContextOpenGL2
import vtkmodules.vtkRenderingFreeType  # noqa: F401  registers what draws, and texts
from vtkmodules.vtkChartsCore import vtkAxis, vtkChartLegend, vtkChartXY
from vtkmodules.vtkRenderingContext2D import vtkContextActor
from vtkmodules.vtkRenderingCore import vtkRenderer

from async_paraview.names import unknown_name
from async_paraview.scene.views import CHART_VIEW, WHITE

from ...base.errors import InvalidProperty
from ...base.property_set import PropertySet
from ..exports.chart_files import FORMATS, chart_file
from ..images import RenderedImage
from ..paper import Paper, faint, paper_of
from ..render_view import UnknownRepresentation
from ..view import View
from .chart_representation import COLORS, ChartRepresentation

_SAMPLES: Final = 8
_LEGEND_POINTS: Final = 12
_SYMBOL_PIXELS: Final = 25
_BORDER_PIXELS: Final = 30
"""Beside the drawing, where half of the last label of an axis stands."""

LEGEND_PLACES: Final = {
    "TopLeft": (vtkChartLegend.LEFT, vtkChartLegend.TOP),
    "TopRight": (vtkChartLegend.RIGHT, vtkChartLegend.TOP),
    "BottomLeft": (vtkChartLegend.LEFT, vtkChartLegend.BOTTOM),
    "BottomRight": (vtkChartLegend.RIGHT, vtkChartLegend.BOTTOM),
}
AXES: Final = {"Left": vtkAxis.LEFT, "Bottom": vtkAxis.BOTTOM, "Right": vtkAxis.RIGHT, "Top": vtkAxis.TOP}
CORNERS: Final = {"Left": (0, 3), "Bottom": (0, 1), "Right": (1, 2), "Top": (2, 3)}
"""The corners of series that are measured by each."""
ALWAYS: Final = ("Left", "Bottom")
"""The axes that are drawn with or without series."""


def _accepted(before: PropertySet, changes: Mapping[str, object]) -> dict[str, Any]:
    """Return the changes as they will be stored. Raises `UnknownProperty`, `InvalidProperty`."""
    accepted = before.checked(changes)
    after = {**before.snapshot(), **accepted}
    for axis in AXES:
        low, high = after[f"{axis}AxisRangeMinimum"], after[f"{axis}AxisRangeMaximum"]
        if after[f"{axis}AxisUseCustomRange"] and not low < high:
            raise InvalidProperty(f"{axis}AxisRangeMinimum {low:g} must be below {axis}AxisRangeMaximum {high:g}")
        if after[f"{axis}AxisUseCustomRange"] and after[f"{axis}AxisLogScale"] and low <= 0:
            raise InvalidProperty(f"{axis}AxisRangeMinimum must be positive for a log scale, and is {low:g}")
    return accepted


class ChartView(View):
    """One chart of everything that is shown in it. An axis without a title is called by what it shows, if that is one.

    A color of None is one that is seen on the background. On an axis with a logarithmic scale values that are not
    positive are left out, and if there are no others the scale is linear.
    """

    def __init__(self, properties: Mapping[str, object] | None = None) -> None:
        """Open a view. Raises `OpenGLUnavailable` where nothing can be rendered, else as `set_properties`."""
        super().__init__(PropertySet(CHART_VIEW), CHART_VIEW.owner)
        self._representations: dict[Hashable, ChartRepresentation] = {}
        self._scale = 1
        self.set_properties(properties or {})
        self._open()
        self._window.SetAlphaBitPlanes(True)
        self._window.SetMultiSamples(_SAMPLES)
        self._actor, self._renderer = vtkContextActor(), vtkRenderer()
        self._renderer.AddActor(self._actor)
        self._actor.GetScene().SetRenderer(self._renderer)
        self._window.AddRenderer(self._renderer)

    @classmethod
    def check_properties(cls, changes: Mapping[str, object]) -> None:
        """Raise what `set_properties` of a new view would raise."""
        _accepted(PropertySet(CHART_VIEW), changes)

    def set_properties(self, changes: Mapping[str, object]) -> None:
        """Change properties, all or none. Raises `UnknownProperty`, `InvalidProperty`."""
        self._require_usable()
        self._properties.update(_accepted(self._properties, changes))

    def add_representation(self, identifier: Hashable, representation: ChartRepresentation) -> None:
        """Show the representation; what had this identifier is removed and released."""
        self._require_usable()
        self._representations[identifier] = representation

    def remove_representation(self, identifier: Hashable) -> None:
        """Stop showing it. Raises `UnknownRepresentation`."""
        self._require_usable()
        if identifier not in self._representations:
            known = (str(one) for one in self._representations)
            raise UnknownRepresentation(unknown_name("representation", identifier, known))
        self._representations.pop(identifier).release(self._window)

    def render(self, *, reduced: bool = False, sample: int = 0) -> RenderedImage:
        """Draw the chart and read the picture back; there is nothing to reduce or refine."""
        self._require_usable()
        width, height = self._properties["ViewSize"]
        drawing_s = self._draw((width, height))
        return RenderedImage(width, height, self._pixels((width, height)), None, drawing_s)

    def exported_file(self, format: str) -> bytes:
        """Return the chart as an SVG or PDF file. Raises InvalidProperty for another format, NotExported."""
        self._require_usable()
        if format not in FORMATS:
            raise InvalidProperty(unknown_name("format of charts", format, FORMATS))
        self._draw(self._properties["ViewSize"])
        return chart_file(self._window, format)

    def _draw(
        self, size: tuple[int, int], *, reduced: bool = False, sample: int = 0, transparent: bool = False
    ) -> float:
        self._window.SetSize(*size)
        self._renderer.SetBackground(self._properties["Background"])
        self._renderer.SetBackgroundAlpha(0.0 if transparent else 1.0)
        scene = self._actor.GetScene()
        scene.ClearItems()
        scene.AddItem(self._chart(self._scale, paper_of(self._properties.snapshot(), WHITE, transparent=transparent)))
        return self._render_window()

    def _magnify(self, factor: int) -> None:
        self._scale = factor  # the layout of a chart does not know of the window's resolution

    def _release(self) -> None:
        self._representations.clear()
        self._actor.GetScene().ClearItems()
        self._renderer.ReleaseGraphicsResources(self._window)
        self._window.RemoveRenderer(self._renderer)
        del self._renderer, self._actor

    # --- the chart, made anew for each drawing: that costs less than to find out what is different

    def _chart(self, scale: int, paper: Paper) -> Any:
        chart, get = vtkChartXY(), self._properties
        colors = itertools.cycle(COLORS)
        for representation in self._representations.values():
            representation.add_plots(chart, colors, scale)
        chart.SetTitle(get["ChartTitle"])
        chart.GetTitleProperties().SetFontSize(scale * get["ChartTitleFontSize"])
        chart.GetTitleProperties().SetColor(get["ChartTitleColor"] or paper.ink())
        chart.SetShowLegend(get["ShowLegend"] and chart.GetNumberOfPlots() > 0)
        chart.GetLegend().SetLabelSize(scale * _LEGEND_POINTS)
        chart.GetLegend().SetSymbolWidth(scale * _SYMBOL_PIXELS)
        chart.SetRenderEmpty(True)
        chart.SetHiddenAxisBorder(scale * _BORDER_PIXELS)
        self._set_up_legend(chart.GetLegend(), paper)
        for name, place in AXES.items():
            if name not in ALWAYS and not self._measures(name):
                continue
            chart.GetAxis(place).SetVisible(True)
            self._set_up_axis(chart.GetAxis(place), name, scale)
            self._color_axis(chart.GetAxis(place), name, paper)
        return chart

    def _set_up_legend(self, legend: Any, paper: Paper) -> None:
        across, up = LEGEND_PLACES[self._properties["LegendLocation"]]
        legend.SetHorizontalAlignment(across)
        legend.SetVerticalAlignment(up)
        color = self._properties["LegendColor"] or paper.ink()
        legend.GetLabelProperties().SetColor(color)
        legend.GetPen().SetColorF(*color)
        legend.GetBrush().SetColorF(*paper.at(0.5))

    def _color_axis(self, axis: Any, name: str, paper: Paper) -> None:
        get, ink = self._properties, paper.ink()
        axis.GetPen().SetColorF(*(get[f"{name}AxisColor"] or ink))
        axis.GetTitleProperties().SetColor(get[f"{name}AxisTitleColor"] or ink)
        axis.GetLabelProperties().SetColor(get[f"{name}AxisLabelColor"] or ink)
        axis.GetGridPen().SetColorF(*(get[f"{name}AxisGridColor"] or faint(paper.at(0.5), ink)))

    def _set_up_axis(self, axis: Any, name: str, scale: int) -> None:
        get = self._properties
        axis.SetTitle(get[f"{name}AxisTitle"] or self._automatic_title(name))
        axis.GetTitleProperties().SetFontSize(scale * get[f"{name}AxisTitleFontSize"])
        axis.GetLabelProperties().SetFontSize(scale * get[f"{name}AxisLabelFontSize"])
        axis.SetLogScale(get[f"{name}AxisLogScale"])
        axis.SetGridVisible(get[f"Show{name}AxisGrid"])
        axis.GetPen().SetWidth(scale)
        if get[f"{name}AxisUseCustomRange"]:
            axis.SetBehavior(vtkAxis.FIXED)
            axis.SetUnscaledRange(get[f"{name}AxisRangeMinimum"], get[f"{name}AxisRangeMaximum"])

    def _measures(self, name: str) -> bool:
        """Return whether some series is measured by an axis."""
        return any(one.corner(series) in CORNERS[name] for one in self._shown() for series in one.series)

    def _shown(self) -> list[ChartRepresentation]:
        return [one for one in self._representations.values() if one.series]

    def _automatic_title(self, name: str) -> str:
        drawn = self._shown()
        if name in ("Bottom", "Top"):
            titles = {one.x_label for one in drawn}
        else:
            on_it = [(one, series) for one in drawn for series in one.series if one.corner(series) in CORNERS[name]]
            titles = {one.label(series) for one, series in on_it}
        return titles.pop() if len(titles) == 1 else ""
