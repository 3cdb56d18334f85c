"""Charts: views that draw columns of tables and curves along lines, and what is shown in them."""

from __future__ import annotations

from typing import Any

from .representation import RepresentationProxy
from .view_proxy import AnyViewProxy


class XYChartViewProxy(AnyViewProxy):
    """A chart on the server. Every method that is no coroutine is fire and forget."""

    kind = "XYChartView"

    def update(self, **properties: Any) -> None:
        """Set properties: ViewSize, ChartTitle, ShowLegend, LeftAxisTitle, LeftAxisLogScale, ...

        docs/charts.md lists them. What is wrong is raised by every awaited call that needs the view.
        """
        super().update(**properties)


class ChartRepresentationProxy(RepresentationProxy):
    """How one output is shown in a chart: XArrayName, SeriesVisibility, ChartType, ... (docs/charts.md)."""

    extraction = frozenset({"AttributeType", "UseIndexForXAxis", "XArrayName", "SeriesVisibility"})
