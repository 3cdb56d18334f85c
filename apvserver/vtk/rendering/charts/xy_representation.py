"""Curves, points and bars of the columns of one output, and areas of its statistics."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy

from async_paraview.scene.charts.representations import QUARTILE_CHART, XY_BAR_CHART, XY_CHART, XY_POINT_CHART
from async_paraview.scene.charts.settings import CORNER_AXES, LINE_STYLES
from async_paraview.scene.types import SceneType

from ...geometry.charts.extraction import STATISTIC, STATISTICS
from ...geometry.extraction import FULL
from .chart_representation import ChartRepresentation
from .parts.looks import MARKERS, Color, Look
from .parts.plots import (
    CHART_TYPES,
    MOST_BARS,
    USUAL_BARS,
    Numbers,
    add_area,
    add_bars_as_area,
    add_plot,
    positive_only,
)


class CartesianRepresentation(ChartRepresentation):
    """What is drawn over axes: series that have names, labels, and axes that measure them."""

    one_at_a_time: ClassVar[bool] = False
    """Whether a view draws only the last of these that is visible."""
    bar_fill: ClassVar[float] = USUAL_BARS

    @property
    @abstractmethod
    def series(self) -> list[str]:
        """The names of what is drawn: none if it is invisible."""

    @property
    @abstractmethod
    def x_label(self) -> str:
        """What lies along the horizontal axis."""

    def labels(self, series: str) -> list[str]:
        """Return what the legend calls the parts of a series, and the axis of it alone."""
        return [series]

    def corner(self, series: str) -> int:
        """Return by which axes a series is measured, a number of CORNER_AXES."""
        return 0

    def tick_names(self) -> Sequence[str]:
        """Return what stands at 0, 1, ... of the horizontal axis instead of numbers."""
        return ()

    @abstractmethod
    def add_plots(self, chart: Any, colors: Iterator[Color], look: Look, before: int, bars: int) -> None:
        """Add plots for all series; `before` series and, of the `bars` that stand beside each other, stand there."""

    @property
    def bars(self) -> int:
        """How many bars stand beside each other at a place."""
        return 0


class XYRepresentation(CartesianRepresentation):
    """Curves, points or bars, as ChartType says."""

    TYPE = XY_CHART

    @property
    def kind(self) -> str:
        """Line, Bar or Points."""
        return str(self._properties["ChartType"])

    @property
    def bars(self) -> int:
        return len(self.series) if self.kind == "Bar" else 0

    @property
    def x_label(self) -> str:
        return str(self._facts["x"])

    @property
    def series(self) -> list[str]:
        if not self.is_visible:
            return []
        table, wanted = self._parts[FULL], self._properties["SeriesVisibility"]
        names = [table.GetColumnName(index) for index in range(1, table.GetNumberOfColumns())]
        return [name for name in names if self._is_wanted(name, wanted) and self._has_numbers(name)]

    def _is_wanted(self, name: str, wanted: Sequence[str] | None) -> bool:
        return wanted is None or name in wanted

    def _numbers(self, series: str) -> tuple[Numbers, Numbers]:
        table = self._parts[FULL]
        return vtk_to_numpy(table.GetColumn(0)), vtk_to_numpy(table.GetColumnByName(series))

    def _has_numbers(self, series: str) -> bool:
        x, y = self._numbers(series)
        return bool((np.isfinite(x) & np.isfinite(y)).any())

    def labels(self, series: str) -> list[str]:
        return [self.label(series)]

    def label(self, series: str) -> str:
        """Return what the legend calls a series."""
        return str(self._properties["SeriesLabelPrefix"] + self._of("SeriesLabel", series, series))

    def corner(self, series: str) -> int:
        return int(self._of("SeriesPlotCorner", series, 0))

    def _of(self, name: str, series: str, usual: Any) -> Any:
        """Return what a property says of a series."""
        return self._properties[name].get(series, usual)

    def drawn(self, column: str, look: Look, corner: int) -> tuple[Numbers, Numbers]:
        """Return the numbers that the axes of a corner have a place for, in the order in which they are drawn."""
        x, y = self._numbers(column)
        up, across = CORNER_AXES[corner]
        if look.get["SortByXAxis"]:
            order = np.argsort(x, kind="stable")
            x, y = x[order], y[order]
        if look.get[f"{across}AxisLogScale"]:
            x = positive_only(x)
        if look.get[f"{up}AxisLogScale"]:
            y = positive_only(y)
        return x, y

    def color(self, series: str, colors: Iterator[Color]) -> Color:
        """Return the color of a series, the next one if it has none of its own."""
        own: Color | None = self._of("SeriesColor", series, None)
        return next(colors) if own is None else own

    def add_plots(self, chart: Any, colors: Iterator[Color], look: Look, before: int, bars: int) -> None:
        for number, series in enumerate(self.series):
            color = self.color(series, colors)
            if self.kind == "Bar":
                self._add_bars(chart, series, color, look, (before + number, bars))
            else:
                self._add_line(chart, series, color, look)

    def _add_bars(self, chart: Any, series: str, color: Color, look: Look, place: tuple[int, int]) -> None:
        x, y = self.drawn(series, look, self.corner(series))
        opacity, label = self._of("SeriesOpacity", series, 1.0), self.label(series)
        is_log = look.get[f"{CORNER_AXES[self.corner(series)][0]}AxisLogScale"]
        if is_log or len(x) > MOST_BARS:
            plot = add_bars_as_area(chart, x, y, color, opacity, label, place, self.bar_fill, is_log=is_log)
        else:
            plot = add_plot(chart, CHART_TYPES["Bar"], {"x": x, "y": y}, label)
            plot.SetColorF(*color, opacity)
            plot.SetWidth(2.0 * look.scale)
            plot.GetPen().SetColorF(*color)
            plot.GetPen().SetOpacityF(opacity)
        chart.SetPlotCorner(plot, self.corner(series))

    def _add_line(self, chart: Any, series: str, color: Color, look: Look) -> None:
        x, y = self.drawn(series, look, self.corner(series))
        plot = add_plot(chart, CHART_TYPES[self.kind], {"x": x, "y": y}, self.label(series))
        plot.SetColorF(*color, self._of("SeriesOpacity", series, 1.0))
        plot.SetWidth(look.scale * self._of("SeriesLineThickness", series, 2.0))
        style = self._of("SeriesLineStyle", series, None)
        if style is not None and self.kind == "Line":
            plot.GetPen().SetLineType(LINE_STYLES.index(style))
        marker = self._of("SeriesMarkerStyle", series, "Circle" if self.kind == "Points" else "None")
        plot.SetMarkerStyle(MARKERS[marker])
        plot.SetMarkerSize(look.scale * self._of("SeriesMarkerSize", series, 6.0))
        chart.SetPlotCorner(plot, self.corner(series))


class PointRepresentation(XYRepresentation):
    """Points."""

    TYPE: ClassVar[SceneType] = XY_POINT_CHART
    kind = "Points"


class BarRepresentation(XYRepresentation):
    """Bars."""

    TYPE: ClassVar[SceneType] = XY_BAR_CHART
    kind = "Bar"


_AREAS: Final = (("ShowRanges", "min", "max", 0.25), ("ShowQuartiles", "q1", "q3", 0.5))
_LINES: Final = (
    ("ShowAverage", "avg", "Solid"), ("ShowMedian", "med", "Dot"), ("ShowMinimum", "min", "Dash"),
    ("ShowMaximum", "max", "Dash"), ("ShowSum", "sum", "Dash Dot"),
)  # fmt: skip


class QuartileRepresentation(XYRepresentation):
    """Areas and lines of statistics: min(a), q1(a), ... are one series, a; other columns are curves."""

    TYPE: ClassVar[SceneType] = QUARTILE_CHART
    kind = "Line"

    @property
    def series(self) -> list[str]:
        return list(dict.fromkeys(_what(name) for name in super().series))  # several columns are one

    def _is_wanted(self, name: str, wanted: Sequence[str] | None) -> bool:
        return wanted is None or not {name, _what(name), _what(name) + STATISTICS}.isdisjoint(wanted)

    def _has_numbers(self, series: str) -> bool:
        is_column = self._parts[FULL].GetColumnByName(series) is not None
        return super()._has_numbers(series) if is_column else False

    def _of(self, name: str, series: str, usual: Any) -> Any:
        found = self._properties[name]
        return found.get(series, found.get(series + STATISTICS, usual))

    def _statistic(self, name: str, series: str, look: Look) -> tuple[Numbers, Numbers] | None:
        """Return a statistic of a series as it is drawn; None if there is none."""
        column = f"{name}({series})"
        return self.drawn(column, look, self.corner(series)) if self._has_numbers(column) else None

    def add_plots(self, chart: Any, colors: Iterator[Color], look: Look, before: int, bars: int) -> None:
        for series in self.series:
            color = self.color(series, colors)
            if self._has_numbers(series):
                self._add_line(chart, series, color, look)
            self._add_areas(chart, series, color, look)
            for shown, name, style in _LINES:
                found = self._statistic(name, series, look) if self._properties[shown] else None
                if found is not None:
                    self._add_statistic(chart, series, name, found, color, style, look)

    def _add_areas(self, chart: Any, series: str, color: Color, look: Look) -> None:
        for shown, low, high, opaque in _AREAS:
            ends = self._statistic(low, series, look), self._statistic(high, series, look)
            if not self._properties[shown] or ends[0] is None or ends[1] is None:
                continue
            opacity = opaque * self._of("SeriesOpacity", series, 1.0)
            label = f"{low}/{high} {self.label(series)}"
            plot = add_area(chart, ends[0][0], ends[0][1], ends[1][1], color, opacity, label)
            chart.SetPlotCorner(plot, self.corner(series))

    def _add_statistic(
        self,
        chart: Any,
        series: str,
        name: str,
        found: tuple[Numbers, Numbers],
        color: Color,
        style: str,
        look: Look,
    ) -> None:
        plot = add_plot(chart, CHART_TYPES["Line"], {"x": found[0], "y": found[1]}, f"{name} {self.label(series)}")
        plot.SetColorF(*color, self._of("SeriesOpacity", series, 1.0))
        plot.SetWidth(look.scale * self._of("SeriesLineThickness", series, 2.0))
        plot.GetPen().SetLineType(LINE_STYLES.index(self._of("SeriesLineStyle", series, style)))
        plot.SetMarkerStyle(MARKERS[self._of("SeriesMarkerStyle", series, "None")])
        plot.SetMarkerSize(look.scale * self._of("SeriesMarkerSize", series, 6.0))
        chart.SetPlotCorner(plot, self.corner(series))


def _what(column: str) -> str:
    """Return what a column has statistics of; of another column itself."""
    found = STATISTIC.fullmatch(column)
    return column if found is None else found[2]
