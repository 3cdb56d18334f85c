"""A matrix of plots: each column over each other one as points, and histograms on the diagonal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkChartsCore import vtkAxis, vtkChart

from async_paraview.records import dataclass
from async_paraview.scene.charts.representations import MATRIX_CHART
from async_paraview.scene.charts.settings import NOTATIONS
from async_paraview.scene.charts.views import MATRIX_VIEW
from async_paraview.scene.types import SceneType

from ...geometry.charts.bins import Bins
from ...geometry.charts.extraction import BINS_OF_PLOTS
from ..axes.ticks import number_text, ticks
from ..paper import Paper, faint
from .chart_representation import ChartRepresentation
from .chart_view import ChartView
from .parts.looks import COLORS, LABEL_OFFSET, MARKERS, TICK, Color, Look, set_labels
from .parts.panels import GAP, Rectangle, panel, shortened, span, title_above, title_height, words
from .parts.plots import Numbers, add_area, add_plot

Range = tuple[float, float]

_SCATTER: Final = "ScatterPlot"
_ACTIVE: Final = "ActivePlot"
_HISTOGRAM: Final = "Histogram"
_TALLEST: Final = 1.05
"""How high the axis of a histogram is, of its highest bar."""
_TITLED: Final = 90
"""Axes of plots that are larger than so many points have the names of columns beside them."""
_SMALLEST: Final = 12
"""No plot is smaller than so many pixels, however little room there is."""


class MatrixRepresentation(ChartRepresentation):
    """The columns that have numbers."""

    TYPE: ClassVar[SceneType] = MATRIX_CHART

    @property
    def columns(self) -> Mapping[str, int]:
        """The names of what is drawn, with their numbers among all that arrived, in the order of SeriesVisibility."""
        if not self.is_visible:
            return {}
        wanted = self._properties["SeriesVisibility"]
        found = [name for name in self._facts["names"] if wanted is None or name in wanted]
        numbers = {name: self._facts["names"].index(name) for name in found}
        return {name: at for name, at in numbers.items() if self._facts["ranges"][at] is not None}

    def limits(self, column: int) -> Range:
        """Return the smallest and the largest number of a column."""
        low, high = self._facts["ranges"][column]
        return float(low), float(high)

    def counts(self, column: int) -> Numbers:
        """Return how many numbers of a column lie in each bin."""
        return np.asarray(self._facts["counts"][column], np.float64)

    def points(self, across: int, up: int) -> tuple[Numbers, Numbers]:
        """Return the points of one column over another."""
        table = self._parts[f"{min(across, up)} {max(across, up)}"]
        low, high = (vtk_to_numpy(table.GetColumnByName(one)) for one in "xy")
        return (low, high) if across < up else (high, low)

    def color(self, name: str) -> Color:
        """Return the color of points or bars: ScatterPlotsColor, HistogramColor, ActivePlotColor."""
        color: Color | None = self._properties[name]
        if color is None and name == "ActivePlotColor":
            color = self._properties["ScatterPlotsColor"]
        return color or COLORS[0]

    def marker(self, prefix: str) -> tuple[int, float]:
        """Return the marker of points, and its size."""
        return MARKERS[self._properties[f"{prefix}MarkerStyle"]], float(self._properties[f"{prefix}MarkerSize"])


@dataclass(frozen=True)
class _Cell:
    """One plot: where it is, and what it shows."""

    place: Rectangle
    across: int
    up: int
    kind: str


class MatrixView(ChartView):
    """Of several outputs that which was shown last."""

    TYPE = MATRIX_VIEW

    def _items(self, look: Look) -> list[Any]:
        shown = self._last_visible()
        columns = {} if shown is None else shown.columns
        items = title_above(look)
        if not columns:
            return items
        spans = {at: _padded(shown.limits(at), look.get["Padding"]) for at in columns.values()}
        names = {at: name for name, at in columns.items()}
        grid = _Grid(look, names, spans, [float(shown.counts(at).max()) for at in columns.values()])
        for cell in [*grid.cells(), *grid.active(self._active(columns))]:
            items += _plot(shown, cell, look, spans, grid)
        return items + grid.headings()

    def _active(self, columns: Mapping[str, int]) -> tuple[int, int] | None:
        """Return the columns of the large plot, across and up; None: there is none."""
        wanted = self._properties["ActivePlotColumns"]
        chosen = [*columns.values()][:2] if wanted is None else [columns[one] for one in wanted if one in columns]
        return (chosen[0], chosen[1]) if len(chosen) == 2 and chosen[0] != chosen[1] else None


class _Grid:
    """Where the plots of a matrix are, and which of them have numbers beside them."""

    def __init__(
        self, look: Look, names: Mapping[int, str], spans: Mapping[int, Range], highest: Sequence[float]
    ) -> None:
        self._look, self._names, self._columns = look, names, list(names)
        get, gap, (width, height) = look.get, look.scale * GAP, look.size
        line = look.extent("AxisTitle", "Ay")[1]
        across = [_widest(one, look, _SCATTER) for one in spans.values()]
        counts = max(_widest((0.0, one), look, _HISTOGRAM) for one in highest)
        number = look.extent(f"{_SCATTER}AxisLabel", "0")[1]
        tick = look.scale * LABEL_OFFSET
        self._is_titled = min(size / (len(names) + 1) for size in look.size) >= look.scale * _TITLED
        beside = line + 2 * gap if self._is_titled else 0
        usual = {
            "Left": max(across) + tick + beside + 2 * gap,
            "Bottom": number + tick + beside + 2 * gap,
            "Right": max(counts, max(across)) + tick + beside + 2 * gap,
            "Top": title_height(look) + max(line, number + tick + beside) + 3 * gap,
        }
        own = {side: get[f"Border{side}"] for side in usual}
        border = {side: usual[side] if own[side] is None else look.scale * own[side] for side in usual}
        self._gutter = look.scale * get["GutterX"], look.scale * get["GutterY"]
        self._gutter = max(self._gutter[0], counts + tick + 2 * gap), max(self._gutter[1], line + 2 * gap)
        self._inner = Rectangle(border["Left"], border["Bottom"], width - border["Right"], height - border["Top"])
        count = len(names)
        self._cell = (
            max(_SMALLEST, (self._inner.width - (count - 1) * self._gutter[0]) / count),
            max(_SMALLEST, (self._inner.height - (count - 1) * self._gutter[1]) / count),
        )

    @property
    def step(self) -> float:
        """How far plots are apart."""
        return float(self._cell[0] + self._gutter[0])

    def place(self, row: int, column: int) -> Rectangle:
        """Return where a plot is; rows are counted from the top."""
        left = self._inner.left + column * (self._cell[0] + self._gutter[0])
        top = self._inner.top - row * (self._cell[1] + self._gutter[1])
        return Rectangle(left, top - self._cell[1], left + self._cell[0], top)

    def cells(self) -> list[_Cell]:
        """Return the histograms on the diagonal, and the plots below it."""
        numbered = list(enumerate(self._columns))
        return [
            _Cell(self.place(row, column), across, up, _SCATTER if column < row else _HISTOGRAM)
            for row, up in numbered
            for column, across in numbered[: row + 1]
        ]

    def active(self, columns: tuple[int, int] | None) -> list[_Cell]:
        """Return the large plot in the upper right, if there is room for one."""
        count = len(self._columns) // 2
        if columns is None or not count:
            return []
        first, last = self.place(0, len(self._columns) - count), self.place(count - 1, len(self._columns) - 1)
        return [_Cell(Rectangle(first.left, last.bottom, last.right, first.top), *columns, _ACTIVE)]

    def is_outer(self, cell: _Cell) -> tuple[bool, bool]:
        """Return whether a plot of points is at the left, and whether it is at the bottom."""
        return cell.across == self._columns[0], cell.up == self._columns[-1]

    def title(self, column: int, room: float) -> str:
        """Return what stands beside an axis: a name, if plots are large enough for that."""
        return shortened(self._names[column], room, self._look, "AxisTitle") if self._is_titled else ""

    def headings(self) -> list[Any]:
        """Return the names above the histograms."""
        made = []
        for at, column in enumerate(self._columns):
            place = self.place(at, at)
            text = shortened(self._names[column], self.step, self._look, "AxisTitle")
            ink = self._look.ink("AxisTitleColor")
            y = place.top + self._look.extent("AxisTitle", "Ay")[1] + self._look.scale * GAP
            made.append(words(text, (place.left + place.right) / 2, y, self._look, "AxisTitle", ink))
        return made


def _plot(shown: MatrixRepresentation, cell: _Cell, look: Look, spans: Mapping[int, Range], grid: _Grid) -> list[Any]:
    chart = panel(cell.place)
    ground = look.get[f"{cell.kind}BackgroundColor"]
    if ground is not None:
        chart.GetBackgroundBrush().SetColorF(*ground)
        chart.GetBackgroundBrush().SetOpacityF(1.0)
    if cell.kind == _HISTOGRAM:
        counts, (low, high) = shown.counts(cell.across), shown.limits(cell.across)
        edges = _edges(low, high, len(counts))
        heights = np.repeat(counts, 2)
        add_area(chart, np.repeat(edges, 2)[1:-1], heights * 0, heights, shown.color("HistogramColor"), 1.0)
        up = (0.0, max(1.0, float(counts.max())) * _TALLEST)
        span(chart, spans[cell.across], up)
        _set_up(chart, cell, look, {vtkAxis.BOTTOM: (spans[cell.across], False), vtkAxis.RIGHT: (up, True)}, grid)
        return [chart]
    x, y = shown.points(cell.across, cell.up)
    plot = add_plot(chart, vtkChart.POINTS, {"x": x, "y": y})
    marker, size = shown.marker(cell.kind)
    plot.SetMarkerStyle(marker)
    plot.SetMarkerSize(look.scale * size)
    plot.SetColorF(*shown.color("ScatterPlotsColor" if cell.kind == _SCATTER else "ActivePlotColor"), 1.0)
    span(chart, spans[cell.across], spans[cell.up])
    left, bottom = grid.is_outer(cell)
    across, up = spans[cell.across], spans[cell.up]
    sides: dict[int, tuple[Range, bool]] = {vtkAxis.LEFT: (up, left), vtkAxis.BOTTOM: (across, bottom)}
    if cell.kind == _ACTIVE:
        sides = {vtkAxis.RIGHT: (up, True), vtkAxis.TOP: (across, True)}
    _set_up(chart, cell, look, sides, grid)
    return [chart]


def _set_up(chart: Any, cell: _Cell, look: Look, sides: Mapping[int, tuple[Range, bool]], grid: _Grid) -> None:
    """Have axes of a plot look as the properties of its kind say; each with its range, and whether it has numbers."""
    get, kind = look.get, cell.kind
    ground = get[f"{kind}BackgroundColor"]
    paper = look.paper if ground is None else Paper(ground, ground, look.paper.inks)
    for number, (limits, labelled) in sides.items():
        axis, is_across = chart.GetAxis(number), number in (vtkAxis.BOTTOM, vtkAxis.TOP)
        axis.SetVisible(True)
        axis.SetGridVisible(get[f"{kind}GridVisibility"])
        axis.GetPen().SetColorF(*(get[f"{kind}AxisColor"] or paper.ink()))
        axis.GetPen().SetWidth(look.scale)
        axis.GetGridPen().SetColorF(*(get[f"{kind}GridColor"] or faint(paper.at(0.5), paper.ink())))
        axis.GetGridPen().SetWidth(look.scale)
        axis.SetTickLength(look.scale * TICK)
        axis.SetLabelOffset(look.scale * LABEL_OFFSET)
        axis.SetLabelsVisible(labelled and get[f"{kind}AxisLabelVisibility"])
        look.write(axis.GetLabelProperties(), f"{kind}AxisLabel", get[f"{kind}AxisLabelColor"] or look.paper.text_ink())
        axis.SetNotation(NOTATIONS.index(get[f"{kind}AxisLabelNotation"]))
        axis.SetPrecision(get[f"{kind}AxisLabelPrecision"])
        room = cell.place.width if is_across else cell.place.height
        if labelled and kind != _HISTOGRAM:
            axis.SetTitle(grid.title(cell.across if is_across else cell.up, room))
            look.write(axis.GetTitleProperties(), "AxisTitle", look.ink("AxisTitleColor"))
        numbers = _numbers(limits, look, kind, room, is_across=is_across)
        set_labels(axis, numbers, [_text(one, numbers, look, kind) for one in numbers])


def _text(number: float, numbers: Sequence[float], look: Look, kind: str) -> str:
    notation, precision = look.get[f"{kind}AxisLabelNotation"], look.get[f"{kind}AxisLabelPrecision"]
    if notation == "Mixed":
        return number_text(number, numbers)
    return f"{number:.{precision}{'e' if notation == 'Scientific' else 'f'}}"


def _numbers(limits: Range, look: Look, kind: str, room: float, *, is_across: bool) -> list[float]:
    """Return the round numbers of an axis that there is room for."""
    found = ticks(*limits)
    extents = [look.extent(f"{kind}AxisLabel", _text(one, found, look, kind)) for one in found]
    needed = sum(one[0] + look.scale * GAP if is_across else one[1] * 1.3 for one in extents)
    return found[:: max(1, int(np.ceil(needed / max(room, 1.0))))]


def _widest(limits: Range, look: Look, kind: str) -> int:
    numbers = ticks(*limits)
    return max(look.extent(f"{kind}AxisLabel", _text(one, numbers, look, kind))[0] for one in numbers)


def _padded(limits: Range, padding: float) -> Range:
    low, high = limits
    if low == high:
        edges = _edges(low, high, BINS_OF_PLOTS)  # the bar of a single number is seen
        return float(edges[0]), float(edges[-1])
    beside = (high - low) * padding
    return low - beside, high + beside


def _edges(low: float, high: float, count: int) -> Numbers:
    """Return between which numbers values from low to high were counted."""
    bins = Bins(count)
    limits = bins.limits([np.array([low, high])])
    assert limits is not None  # there are two numbers
    return bins.edges(limits)
