"""Charts whose numbers are measured in pixels: what VTK writes of others as vectors has lines and markers out of scale.

VTK 9.7 draws plots within a transform from numbers to pixels. Its SVG device applies that to the widths of lines and to
markers as well; with one pixel for each number it cannot.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkChartsCore import vtkAxis, vtkChartXY, vtkPlotArea, vtkPlotHistogram2D
from vtkmodules.vtkCommonCore import vtkDoubleArray
from vtkmodules.vtkCommonDataModel import vtkImageData

from ...exports.svg_corrections import Picture, Rectangle
from ...images import png_bytes
from .plots import Numbers, add_area, at_least_three, table_of

_MOST_OF_A_CELL: Final = 64
_MOST_OF_A_SIDE: Final = 2048
_COMPRESSION: Final = 9
_AXES: Final = (vtkAxis.LEFT, vtkAxis.BOTTOM, vtkAxis.RIGHT, vtkAxis.TOP)


def measure_in_pixels(items: Iterable[Any]) -> None:
    """Have all charts among items that were drawn once span as many numbers as pixels, and look the same."""
    for chart in items:
        if isinstance(chart, vtkChartXY):
            _split_areas(chart)
            scales = {number: _pixels_of_a_number(chart.GetAxis(number)) for number in _AXES}
            for index in range(chart.GetNumberOfPlots()):
                plot = chart.GetPlot(index)
                corner = chart.GetPlotCorner(plot)
                across = vtkAxis.BOTTOM if corner in (0, 1) else vtkAxis.TOP
                up = vtkAxis.LEFT if corner in (0, 3) else vtkAxis.RIGHT
                _scale_plot(plot, chart.GetAxis(across), scales[across], chart.GetAxis(up), scales[up])
            for number in _AXES:
                _scale_axis(chart.GetAxis(number), scales[number])


def frames_of(items: Iterable[Any]) -> list[Rectangle]:
    """Return the rectangles of charts that were drawn, beyond which they are cut off."""
    return [_frame(chart) for chart in items if _is_chart(chart)]


def _frame(chart: Any) -> Rectangle:
    across, up = chart.GetAxis(vtkAxis.BOTTOM), chart.GetAxis(vtkAxis.LEFT)
    return across.GetPoint1()[0], up.GetPoint1()[1], across.GetPoint2()[0], up.GetPoint2()[1]


def pictures_in(items: Iterable[Any]) -> list[Picture]:
    """Return the images that are drawn in charts, where they are."""
    found = []
    for chart in items:
        plots = [chart.GetPlot(index) for index in range(chart.GetNumberOfPlots())] if _is_chart(chart) else []
        found += [_picture(chart, plot) for plot in plots if isinstance(plot, vtkPlotHistogram2D)]
    return found


def _picture(chart: Any, plot: Any) -> Picture:
    image, across, up = plot.GetInputImageData(), chart.GetAxis(vtkAxis.BOTTOM), chart.GetAxis(vtkAxis.LEFT)
    width, height, _ = image.GetDimensions()
    left = across.GetPoint1()[0] + image.GetOrigin()[0] - across.GetMinimum()
    bottom = up.GetPoint1()[1] + image.GetOrigin()[1] - up.GetMinimum()
    place = left, bottom, left + width * image.GetSpacing()[0], bottom + height * image.GetSpacing()[1]
    array = image.GetPointData().GetArray(plot.GetArrayName())
    colors = vtk_to_numpy(plot.GetTransferFunction().MapScalars(array, 0, 0)).reshape(height, width, 4)
    return Picture(png_bytes(_enlarged(colors[::-1]), compression=_COMPRESSION), place, _frame(chart))


def _enlarged(colors: Any) -> Any:
    """Return a picture with more pixels for each cell: programs that show files smooth pictures, and so blur cells."""
    rows, columns, _ = colors.shape
    each = max(1, min(_MOST_OF_A_CELL, _MOST_OF_A_SIDE // max(rows, columns)))
    return np.ascontiguousarray(colors.repeat(each, axis=0).repeat(each, axis=1), np.uint8)


def _is_chart(item: Any) -> bool:
    return isinstance(item, vtkChartXY)


def _pixels_of_a_number(axis: Any) -> float:
    first, last = axis.GetPoint1(), axis.GetPoint2()
    length = max(abs(last[0] - first[0]), abs(last[1] - first[1]))
    span = axis.GetMaximum() - axis.GetMinimum()
    return float(length / span) if span > 0 and length > 0 else 1.0


def _split_areas(chart: Any) -> None:
    """Have each part of an interrupted area drawn by a plot of its own: only the first parts are written else."""
    for plot in [chart.GetPlot(index) for index in range(chart.GetNumberOfPlots())]:
        if not isinstance(plot, vtkPlotArea):
            continue
        columns = [np.asarray(vtk_to_numpy(plot.GetInput().GetColumn(index))) for index in range(3)]
        there = np.flatnonzero(np.isfinite(columns).all(axis=0))
        if len(there) in (0, len(columns[0])):
            continue
        corner, color = chart.GetPlotCorner(plot), _color(plot.GetBrush())
        for number, rows in enumerate(np.split(there, np.flatnonzero(np.diff(there) > 1) + 1)):
            x, low, high = (at_least_three(column[rows]) for column in columns)
            if number == 0:
                _set_columns(plot, {"x": x, "low": low, "high": high})
            else:
                chart.SetPlotCorner(add_area(chart, x, low, high, color, plot.GetBrush().GetOpacity() / 255), corner)


def _color(stroke: Any) -> tuple[float, float, float]:
    """Return the color of a pen or brush."""
    red, green, blue = (stroke.GetColorObject()[index] / 255 for index in range(3))
    return red, green, blue


def _set_columns(plot: Any, columns: Mapping[str, Numbers]) -> None:
    plot.SetInputData(table_of(columns))
    for number, name in enumerate(columns):
        plot.SetInputArray(number, name)


def _scaled(values: Numbers, axis: Any, scale: float) -> Numbers:
    if axis.GetLogScaleActive():
        values = np.log10(np.where(values > 0, values, np.nan))
    return values * scale


def _scale_plot(plot: Any, x_axis: Any, x_scale: float, y_axis: Any, y_scale: float) -> None:
    if isinstance(plot, vtkPlotHistogram2D):
        image = vtkImageData()
        image.ShallowCopy(plot.GetInputImageData())
        scales = (x_scale, y_scale, 1.0)
        image.SetOrigin([one * scale for one, scale in zip(image.GetOrigin(), scales, strict=True)])
        image.SetSpacing([one * scale for one, scale in zip(image.GetSpacing(), scales, strict=True)])
        plot.SetInputData(image)
        return
    table = plot.GetInput()
    names = [table.GetColumnName(index) for index in range(table.GetNumberOfColumns())]
    columns = {}
    for number, name in enumerate(names):
        values = np.asarray(vtk_to_numpy(table.GetColumn(number)), np.float64)
        columns[name] = _scaled(values, y_axis, y_scale) if number else _scaled(values, x_axis, x_scale)
    _set_columns(plot, columns)


def _scale_axis(axis: Any, scale: float) -> None:
    low, high, places = axis.GetMinimum(), axis.GetMaximum(), vtkDoubleArray()
    for place in vtk_to_numpy(axis.GetTickPositions()):
        places.InsertNextValue(float(place) * scale)
    labels = axis.GetTickLabels()
    axis.SetLogScale(False)
    axis.SetUnscaledMinimumLimit(-math.inf)  # which VTK has made 10 to that power
    axis.SetBehavior(vtkAxis.FIXED)
    axis.SetUnscaledRange(low * scale, high * scale)
    axis.SetCustomTickPositions(places, labels)
