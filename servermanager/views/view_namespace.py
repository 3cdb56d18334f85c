"""`session.views.RenderView(...)`: views made by the name of their kind."""

from __future__ import annotations

from typing import Any, Protocol

from async_paraview.scene.views import CHART_VIEW, RENDER_VIEW

from ..model.definitions import DefinitionManager
from ..model.namespaces import ProxyFactory
from .chart_view import XYChartViewProxy
from .render_view import RenderViewProxy


class ViewMaker(Protocol):
    """A scene, as far as it makes views."""

    definitions: DefinitionManager

    def create_view(self, **properties: Any) -> RenderViewProxy:
        """Make a render view."""

    def create_chart(self, **properties: Any) -> XYChartViewProxy:
        """Make a chart."""


class ViewNamespace:
    """The kinds of views: a render view, and a chart of curves, bars or points."""

    def __init__(self, scene: ViewMaker) -> None:
        definitions = scene.definitions
        self.RenderView = ProxyFactory(definitions, RENDER_VIEW.name, scene.create_view, RENDER_VIEW.wire_type)
        self.XYChartView = ProxyFactory(definitions, CHART_VIEW.name, scene.create_chart, CHART_VIEW.wire_type)
