"""An image of two dimensions as colors, and a bar that tells them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from vtkmodules.vtkChartsCore import vtkAxis, vtkPlotHistogram2D

from async_paraview.scene.charts.representations import IMAGE_CHART
from async_paraview.scene.charts.views import IMAGE_VIEW
from async_paraview.scene.types import SceneType

from ...base.array_names import MAGNITUDE
from ...base.associations import ColorArray
from ...base.property_set import PropertySet
from ...geometry.extraction import FULL
from ..axes.ticks import is_decade, log_ticks, number_text, ticks
from ..coloring import Coloring
from .cartesian_views import check_ranges
from .chart_representation import ChartRepresentation
from .chart_view import ChartView
from .parts.colored import color_bar, colors_of_image
from .parts.looks import LABEL_OFFSET, TICK, Look, set_labels, set_range, set_up_axis
from .parts.panels import GAP, Rectangle, panel, title_above, title_height

_SIDES: Final = {"Left": vtkAxis.LEFT, "Bottom": vtkAxis.BOTTOM}
_BAR: Final = 18
"""How wide the bar of colors is, in points."""
_MOST_BAR: Final = 0.35
"""How much of the width of a picture the bar and its numbers may have."""


class ImageRepresentation(ChartRepresentation):
    """One image with one array."""

    TYPE: ClassVar[SceneType] = IMAGE_CHART

    @property
    def image(self) -> Any:
        """The image."""
        return self._parts[FULL]

    @property
    def axes(self) -> Sequence[str]:
        """What lies along the horizontal and the vertical axis."""
        return [str(one) for one in self._facts["axes"]]

    @property
    def label(self) -> str:
        """What the colors tell."""
        _, name, component = self._facts["array"]
        return str(name) if component == MAGNITUDE else f"{name} {component}"

    @property
    def array(self) -> str:
        """The name of the array."""
        return str(self._facts["array"][1])

    def colors(self) -> Coloring | None:
        """Return what colors the image; None if it has no finite number. Raises `GeometryError`."""
        self.is_colored_later, self.coloring = False, None
        span = self._facts["range"]
        if span is None:
            self._color_maps.use(self, None)
            return None
        color_by = ColorArray("POINTS", self.array)
        name = self._properties["LookupTable"]
        limits = float(span[0]), float(span[1])
        self.coloring = colors_of_image(self, self.image, color_by, limits, name, self._color_maps)
        return self.coloring


class ImageView(ChartView):
    """Of several images that which was shown last. Axes span the image, unless a range was set."""

    TYPE = IMAGE_VIEW

    @classmethod
    def accepted(cls, before: PropertySet, changes: Mapping[str, object]) -> dict[str, Any]:
        """Return the changes as they will be stored. Raises `UnknownProperty`, `InvalidProperty`."""
        accepted = before.checked(changes)
        after = {**before.snapshot(), **accepted}
        linear = {f"{side}AxisLogScale": False for side in _SIDES}
        check_ranges({**after, **linear}, tuple(_SIDES))
        return accepted

    def _items(self, look: Look) -> list[Any]:
        shown = self._last_visible()
        colors = None if shown is None else shown.colors()
        limits = _limits(None if shown is None else shown.image, look)
        labels = {side: _labels(limits[side], side, look) for side in _SIDES}
        titles = dict(zip(("Bottom", "Left"), (f"{one} Axis" for one in shown.axes), strict=True)) if shown else {}
        bar = _bar_labels(colors) if colors is not None and look.get["ShowLegend"] else []
        place, beside = _places(look, labels["Left"], bar, titles)
        chart = panel(place)
        items = [*title_above(look), chart]
        for side, number in _SIDES.items():
            axis = chart.GetAxis(number)
            axis.SetVisible(True)
            set_up_axis(axis, side, look, titles.get(side, ""))
            axis.SetLogScale(False)
            axis.SetGridVisible(False)
            set_range(axis, *limits[side])
            if not look.get[f"{side}AxisUseCustomLabels"] and look.get[f"{side}AxisLabelNotation"] == "Mixed":
                set_labels(axis, labels[side], [number_text(one, labels[side]) for one in labels[side]])
        if colors is None:
            return items
        chart.AddPlot(_plot(shown.image, shown.array, colors))
        return [*items, _bar(beside, bar, colors, shown.label, look)] if bar else items


def _plot(image: Any, array: str, colors: Coloring) -> Any:
    plot = vtkPlotHistogram2D()
    plot.SetInputData(image)
    plot.SetArrayName(array)
    plot.SetTransferFunction(colors.table)
    plot.SetLegendVisibility(False)
    return plot


def _limits(image: Any, look: Look) -> dict[str, tuple[float, float]]:
    """Return what both axes span: the rectangles of all numbers of the image."""
    found = {}
    for side, axis in (("Bottom", 0), ("Left", 1)):
        low, high = 0.0, 1.0
        if image is not None:
            low = image.GetOrigin()[axis]
            high = low + image.GetSpacing()[axis] * image.GetDimensions()[axis]
        if look.get[f"{side}AxisUseCustomRange"]:
            low, high = look.get[f"{side}AxisRangeMinimum"], look.get[f"{side}AxisRangeMaximum"]
        found[side] = (low, high)
    return found


def _labels(limits: tuple[float, float], side: str, look: Look) -> list[float]:
    """Return the numbers of an axis that there is room for."""
    found = ticks(*limits)
    extents = [look.extent(f"{side}AxisLabel", number_text(one, found)) for one in found]
    is_across = side == "Bottom"
    room = sum(one[0] if is_across else one[1] for one in extents) * 1.4
    return found[:: max(1, math.ceil(room / (look.size[0 if is_across else 1] * 0.55)))]


def _bar_labels(colors: Coloring) -> list[float]:
    low, high = colors.range
    if not colors.spec.logarithmic or colors.spec.categorical or low <= 0:
        return ticks(low, high)
    found = log_ticks(low, high)
    tens = [one for one in found if is_decade(one)]
    return tens if len(tens) > 1 else found


def _places(
    look: Look, left: Sequence[float], bar: Sequence[float], titles: Mapping[str, str]
) -> tuple[Rectangle, Rectangle]:
    """Return where the image and the bar are drawn: numbers and titles have room beside them."""
    (width, height), get, gap = look.size, look.get, look.scale * GAP
    tick = look.scale * LABEL_OFFSET
    titled = {side: get[f"{side}AxisTitle"] or titles.get(side, "") for side in _SIDES}
    upright = look.extent("LeftAxisTitle", titled["Left"])[1]
    numbers = max((look.extent("LeftAxisLabel", number_text(one, left))[0] for one in left), default=0)
    low = tick + look.extent("BottomAxisLabel", "0")[1] + look.extent("BottomAxisTitle", titled["Bottom"])[1] + 4 * gap
    top = height - 3 * gap - title_height(look)
    first = numbers * get["ShowLeftAxisLabels"] + tick + (upright + 2 * gap if upright else 0) + 2 * gap
    right = width - 6 * gap
    if not bar:
        return Rectangle(first, low, right, top), Rectangle(0, 0, 1, 1)
    texts = max(look.extent("LeftAxisLabel", number_text(one, bar))[0] for one in bar)
    beside = min(texts + tick + look.scale * _BAR + look.extent("LeftAxisTitle", "Ay")[1] + 6 * gap, _MOST_BAR * width)
    return (
        Rectangle(first, low, width - beside - 4 * gap, top),
        Rectangle(width - beside, low, width - beside + look.scale * _BAR, top),
    )


def _bar(place: Rectangle, numbers: Sequence[float], colors: Coloring, label: str, look: Look) -> Any:
    """Return the bar that tells the colors of numbers."""
    chart = panel(place)
    chart.AddPlot(_plot(color_bar(colors, label), label, colors))
    set_range(chart.GetAxis(vtkAxis.BOTTOM), 0.0, 1.0)
    for number in (vtkAxis.LEFT, vtkAxis.RIGHT):
        set_range(chart.GetAxis(number), 0.0, 1.0)
    axis = chart.GetAxis(vtkAxis.RIGHT)
    axis.SetVisible(True)
    axis.SetTitle(label)
    color = look.ink("LegendColor")
    look.write(axis.GetTitleProperties(), "LeftAxisTitle", color)
    look.write(axis.GetLabelProperties(), "LeftAxisLabel", color)
    axis.GetPen().SetColorF(*color)
    axis.GetPen().SetWidth(look.scale)
    axis.SetTickLength(look.scale * TICK)
    axis.SetLabelOffset(look.scale * LABEL_OFFSET)
    set_labels(axis, [_fraction(one, colors) for one in numbers], [number_text(one, numbers) for one in numbers])
    return chart


def _fraction(number: float, colors: Coloring) -> float:
    """Return how far up the bar a number stands."""
    low, high = colors.range
    if colors.spec.logarithmic and not colors.spec.categorical and low > 0:
        return math.log(number / low) / math.log(high / low)
    return (number - low) / (high - low) if high > low else 0.5
