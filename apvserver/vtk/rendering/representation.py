"""Shows one output in a render view: the half of a representation that draws."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from async_paraview.scene.parts import GRID_AXES, POLAR_AXES, filled
from async_paraview.scene.props.labels import KINDS_OF_LABELS
from async_paraview.scene.representations import REPRESENTATION, fading_array

from ..base.associations import Association, ColorArray, GeometryError, find_array, numbers_of
from ..base.errors import afresh
from ..base.property_set import PropertySet
from ..base.values.ranges import Range
from ..geometry.coarse_surface import reduced_surface
from ..geometry.colors import check_preset
from ..geometry.extraction import FULL, POLY, REDUCED, VOLUME
from .axes.grid_axes import Grid, GridAxes
from .axes.grid_texts import GridText
from .axes.polar_axes import Polar, PolarAxes
from .axes.text_sheet import TextSheet
from .camera.looking import Looking
from .color_maps import ColorMaps
from .coloring import Coloring, OwnColors, coloring
from .compositing.composer import Elsewhere
from .compositing.looks import told_coloring, told_properties
from .fonts.files import check_fonts
from .images import Bounds, Vector
from .looks.backfaces import is_translucent as has_translucent_backs
from .looks.blocks import is_translucent as has_translucent_blocks
from .mappers import (
    GaussianMapper,
    PolyDataMapper,
    RepresentationMapper,
    VolumeMapper,
    mapper_for,
    unit_distance,
)
from .overlays.label_sheet import Labelled
from .overlays.labels import Labels
from .overlays.mappers import OVERLAYS, OverlayMapper, TextMapper
from .paper import BLACK, Paper
from .placement import in_data, placed_bounds, placement
from .textures.pictures import check_picture

COLORING = frozenset({
    "ColorBy", "MapScalars", "LookupTable", "ScalarRange", "Categorical", "RGBPoints", "OpacityPoints",
    "EnableOpacityMapping", "InvertLookupTable", "UseLogScale", "NumberOfTableValues", "NanColor",
    "BelowRangeColor", "AboveRangeColor", "ColorMap", "OpacityFunction", "UseSeparateOpacityArray", "OpacityArrayName",
    "MultiComponentsMapping",
})  # fmt: skip


_TITLES: Final = {axis: f"{axis} Axis" for axis in "XYZ"}


def _drawing_of(kind: str) -> RepresentationMapper:
    return OVERLAYS[kind]() if kind in OVERLAYS else mapper_for(kind)


def _property_set() -> PropertySet:
    arrays = dict.fromkeys(("ColorBy", "OpacityArrayName", "ColorArray2Name"), ColorArray.from_value)
    more = {**arrays, "LookupTable": check_preset, "Texture": check_picture}
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
        self._labels = Labels({}, {})
        self._has_arrived = False
        self._elsewhere: Elsewhere | None = None
        """Of what is there in pieces, of which other ranks have some; None: all is here."""
        self._pieces: Mapping[str, Any] = {}
        """This rank's parts of that."""
        self._whole: Mapping[str, Any] | None = None
        """The parts of the whole, once that was put together."""
        self.version = 0
        """Of the data that is shown, counted by who extracted it."""
        self.is_told = True
        """Whether who shows it has said so; what is to be drawn may come before, on another way."""
        self.changes = 0
        """How often anything was changed of which pictures depend, but for what a view says of each picture."""
        self._draw_anew()
        self.set_properties(properties or {})

    @property
    def properties(self) -> Mapping[str, Any]:
        """All properties, read-only."""
        return self._properties.snapshot()

    @property
    def props(self) -> tuple[Any, ...]:
        """What the view adds to its renderer; may be others after a change."""
        return (*self._drawing.props, *self.props_around)

    @property
    def props_around(self) -> tuple[Any, ...]:
        """Those of its axes alone."""
        grid = () if self._grid is None else self._grid.props
        polar = () if self._polar is None else self._polar.props
        return (*grid, *polar)

    @property
    def labelled(self) -> Labelled:
        """What of it has labels."""
        get = self._properties.snapshot()
        return Labelled(self._labels, get, placement(get))

    @property
    def has_labels(self) -> bool:
        """Whether any of its labels are to be seen."""
        return bool(self._labels.kinds) and self.is_visible and bool(self.labelled.kinds)

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
        """Whether it is to be seen, and something of it has not come yet: what is to be drawn, or that it is shown."""
        return bool(self._properties["Visibility"]) and not (self._has_arrived and self.is_told)

    @property
    def _has_translucent_parts(self) -> bool:
        get = self._properties.snapshot()
        return has_translucent_backs(get) or has_translucent_blocks(get)

    @property
    def is_volume(self) -> bool:
        """Whether rays are cast through it."""
        return isinstance(self._drawing, VolumeMapper)

    @property
    def is_translucent(self) -> bool:
        """Whether it needs translucent surfaces to be drawn in the right order."""
        if self.is_volume:
            return False
        if isinstance(self._coloring, OwnColors) and self._coloring.translucent:
            return True
        if isinstance(self._drawing, GaussianMapper) and fading_array(self._properties.snapshot()) is not None:
            return True
        if self._drawing.has_translucent_texture or self._has_translucent_parts:
            return True
        if self._properties["EdgeOpacity"] < 1.0 and self._properties["Representation"] == "Surface With Edges":
            return True
        return bool(self._properties["Opacity"] < 1.0 or self._properties["EnableOpacityMapping"])

    # --- pieces of other ranks

    @property
    def elsewhere(self) -> Elsewhere | None:
        """What is known of pieces of which other ranks have some; None: all is here."""
        return self._elsewhere

    @property
    def can_be_composited(self) -> bool:
        """Whether each rank may draw its own piece, as each pixel shows what is nearest and nothing else."""
        get, colored = self._properties.snapshot(), self._coloring
        return (
            isinstance(self._drawing, PolyDataMapper)
            and get["Representation"] in ("Surface", "Surface With Edges")
            and not self.is_translucent
            and not get["SilhouetteVisibility"]
            and get["Texture"] is None
            and self._uncolored_why is None
            and (colored is None or (isinstance(colored, Coloring) and colored.spec.nan_opacity >= 1.0))
        )

    @property
    def can_be_layered(self) -> bool:
        """Whether each rank may draw its own piece of what is seen through: as one layer before or behind others."""
        get, colored = self._properties.snapshot(), self._coloring
        if self._elsewhere is None or self._uncolored_why is not None:
            return False
        if self.is_volume:
            return (
                isinstance(colored, Coloring)
                and colored.opacities is None
                and get["BlendMode"] == "Composite"
                and not (get["Shade"] and self._lit)
                and not get["UseTransfer2D"]
                and get["GradientOpacityFunction"].get("Points") is None
            )
        return (
            isinstance(self._drawing, PolyDataMapper)
            and get["Representation"] in ("Surface", "Surface With Edges")
            and not get["SilhouetteVisibility"]
            and get["Texture"] is None
            and (colored is None or isinstance(colored, Coloring))
        )

    @property
    def boxes(self) -> Sequence[Bounds | None]:
        """Of the piece of each rank, in the data's own places; None: of nothing."""
        boxes = () if self._elsewhere is None else self._elsewhere.boxes
        return [None if box is None else (box[0], box[1], box[2], box[3], box[4], box[5]) for box in boxes]

    @property
    def pieces(self) -> Mapping[str, Any]:
        """This rank's parts of what is there in pieces."""
        return self._pieces

    def draw_piece(self) -> None:
        """Draw this rank's piece alone from now on: the others draw theirs."""
        if self._elsewhere is not None and self._drawing.parts is not self._pieces:
            self._draw_parts(self._pieces)

    def draw_whole(self, gather: Callable[[int, Any, Elsewhere], Any]) -> None:
        """Draw all pieces from now on; `gather(version, own piece, elsewhere)` puts them together, once."""
        if self._elsewhere is None:
            return
        if self._whole is None:
            whole = gather(self.version, self._pieces[FULL], self._elsewhere)
            reduced = None if self.is_volume else reduced_surface(whole)
            self._whole = {FULL: whole} if reduced is None else {FULL: whole, REDUCED: reduced}
        if self._drawing.parts is not self._whole:
            self._draw_parts(self._whole)

    def _draw_parts(self, parts: Mapping[str, Any]) -> None:
        self._drawing.set_parts(parts)
        self._draw_anew()

    def told_look(self) -> dict[str, Any]:
        """Return all that others need to draw their pieces as this one does, as plain data."""
        coloring = self._coloring
        return {
            "version": self.version,
            "drawing": VOLUME if self.is_volume else POLY,
            **self._told_piece(),
            "properties": told_properties(self._properties.snapshot()),
            "lit": self._lit,
            "scale": self._scale,
            "coloring": told_coloring(coloring if isinstance(coloring, Coloring) else None),
        }

    def _told_piece(self) -> dict[str, Any]:
        """Return what others need beside that to draw pieces of a volume."""
        elsewhere = self._elsewhere
        if not self.is_volume or elsewhere is None or elsewhere.extent is None or elsewhere.bounds is None:
            return {}
        low, high = np.array(elsewhere.bounds[::2]), np.array(elsewhere.bounds[1::2])
        length = float(np.linalg.norm(high - low))
        counts = [last - first + 1 for first, last in zip(elsewhere.extent[::2], elsewhere.extent[1::2], strict=True)]
        return {"unit": unit_distance(length, counts)}

    @property
    def _data_bounds(self) -> Bounds | None:
        """Bounds of all pieces, in the data's own places; None without points."""
        if self._elsewhere is not None:
            box = self._elsewhere.bounds
            return None if box is None else (box[0], box[1], box[2], box[3], box[4], box[5])
        data = self._drawing.data
        found: Bounds | None = data.GetBounds() if data.GetNumberOfPoints() else None
        return found

    @property
    def bounds(self) -> Bounds | None:
        """World bounds (x low, x high, y low, ...), or None without points."""
        box = self._data_bounds
        return None if box is None else placed_bounds(self._properties.snapshot(), box)

    @property
    def drawn_bounds(self) -> Bounds | None:
        """World bounds of what is drawn, with what stands around points; None without points."""
        if self._elsewhere is not None:
            return self.bounds
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
        if self._elsewhere is not None and self._drawing.parts is self._pieces:
            return self._elsewhere.has_reduced
        return self._drawing.has_level_of_detail

    @property
    def drawn_cells(self) -> int:
        """How many cells a whole drawing has; of one in pieces, the rank that has most."""
        if self._elsewhere is not None and self._drawing.parts is self._pieces:
            return self._elsewhere.cells
        return int(self._drawing.data.GetNumberOfCells())

    def color_later(self) -> None:
        """Color it anew before it is seen next: a color map that it shares has changed."""
        self._is_colored_later = True
        self.changes += 1

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

    def stand(self, lines: str, look: Mapping[str, Any], size: tuple[int, int], scale: float) -> None:
        """Write a text that is data as lines with such properties into a picture of a size: see TextMapper."""
        if isinstance(self._drawing, TextMapper):
            self._drawing.stand(lines, look, size, scale)

    @property
    def sheets(self) -> list[TextSheet]:
        """What draws texts of its axes."""
        return [one.sheet for one in (self._grid, self._polar) if one is not None]

    @property
    def axes_texts(self) -> list[GridText]:
        """The texts of its axes that were drawn last."""
        return [text for one in (self._grid, self._polar) if one is not None for text in one.texts]

    @property
    def line_props(self) -> list[Any]:
        """What draws the lines of its axes."""
        return [one.line_prop for one in (self._grid, self._polar) if one is not None]

    @property
    def grid(self) -> Grid | None:
        """The grid of axes that was asked for around it; None: there is none."""
        looks, get = filled(GRID_AXES, self._properties["DataAxesGrid"]), self._properties.snapshot()
        bounds = self.bounds if looks["Visibility"] and self.is_visible else None
        if bounds is None:
            return None
        if looks["IgnoreDisplayTransformScale"]:
            matrix = tuple(placement(get).ravel().tolist())
            return Grid(looks, self._data_bounds or bounds, _TITLES, matrix=matrix)
        return Grid(looks, bounds, _TITLES)

    @property
    def polar(self) -> Polar | None:
        """The polar axes that were asked for around it; None: there are none."""
        looks = filled(POLAR_AXES, self._properties["PolarAxes"])
        bounds = self.bounds if looks["Visibility"] and self.is_visible else None
        return None if bounds is None else Polar(looks, bounds)

    def use_axes(self, looking: Looking) -> None:
        """Draw the axes that were asked for around it from now on, as they are seen."""
        grid, polar = self.grid, self.polar
        self._grid = (self._grid or GridAxes()) if grid is not None else None
        self._polar = (self._polar or PolarAxes()) if polar is not None else None
        if self._grid is not None and grid is not None:
            self._grid.show(grid, looking, self._paper, self._scale)
        if self._polar is not None and polar is not None:
            self._polar.show(polar, looking, self._paper, self._scale)

    def follow(self, looking: Looking) -> None:
        """Draw the axes that are around it already as they are seen now."""
        if self._grid is not None or self._polar is not None:
            self.use_axes(looking)

    def set_data(self, parts: Mapping[str, Any], facts: Mapping[str, Any] | None = None) -> None:
        """Show what was extracted from now on; it must not change any more. No copy is made."""
        facts = facts or {}
        kind = facts.get("drawing", POLY)
        found = facts.get("color_range")
        data_range = None if found is None else (float(found[0]), float(found[1]))
        drawing: RepresentationMapper = self._drawing
        if type(drawing) is not type(made := _drawing_of(kind)):
            drawing = made
        drawn = {name: part for name, part in parts.items() if name not in KINDS_OF_LABELS}
        elsewhere = facts.get("pieces")
        self._elsewhere = None if elsewhere is None else Elsewhere.of(elsewhere)
        self._pieces, self._whole = ({} if elsewhere is None else drawn), None
        drawing.set_parts(drawn, facts.get("block_looks", ()))
        self._labels = Labels(parts, facts.get("labels", {}))
        self._drawing, self._range, self._lit = drawing, data_range, bool(facts.get("lit", True))
        self.version = int(facts.get("version", 0))
        self._has_arrived = True
        self._draw_anew()

    @staticmethod
    def check_properties(changes: Mapping[str, object]) -> None:
        """Raise what names and values would raise, whatever the data."""
        _property_set().checked(changes)
        check_fonts(changes, REPRESENTATION.owner)

    def set_properties(self, changes: Mapping[str, object]) -> None:
        """Change properties, all or none. Raises `UnknownProperty` for a name, `InvalidProperty` for a value.

        If what is shown cannot be colored so, `failure` says it, and every change of what colors it tries again.
        """
        check_fonts(changes, REPRESENTATION.owner)
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
        self.changes += 1
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
            self._colored = coloring(
                self, self._drawing.data, get, self._color_maps, self._range,
                volume=volume, in_pieces=self._elsewhere is not None,
            )  # fmt: skip
        except GeometryError as error:
            self._uncolored_why = afresh(error)
        self._drawing.color(self._colored)
