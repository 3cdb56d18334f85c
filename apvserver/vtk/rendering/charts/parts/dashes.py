"""Dashes of magnified charts: VTK draws them with the same pixels, however wide lines are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkChartsCore import vtkAxis, vtkChartXY, vtkPlotLine
from vtkmodules.vtkRenderingContext2D import vtkPen

from .looks import extent_of
from .plots import Numbers, add_line
from .unit_scale import measure_in_pixels

PATTERNS: Final = {
    vtkPen.DASH_LINE: (8, 8),
    vtkPen.DOT_LINE: (1, 7),
    vtkPen.DASH_DOT_LINE: (4, 6, 2, 4),
    vtkPen.DASH_DOT_DOT_LINE: (3, 3, 1, 3, 3, 3),
}
"""How long what is drawn and what is left out are, in turn, in points: as in VTK's patterns, in pixels."""
_MOST: Final = 100_000
"""A line of more dashes is left as it is: they lie upon each other."""
_SYMBOL_GAP: Final = 3
"""How much shorter than its room a sample in a legend is, in pixels; VTK's own."""


def scaled_dashes(items: Sequence[Any], scale: float) -> list[Any]:
    """Have dashes of charts that were drawn once be as long as points are large.

    Returns what draws the samples in their legends.
    """
    dashed = [(chart, plot) for chart in items if isinstance(chart, vtkChartXY) for plot in _dashed(chart)]
    if not dashed:
        return []
    measure_in_pixels(items)
    samples: list[Any] = []
    for chart, plot in dashed:
        lengths = [scale * one for one in PATTERNS[plot.GetPen().GetLineType()]]
        if _replace(chart, plot, lengths):
            samples += _sample(chart, plot, lengths)
            plot.GetPen().SetLineType(vtkPen.NO_PEN)
    return samples


def dashes(x: Numbers, y: Numbers, lengths: Sequence[float]) -> tuple[Numbers, Numbers] | None:
    """Return the ends of dashes along a curve, NaN after each; None if there are too many.

    `lengths` are those of what is drawn and what is left out, in turn. Each part of an interrupted curve begins anew.
    """
    there = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    found: list[Numbers] = []
    for rows in np.split(there, np.flatnonzero(np.diff(there) > 1) + 1):
        way = np.append(0.0, np.cumsum(np.hypot(np.diff(x[rows]), np.diff(y[rows]))))
        if way[-1] == 0:
            continue
        if way[-1] / sum(lengths) * len(lengths) > _MOST:
            return None
        ends = np.cumsum(np.tile(lengths, int(way[-1] / sum(lengths)) + 1))
        stops = np.unique(np.concatenate([way, ends[ends < way[-1]]]))
        middles = (stops[:-1] + stops[1:]) / 2
        drawn = np.searchsorted(ends, middles) % 2 == 0
        pairs = np.column_stack([stops[:-1], stops[1:], np.full(len(middles), np.nan)])[drawn].ravel()
        found.append(np.column_stack([np.interp(pairs, way, x[rows]), np.interp(pairs, way, y[rows])]))
    joined = np.concatenate(found) if found else np.empty((0, 2))
    return joined[:, 0], joined[:, 1]


def _dashed(chart: Any) -> Iterator[Any]:
    for index in range(chart.GetNumberOfPlots()):
        plot = chart.GetPlot(index)
        if isinstance(plot, vtkPlotLine) and plot.GetPen().GetLineType() in PATTERNS:
            yield plot


def _replace(chart: Any, plot: Any, lengths: Sequence[float]) -> bool:
    """Draw a line as dashes, by another plot; False if it is left as it is."""
    columns = [np.asarray(vtk_to_numpy(plot.GetInput().GetColumn(at)), np.float64) for at in (0, 1)]
    found = dashes(columns[0], columns[1], lengths)
    if found is None:
        return False
    pen = plot.GetPen()
    color = tuple(one / 255 for one in (*(pen.GetColorObject()[at] for at in range(3)), pen.GetOpacity()))
    chart.SetPlotCorner(add_line(chart, *found, color, plot.GetWidth()), chart.GetPlotCorner(plot))
    return True


def _sample(chart: Any, plot: Any, lengths: Sequence[float]) -> list[Any]:
    """Return what draws the dashes of a line where a legend shows them: an axis for each, of nothing but its line."""
    plots = [chart.GetPlot(index) for index in range(chart.GetNumberOfPlots())]
    named = [one for one in plots if one.GetLegendVisibility()]
    if plot not in named or not chart.GetShowLegend():
        return []
    legend = chart.GetLegend()
    padding = legend.GetPadding()
    height = extent_of(legend.GetLabelProperties(), "Tgyf")[1]
    left, low = (float(one) for one in legend.GetPointVector())
    first, last = left + padding, left + padding + legend.GetSymbolWidth() - _SYMBOL_GAP
    middle = low + padding + (len(named) - 1 - named.index(plot)) * (height + padding) + height / 2
    ends = np.array([first, last]), np.array([middle, middle])
    pairs = dashes(*ends, lengths)
    if pairs is None:
        return []
    return [_line(*pair, middle, plot.GetPen()) for pair in zip(pairs[0][::3], pairs[0][1::3], strict=True)]


def _line(first: float, last: float, height: float, pen: Any) -> Any:
    made = vtkAxis()
    made.SetPosition(vtkAxis.BOTTOM)
    for is_shown in (made.SetTicksVisible, made.SetLabelsVisible, made.SetGridVisible, made.SetTitleVisible):
        is_shown(False)
    made.SetPoint1(first, height)
    made.SetPoint2(last, height)
    made.GetPen().DeepCopy(pen)
    made.GetPen().SetLineType(vtkPen.SOLID_LINE)
    return made
