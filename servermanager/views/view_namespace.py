"""`session.views.RenderView(...)`: views made by the name of their kind."""

from __future__ import annotations

from typing import Any, Protocol

from .chart_view import XYChartViewProxy
from .render_view import RenderViewProxy


class ViewMaker(Protocol):
    """A scene, as far as it makes views."""

    def create_view(self, **properties: Any) -> RenderViewProxy:
        """Make a render view."""

    def create_chart(self, **properties: Any) -> XYChartViewProxy:
        """Make a chart."""


class ViewNamespace:
    """The kinds of views."""

    def __init__(self, scene: ViewMaker) -> None:
        self._scene = scene

    def RenderView(self, **properties: Any) -> RenderViewProxy:
        """Make a render view. Fire and forget."""
        return self._scene.create_view(**properties)

    def XYChartView(self, **properties: Any) -> XYChartViewProxy:
        """Make a chart of curves, bars or points. Fire and forget."""
        return self._scene.create_chart(**properties)
