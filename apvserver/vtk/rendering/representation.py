"""Shows one output in a render view: the half of a representation that draws."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, Final

import numpy as np

from async_paraview.scene.parts import GRID_AXES, POLAR_AXES, filled
from async_paraview.scene.representations import REPRESENTATION, fading_array

from ..base.associations import Association, ColorArray, GeometryError, Range, find_array, numbers_of
from ..base.errors import afresh
from ..base.property_set import PropertySet
from ..geometry.colors import check_preset
from ..geometry.extraction import POLY
from .axes.grid_axes import GridAxes
from .axes.polar_axes import PolarAxes
from .color_maps import ColorMaps
from .coloring import Coloring, OwnColors, coloring
from .images import Bounds, Vector
from .mappers import GaussianMapper, RepresentationMapper, VolumeMapper, mapper_for
from .overlays.mappers import OVERLAYS, OverlayMapper
from .paper import BLACK, Paper
from .placement import in_data, placed_bounds
from .textures.pictures import check_picture

COLORING = frozenset({
    "ColorBy", "MapScalars", "LookupTable", "ScalarRange", "Categorical", "RGBPoints", "OpacityPoints",
    "EnableOpacityMapping", "InvertLookupTable", "UseLogScale", "NumberOfTableValues", "NanColor",
    "BelowRangeColor", "AboveRangeColor", "ColorMap", "OpacityFunction",
})  # fmt: skip


_TITLES: Final = {axis: f"{axis} Axis" for axis in "XYZ"}


def _drawing_of(kind: str) -> RepresentationMapper:
    return OVERLAYS[kind]() if kind in OVERLAYS else mapper_for(kind)


def _property_set() -> PropertySet:
    more = {"ColorBy": ColorArray.from_value, "LookupTable": check_preset, "Texture": check_picture}
    return PropertySet(REPRESENTATION, more=more)


class Representation:
    """Draws what `extract` has made of an output. Belongs to the thread of the view that shows it.

    Until data arrives that was extracted as the properties ask, what was there before is drawn, in one color if it
    lacks the array that ColorBy names, or cannot be colored as asked; a volume is not drawn then. ScalarRange None
    means the range of the data, Categorical None that the array decides (`is_categorical`), a color of None one that
    is seen on the view's background.
    """

    def __init__(self, properties: Mapping[str, object] | None = None, color_maps: ColorMaps | None = None) -> None:
        """Show nothing yet; `color_maps` are those of the session, None: its own."""
        self._properties = _property_set()
        self._color_maps = color_maps or ColorMaps()
        self._drawing = mapper_for(POLY)
        self._colored: Coloring | OwnColors | None = None
        self._uncolored_why: Exception | None = None
        self._is_colored_later = False
        self._range: Range | None = None
        self._lit = True
        self._scale = 1.0
        self._paper = Paper(BLACK, BLACK)
        self._grid: GridAxes | None = None
        self._polar: PolarAxes | None = None
        self._has_arrived = False
        self.version = 0
        """Of the data that is shown, counted by who extracted it."""
        self._draw_anew()
        self.set_properties(properties or {})

    @property
    def properties(self) -> Mapping[str, Any]:
        """All properties, read-only."""
        return self._properties.snapshot()

    @property
    def props(self) -> tuple[Any, ...]:
        """What the view adds to its renderer; may be others after a change."""
        return (self._drawing.prop, *(one.prop for one in (self._grid, self._polar) if one is not None))

    @property
    def drawing(self) -> RepresentationMapper:
        """What draws it now."""
        return self._drawing

    @property
    def data(self) -> Any:
        """All that is drawn."""
        return self._drawing.data

    @property
    def association(self) -> Association | None:
        """What of it can be picked: cells, points where something is drawn at each of them, None: nothing."""
        return self._drawing.association

    @property
    def legend(self) -> Hashable:
        """What its legend says; the view shows one for all that say the same."""
        return self._coloring.legend if isinstance(self._coloring, Coloring) else None

    @property
    def is_visible(self) -> bool:
        """Whether there is something to see."""
        return bool(self._properties["Visibility"]) and self.bounds is not None

    @property
    def is_in_front(self) -> bool:
        """Whether it is seen in front of the scene, with no place in it."""
        return isinstance(self._drawing, OverlayMapper) and bool(self._properties["Visibility"])

    @property
    def is_awaited(self) -> bool:
        """Whether it is to be seen, and nothing of it has arrived yet."""
        return bool(self._properties["Visibility"]) and not self._has_arrived

    @property
    def is_translucent(self) -> bool:
        """Whether it needs translucent surfaces to be drawn in the right order."""
        if isinstance(self._drawing, VolumeMapper):
            return False
        if isinstance(self._coloring, OwnColors) and self._coloring.translucent:
            return True
        if isinstance(self._drawing, GaussianMapper) and fading_array(self._properties.snapshot()) is not None:
            return True
        if self._drawing.has_translucent_texture:
            return True
        if self._properties["EdgeOpacity"] < 1.0 and self._properties["Representation"] == "Surface With Edges":
            return True
        return bool(self._properties["Opacity"] < 1.0 or self._properties["EnableOpacityMapping"])

    @property
    def bounds(self) -> Bounds | None:
        """World bounds (x low, x high, y low, ...), or None without points."""
        data = self._drawing.data
        return placed_bounds(self._properties.snapshot(), data.GetBounds()) if data.GetNumberOfPoints() else None

    @property
    def drawn_bounds(self) -> Bounds | None:
        """World bounds of what is drawn, with what stands around points; None without points."""
        get, drawing = self._properties.snapshot(), self._drawing
        return placed_bounds(get, drawing.drawn_bounds()) if drawing.data.GetNumberOfPoints() else None

    @property
    def half_line_width(self) -> float:
        """How far lines and points reach beyond where they are, in pixels."""
        return self._drawing.half_line_width(self._properties.snapshot())

    def in_data(self, position: Vector) -> Vector:
        """Return where in the data a place of the scene is."""
        return in_data(self._properties.snapshot(), position)

    @property
    def coloring(self) -> Coloring | None:
        """What colors it, None if nothing does by numbers."""
        return self._coloring if isinstance(self._coloring, Coloring) else None

    @property
    def color_range(self) -> Range | None:
        """The numbers the colors span now (a label range goes half a label beyond), None if uncolored."""
        return self._coloring.range if isinstance(self._coloring, Coloring) else None

    def range_of(self, ids: Any) -> Range | None:
        """Return the range of the coloring numbers of these drawn points or cells; None if there are none."""
        color_by = self._color_maps.color_array(self._properties.snapshot())
        array = find_array(self._drawing.data, color_by)
        if color_by is None or array is None:
            return None
        values = numbers_of(array, color_by)[ids]
        values = values[np.isfinite(values)]
        return (float(values.min()), float(values.max())) if len(values) else None

    @property
    def failure(self) -> Exception | None:
        """Why what is visible cannot be colored as asked; until it can."""
        return self._failure if self.is_visible else None

    @property
    def has_level_of_detail(self) -> bool:
        """Whether a reduced drawing differs from a whole drawing."""
        return self._drawing.has_level_of_detail

    def color_later(self) -> None:
        """Color it anew before it is seen next: a color map that it shares has changed."""
        self._is_colored_later = True

    @property
    def is_colored_later(self) -> bool:
        """Whether it will be seen in other colors than it was drawn in."""
        return self._is_colored_later

    @property
    def _coloring(self) -> Coloring | OwnColors | None:
        self._color_now()
        return self._colored

    @property
    def _failure(self) -> Exception | None:
        self._color_now()
        return self._uncolored_why

    def _color_now(self) -> None:
        if self._is_colored_later:
            self._draw_anew()

    def use_level_of_detail(self, reduced: bool) -> None:
        """Draw the reduced level of detail from now on, or the whole."""
        self._drawing.use_level_of_detail(reduced)

    def use_scale(self, scale: float) -> None:
        """Draw lines and points so many times as large from now on."""
        self._scale = scale
        if self._drawing.scale != scale:
            self._drawing.scale = scale
            self._drawing.apply(self._properties.snapshot(), self._lit)

    def use_paper(self, paper: Paper) -> None:
        """Draw upon that paper from now on."""
        self._color_now()
        if paper != self._paper:
            self._paper = paper
            self._drawing.paint(paper, self._properties.snapshot())

    def use_axes(self, camera: Any) -> None:
        """Draw the axes that were asked for around it from now on, as that camera sees them."""
        grid = filled(GRID_AXES, self._properties["DataAxesGrid"])
        polar = filled(POLAR_AXES, self._properties["PolarAxes"])
        bounds = self.bounds if self.is_visible else None
        self._grid = (self._grid or GridAxes()) if grid["Visibility"] and bounds is not None else None
        self._polar = (self._polar or PolarAxes()) if polar["Visibility"] and bounds is not None else None
        if self._grid is not None and bounds is not None:
            self._grid.show(grid, bounds, self._paper, None, _TITLES, self._scale)
        if self._polar is not None and bounds is not None:
            self._polar.show(polar, bounds, self._paper, camera)

    def set_data(self, parts: Mapping[str, Any], facts: Mapping[str, Any] | None = None) -> None:
        """Show what was extracted from now on; it must not change any more. No copy is made."""
        facts = facts or {}
        kind = facts.get("drawing", POLY)
        found = facts.get("color_range")
        data_range = None if found is None else (float(found[0]), float(found[1]))
        drawing: RepresentationMapper = self._drawing
        if type(drawing) is not type(made := _drawing_of(kind)):
            drawing = made
        drawing.set_parts(parts)
        self._drawing, self._range, self._lit = drawing, data_range, bool(facts.get("lit", True))
        self.version = int(facts.get("version", 0))
        self._has_arrived = True
        self._draw_anew()

    @staticmethod
    def check_properties(changes: Mapping[str, object]) -> None:
        """Raise what names and values would raise, whatever the data."""
        _property_set().checked(changes)

    def set_properties(self, changes: Mapping[str, object]) -> None:
        """Change properties, all or none. Raises `UnknownProperty` for a name, `InvalidProperty` for a value.

        If what is shown cannot be colored so, `failure` says it, and every change of what colors it tries again.
        """
        self._properties.update(changes)
        self._draw_anew(recolor=not COLORING.isdisjoint(changes))

    def release(self, window: Any) -> None:
        """Free what it holds on the graphics card of `window`, and the data."""
        for prop in self.props:
            prop.ReleaseGraphicsResources(window)
        self._drawing = mapper_for(POLY)
        self._color_maps.use(self, None)

    def _draw_anew(self, *, recolor: bool = True) -> None:
        get = self._properties.snapshot()
        if recolor or self._is_colored_later:
            self._is_colored_later = False
            self._recolor(get)
        self._drawing.apply(get, self._lit)
        self._drawing.paint(self._paper, get)
        if self._uncolored_why is not None and isinstance(self._drawing, VolumeMapper):
            self._drawing.prop.VisibilityOff()

    def _recolor(self, get: Mapping[str, Any]) -> None:
        volume = isinstance(self._drawing, VolumeMapper)
        self._colored = self._uncolored_why = None
        try:
            self._colored = coloring(self, self._drawing.data, get, self._color_maps, self._range, volume=volume)
        except GeometryError as error:
            self._uncolored_why = afresh(error)
        self._drawing.color(self._colored)
