"""Charts: views that draw columns of tables and curves along lines, and what is shown in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Final

from async_paraview.operations import render
from async_paraview.records import dataclass
from async_paraview.scene.catalog import KINDS_OF_VIEWS
from async_paraview.scene.charts import representations, views
from async_paraview.scene.charts.settings import AXES, LOG_AXES
from async_paraview.scene.types import SceneType

from .color_map import ColorMapProxy, SharedByName
from .representation import LOOKUP_TABLE, RepresentationProxy
from .scene_proxy import SceneProxy
from .view_proxy import ViewProxy


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot of a chart: `area` is left, top, right, bottom in pixels of the picture from its top left.

    `axes` are what its axes span, low and high, by their names: Left, Bottom, Right, Top.
    """

    area: tuple[float, float, float, float]
    axes: Mapping[str, tuple[float, float]]
    logarithmic: frozenset[str] = frozenset()
    """The names of those that are logarithmic."""

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Plot:
        """Make it of what the render service answers (docs/protocol.md, "plots")."""
        left, top, right, bottom = map(float, told["area"])
        axes = {name: (float(low), float(high)) for name, (low, high) in told["axes"].items()}
        return cls((left, top, right, bottom), MappingProxyType(axes), frozenset(told["logarithmic"]))


class ChartViewProxy(ViewProxy):
    """A chart on the server, of a kind that a subclass says. Every method that is no coroutine is fire and forget.

    Its properties (`help()`, docs/charts.md) are attributes: `chart.ChartTitle = "Pressure"`.
    """

    __slots__ = ()

    async def plots(self) -> tuple[Plot, ...]:
        """Tell where its plots are in its picture, and what their axes span, when all is there that was to be shown.

        Charts without axes along their sides have none. Raises RemoteError.
        """
        await self._flush()
        told = (await self._scene.render.send_request(render.Plots(view=self.id).packet())).header["plots"]
        return tuple(Plot.from_dict(one) for one in told)

    def log_axes(self) -> list[str]:
        """Return which axes are logarithmic. Local."""
        return [axis for axis in AXES if self._set.get(f"{axis}AxisLogScale")]

    def _take(self, plain: dict[str, Any]) -> None:
        super()._take(plain)
        self._tell_log_axes(plain)

    def _tell_log_axes(self, names: Iterable[str]) -> None:
        """Have the data service know which numbers are not drawn, which it says in messages."""
        if any(name.endswith("AxisLogScale") for name in names):
            for one in self._scene.all_representations():
                if one.view is self:
                    one.log_axes_changed()


class ChartRepresentationProxy(RepresentationProxy):
    """How one output is shown in a chart, of a kind that a subclass says (docs/charts.md)."""

    __slots__ = ()

    @property
    def scalar_bar(self) -> None:
        """Return None: what tells colors in a chart belongs to the chart."""
        return None

    def log_axes_changed(self) -> None:
        """Have the data service told which axes are logarithmic. Called by the view."""
        if LOG_AXES in self.scene_type.by_name:
            self._tell_later({}, anew=True)

    def _resolved(self, together: Mapping[str, Any]) -> dict[str, Any]:
        if LOG_AXES not in self.scene_type.by_name or not isinstance(self.view, ChartViewProxy):
            return {}
        axes = self.view.log_axes()
        return {LOG_AXES: axes} if axes else {}

    def color_map_changed(self, shared: SharedByName, name: str) -> None:
        """Do nothing: what is extracted does not depend on colors."""

    def _plain(self, name: str, value: Any) -> Any:
        if name == LOOKUP_TABLE and name in self.scene_type.by_name and isinstance(value, SceneProxy):
            value = self._name_of(name, value, ColorMapProxy)
        return super()._plain(name, value)

    def _read(self, name: str) -> Any:
        if name == LOOKUP_TABLE and name in self.scene_type.by_name:
            return self.color_map
        return super()._read(name)


class XYChartViewProxy(ChartViewProxy):
    """A chart of curves, bars or points."""

    __slots__ = ()
    scene_type: ClassVar[SceneType] = views.XY_CHART_VIEW


class XYPointChartViewProxy(ChartViewProxy):
    """A chart of points."""

    __slots__ = ()
    scene_type: ClassVar[SceneType] = views.XY_POINT_CHART_VIEW


class XYBarChartViewProxy(ChartViewProxy):
    """A chart of bars."""

    __slots__ = ()
    scene_type: ClassVar[SceneType] = views.XY_BAR_CHART_VIEW


class XYHistogramChartViewProxy(ChartViewProxy):
    """A chart of how many values of an array lie in each of a number of bins."""

    __slots__ = ()
    scene_type: ClassVar[SceneType] = views.HISTOGRAM_VIEW


