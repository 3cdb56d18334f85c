"""The editor of a color map and of its opacities, of what an array colors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from async_paraview.records import dataclass
from async_paraview.scene.color_maps import COMPONENT, RESCALE_MODES, USUAL_PRESET
from services_core import suggest

from ...histograms import Histogram
from ...views.color_map import ColorMapProxy, PiecewiseFunctionProxy
from ...views.representation import RepresentationProxy
from ..owner import ColorOwner
from . import color_points
from .color_points import Color, ColorPoint, OpacityPoint
from .watched import Watched

HISTOGRAM_BINS: Final = 128
OPACITY_RAMP: Final = (0.0, 1.0)
VOLUME: Final = "Volume"
_OF_WHAT_IS_SHOWN: Final = ("Representation", "ScalarBarVisibility", "Visibility")
"""Properties of what is shown that decide what there is to edit."""


@dataclass(frozen=True, slots=True)
class ColorState:
    """What a color editor shows.

    `points` are those that colors are mixed of now, over `span`; `data_span` is the range of all that it colors. Both
    spans are None as long as nothing is colored. `opacities` are empty where everything is opaque; a volume has some.
    """

    name: str
    """Of the array, or of a map of one's own."""
    points: tuple[ColorPoint, ...] = ()
    opacities: tuple[OpacityPoint, ...] = ()
    span: tuple[float, float] | None = None
    data_span: tuple[float, float] | None = None
    preset: str | None = None
    """None: points of one's own."""
    is_inverted: bool = False
    is_logarithmic: bool = False
    has_categories: bool = False
    follows: str = ""
    """What becomes of the range when the data changes: one of `RESCALE_MODES`."""
    is_fixed: bool = False
    """Whether a range was set, which follows nothing."""
    number_of_colors: int = 256
    nan_color: Color = (0.5, 0.5, 0.5)
    maps_opacity: bool = False
    """Whether the opacities make surfaces translucent."""
    annotations: tuple[tuple[str, str], ...] = ()
    """Values and their texts."""
    legend: bool = False
    """Whether the view has a legend of it."""
    histogram: Histogram | None = None


