"""What a render view shows beside the data: orientation axes, a grid with numbers, texts, lights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from vtkmodules.vtkCommonCore import vtkMath
from vtkmodules.vtkRenderingAnnotation import vtkAxesActor
from vtkmodules.vtkRenderingCore import vtkRenderer

from async_paraview.scene.looks.drawing import AXES
from async_paraview.scene.parts import GRID_AXES, LEGEND_GRID, filled

from .axes.center_axes import CenterAxes
from .axes.grid_axes import Grid, GridAxes
from .axes.grid_texts import GridText
from .axes.legend_grid import LegendGrid, Piece, Surroundings, legend_grid_margins
from .axes.text_sheet import TextSheet
from .camera.framing import Margins
from .camera.looking import Looking
from .images import Bounds
from .layout.arranging import Layout
from .layout.boxes import around
from .layout.contents import LEGEND
from .layout.texts import PlacedText
from .looks.light_kit import OF_LIGHTS, apply_lights
from .overlays.texts import TextInFront, has_box
from .overlays.widgets import WidgetSheet
from .paper import Paper

_LETTERS: Final = 12
"""How high their letters are, in points."""
_FAR_ENOUGH: Final = 5.0
"""How far from the middle of the orientation axes, which are 1 long, their letters are seen whole."""


class Annotations:
    """Everything here belongs to one window and its main renderer."""

    def __init__(self, window: Any, renderer: Any) -> None:
        self._window, self._renderer = window, renderer
        self._axes: Any = None
        self._axes_actor: Any = None
        self._labels: tuple[Any, ...] = ()
        self._shafts: tuple[Any, ...] = ()
        self._grid: GridAxes | None = None
        self._center: CenterAxes | None = None
        self._legend_grid: LegendGrid | None = None
        self._texts: list[TextInFront] = []
        self._wanted_texts: tuple[PlacedText, ...] = ()
        self._text_props: list[Any] = []
        self._lights: tuple[Any, ...] | None = None
        self._widgets: WidgetSheet | None = None

    def apply(
        self, get: Mapping[str, Any], bounds: Bounds | None, looking: Looking, paper: Paper, layout: Layout
    ) -> None:
        """Take over what the view's properties ask for, on that paper and laid out so; before each drawing."""
        self._apply_lights(get)
        self._apply_axes(get["OrientationAxesVisibility"])
        self._stand(get, paper, layout)
        self.apply_axes(get, bounds, looking, paper, layout)
        self._apply_center(get, bounds)
        self._have_texts(layout)
        for text, placed in zip(self._texts, layout.texts, strict=True):
            text.show(placed.lines, placed.look(layout.size), paper, layout.size, placed.scale)

    @property
    def depend_on_camera(self) -> bool:
        """Whether something is seen of it that `apply_axes` draws."""
        return self._grid is not None or self._legend_grid is not None

    def apply_axes(
        self, get: Mapping[str, Any], bounds: Bounds | None, looking: Looking, paper: Paper, layout: Layout
    ) -> None:
        """Draw what looks otherwise from another place: the grid of axes, rulers and the bar."""
        self._apply_grid(grid_of(get, bounds), looking, paper, layout.scale)
        wanted = legend_grid_of(get)
        surroundings = Surroundings() if wanted is None else surroundings_in(layout)
        self._apply_legend_grid(wanted, looking, surroundings, paper, layout.scale)

    def show_widgets(
        self, widgets: Sequence[Mapping[str, Any]], looking: Looking, scale: float, by: tuple[float, float]
    ) -> None:
        """Draw widgets with these properties in front of all else, moved by so many pixels."""
        if self._widgets is None:
            if not widgets:
                return
            self._widgets = WidgetSheet()
        for prop in self._widgets.props:  # last, so that they are drawn last
            self._renderer.RemoveViewProp(prop)
            self._renderer.AddViewProp(prop)
        self._widgets.show(widgets, looking, scale, by)

    def _stand(self, get: Mapping[str, Any], paper: Paper, layout: Layout) -> None:
        """Have the orientation axes stand where there is a place for them."""
        if self._axes is None or layout.axes is None:
            return
        box, (width, height) = layout.axes, layout.size
        self._axes.SetViewport(box.left / width, box.bottom / height, box.right / width, box.top / height)
        self._axes.GetActiveCamera().SetUseHorizontalViewAngle(box.size[0] < box.size[1])
        scale = layout.scale * layout.shrunk
        self._apply_looks_of_axes(get)
        for look in self._labels:
            look.SetColor(get["OrientationAxesLabelColor"] or paper.text_ink((box.bottom + box.top) / 2 / height))
            look.SetFontSize(max(1, round(_LETTERS * scale)))
        for line in self._shafts:
            line.SetLineWidth(scale)

    def hide(self) -> None:
        """Draw nothing of it until the next `apply`: it cannot be picked."""
        for one in (self._grid, self._legend_grid):
            if one is not None:
                one.hide()
        for text in self._texts:
            text.hide()
        if self._center is not None:
            self._center.prop.VisibilityOff()
        if self._widgets is not None:
            self._widgets.hide()
        if self._axes is not None:
            self._axes.DrawOff()

    def follow(self) -> None:
        """Turn the orientation axes as the camera looks now."""
        if self._axes is None:
            return
        camera, own = self._renderer.GetActiveCamera(), self._axes.GetActiveCamera()
        direction = [0.0, 0.0, 0.0]
        vtkMath.Subtract(camera.GetPosition(), camera.GetFocalPoint(), direction)
        vtkMath.Normalize(direction)
        own.SetFocalPoint(0, 0, 0)
        own.SetPosition(*(_FAR_ENOUGH * one for one in direction))
        own.SetViewUp(camera.GetViewUp())
        self._axes.ResetCameraClippingRange()

    def release(self) -> None:
        """Free what it holds."""
        self._renderer.RemoveAllLights()
        self._apply_axes(False)
        centers = [] if self._center is None else [self._center.prop]
        self._have_texts(None)
        grids = () if self._grid is None else self._grid.props
        rulers = () if self._legend_grid is None else (self._legend_grid.prop,)
        widgets = () if self._widgets is None else self._widgets.props
        for prop in (*grids, *rulers, *centers, *widgets):
            self._renderer.RemoveViewProp(prop)
            prop.ReleaseGraphicsResources(self._window)
        self._grid, self._center, self._legend_grid, self._widgets = None, None, None, None

    @property
    def legend_grid(self) -> list[Piece]:
        """What was drawn last of the bar and the rulers."""
        return [] if self._legend_grid is None else self._legend_grid.pieces

    @property
    def sheets(self) -> list[TextSheet]:
        """What draws texts of axes."""
        return [one.sheet for one in (self._grid, self._legend_grid) if one is not None]

    @property
    def grid_texts(self) -> list[GridText]:
        """The texts of the grid of axes that were drawn last."""
        return [] if self._grid is None else self._grid.texts

    @property
    def line_props(self) -> list[Any]:
        """What draws lines in the scene: actors of VTK."""
        grid = [] if self._grid is None else [self._grid.line_prop]
        return grid if self._center is None else [*grid, self._center.prop]

    def _apply_center(self, get: Mapping[str, Any], bounds: Bounds | None) -> None:
        """Draw axes at the center of rotation, if that was asked for and anything is to be seen."""
        wanted = get["CenterAxesVisibility"] and bounds is not None
        if wanted and self._center is None:
            self._center = CenterAxes()
            self._renderer.AddViewProp(self._center.prop)
        if self._center is not None:
            self._center.prop.SetVisibility(wanted)
            if wanted and bounds is not None:
                self._center.show(get, bounds)

    def _apply_lights(self, get: Mapping[str, Any]) -> None:
        wanted = tuple(get[name] for name in OF_LIGHTS)
        if wanted == self._lights:
            return
        self._lights = wanted
        apply_lights(self._renderer, get)

    def _apply_axes(self, visible: bool) -> None:
        if not visible and self._axes is not None:
            self._axes.RemoveAllViewProps()
            self._axes.ReleaseGraphicsResources(self._window)
            self._window.RemoveRenderer(self._axes)
            self._axes, self._axes_actor, self._labels, self._shafts = None, None, (), ()
        elif visible and self._axes is None:
            self._axes = vtkRenderer()
            self._axes.SetLayer(1)
            self._axes.InteractiveOff()
            actor = self._axes_actor = vtkAxesActor()
            self._shafts = tuple(getattr(actor, f"Get{axis}AxisShaftProperty")() for axis in "XYZ")
            captions = [getattr(actor, f"Get{axis}AxisCaptionActor2D")() for axis in "XYZ"]
            for caption in captions:
                caption.GetTextActor().SetTextScaleModeToNone()
            self._labels = tuple(caption.GetCaptionTextProperty() for caption in captions)
            self._axes.AddViewProp(actor)
            self._window.AddRenderer(self._axes)
        if self._axes is not None:
            self._axes.DrawOn()

    def _apply_looks_of_axes(self, get: Mapping[str, Any]) -> None:
        """Have the axes in the corner the colors and letters that are asked for, and not those that are hidden."""
        if self._axes_actor is None:
            return
        for axis in AXES:
            color, is_seen = get[f"OrientationAxes{axis}Color"], get[f"OrientationAxes{axis}Visibility"]
            parts = [getattr(self._axes_actor, f"Get{axis}Axis{part}Property")() for part in ("Shaft", "Tip")]
            for part in parts:
                part.SetColor(color)
                part.SetOpacity(float(is_seen))
            text = get[f"OrientationAxes{axis}LabelText"] if is_seen else ""
            getattr(self._axes_actor, f"Set{axis}AxisLabelText")(text)

    def _apply_grid(self, wanted: Grid | None, looking: Looking, paper: Paper, scale: float) -> None:
        if self._grid is None and wanted is not None:
            self._grid = GridAxes()
            for prop in self._grid.props:
                self._renderer.AddViewProp(prop)
        if self._grid is not None and wanted is None:
            self._grid.hide()
        elif self._grid is not None and wanted is not None:
            self._grid.show(wanted, looking, paper, scale)

    def _apply_legend_grid(
        self,
        wanted: Mapping[str, Any] | None,
        looking: Looking,
        around: Surroundings,
        paper: Paper,
        scale: float,
    ) -> None:
        if self._legend_grid is None and wanted is not None:
            self._legend_grid = LegendGrid()
            self._renderer.AddViewProp(self._legend_grid.prop)
        if self._legend_grid is not None and wanted is None:
            self._legend_grid.hide()
        elif self._legend_grid is not None and wanted is not None:
            self._legend_grid.show(wanted, looking, around, paper, scale)

    def _have_texts(self, layout: Layout | None) -> None:
        """Have just its texts, and what is behind some of them, in the renderer; later ones upon earlier ones."""
        wanted = () if layout is None else layout.texts
        if wanted is self._wanted_texts:
            return
        self._wanted_texts = wanted
        for prop in self._text_props:
            self._renderer.RemoveViewProp(prop)
        for text in self._texts[len(wanted) :]:
            for prop in text.props:
                prop.ReleaseGraphicsResources(self._window)
        self._texts = [*self._texts[: len(wanted)], *(TextInFront() for _ in wanted[len(self._texts) :])]
        pairs = zip(self._texts, wanted, strict=True)
        self._text_props = [prop for text, one in pairs for prop in text.props[0 if has_box(one.written.look) else 1 :]]
        for prop in self._text_props:
            self._renderer.AddViewProp(prop)


