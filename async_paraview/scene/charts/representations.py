"""The types of what is shown in charts, by ParaView's names: how an output is drawn in a chart of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..checks import COLOR, FRACTION, Choice, Flag, Interval, Name, Number, Only, OrNone, Text, Whole
from ..kept import OFF, kept
from ..lists import Array, OfSeries
from ..types import REPRESENTATIONS, SceneProperty, SceneType
from .settings import (
    LINE_STYLE,
    LINE_STYLES,
    MARKER,
    MARKERS,
    abscissa,
    association,
    line_style,
    line_thickness,
    log_axes,
    series_color,
    series_visibility,
    visibility,
    without_effect,
)

CHART_TYPES: Final = ("Line", "Bar", "Points")
MOST_BINS: Final = 100_000

_P = SceneProperty
_ADVANCED: Final = "advanced"
_ARRAYS: Final = {"kind": "arrays", "associations": ["POINTS", "CELLS", "ROWS"], "none": True}


def _shown(name: str, doc: str, properties: Iterator[SceneProperty], **aliases: str) -> SceneType:
    return SceneType(
        name, REPRESENTATIONS, "chart representation", doc, tuple(properties), takes_input=True, aliases=aliases
    )


def _series(more: str = "") -> Iterator[SceneProperty]:
    yield association("AttributeType")
    yield from abscissa()
    yield series_visibility(more)
    yield _P(
        "SeriesLabel", "what the legend calls series, a flat list: name, label, ...", (), OfSeries("label", Text())
    )
    yield series_color()


def _lines() -> Iterator[SceneProperty]:
    yield _P("SeriesLineThickness", "a flat list: name, pixels, ...", (), OfSeries("pixels", Number(0.0, 100.0)))
    yield _P(
        "SeriesMarkerStyle",
        f"a flat list: name, one of {', '.join(MARKERS)}, or its number, ...",
        (),
        OfSeries("marker", MARKER),
    )
    yield _P("SeriesMarkerSize", "a flat list: name, pixels, ...", (), OfSeries("pixels", Number(1.0, 100.0)))
    yield _P(
        "SeriesLineStyle",
        f"a flat list: name, one of {', '.join(LINE_STYLES)}, or its number, ...",
        (),
        OfSeries("line style", LINE_STYLE),
    )


def _last_of_series() -> Iterator[SceneProperty]:
    yield _P("SeriesOpacity", "a flat list: name, 0 to 1, ...", (), OfSeries("opacity", FRACTION))
    yield _P(
        "SeriesPlotCorner",
        "by which axes series are measured, a flat list: name, 0 (Left and Bottom), 1 (Bottom and Right), 2 (Right "
        "and Top) or 3 (Top and Left), ...",
        (),
        OfSeries("corner", Whole(0, 3)),
        half="both",
    )
    yield log_axes()
    yield _P("SeriesLabelPrefix", "before each name in the legend", "", Text())
    yield visibility()
    yield from without_effect(named=True, presets=True, selected=True)


def _of_curves() -> Iterator[SceneProperty]:
    yield _P("ChartType", "Line, Bar or Points", "Line", Choice("chart type", CHART_TYPES), half="both")
    yield from _series()
    yield from _lines()
    yield from _last_of_series()


def _of_points() -> Iterator[SceneProperty]:
    yield from _series()
    yield from _lines()
    yield from _last_of_series()


def _of_bars() -> Iterator[SceneProperty]:
    yield from _series()
    yield from _last_of_series()


XY_CHART: Final = _shown("XYChartRepresentation", "How an output is shown in a chart.", _of_curves())
XY_POINT_CHART: Final = _shown("XYPointChartRepresentation", "How an output is shown as points.", _of_points())
XY_BAR_CHART: Final = _shown("XYBarChartRepresentation", "How an output is shown as bars.", _of_bars())


def _of_statistics() -> Iterator[SceneProperty]:
    yield from _series("; min(pressure), q1(pressure), ... are one series, pressure (stats)")
    yield from _lines()
    for name, what, shown in (
        ("ShowQuartiles", "the area between the quartiles", True),
        ("ShowRanges", "the area between the extremes", True),
        ("ShowAverage", "a line of the mean", True),
        ("ShowMedian", "a line of the median", False),
        ("ShowMinimum", "a line of the smallest", False),
        ("ShowMaximum", "a line of the largest", False),
        ("ShowSum", "a line of the sum", False),
    ):
        yield _P(name, f"whether {what} is drawn", shown, Flag())
    yield from _last_of_series()


QUARTILE_CHART: Final = _shown(
    "QuartileChartRepresentation", "How statistics are shown: areas and lines.", _of_statistics()
)


def _of_histogram() -> Iterator[SceneProperty]:
    yield _P(
        "SelectInputArray",
        "the array that is counted; None: the active scalars, else the first array of points, cells or rows",
        None,
        OrNone(Array(("POINTS", "CELLS", "ROWS"))),
        half="both",
        domain=_ARRAYS,
    )
    yield _P(
        "Component",
        "of the array, from 0; the number of components, or -1: the magnitude",
        0,
        Whole(-1, 1000),
        half="both",
    )
    yield _P("BinCount", "number of bins", 256, Whole(1, MOST_BINS), half="both")
    yield _P(
        "CenterBinsAroundMinAndMax",
        "whether the first and the last bin have the lowest and the highest value in their middle",
        False,
        Flag(),
        half="both",
        panel=_ADVANCED,
    )
    yield _P("UseCustomBinRanges", "whether the bins have limits of their own", False, Flag(), half="both")
    yield _P(
        "CustomBinRanges",
        "those limits; values outside are in no bin",
        (0.0, 100.0),
        Interval(),
        half="both",
        hidden_unless={"property": "UseCustomBinRanges", "equals": True},
    )
    yield _P(
        "WeightArray",
        "the name of an array of the same points, cells or rows: bins add up its numbers instead of counting; None: "
        "each value counts 1",
        None,
        OrNone(Name()),
        half="both",
        panel=_ADVANCED,
    )
    yield _P("HistogramColor", "of the bars; None: the first color of series", None, OrNone(COLOR))
    yield _P("HistogramLineStyle", "of the lines around bars", "None", LINE_STYLE, panel=_ADVANCED)
    yield _P(
        "UseColorMapping",
        "whether bars have the colors that the color map of the array gives to the middles of the bins",
        False,
        Flag(),
    )
    yield _P("LookupTable", "that color map, or its name; None: that of the array", None, OrNone(Name()), panel="never")
    yield visibility()


HISTOGRAM_CHART: Final = _shown(
    "HistogramChartRepresentation", "How the values of an array are counted and shown.", _of_histogram()
)


def _of_boxes() -> Iterator[SceneProperty]:
    yield association("FieldAssociation")
    yield series_visibility()
    yield log_axes()
    yield series_color()
    yield _P("Color", "of lines; None: seen on the background", None, OrNone(COLOR), panel=_ADVANCED)
    yield line_thickness()
    yield line_style()
    yield _P("Legend", "whether the legend names these columns", True, Flag(), panel=_ADVANCED)
    yield visibility()
    yield from without_effect()


BOX_CHART: Final = _shown("BoxChartRepresentation", "How columns are shown as boxes.", _of_boxes())


def _of_parallel_lines() -> Iterator[SceneProperty]:
    yield association("FieldAssociation")
    yield series_visibility("; in this order")
    yield _P("Color", "of lines; None: seen on the background", None, OrNone(COLOR), panel=_ADVANCED)
    yield _P("Opacity", "of each line, 0 to 1", 0.1, FRACTION)
    yield line_thickness()
    yield line_style()
    yield visibility()
    yield from without_effect()


PARALLEL_CHART: Final = _shown(
    "ParallelCoordinatesRepresentation", "How rows are shown as lines across axes.", _of_parallel_lines()
)


def _of_a_matrix() -> Iterator[SceneProperty]:
    yield association("FieldAssociation")
    yield series_visibility("; in this order, at most 16")
    color = OrNone(COLOR)
    yield _P("ScatterPlotsColor", "of points; None: the first color of series", None, color)
    yield _P("HistogramColor", "of bars; None: the first color of series", None, color)
    yield _P("ScatterPlotMarkerStyle", f"one of {', '.join(MARKERS)}", "Circle", MARKER)
    yield _P("ScatterPlotMarkerSize", "of points, in pixels", 3.0, Number(1.0, 100.0))
    yield _P("ActivePlotColor", "of points of the large plot; None: as in the others", None, color)
    yield _P("ActivePlotMarkerStyle", f"in the large plot, one of {', '.join(MARKERS)}", "Circle", MARKER)
    yield _P("ActivePlotMarkerSize", "in the large plot, in pixels", 5.0, Number(1.0, 100.0))
    yield visibility()
    yield from without_effect()


MATRIX_CHART: Final = _shown("PlotMatrixRepresentation", "How columns are shown over each other.", _of_a_matrix())


def _of_an_image() -> Iterator[SceneProperty]:
    yield _P(
        "ColorBy",
        'the array that is drawn, as ("POINTS", "pressure"), with an optional component; None: the active scalars, '
        "else the first array of points",
        None,
        OrNone(Array(("POINTS", "CELLS"))),
        half="both",
        domain={"kind": "arrays", "associations": ["POINTS", "CELLS"], "none": True},
    )
    yield _P("LookupTable", "its color map, or the name of it; None: that of the array", None, OrNone(Name()))
    yield kept(
        "UseSeparateColorMap", False, Only(OFF, "set LookupTable to another color map"), "LookupTable says which"
    )
    yield visibility()
    yield from without_effect(named=True)


IMAGE_CHART: Final = _shown(
    "ImageChartRepresentation", "How an image is shown as colors.", _of_an_image(), ColorArrayName="ColorBy"
)