class QuartileChartViewProxy(ChartViewProxy):
    """A chart of statistics: areas between quartiles and extremes, lines of means."""

    __slots__ = ()
    scene_type: ClassVar[SceneType] = views.QUARTILE_VIEW


class BoxChartViewProxy(ChartViewProxy):
    """A chart of quartiles and extremes, as boxes with whiskers."""

    __slots__ = ()
    scene_type: ClassVar[SceneType] = views.BOX_VIEW


class ParallelCoordinatesChartViewProxy(ChartViewProxy):
    """A chart of rows as lines across axes that stand beside each other."""

    __slots__ = ()
    scene_type: ClassVar[SceneType] = views.PARALLEL_VIEW


class PlotMatrixViewProxy(ChartViewProxy):
    """A matrix of plots: each column over each other one."""

    __slots__ = ()
    scene_type: ClassVar[SceneType] = views.MATRIX_VIEW


class ImageChartViewProxy(ChartViewProxy):
    """A chart of an image of two dimensions, as colors."""

    __slots__ = ()
    scene_type: ClassVar[SceneType] = views.IMAGE_VIEW


class XYChartRepresentationProxy(ChartRepresentationProxy):
    """How one output is shown in a chart: XArrayName, SeriesVisibility, ChartType, ..."""

    __slots__ = ()
    scene_type: ClassVar[SceneType] = representations.XY_CHART


class XYPointChartRepresentationProxy(ChartRepresentationProxy):
    """How one output is shown as points."""

    __slots__ = ()
    scene_type: ClassVar[SceneType] = representations.XY_POINT_CHART


class XYBarChartRepresentationProxy(ChartRepresentationProxy):
    """How one output is shown as bars."""

    __slots__ = ()
    scene_type: ClassVar[SceneType] = representations.XY_BAR_CHART


class HistogramChartRepresentationProxy(ChartRepresentationProxy):
    """How the values of an array are counted and shown: SelectInputArray, BinCount, ..."""

    __slots__ = ()
    scene_type: ClassVar[SceneType] = representations.HISTOGRAM_CHART

    @staticmethod
    def color_map_name(values: Mapping[str, Any]) -> str | None:
        """Return the name of the color map of one with these properties; None: no array colors it."""
        if not values.get("UseColorMapping"):
            return None
        array = values.get("SelectInputArray")
        return values.get(LOOKUP_TABLE) or (None if array is None else array[1])


class QuartileChartRepresentationProxy(ChartRepresentationProxy):
    """How statistics are shown: ShowQuartiles, ShowRanges, ShowAverage, ..."""

    __slots__ = ()
    scene_type: ClassVar[SceneType] = representations.QUARTILE_CHART


class BoxChartRepresentationProxy(ChartRepresentationProxy):
    """How columns are shown as boxes."""

    __slots__ = ()
    scene_type: ClassVar[SceneType] = representations.BOX_CHART


class ParallelCoordinatesRepresentationProxy(ChartRepresentationProxy):
    """How rows are shown as lines across axes."""

    __slots__ = ()
    scene_type: ClassVar[SceneType] = representations.PARALLEL_CHART


class PlotMatrixRepresentationProxy(ChartRepresentationProxy):
    """How columns are shown over each other."""

    __slots__ = ()
    scene_type: ClassVar[SceneType] = representations.MATRIX_CHART


class ImageChartRepresentationProxy(ChartRepresentationProxy):
    """How an image is shown as colors."""

    __slots__ = ()
    scene_type: ClassVar[SceneType] = representations.IMAGE_CHART

    @staticmethod
    def color_map_name(values: Mapping[str, Any]) -> str | None:
        """Return the name of the color map of one with these properties; None: the server chooses the array."""
        array = values.get("ColorBy")
        return values.get(LOOKUP_TABLE) or (None if array is None else array[1])


def _by_kind(base: type[Any], group: str) -> Mapping[str, Any]:
    by_type = {one.scene_type.name: one for one in base.__subclasses__()}
    found = {kind: by_type.get(getattr(of, group).name) for kind, of in KINDS_OF_VIEWS.items()}
    return MappingProxyType({kind: one for kind, one in found.items() if one is not None})


CHART_VIEWS: Final[Mapping[str, type[ChartViewProxy]]] = _by_kind(ChartViewProxy, "view")
"""The proxies of charts by the kinds of views."""
CHART_REPRESENTATIONS: Final[Mapping[str, type[ChartRepresentationProxy]]] = _by_kind(
    ChartRepresentationProxy, "representation"
)
"""The proxies of what is shown in them, by the same."""