def legend_grid_of(get: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the properties of the legend grid of a view; None: it has none."""
    looks = filled(LEGEND_GRID, get["LegendGrid"])
    return looks if looks["Visibility"] else None


def surroundings_in(layout: Layout, *, points: bool = False) -> Surroundings:
    """Return what rulers and the bar stand beside in a picture that is laid out so, in pixels or in points."""
    part = layout.scale if points else 1.0
    boxes = [one.box for one in layout.items if one.kind != LEGEND or one.is_put]
    obstacles = [around(one.left / part, one.bottom / part, one.right / part, one.top / part) for one in boxes]
    return Surroundings(Margins(*(one / part for one in layout.legend_margins)), tuple(obstacles))


def margins_within(get: Mapping[str, Any], looking: Looking, layout: Layout) -> Margins:
    """Return what all that stands beside the scene takes of a picture of a view along its sides, in pixels."""
    looks, margins = legend_grid_of(get), layout.margins
    if looks is None:
        return margins
    page = replace(looking, size=(layout.size[0] / layout.scale, layout.size[1] / layout.scale))
    rulers = legend_grid_margins(looks, page, surroundings_in(layout, points=True))
    return Margins(*(max(one, layout.scale * other) for one, other in zip(margins, rulers, strict=True)))


def grid_of(get: Mapping[str, Any], bounds: Bounds | None) -> Grid | None:
    """Return the grid of axes around what a view with these properties shows; None: there is none."""
    looks = filled(GRID_AXES, get["AxesGrid"])
    if bounds is None or not (get["AxesGridVisibility"] or looks["Visibility"]):
        return None
    return Grid(looks, bounds, {axis: get[f"{axis}Title"] for axis in "XYZ"}, get["AxesGridColor"])
