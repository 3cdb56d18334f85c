"""How titles, legends, axes and texts of charts look, by the properties of a view."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from vtkmodules.vtkChartsCore import vtkAxis, vtkChartLegend, vtkPlotPoints
from vtkmodules.vtkCommonCore import vtkDoubleArray, vtkStringArray
from vtkmodules.vtkRenderingCore import vtkTextProperty

from async_paraview.records import dataclass
from async_paraview.scene.charts.settings import ALIGNMENTS, NOTATIONS

from ...axes.ticks import number_text
from ...fonts.rasters import extent
from ...fonts.spelling import spell
from ...paper import Paper, faint

Color = tuple[float, ...]

COLORS: Final[Sequence[Color]] = (
    (0.0, 0.447, 0.698), (0.835, 0.369, 0.0), (0.0, 0.62, 0.451), (0.8, 0.475, 0.655),
    (0.902, 0.624, 0.0), (0.337, 0.706, 0.914), (0.35, 0.35, 0.35), (0.62, 0.42, 0.15),
)  # fmt: skip
"""Of series without a color of their own, one after the other; after Okabe and Ito, apart for the color-blind."""
MARKERS: Final = {
    "None": vtkPlotPoints.NONE,
    "Cross": vtkPlotPoints.CROSS,
    "Plus": vtkPlotPoints.PLUS,
    "Square": vtkPlotPoints.SQUARE,
    "Circle": vtkPlotPoints.CIRCLE,
    "Diamond": vtkPlotPoints.DIAMOND,
}
LEGEND_PLACES: Final = {
    "TopLeft": (vtkChartLegend.LEFT, vtkChartLegend.TOP, True),
    "TopRight": (vtkChartLegend.RIGHT, vtkChartLegend.TOP, True),
    "BottomRight": (vtkChartLegend.RIGHT, vtkChartLegend.BOTTOM, True),
    "BottomLeft": (vtkChartLegend.LEFT, vtkChartLegend.BOTTOM, True),
    "Left": (vtkChartLegend.LEFT, vtkChartLegend.CENTER, False),
    "Top": (vtkChartLegend.CENTER, vtkChartLegend.TOP, False),
    "Right": (vtkChartLegend.RIGHT, vtkChartLegend.CENTER, False),
    "Bottom": (vtkChartLegend.CENTER, vtkChartLegend.BOTTOM, False),
    "Custom": (vtkChartLegend.CUSTOM, vtkChartLegend.CUSTOM, True),
}
"""Each place across and up, and whether it lies within the axes."""
TICK: Final = 5
"""How long ticks are, in points; VTK's own length."""
LABEL_OFFSET: Final = 7
"""How far numbers are from their axis, in points; VTK's own distance."""
_MARGINS: Final = (15, 5)
"""Between numbers and titles, in points; VTK's own."""
_PADDING: Final = 5
"""Around what a legend says, in points; VTK's own."""
_TITLE_GAP: Final = 0.25
"""Between the title of a chart and what is below, of the height of its letters."""
_DPI: Final = 72


@dataclass(frozen=True)
class Look:
    """What a drawing is to look like: the properties of its view, its paper, its size and the pixels of a point."""

    get: Mapping[str, Any]
    paper: Paper
    size: tuple[int, int]
    scale: float = 1.0

    def ink(self, name: str) -> Color:
        """Return the color of a property, or ink for the paper: that of texts, but for axes."""
        color: Color | None = self.get[name]
        return color or (self.paper.ink() if name.endswith("AxisColor") else self.paper.text_ink())

    def write(self, text: Any, prefix: str, color: Color) -> None:
        """Have a vtkTextProperty write as the properties with that prefix say."""
        text.SetFontFamilyAsString(self.get[f"{prefix}FontFamily"])
        text.SetFontFile(self.get[f"{prefix}FontFile"] or None)
        text.SetFontSize(round(self.scale * self.get[f"{prefix}FontSize"]))
        text.SetBold(self.get[f"{prefix}Bold"])
        text.SetItalic(self.get[f"{prefix}Italic"])
        text.SetColor(color[:3])

    def extent(self, prefix: str, words: str) -> tuple[int, int]:
        """Return the width and the height in pixels of words that are written so; of nothing (0, 0)."""
        text = vtkTextProperty()
        self.write(text, prefix, (0.0, 0.0, 0.0))
        return extent_of(text, spell(text, words))


