"""The kinds of views that applications offer, and how one looks that is made there: plain functions."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from async_paraview.scene.catalog import KINDS_OF_VIEWS
from async_paraview.scene.views import RENDER_VIEW

from ..scene import Scene
from ..views.view_proxy import ViewProxy

VIEW_LABELS: Final[Mapping[str, str]] = MappingProxyType({
    name: KINDS_OF_VIEWS[name].view.label
    for name in (
        "RenderView", "XYChartView", "XYBarChartView", "XYPointChartView", "XYHistogramChartView", "BoxChartView",
        "QuartileChartView", "ParallelCoordinatesChartView", "PlotMatrixView", "ImageChartView",
    )
})  # fmt: skip
"""The kinds in the order of menus, and what ParaView calls them."""
_LOOK: Final = {RENDER_VIEW.name: {"OrientationAxesVisibility": True}}


def new_view(scene: Scene, kind: str = RENDER_VIEW.name, **properties: Any) -> ViewProxy:
    """Make a view of a kind as ParaView's applications do: scenes have orientation axes; returns it.

    What programs make without an application has none. Raises as `Session.create_view`, and ValueError for no such
    kind.
    """
    if kind not in VIEW_LABELS:
        raise ValueError(f"there is no view {kind!r}; there are {', '.join(VIEW_LABELS)}")
    look = {**_LOOK.get(kind, {}), **properties}
    return scene.create_view(**look) if kind == RENDER_VIEW.name else scene.create_chart(kind, **look)
