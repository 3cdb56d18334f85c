"""Boxes from quartile to quartile, with whiskers to the extremes, of the columns of one output."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy

from async_paraview.scene.charts.representations import BOX_CHART
from async_paraview.scene.types import SceneType

from ...geometry.extraction import FULL
from .parts.looks import Color, Look
from .parts.plots import Numbers, add_area, add_line, positive_only
from .xy_representation import CartesianRepresentation

_HALF: Final = 0.3
"""Half of the width of a box; the next one is at a distance of 1."""
_CAP: Final = 0.15
_FILLED: Final = 0.6
"""How opaque boxes are: lines in them are seen on any color."""


class BoxRepresentation(CartesianRepresentation):
    """One box for each column that has numbers: smallest, quartile, median, quartile, largest."""

    TYPE: ClassVar[SceneType] = BOX_CHART

    @property
    def x_label(self) -> str:
        return ""

    @property
    def series(self) -> list[str]:
        if not self.is_visible:
            return []
        table, wanted = self._parts[FULL], self._properties["SeriesVisibility"]
        names = [table.GetColumnName(index) for index in range(table.GetNumberOfColumns())]
        return [one for one in names if (wanted is None or one in wanted) and not np.isnan(self._five(one)).any()]

    def tick_names(self) -> Sequence[str]:
        return self.series

    def _five(self, series: str) -> Numbers:
        return np.asarray(vtk_to_numpy(self._parts[FULL].GetColumnByName(series)))

    def add_plots(self, chart: Any, colors: Iterator[Color], look: Look, before: int, bars: int) -> None:
        get = self._properties
        for place, series in enumerate(self.series, start=before):
            color = get["SeriesColor"].get(series) or next(colors)
            five = self._five(series)
            if look.get["LeftAxisLogScale"]:
                five = positive_only(five)
            low, first, middle, third, high = five
            across = np.array([place - _HALF, place + _HALF])
            label = series if get["Legend"] else ""
            add_area(chart, across, np.full(2, first), np.full(2, third), color, _FILLED, label)
            x, y = _lines(float(place), low, first, middle, third, high)
            ink, width = get["Color"] or look.paper.ink(), look.scale * get["LineThickness"]
            add_line(chart, x, y, ink, width, style=get["LineStyle"])


def _lines(place: float, low: float, first: float, middle: float, third: float, high: float) -> tuple[Numbers, Numbers]:
    """Return the lines of a box: around it, at the median, the whiskers and their caps."""
    left, right, nan = place - _HALF, place + _HALF, float("nan")
    strokes: list[list[tuple[float, float]]] = [
        [(left, first), (right, first), (right, third), (left, third), (left, first)],
        [(left, middle), (right, middle)],
        [(place, low), (place, first)],
        [(place, third), (place, high)],
        [(place - _CAP, low), (place + _CAP, low)],
        [(place - _CAP, high), (place + _CAP, high)],
    ]
    points = [point for stroke in strokes for point in (*stroke, (nan, nan))]
    return np.array([x for x, _ in points]), np.array([y for _, y in points])
