"""Charts over axes: curves, bars, points, histograms, statistics and boxes."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final

from vtkmodules.vtkChartsCore import vtkAxis, vtkChartXY

from async_paraview.scene.charts import views
from async_paraview.scene.charts.settings import CORNER_AXES

from ...base.errors import InvalidProperty
from ...base.property_set import PropertySet
from .chart_view import ChartView
from .parts.legend_place import best_place
from .parts.log_axes import set_up_log_axis
from .parts.looks import COLORS, Look, set_labels, set_range, set_up_axis, set_up_legend, set_up_title
from .parts.panels import shortened
from .parts.plots import USUAL_BARS, positive_ends
from .xy_representation import CartesianRepresentation

_BORDER_PIXELS: Final = 30
"""Beside the drawing, where half of the last label of an axis stands."""

AXES: Final = {"Left": vtkAxis.LEFT, "Bottom": vtkAxis.BOTTOM, "Right": vtkAxis.RIGHT, "Top": vtkAxis.TOP}
CORNERS: Final = {name: {at for at, axes in enumerate(CORNER_AXES) if name in axes} for name in AXES}
"""The corners of series that are measured by each."""
_ROOM_FOR_NAMES: Final = 0.7
"""How much of the width of a picture names beside each other may fill."""
_HIGHEST_NAME: Final = 0.3
"""How much of the height of a picture names that stand upright may take."""
ALWAYS: Final = ("Left", "Bottom")
"""The axes that are drawn with or without series."""


class CartesianView(ChartView):
    """One chart of all that is shown. An axis without a title is called by what it shows, if that is one thing.

    On an axis with a logarithmic scale values that are not positive are left out, and if there are no others the scale
    is linear.
    """

    AXES: ClassVar[Sequence[str]] = tuple(AXES)

    @classmethod
    def accepted(cls, before: PropertySet, changes: Mapping[str, object]) -> dict[str, Any]:
        """Return the changes as they will be stored. Raises `UnknownProperty`, `InvalidProperty`."""
        accepted = before.checked(changes)
        check_ranges({**before.snapshot(), **accepted}, cls.AXES)
        return accepted

    def plots(self) -> list[dict[str, Any]]:
        """Return where the plot is, and what its axes span, as it is drawn now: see View."""
        self._require_usable()
        size = self._properties["ViewSize"]
        (chart, *_), _ = self._drawn_items(Look(self._properties.snapshot(), self._page(), size, self._scale))
        (left, bottom), (right, top) = chart.GetPoint1(), chart.GetPoint2()
        names = [name for name in self.AXES if chart.GetAxis(AXES[name]).GetVisible()]
        axes = {name: chart.GetAxis(AXES[name]) for name in names}
        return [
            {
                "area": [float(left), float(size[1] - top), float(right), float(size[1] - bottom)],
                "axes": {name: [one.GetUnscaledMinimum(), one.GetUnscaledMaximum()] for name, one in axes.items()},
                "logarithmic": [name for name, one in axes.items() if one.GetLogScaleActive()],
            }
        ]

    def _items(self, look: Look) -> list[Any]:
        chart = self._chart(look)
        if look.scale != 1:
            self._take_ticks(chart, look)
            for index in range(chart.GetNumberOfPlots()):
                plot = chart.GetPlot(index)
                plot.SetLabel(f" {plot.GetLabel()}")  # VTK leaves three pixels between a sample and its name
        return [chart]

    def _take_ticks(self, chart: Any, look: Look) -> None:
        """Have axes of a magnified chart span what those of the chart itself do, with the same numbers.

        VTK chooses numbers by pixels, whatever the size of texts.
        """
        width, height = (max(1, round(side / look.scale)) for side in look.size)
        small = self._chart(replace(look, size=(width, height), scale=1))
        self._draw_items([small], (width, height))
        for number in AXES.values():
            of, axis = small.GetAxis(number), chart.GetAxis(number)
            axis.SetBehavior(vtkAxis.FIXED)
            axis.SetUnscaledRange(of.GetUnscaledMinimum(), of.GetUnscaledMaximum())
            axis.SetCustomTickPositions(of.GetTickPositions(), of.GetTickLabels())

    def _chart(self, look: Look) -> Any:
        chart, shown = vtkChartXY(), self._shown()
        colors, before = itertools.cycle(COLORS), 0
        bars = sum(one.bars for one in shown)
        for one in shown:
            one.add_plots(chart, colors, look, before, bars)
            before += one.bars or len(one.tick_names())
        chart.SetBarWidthFraction(next((one.bar_fill for one in shown), USUAL_BARS))
        set_up_title(chart, look)
        plots = [chart.GetPlot(index) for index in range(chart.GetNumberOfPlots())]
        chart.SetRenderEmpty(True)
        chart.SetHiddenAxisBorder(round(look.scale * _BORDER_PIXELS))
        for name in self.AXES:
            if name in ALWAYS or self._on_axis(name, shown):
                chart.GetAxis(AXES[name]).SetVisible(True)
                set_up_axis(chart.GetAxis(AXES[name]), name, look, self._automatic_title(name, shown))
                self._span(chart, name, look, plots)
        named = [str(one.GetLabel()) for one in plots if one.GetLegendVisibility()]
        chart.SetShowLegend(look.get["ShowLegend"] and bool(named))
        set_up_legend(chart, look, lambda: best_place(plots, named, look))
        self._name_ticks(chart, look, [name for one in shown for name in one.tick_names()])
        return chart

    def _span(self, chart: Any, name: str, look: Look, plots: Sequence[Any]) -> None:
        """Have a logarithmic axis span the positive numbers that are drawn along it."""
        if not look.get[f"{name}AxisLogScale"]:
            return
        measured = [one for one in plots if chart.GetPlotCorner(one) in CORNERS[name]]
        ends = [one for plot in measured for one in positive_ends(plot, across=name in ("Bottom", "Top"))]
        if ends:
            set_up_log_axis(chart.GetAxis(AXES[name]), name, look, (min(ends), max(ends)))

    def _shown(self) -> list[CartesianRepresentation]:
        shown = [one for one in self._representations.values() if one.series]
        return shown[-1:] if shown and shown[-1].one_at_a_time else shown

    def _on_axis(self, name: str, shown: Sequence[CartesianRepresentation]) -> list[str]:
        """Return the labels of the series that are measured by an axis."""
        return [
            label
            for one in shown
            for series in one.series
            if one.corner(series) in CORNERS[name]
            for label in one.labels(series)
        ]

    def _automatic_title(self, name: str, shown: Sequence[CartesianRepresentation]) -> str:
        is_across = name in ("Bottom", "Top")
        titles = {one.x_label for one in shown} if is_across else set(self._on_axis(name, shown))
        return titles.pop() if len(titles) == 1 else ""

    def _name_ticks(self, chart: Any, look: Look, names: Sequence[str]) -> None:
        """Have names stand at 0, 1, ... of the horizontal axis, upright where they need more room than there is."""
        get = look.get
        if not names or get["BottomAxisUseCustomLabels"]:
            return
        axis = chart.GetAxis(vtkAxis.BOTTOM)
        axis.SetLogScale(False)
        axis.SetGridVisible(False)
        if not get["BottomAxisUseCustomRange"]:
            set_range(axis, -0.5, len(names) - 0.5)
        widest = max(look.extent("BottomAxisLabel", name)[0] for name in names)
        upright = widest * len(names) > _ROOM_FOR_NAMES * look.size[0]
        room = _HIGHEST_NAME * look.size[1]
        shown = [shortened(name, room, look, "BottomAxisLabel") for name in names] if upright else names
        set_labels(axis, range(len(names)), shown)
        axis.SetVerticalLabels(upright)


class XYChartView(CartesianView):
    """Curves, bars or points."""

    TYPE = views.XY_CHART_VIEW


class XYPointChartView(CartesianView):
    """Points."""

    TYPE = views.XY_POINT_CHART_VIEW


class XYBarChartView(CartesianView):
    """Bars."""

    TYPE = views.XY_BAR_CHART_VIEW


class HistogramView(CartesianView):
    """A histogram: of several, that which was shown last."""

    TYPE = views.HISTOGRAM_VIEW


class QuartileView(CartesianView):
    """Statistics."""

    TYPE = views.QUARTILE_VIEW


class BoxView(CartesianView):
    """Boxes beside each other."""

    TYPE = views.BOX_VIEW
    AXES = ALWAYS


def check_ranges(after: Mapping[str, Any], axes: Sequence[str]) -> None:
    """Raise `InvalidProperty` for a range of an axis that is none, or cannot be logarithmic."""
    for axis in axes:
        low, high = after[f"{axis}AxisRangeMinimum"], after[f"{axis}AxisRangeMaximum"]
        if after[f"{axis}AxisUseCustomRange"] and not low < high:
            raise InvalidProperty(f"{axis}AxisRangeMinimum {low:g} must be below {axis}AxisRangeMaximum {high:g}")
        if after[f"{axis}AxisUseCustomRange"] and after[f"{axis}AxisLogScale"] and low <= 0:
            raise InvalidProperty(f"{axis}AxisRangeMinimum must be positive for a log scale, and is {low:g}")
