"""Plots of VTK: curves, bars, points and areas of tables of numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkChartsCore import vtkChart
from vtkmodules.vtkCommonDataModel import vtkTable

from async_paraview.scene.charts.settings import LINE_STYLES

from ....base.array_types import copied
from ....base.values.distinct import distinct
from ...axes.ticks import log_limits
from .looks import MARKERS, Color

Numbers = npt.NDArray[np.float64]

CHART_TYPES: Final = {"Line": vtkChart.LINE, "Bar": vtkChart.BAR, "Points": vtkChart.POINTS}
MOST_BARS: Final = 2000
"""So many bars are drawn one by one."""
USUAL_BARS: Final = 0.8
"""How much of their distance bars fill."""


def table_of(columns: Mapping[str, Numbers]) -> Any:
    """Return a table of columns."""
    made = vtkTable()
    for name, values in columns.items():
        array = copied(np.asarray(values, np.float64))
        array.SetName(name)
        made.AddColumn(array)
    return made


def add_plot(chart: Any, kind: int, columns: Mapping[str, Numbers], label: str = "") -> Any:
    """Return a new plot of a chart, of its first column and the others over it; without a label it is in no legend."""
    plot = chart.AddPlot(kind)
    plot.SetInputData(table_of(columns))
    for index, name in enumerate(columns):
        plot.SetInputArray(index, name)
    plot.SetLabel(label)
    plot.SetLegendVisibility(bool(label))
    return plot


def add_line(
    chart: Any, x: Numbers, y: Numbers, color: Color, width: float, *, style: str = "Solid", label: str = ""
) -> Any:
    """Return a new curve, interrupted where there is NaN."""
    plot = add_plot(chart, vtkChart.LINE, {"x": x, "y": y}, label)
    plot.SetMarkerStyle(MARKERS["None"])
    plot.SetColorF(*color[:3], color[3] if len(color) > 3 else 1.0)
    plot.SetWidth(width)
    plot.GetPen().SetLineType(LINE_STYLES.index(style))
    return plot


def add_area(chart: Any, x: Numbers, low: Numbers, high: Numbers, color: Color, opacity: float, label: str = "") -> Any:
    """Return a new area between two curves, interrupted where there is NaN, without lines around it."""
    columns = {"x": at_least_three(x), "low": at_least_three(low), "high": at_least_three(high)}
    plot = add_plot(chart, vtkChart.AREA, columns, label)
    plot.SetColorF(*color[:3], opacity)
    plot.GetBrush().SetOpacityF(opacity)
    plot.GetPen().SetLineType(LINE_STYLES.index("None"))
    return plot


def at_least_three(values: Numbers) -> Numbers:
    """Return numbers with one between two of them: of two points VTK draws no area."""
    return np.array([values[0], values[0] / 2 + values[1] / 2, values[1]]) if len(values) == 2 else values


def add_bars_as_area(
    chart: Any,
    x: Numbers,
    y: Numbers,
    color: Color,
    opacity: float,
    label: str,
    place: tuple[int, int],
    fill: float,
    *,
    is_log: bool,
) -> Any:
    """Return new bars as one area, where VTK's begin at a wrong place or are too many to be drawn one by one.

    On a logarithmic axis they stand on a number below the smallest, where VTK's begin at 1. `place` is which of how
    many bars beside each other, `fill` how much of their distance all of these fill.
    """
    middles = distinct(x[np.isfinite(x)])
    distance = float(np.diff(middles).min()) if len(middles) > 1 else 1.0
    width = distance * fill / place[1]
    left = x - distance * fill / 2 + place[0] * width
    floor = floor_of_log(y) if is_log else 0.0
    nan = np.full(len(x), np.nan)
    across = np.column_stack([left, left + width, nan]).ravel()
    high = np.column_stack([y, y, nan]).ravel()
    low = np.where(np.isnan(high), np.nan, floor)
    return add_area(chart, across, low, high, color, opacity, label)


def floor_of_log(y: Numbers) -> float:
    """Return where bars of positive numbers begin on a logarithmic axis: about at half of the smallest one."""
    positive = y[y > 0]
    return log_limits(float(positive.min()) / 2, float(positive.max()))[0] if len(positive) else 1.0


def positive_only(values: Numbers) -> Numbers:
    """Return numbers with NaN in place of those that have no logarithm."""
    return np.where(values > 0, values, np.nan)


def positive_ends(plot: Any, *, across: bool) -> Sequence[float]:
    """Return the smallest and the largest positive number that a plot has across, or up; nothing if there is none."""
    table = plot.GetInput()
    places = (0,) if across else range(1, table.GetNumberOfColumns())
    values = np.concatenate([vtk_to_numpy(table.GetColumn(at)) for at in places])
    values = values[(values > 0) & np.isfinite(values)]
    return (float(values.min()), float(values.max())) if len(values) else ()
