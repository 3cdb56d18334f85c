"""Rows as lines across axes that stand beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy

from async_paraview.scene.charts.representations import PARALLEL_CHART
from async_paraview.scene.charts.views import PARALLEL_VIEW
from async_paraview.scene.types import SceneType

from ...geometry.extraction import FULL
from ..axes.ticks import number_text, ticks
from .chart_representation import ChartRepresentation
from .chart_view import ChartView
from .parts.looks import LABEL_OFFSET, TICK, Look, set_labels
from .parts.panels import GAP, Rectangle, panel, shortened, span, title_above, title_height, upright_axis, words
from .parts.plots import Numbers, add_line

_UNDER: Final = 0.75
"""How opaque the paper is behind numbers that lines cross."""


class ParallelRepresentation(ChartRepresentation):
    """One line for each row; a row lacks what is no number."""

    TYPE: ClassVar[SceneType] = PARALLEL_CHART

    @property
    def columns(self) -> Mapping[str, tuple[Numbers, tuple[float, float]]]:
        """The numbers that are drawn, and the range of all that there are: of each column that has any."""
        if not self.is_visible:
            return {}
        table, wanted = self._parts[FULL], self._properties["SeriesVisibility"]
        found = {}
        for at, limits in enumerate(self._facts["ranges"]):
            name = table.GetColumnName(at)
            if limits is not None and (wanted is None or name in wanted):
                found[name] = vtk_to_numpy(table.GetColumn(at)), (float(limits[0]), float(limits[1]))
        return found

    def add_lines(self, chart: Any, spans: Sequence[tuple[float, float]], look: Look) -> None:
        """Add all lines to a chart whose axes are at 0, 1, ..., and span from 0 to 1."""
        columns = [*self.columns.values()]
        heights = [_fractions(values, limits) for (values, _), limits in zip(columns, spans, strict=True)]
        rows = np.column_stack([*heights, np.full(len(heights[0]), np.nan)])
        places = np.tile(np.append(np.arange(len(heights), dtype=np.float64), np.nan), len(rows))
        get = self._properties
        color = (*(get["Color"] or look.paper.ink()), get["Opacity"])
        add_line(chart, places, rows.ravel(), color, look.scale * get["LineThickness"], style=get["LineStyle"])


class ParallelView(ChartView):
    """Of several outputs that which was shown last."""

    TYPE = PARALLEL_VIEW

    def _items(self, look: Look) -> list[Any]:
        shown = self._last_visible()
        columns = {} if shown is None else shown.columns
        spans = [_round_limits(*limits) for _, limits in columns.values()]
        place = _place(look, list(columns), spans)
        if not columns:
            return title_above(look)
        chart = panel(place)
        span(chart, (0.0, max(1.0, len(columns) - 1.0)), (0.0, 1.0))
        shown.add_lines(chart, spans, look)
        items = [*title_above(look), chart]
        step = place.width / max(1, len(columns) - 1)
        for number, (name, limits) in enumerate(zip(columns, spans, strict=True)):
            x = place.left + number * step
            items.append(_axis(x, place, limits, look, is_first=number == 0))
            y = place.top + look.scale * (GAP + look.get["AxisTitleFontSize"] * 1.4)
            text = shortened(name, step, look, "AxisTitle")
            items.append(words(text, x, y, look, "AxisTitle", look.ink("AxisTitleColor")))
        return items


def _axis(x: float, place: Rectangle, limits: tuple[float, float], look: Look, *, is_first: bool) -> Any:
    axis = upright_axis(x, place, limits)
    numbers = _numbers(limits, place, look)
    set_labels(axis, numbers, [number_text(one, numbers) for one in numbers])
    look.write(axis.GetLabelProperties(), "AxisLabel", look.ink("AxisLabelColor"))
    if not is_first:
        axis.GetLabelProperties().SetBackgroundColor(look.paper.at(0.5))
        axis.GetLabelProperties().SetBackgroundOpacity(_UNDER)
    axis.GetPen().SetColorF(*look.ink("AxisColor"))
    axis.GetPen().SetWidth(look.scale)
    axis.SetTickLength(look.scale * TICK)
    axis.SetLabelOffset(look.scale * LABEL_OFFSET)
    return axis


def _fractions(values: Numbers, limits: tuple[float, float]) -> Numbers:
    low, high = limits
    if np.isfinite(high - low):
        return (values - low) / (high - low)
    return (values / 2 - low / 2) / (high / 2 - low / 2)


def _round_limits(low: float, high: float) -> tuple[float, float]:
    """Return between which round numbers a column lies."""
    if not low < high:
        half = abs(low) / 2 or 0.5
        return low - half, low + half
    found = ticks(low, high)
    step = found[1] - found[0] if len(found) > 1 else high - low
    first, last = found[0], found[-1]
    beyond = first - step if first > low else first, last + step if last < high else last
    return beyond if np.isfinite(beyond).all() else (low, high)


def _numbers(limits: tuple[float, float], place: Rectangle, look: Look) -> list[float]:
    """Return the numbers of an axis that there is room for."""
    found = ticks(*limits)
    room = look.extent("AxisLabel", "0")[1] * 1.6
    return found[:: max(1, int(np.ceil(room * len(found) / place.height)))]


def _place(look: Look, names: Sequence[str], spans: Sequence[tuple[float, float]]) -> Rectangle:
    """Return where the lines are drawn: texts of all axes have room beside it, and above."""
    width, height = look.size
    gap = look.scale * GAP
    labels = [number_text(one, found) for found in (ticks(*one) for one in spans[:1]) for one in found]
    left = max((look.extent("AxisLabel", one)[0] for one in labels), default=0) + look.scale * LABEL_OFFSET + 2 * gap
    step = (width - left) / max(1, len(names))
    ends = [min(look.extent("AxisTitle", one)[0], step) / 2 for one in (*names[:1], *names[-1:])]
    top = title_height(look) + look.extent("AxisTitle", "Ay")[1] + 3 * gap
    low = look.extent("AxisLabel", "0")[1] / 2 + 2 * gap
    right = max([*ends[1:], 0.0]) + gap + 1
    return Rectangle(max([left, *ends[:1]]), low, width - right, height - top)
