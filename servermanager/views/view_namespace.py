"""`session.views.RenderView(...)`: views made by the name of their kind."""

from __future__ import annotations

from functools import partial
from typing import Any, Protocol

from async_paraview.scene.catalog import KINDS_OF_VIEWS
from async_paraview.scene.views import RENDER_VIEW
from services_core import suggest

from ..model.definitions import DefinitionManager
from ..model.namespaces import ProxyFactory
from .chart_view import (
    BoxChartViewProxy,
    ChartViewProxy,
    ImageChartViewProxy,
    ParallelCoordinatesChartViewProxy,
    PlotMatrixViewProxy,
    QuartileChartViewProxy,
    XYBarChartViewProxy,
    XYChartViewProxy,
    XYHistogramChartViewProxy,
    XYPointChartViewProxy,
)
from .render_view import RenderViewProxy


class ViewMaker(Protocol):
    """A scene, as far as it makes views."""

    definitions: DefinitionManager

    def create_view(self, **properties: Any) -> RenderViewProxy:
        """Make a render view."""

    def create_chart(self, kind: str = ..., **properties: Any) -> ChartViewProxy:
        """Make a chart of a kind."""


class ViewNamespace:
    """The kinds of views: a render view, and charts."""

    def __init__(self, scene: ViewMaker) -> None:
        definitions = scene.definitions
        self.RenderView = ProxyFactory(definitions, RENDER_VIEW.name, scene.create_view, RENDER_VIEW.wire_type)

        def chart(kind: str) -> Any:
            make = partial(scene.create_chart, kind)
            return ProxyFactory(definitions, kind, make, KINDS_OF_VIEWS[kind].view.wire_type)

        self.XYChartView: ProxyFactory[XYChartViewProxy] = chart("XYChartView")
        self.XYPointChartView: ProxyFactory[XYPointChartViewProxy] = chart("XYPointChartView")
        self.XYBarChartView: ProxyFactory[XYBarChartViewProxy] = chart("XYBarChartView")
        self.XYHistogramChartView: ProxyFactory[XYHistogramChartViewProxy] = chart("XYHistogramChartView")
        self.QuartileChartView: ProxyFactory[QuartileChartViewProxy] = chart("QuartileChartView")
        self.BoxChartView: ProxyFactory[BoxChartViewProxy] = chart("BoxChartView")
        self.ParallelCoordinatesChartView: ProxyFactory[ParallelCoordinatesChartViewProxy] = chart(
            "ParallelCoordinatesChartView"
        )
        self.PlotMatrixView: ProxyFactory[PlotMatrixViewProxy] = chart("PlotMatrixView")
        self.ImageChartView: ProxyFactory[ImageChartViewProxy] = chart("ImageChartView")

    def __getattr__(self, kind: str) -> Any:
        """Raise AttributeError, suggesting the nearest names."""
        near = suggest(kind, vars(self)) or list(vars(self))
        raise AttributeError(f"no view is called {kind!r}; did you mean {', '.join(near)}?", name=kind, obj=self)

    def __repr__(self) -> str:
        return f"<views: {', '.join(vars(self))}>"