def extent_of(text: Any, words: str) -> tuple[int, int]:
    """Return the width and the height in pixels of words as a text property has them, not turned; of nothing (0, 0)."""
    if not words:
        return 0, 0
    left, right, low, high = extent(text, words, _DPI)
    return right - left + 1, high - low + 1


def set_up_title(chart: Any, look: Look) -> None:
    """Write the title of a chart."""
    title = look.get["ChartTitle"]
    is_one_line = bool(title) and "\n" not in title
    chart.SetTitle(f"{title}\n" if is_one_line else title)  # VTK writes it upon the axes: a low empty line lies between
    text = chart.GetTitleProperties()
    look.write(text, "ChartTitle", look.ink("ChartTitleColor"))
    text.SetJustification(ALIGNMENTS.index(look.get["ChartTitleAlignment"]))
    text.SetLineSpacing(_TITLE_GAP if is_one_line else 1.0)


def set_up_legend(chart: Any, look: Look, best: Callable[[], str]) -> None:
    """Place the legend of a chart, at the best place if none was asked for, and have it look as was asked for."""
    get, legend = look.get, chart.GetLegend()
    across, up, within = LEGEND_PLACES[get["LegendLocation"] or best()]
    legend.SetInline(within)
    legend.SetHorizontalAlignment(across)
    legend.SetVerticalAlignment(up)
    if get["LegendLocation"] == "Custom":
        legend.SetPoint(*(look.scale * one for one in get["LegendPosition"]))
    color = look.ink("LegendColor")
    look.write(legend.GetLabelProperties(), "Legend", color)
    legend.SetLabelSize(round(look.scale * get["LegendFontSize"]))
    legend.SetSymbolWidth(round(look.scale * get["LegendSymbolWidth"]))
    legend.SetPadding(round(look.scale * _PADDING))
    legend.GetPen().SetColorF(*color[:3])
    legend.GetPen().SetWidth(look.scale)
    legend.GetBrush().SetColorF(*look.paper.at(0.5))


def set_up_axis(axis: Any, name: str, look: Look, title: str) -> None:
    """Have an axis look as the properties with its name say; `title` is that where none was set."""
    get = look.get
    axis.SetTitle(get[f"{name}AxisTitle"] or title)
    look.write(axis.GetTitleProperties(), f"{name}AxisTitle", look.ink(f"{name}AxisTitleColor"))
    look.write(axis.GetLabelProperties(), f"{name}AxisLabel", look.ink(f"{name}AxisLabelColor"))
    axis.SetLogScale(get[f"{name}AxisLogScale"])
    axis.SetTickLength(look.scale * TICK)
    axis.SetLabelOffset(look.scale * LABEL_OFFSET)
    axis.SetMargins([round(look.scale * one) for one in _MARGINS])
    axis.SetGridVisible(get[f"Show{name}AxisGrid"])
    axis.SetLabelsVisible(get[f"Show{name}AxisLabels"])
    axis.SetNotation(NOTATIONS.index(get[f"{name}AxisLabelNotation"]))
    axis.SetPrecision(get[f"{name}AxisLabelPrecision"])
    axis.GetPen().SetColorF(*look.ink(f"{name}AxisColor"))
    axis.GetPen().SetWidth(look.scale)
    axis.GetGridPen().SetColorF(*(get[f"{name}AxisGridColor"] or faint(look.paper.at(0.5), look.paper.ink())))
    axis.GetGridPen().SetWidth(look.scale)
    if get[f"{name}AxisUseCustomRange"]:
        set_range(axis, get[f"{name}AxisRangeMinimum"], get[f"{name}AxisRangeMaximum"])
    if get[f"{name}AxisUseCustomLabels"]:
        labels = get[f"{name}AxisLabels"]
        values, texts = labels[::2], labels[1::2]
        shown = [text or number_text(value, values) for value, text in zip(values, texts, strict=True)]
        set_labels(axis, values, shown, logarithmic=get[f"{name}AxisLogScale"])


def set_range(axis: Any, low: float, high: float) -> None:
    """Have an axis span just that."""
    axis.SetBehavior(vtkAxis.FIXED)
    axis.SetUnscaledRange(low, high)


def set_labels(axis: Any, values: Sequence[float], texts: Sequence[str], *, logarithmic: bool = False) -> None:
    """Have texts stand at values along an axis, and nothing else."""
    places, words = vtkDoubleArray(), vtkStringArray()
    for value, text in zip(values, texts, strict=True):
        if not logarithmic or value > 0:
            places.InsertNextValue(math.log10(value) if logarithmic else value)
            words.InsertNextValue(text)
    axis.SetCustomTickPositions(places, words)