class ColorEditor(Watched):
    """Edits the colors of what is shown. Changes are local and steps of undo, and raise as setting a property does.

    `await refresh()` brings `state` up to date with the server; changes of anybody, here or elsewhere, do so by
    themselves, and then who watches is told.
    """

    def __init__(self, shown: RepresentationProxy) -> None:
        """Edit the colors of a representation that an array colors. Raises ValueError if none does."""
        super().__init__()
        if shown.color_map is None or shown.opacity_function is None:
            raise ValueError(f"no array colors {shown!r}: set ColorBy first")
        self.shown = shown
        self.color_map: ColorMapProxy = shown.color_map
        self.opacities: PiecewiseFunctionProxy = shown.opacity_function
        self._session: ColorOwner = shown.session
        self.state = ColorState(self.color_map.name)
        """What it shows."""
        self._wanted = False
        self._asking = False
        for one in (self.color_map, self.opacities, *([shown.scalar_bar] if shown.scalar_bar else [])):
            self._ends.append(one.watch(lambda *_: self._changed()))
        self._ends.append(shown.watch(lambda name, _: self._changed() if name in _OF_WHAT_IS_SHOWN else None))

    async def refresh(self) -> None:
        """Ask the server how it is now, and count the array's values. Raises RemoteError."""
        while True:
            self._wanted = False
            span, data_span = await self.color_map.spanned(), await self.color_map.data_span()
            points = color_points.color_points(await self.color_map.points())
            if not self._wanted:  # else it was changed meanwhile
                break
        self.state = self._state(points, span, data_span, self.state.histogram)
        self._tell()

    async def count(self, bins: int = HISTOGRAM_BINS) -> Histogram:
        """Count the values of the array in bins, for `state`. Executes what is out of date; raises RemoteError."""
        association, name, *component = self.shown.ColorBy
        found = await self._session.histogram(
            self.shown.source, name, association=association, component=self._component(component), bins=bins
        )
        state = self.state
        self.state = self._state(state.points, state.span, state.data_span, found)
        self._tell()
        return found

    async def presets(self) -> list[str]:
        """Return the names of presets, the usual one first."""
        names = await self._session.color_presets()
        return sorted(names, key=lambda one: one != USUAL_PRESET)

    # --- colors

    def use_preset(self, name: str, *, inverted: bool | None = None) -> None:
        """Take the colors of a preset over the range that there is. The server refuses one that it does not have."""
        more = {} if inverted is None else {"InvertLookupTable": inverted}
        span = self._own_span()
        colors = {"Preset": name, "RGBPoints": None, "ScalarRange": span, "InterpretValuesAsCategories": False}
        self._set(f"use the preset {name}", self.color_map, **colors, **more)

    def set_points(self, points: Sequence[ColorPoint]) -> None:
        """Mix colors of these points, over the range from the first to the last."""
        flat = color_points.flat_colors(points)
        self._set("set colors", self.color_map, RGBPoints=flat, ScalarRange=None, ScalarRangeInitialized=True)

    def add_point(self, value: float, color: Color | None = None) -> None:
        """Add a point, of the color that the value has now if none is given."""
        points = self._points()
        color = color_points.color_between(points, value) if color is None else color
        self.set_points(color_points.added(points, ColorPoint(value, color)))

    def move_point(self, index: int, value: float) -> None:
        """Move a point, no farther than its neighbors. Raises IndexError."""
        self.set_points(color_points.moved(self._points(), index, value))

    def remove_point(self, index: int) -> None:
        """Remove a point. Raises IndexError, ValueError for the last two."""
        self.set_points(color_points.removed(self._points(), index))

    def set_color(self, index: int, color: Color) -> None:
        """Give a point another color. Raises IndexError."""
        points = self._points()
        points[index] = ColorPoint(points[index].value, color)
        self.set_points(points)

    # --- opacities

    def set_opacities(self, points: Sequence[OpacityPoint]) -> None:
        """Have values as opaque as these points say; none: all opaque, of a volume from 0 at the low end to 1."""
        flat = color_points.flat_opacities(points) or None
        self._set("set opacities", self.opacities, Points=flat, ScalarRangeInitialized=True)

    def add_opacity(self, value: float, opacity: float | None = None) -> None:
        """Add a point, as opaque as the value is now if that is not said."""
        points = self._opacity_points()
        opacity = color_points.opacity_between(points, value) if opacity is None else opacity
        self.set_opacities(color_points.added(points, OpacityPoint(value, opacity)))

    def move_opacity(self, index: int, value: float, opacity: float) -> None:
        """Move a point, no farther than its neighbors. Raises IndexError."""
        points = color_points.moved(self._opacity_points(), index, value)
        one = points[index]
        points[index] = OpacityPoint(one.value, min(max(opacity, 0.0), 1.0), one.midpoint, one.sharpness)
        self.set_opacities(points)

    def remove_opacity(self, index: int) -> None:
        """Remove a point. Raises IndexError, ValueError for the last two."""
        self.set_opacities(color_points.removed(self._opacity_points(), index))

    # --- ranges

    def rescale(self, low: float, high: float) -> None:
        """Have colors, and opacities, span these numbers from now on, as one step of undo."""
        with self._session.undo.group("rescale colors"):
            if self.state.preset is None and self.color_map.RGBPoints is not None:
                self.set_points(color_points.stretched(self._points(), low, high))
            else:
                self._set("rescale colors", self.color_map, ScalarRange=(low, high))
            if self.opacities.Points:
                self.set_opacities(color_points.stretched(self.state.opacities, low, high))

    def rescale_to_data(self) -> None:
        """Have colors span the numbers of all the data that they color, and follow them. Goes on by itself."""

        async def rescale() -> None:
            found = await self.color_map.rescale_to_data_range()
            if found is not None and self.opacities.Points:
                self.set_opacities(color_points.stretched(self.state.opacities, *found))

        self._start(rescale)

    def rescale_to_visible(self) -> None:
        """Have colors span the numbers that are seen now. Goes on by itself."""

        async def rescale() -> None:
            await self.shown.rescale_to_visible_range()

        self._start(rescale)

    def rescale_over_times(self) -> None:
        """Have colors span the numbers of all times, each of which is executed. Goes on by itself."""

        async def rescale() -> None:
            await self.shown.rescale_over_times()

        self._start(rescale)

    def set_follows(self, mode: str) -> None:
        """Say what becomes of the range when the data changes: one of `RESCALE_MODES`. Raises ValueError."""
        if mode not in RESCALE_MODES:
            near = suggest(str(mode), RESCALE_MODES) or list(RESCALE_MODES)
            raise ValueError(f"there is no mode of rescaling {mode!r}; there are {', '.join(near)}")
        self._set("set when colors are rescaled", self.color_map, AutomaticRescaleRangeMode=mode)

    # --- the rest

    def set_logarithmic(self, logarithmic: bool) -> None:
        """Have colors follow logarithms, or numbers."""
        self._set("color by logarithms" if logarithmic else "color by numbers", self.color_map, UseLogScale=logarithmic)

    def set_categories(self, categories: bool) -> None:
        """Have numbers be labels, each with a color of its own, or numbers."""
        label = "color categories" if categories else "color by numbers"
        self._set(label, self.color_map, InterpretValuesAsCategories=categories)

    def set_inverted(self, inverted: bool) -> None:
        """Have the colors of a preset run the other way, or not."""
        self._set("invert colors", self.color_map, InvertLookupTable=inverted)

    def set_number_of_colors(self, number: int) -> None:
        """Have so many different colors, 1 to 4096."""
        self._set("set the number of colors", self.color_map, NumberOfTableValues=number)

    def set_nan_color(self, color: Color) -> None:
        """Give what is no number this color."""
        self._set("set the color of what is no number", self.color_map, NanColor=list(color))

    def set_maps_opacity(self, maps: bool) -> None:
        """Have the opacities make surfaces translucent, or not."""
        self._set(f"{'show' if maps else 'hide'} opacities on surfaces", self.color_map, EnableOpacityMapping=maps)

    def set_legend(self, visible: bool) -> None:
        """Show a legend of the colors in the view, or none: what is shown there asks for it, or does no more."""
        asking = [self.shown] if visible else self._sharing()
        with self._session.undo.group("show the legend" if visible else "hide the legend"):
            for one in asking:
                one.update(ScalarBarVisibility=visible)
            if (bar := self.shown.scalar_bar) is not None and bar.Visibility is not None:
                bar.update(Visibility=None)

    # --- inside

    def _set(self, label: str, shared: ColorMapProxy | PiecewiseFunctionProxy, **values: Any) -> None:
        """Set properties as one step of undo. Raises AttributeError, TypeError, ValueError, with nothing changed."""
        for name, value in values.items():
            shared.check_value(name, value)
        with self._session.undo.group(label):
            shared.update(**values)

    def _sharing(self) -> list[RepresentationProxy]:
        """Return what has the same colors in the same view, and with them the same legend."""
        shown = self._session.all_representations()
        return [one for one in shown if one.view is self.shown.view and one.color_map is self.color_map]

    def _has_legend(self) -> bool:
        """Return whether the view has the legend, as it decides itself."""
        bar = self.shown.scalar_bar
        if bar is not None and bar.Visibility is not None:
            return bool(bar.Visibility)
        return any(one.Visibility and one.ScalarBarVisibility for one in self._sharing())

    def _component(self, said: Sequence[Any]) -> int:
        """Return the component that is colored, -1 for the magnitude."""
        if said:
            return said[0] if isinstance(said[0], int) else -1
        return int(self.color_map.VectorComponent) if self.color_map.VectorMode == COMPONENT else -1

    def _points(self) -> list[ColorPoint]:
        if not self.state.points:
            raise ValueError(f"the colors of {self.color_map.name!r} are not known yet: await refresh() first")
        return list(self.state.points)

    def _opacity_points(self) -> list[OpacityPoint]:
        return list(self.state.opacities or _ramp(self.state.span or (0.0, 1.0)))

    def _shown_opacities(self, span: tuple[float, float] | None) -> tuple[OpacityPoint, ...]:
        """Return the points that say how opaque values are: those that were set, or those that a volume has without."""
        if self.opacities.Points:
            return color_points.opacity_points(self.opacities.Points)
        return _ramp(span) if span is not None and self.shown.Representation == VOLUME else ()

    def _own_span(self) -> list[float] | None:
        """Return the range that was set, by itself or by points; None: that of the data."""
        span, points = self.color_map.ScalarRange, self.color_map.RGBPoints
        if span is None and points and self.color_map.ScalarRangeInitialized:
            return [float(points[0]), float(points[-4])]
        return None if span is None else [float(one) for one in span]

    def _state(
        self,
        points: tuple[ColorPoint, ...],
        span: tuple[float, float] | None,
        data_span: tuple[float, float] | None,
        histogram: Histogram | None,
    ) -> ColorState:
        colors, texts = self.color_map, list(self.color_map.Annotations)
        red, green, blue = map(float, colors.NanColor)
        return ColorState(
            name=colors.name,
            points=points,
            opacities=self._shown_opacities(span),
            span=span,
            data_span=data_span,
            preset=None if colors.RGBPoints is not None else colors.Preset or USUAL_PRESET,
            is_inverted=bool(colors.InvertLookupTable),
            is_logarithmic=bool(colors.UseLogScale),
            has_categories=bool(colors.InterpretValuesAsCategories),
            follows=colors.AutomaticRescaleRangeMode,
            is_fixed=self._own_span() is not None,
            number_of_colors=int(colors.NumberOfTableValues),
            nan_color=(red, green, blue),
            maps_opacity=bool(colors.EnableOpacityMapping),
            annotations=tuple(zip(map(str, texts[::2]), map(str, texts[1::2]), strict=True)),
            legend=self._has_legend(),
            histogram=histogram,
        )

    def _changed(self) -> None:
        self._wanted = True
        if self._asking or self._is_closed:
            return
        self._asking = True

        async def ask() -> None:
            try:
                while self._wanted:
                    await self.refresh()
            finally:
                self._asking = False

        self._start(ask)


def _ramp(span: tuple[float, float]) -> tuple[OpacityPoint, ...]:
    """Return opacities from nothing at the low end to all at the high one."""
    return OpacityPoint(span[0], OPACITY_RAMP[0]), OpacityPoint(span[1], OPACITY_RAMP[1])
