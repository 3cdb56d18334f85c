"""Bars of how many values lie in each of a number of bins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy

from async_paraview.scene.charts.representations import HISTOGRAM_CHART
from async_paraview.scene.types import SceneType

from ...geometry.extraction import FULL
from .parts.colored import colors_of
from .parts.looks import Color, Look
from .parts.plots import Numbers, add_area, add_line, floor_of_log, positive_only
from .xy_representation import CartesianRepresentation


class HistogramRepresentation(CartesianRepresentation):
    """One bar for each bin, without room between them."""

    TYPE: ClassVar[SceneType] = HISTOGRAM_CHART
    one_at_a_time = True
    bar_fill = 1.0

    @property
    def series(self) -> list[str]:
        return [self._counts()] if self.is_visible and self._parts[FULL].GetNumberOfRows() else []

    @property
    def x_label(self) -> str:
        return str(self._facts["array"])

    def _counts(self) -> str:
        weights = self._facts["weights"]
        return "Number of values" if weights is None else f"Sum of {weights}"

    def add_plots(self, chart: Any, colors: Iterator[Color], look: Look, before: int, bars: int) -> None:
        if not self.series:
            return
        heights = vtk_to_numpy(self._parts[FULL].GetColumnByName("bin_values"))
        low, high = self._facts["limits"]
        edges = np.linspace(low, high, len(heights) + 1)
        logarithmic = look.get["LeftAxisLogScale"]
        y = positive_only(heights) if logarithmic else heights
        floor = floor_of_log(y) if logarithmic else 0.0
        if look.get["BottomAxisLogScale"]:
            edges = positive_only(edges)
        color = self._properties["HistogramColor"] or next(colors)
        for bins, shade in self._shades(len(heights), color):
            gaps = 2 * (np.flatnonzero(np.diff(bins) > 1) + 1)
            x = np.insert(np.column_stack([edges[bins], edges[bins + 1]]).ravel(), gaps, np.nan)
            tops = np.insert(np.repeat(y[bins], 2), gaps, np.nan)
            bottoms = np.where(np.isnan(tops), np.nan, floor)
            add_area(chart, x, bottoms, tops, shade, 1.0)  # its name stands at the axis: no legend
        self._outline(chart, edges, y, floor, look)

    def _shades(self, count: int, color: Color) -> Iterator[tuple[npt.NDArray[np.int64], Color]]:
        """Yield which of so many bars have which color: their numbers, in order."""
        if not self._properties["UseColorMapping"]:
            self._color_maps.use(self, None)
            self.coloring = None
            yield np.arange(count), color
            return
        array, limits = str(self._facts["array"]), self._facts["limits"]
        colors = colors_of(self, array, (limits[0], limits[1]), self._properties["LookupTable"], self._color_maps)
        self.coloring, self.is_colored_later = colors, False
        middles, shade = vtk_to_numpy(self._parts[FULL].GetColumnByName("bin_extents")), [0.0, 0.0, 0.0]
        groups: dict[Color, list[int]] = {}
        for index, middle in enumerate(middles):
            colors.table.GetColor(float(middle), shade)
            groups.setdefault(tuple(shade), []).append(index)
        for one, members in groups.items():
            yield np.array(members), one

    def _outline(self, chart: Any, edges: Numbers, heights: Numbers, floor: float, look: Look) -> None:
        style = self._properties["HistogramLineStyle"]
        if style == "None":
            return
        nan, base = np.full(len(heights), np.nan), np.where(np.isnan(heights), np.nan, floor)
        x = np.column_stack([edges[:-1], edges[:-1], edges[1:], edges[1:], nan]).ravel()
        y = np.column_stack([base, heights, heights, base, nan]).ravel()
        add_line(chart, x, y, look.paper.ink(), look.scale, style=style)
