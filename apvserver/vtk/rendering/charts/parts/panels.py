"""Charts within rectangles of a picture: what several of them, and axes beside them, consist of."""

from __future__ import annotations

from typing import Any, Final

from vtkmodules.vtkChartsCore import vtkAxis, vtkChart, vtkChartXY
from vtkmodules.vtkCommonDataModel import vtkRectf

from async_paraview.records import dataclass

from .looks import Color, Look, set_labels, set_range

ALL_AXES: Final = (vtkAxis.LEFT, vtkAxis.BOTTOM, vtkAxis.RIGHT, vtkAxis.TOP)
GAP: Final = 4
"""Between texts, and between them and the edge of a picture, in points."""


@dataclass(frozen=True)
class Rectangle:
    """A part of a picture, in pixels from its lower left corner."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """How wide it is, at least one pixel."""
        return max(1.0, self.right - self.left)

    @property
    def height(self) -> float:
        """How high it is, at least one pixel."""
        return max(1.0, self.top - self.bottom)


def panel(place: Rectangle) -> Any:
    """Return a chart whose axes are the edges of a rectangle, all of them invisible."""
    chart = vtkChartXY()
    chart.SetAutoSize(False)
    chart.SetAutoAxes(False)
    chart.SetLayoutStrategy(vtkChart.AXES_TO_RECT)
    chart.SetSize(vtkRectf(place.left, place.bottom, place.width, place.height))
    chart.SetRenderEmpty(True)
    chart.SetShowLegend(False)
    for number in ALL_AXES:
        axis = chart.GetAxis(number)
        axis.SetVisible(False)
        axis.SetGridVisible(False)
        axis.SetTitle("")
    return chart


def span(chart: Any, across: tuple[float, float], up: tuple[float, float]) -> None:
    """Have the axes of a panel span just these numbers."""
    for axes, (low, high) in (((vtkAxis.BOTTOM, vtkAxis.TOP), across), ((vtkAxis.LEFT, vtkAxis.RIGHT), up)):
        for number in axes:
            set_range(chart.GetAxis(number), low, high)


def upright_axis(x: float, place: Rectangle, up: tuple[float, float]) -> Any:
    """Return an axis that stands on its own at x, as high as a rectangle."""
    axis = vtkAxis()
    axis.SetPosition(vtkAxis.PARALLEL)
    axis.SetPoint1(x, place.bottom)
    axis.SetPoint2(x, place.top)
    axis.SetTitle("")
    set_range(axis, *up)
    return axis


def words(text: str, x: float, y: float, look: Look, prefix: str, color: Color) -> Any:
    """Return a text in the middle above a place: an axis without a line, whose only number is the text."""
    axis = vtkAxis()
    axis.SetPosition(vtkAxis.BOTTOM)
    axis.SetPoint1(x - 1, y)
    axis.SetPoint2(x + 1, y)
    axis.SetTitle("")
    axis.SetTicksVisible(False)
    axis.SetAxisVisible(False)
    axis.SetLabelOffset(0)
    set_range(axis, -1.0, 1.0)
    set_labels(axis, [0.0], [text])
    look.write(axis.GetLabelProperties(), prefix, color)
    return axis


def title_above(look: Look) -> list[Any]:
    """Return the title of a picture, at its top: nothing if there is none."""
    text = look.get["ChartTitle"]
    if not text:
        return []
    width, gap = look.extent("ChartTitle", text)[0], look.scale * GAP
    places = {"Left": 2 * gap + width / 2, "Center": look.size[0] / 2, "Right": look.size[0] - 2 * gap - width / 2}
    x = places[look.get["ChartTitleAlignment"]]
    return [words(text, x, look.size[1] - gap, look, "ChartTitle", look.ink("ChartTitleColor"))]


def title_height(look: Look) -> float:
    """Return how much room the title needs at the top."""
    height = look.extent("ChartTitle", look.get["ChartTitle"])[1]
    return height + 3 * look.scale * GAP if height else 0.0


def shortened(name: str, room: float, look: Look, prefix: str) -> str:
    """Return a name, cut off with dots where it needs more room than there is."""
    room -= look.scale * GAP
    if look.extent(prefix, name)[0] <= room:
        return name
    kept = len(name) - 1
    while kept > 1 and look.extent(prefix, f"{name[:kept]}...")[0] > room:
        kept -= 1
    return f"{name[:kept]}..."
