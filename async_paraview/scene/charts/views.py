"""The types of chart views, by ParaView's names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..checks import COLOR, FRACTION, Flag, Number, OrNone, Several, Whole
from ..kept import kept
from ..lists import Names
from ..types import VIEWS, SceneProperty, SceneType
from .settings import (
    MOST_DIGITS,
    NOTATIONS,
    Numbered,
    OpaqueColor,
    axis,
    font,
    frame_rate,
    legend,
    pointed_at,
    title,
    view_basics,
)

_P = SceneProperty
_ADVANCED: Final = "advanced"
_PIXELS: Final = Whole(0, 4096)
_WITH_OPACITY: Final = Several(4, FRACTION)


def _with_four_axes() -> Iterator[SceneProperty]:
    yield from view_basics()
    yield from title()
    yield from legend()
    yield _P("SortByXAxis", "whether rows are drawn in the order of the horizontal axis", False, Flag())
    yield from axis("Left", "vertical")
    yield from axis("Bottom", "horizontal")
    yield from axis("Right", "right, vertical", of_others=False)
    yield from axis("Top", "upper, horizontal", of_others=False)
    yield from pointed_at()
    yield frame_rate()


def _with_two_axes(of_legend: str, *, legend_shown: bool = True) -> Iterator[SceneProperty]:
    yield from view_basics()
    yield from title()
    yield from legend(of_legend, shown=legend_shown)
    yield from axis("Left", "vertical")
    yield from axis("Bottom", "horizontal")


def _chart(name: str, title: str, doc: str, properties: Iterator[SceneProperty]) -> SceneType:
    return SceneType(name, VIEWS, "chart view", doc, tuple(properties), title=title)


XY_CHART_VIEW: Final = _chart("XYChartView", "Line Chart View", "A chart of curves, bars or points.", _with_four_axes())
XY_POINT_CHART_VIEW: Final = _chart("XYPointChartView", "Point Chart View", "A chart of points.", _with_four_axes())
XY_BAR_CHART_VIEW: Final = _chart("XYBarChartView", "Bar Chart View", "A chart of bars.", _with_four_axes())
HISTOGRAM_VIEW: Final = _chart(
    "XYHistogramChartView",
    "Histogram View",
    "How many values of an array lie in each of a number of bins, as bars.",
    _with_four_axes(),
)
QUARTILE_VIEW: Final = _chart(
    "QuartileChartView",
    "Quartile Chart View",
    "Statistics over time, or along anything else: areas between quartiles and extremes, lines of means.",
    _with_four_axes(),
)


def _of_boxes() -> Iterator[SceneProperty]:
    yield from _with_two_axes(
        "whether a legend names the columns, which stand below their boxes, too", legend_shown=False
    )
    yield frame_rate()


BOX_VIEW: Final = _chart(
    "BoxChartView",
    "Box Chart View",
    "Quartiles and extremes of columns, as boxes with whiskers beside each other.",
    _of_boxes(),
)


def _of_an_image() -> Iterator[SceneProperty]:
    yield from _with_two_axes("whether a bar beside the image tells its colors")
    yield kept("SortByXAxis", False, Flag(), "an image has no rows")
    yield from pointed_at()
    yield frame_rate()


IMAGE_VIEW: Final = _chart(
    "ImageChartView", "Image Chart View", "The numbers of an image of two dimensions, as colors.", _of_an_image()
)


def _of_parallel_axes() -> Iterator[SceneProperty]:
    yield from view_basics()
    yield from title()
    yield from font("AxisTitle", "each name of a column", 12, bold=True)
    yield from font("AxisLabel", "each number", 10)
    yield _P("AxisColor", "of axes; None: seen on the background", None, OrNone(COLOR))
    yield _P("AxisTitleColor", "of names; None: seen on the background", None, OrNone(COLOR))
    yield _P("AxisLabelColor", "of numbers; None: seen on the background", None, OrNone(COLOR))
    yield frame_rate()


PARALLEL_VIEW: Final = _chart(
    "ParallelCoordinatesChartView",
    "Parallel Coordinates View",
    "Each row as a line across axes that stand beside each other, one for each column.",
    _of_parallel_axes(),
)


def _of_plots(prefix: str, words: str, background: tuple[float, float, float] | None) -> Iterator[SceneProperty]:
    color = OrNone(COLOR)
    yield _P(
        f"{prefix}BackgroundColor",
        f"of {words}; None, or an opacity of 0 behind it: that of the view",
        background,
        OrNone(OpaqueColor()),
        panel=_ADVANCED,
    )
    yield _P(f"{prefix}AxisColor", f"of axes of {words}; None: seen on the background", None, color, panel=_ADVANCED)
    yield _P(f"{prefix}GridColor", f"of the grid of {words}; None: faint", None, color, panel=_ADVANCED)
    yield _P(f"{prefix}GridVisibility", f"whether {words} has a grid", True, Flag(), panel=_ADVANCED)
    yield _P(f"{prefix}AxisLabelVisibility", f"whether {words} has numbers", True, Flag(), panel=_ADVANCED)
    yield _P(
        f"{prefix}AxisLabelNotation",
        f"of numbers of {words}: Mixed, Scientific or Fixed",
        "Mixed",
        Numbered("notation", NOTATIONS),
        panel=_ADVANCED,
    )
    yield _P(
        f"{prefix}AxisLabelPrecision",
        "digits behind the point of Scientific and Fixed",
        2,
        Whole(0, MOST_DIGITS),
        panel=_ADVANCED,
    )
    yield from font(f"{prefix}AxisLabel", f"each number of {words}", 10)
    yield _P(f"{prefix}AxisLabelColor", f"of numbers of {words}; None: seen on it", None, color, panel=_ADVANCED)


def _of_a_matrix() -> Iterator[SceneProperty]:
    yield from view_basics()
    yield from title()
    for side in ("Left", "Bottom", "Right", "Top"):
        doc = f"room beside the plots, at the {side.lower()}, in pixels; None: what numbers and names need"
        yield _P(f"Border{side}", doc, None, OrNone(_PIXELS), panel=_ADVANCED)
    yield _P("GutterX", "room between plots that are beside each other, in pixels", 15, _PIXELS, panel=_ADVANCED)
    yield _P("GutterY", "room between plots above each other, in pixels", 15, _PIXELS, panel=_ADVANCED)
    yield _P("Padding", "room within plots around the points, of their size", 0.05, Number(0.0, 0.25), panel=_ADVANCED)
    yield from font("AxisTitle", "each name of a column", 12, bold=True)
    yield _P("AxisTitleColor", "of names; None: seen on the background", None, OrNone(COLOR))
    yield _P(
        "ActivePlotColumns",
        "the two columns that are drawn large in the upper right, too, across and up; None: the first two; empty: none",
        None,
        OrNone(Names("columns", 2)),
    )
    why = "there is no pointer here"
    yield kept("NumberOfAnimationFrames", 25, Whole(0, 10_000), "plots do not move")
    yield kept("ScatterPlotSelectedRowColumnColor", (0.8, 0.0, 0.0, 0.4), _WITH_OPACITY, why)
    yield kept("ScatterPlotSelectedActiveColor", (0.0, 0.8, 0.0, 0.4), _WITH_OPACITY, why)
    yield from _of_plots("ActivePlot", "the large plot", None)
    yield from _of_plots("ScatterPlot", "each plot of points", None)
    yield from _of_plots("Histogram", "each histogram", None)
    yield frame_rate()


MATRIX_VIEW: Final = _chart(
    "PlotMatrixView",
    "Plot Matrix View",
    "Each column over each other one as points, with the histogram of each on the diagonal.",
    _of_a_matrix(),
)
