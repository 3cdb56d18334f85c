"""Charts: views that draw columns of tables and curves along lines, and what is shown in them."""

from __future__ import annotations

from typing import ClassVar

from async_paraview.scene.representations import CHART_REPRESENTATION
from async_paraview.scene.types import SceneType
from async_paraview.scene.views import CHART_VIEW

from .representation import RepresentationProxy
from .view_proxy import ViewProxy


class XYChartViewProxy(ViewProxy):
    """A chart on the server. Every method that is no coroutine is fire and forget.

    Its properties (`help()`, docs/charts.md) are attributes: `chart.ChartTitle = "Pressure"`.
    """

    __slots__ = ()

    scene_type: ClassVar[SceneType] = CHART_VIEW


class ChartRepresentationProxy(RepresentationProxy):
    """How one output is shown in a chart: XArrayName, SeriesVisibility, ChartType, ... (docs/charts.md)."""

    __slots__ = ()

    scene_type: ClassVar[SceneType] = CHART_REPRESENTATION
