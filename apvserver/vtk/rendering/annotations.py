"""What a render view shows beside the data: orientation axes, a grid with numbers, texts, lights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from vtkmodules.vtkCommonCore import vtkMath
from vtkmodules.vtkRenderingAnnotation import vtkAxesActor
from vtkmodules.vtkRenderingCore import vtkLight, vtkLightKit, vtkRenderer, vtkTextActor

from async_paraview.scene.parts import GRID_AXES, filled
from async_paraview.scene.props.light import RAYS

from .axes.center_axes import CenterAxes
from .axes.grid_axes import GridAxes, margin_of
from .images import Bounds
from .legends.arrangement import Box
from .legends.texts import Font, line_of
from .overlays.texts import anchor, look_as
from .paper import Paper

_AXES_VIEWPORT: Final = (0.2, 0.25)
"""The part of the picture, across and up, in which the orientation axes stand in its corner."""
_LEAST_AXES: Final = 96
"""So many points that is at least, so that their letters are whole, and at most half of the picture."""
_LETTERS: Final = 12
"""How high their letters are, in points."""
_FAR_ENOUGH: Final = 5.0
"""How far from the middle of the orientation axes, which are 1 long, their letters are seen whole."""


def _light(look: Mapping[str, Any]) -> Any:
    """Return a light of VTK with the properties of one of a view."""
    light = vtkLight()
    if look["Coords"] == "Scene":
        light.SetLightTypeToSceneLight()
    elif look["Coords"] == "Camera":
        light.SetLightTypeToCameraLight()
    else:  # of ambient light VTK's rasterizer knows nothing, and ParaView takes that of the camera for it
        light.SetLightTypeToHeadlight()
    light.SetSwitch(look["Enable"])
    light.SetPositional(look["Type"] == RAYS[1])
    light.SetConeAngle(look["ConeAngle"])
    light.SetPosition(look["Position"])
    light.SetFocalPoint(look["FocalPoint"])
    light.SetColor(look["DiffuseColor"])
    light.SetIntensity(look["Intensity"])
    return light


class Annotations:
    """Everything here belongs to one window and its main renderer."""

    def __init__(self, window: Any, renderer: Any) -> None:
        self._window, self._renderer = window, renderer
        self._axes: Any = None
        self._labels: tuple[Any, ...] = ()
        self._shafts: tuple[Any, ...] = ()
        self._grid: GridAxes | None = None
        self._center: CenterAxes | None = None
        self._texts: list[Any] = []
        self._shown_texts: tuple[Mapping[str, Any], ...] = ()
        self._lights: tuple[Any, ...] | None = None

    def apply(self, get: Mapping[str, Any], bounds: Bounds | None, paper: Paper, scale: float) -> None:
        """Take over what the view's properties ask for, on that paper and at that scale; before each drawing."""
        self._apply_lights((get["UseLightKit"], get["LightKitIntensity"], get["AdditionalLights"]))
        self._apply_axes(get["OrientationAxesVisibility"])
        across, up = axes_viewport(self._window.GetSize(), scale)
        if self._axes is not None:
            self._axes.SetViewport(0.0, 0.0, across, up)
            width, height = self._window.GetSize()
            self._axes.GetActiveCamera().SetUseHorizontalViewAngle(across * width < up * height)
        for look in self._labels:
            look.SetColor(get["OrientationAxesLabelColor"] or paper.ink(up / 2))
            look.SetFontSize(max(1, round(_LETTERS * scale)))
        for line in self._shafts:
            line.SetLineWidth(scale)
        self._apply_grid(get, bounds, paper, scale)
        self._apply_center(get, bounds)
        if get["Texts"] != self._shown_texts:
            self._apply_texts(get["Texts"])
        for prop, wanted in zip(self._texts, self._shown_texts, strict=True):
            prop.VisibilityOn()
            prop.GetTextProperty().SetFontSize(max(1, round(wanted["FontSize"] * scale)))
            prop.GetTextProperty().SetColor(wanted["Color"] or paper.ink(anchor(wanted)[1]))

    def hide(self) -> None:
        """Draw nothing of it until the next `apply`: it cannot be picked."""
        for prop in (*self._grids, *self._texts):
            prop.VisibilityOff()
        if self._center is not None:
            self._center.prop.VisibilityOff()
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
        for prop in (*self._grids, *self._texts, *centers):
            self._renderer.RemoveViewProp(prop)
            prop.ReleaseGraphicsResources(self._window)
        self._grid, self._texts, self._center = None, [], None

    @property
    def _grids(self) -> list[Any]:
        return [] if self._grid is None else [self._grid.prop]

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

    def _apply_lights(self, wanted: tuple[Any, ...]) -> None:
        if wanted == self._lights:
            return
        self._lights = wanted
        use_kit, intensity, additional = wanted
        self._renderer.RemoveAllLights()
        if use_kit:
            kit = vtkLightKit()
            kit.SetKeyLightIntensity(intensity)
            kit.AddLightsToRenderer(self._renderer)
        for one in additional:
            self._renderer.AddLight(_light(one))
        self._renderer.SetAutomaticLightCreation(False)

    def _apply_axes(self, visible: bool) -> None:
        if not visible and self._axes is not None:
            self._axes.RemoveAllViewProps()
            self._axes.ReleaseGraphicsResources(self._window)
            self._window.RemoveRenderer(self._axes)
            self._axes, self._labels, self._shafts = None, (), ()
            self._window.SetNumberOfLayers(1)
        elif visible and self._axes is None:
            self._axes = vtkRenderer()
            self._axes.SetLayer(1)
            self._axes.InteractiveOff()
            actor = vtkAxesActor()
            self._shafts = tuple(getattr(actor, f"Get{axis}AxisShaftProperty")() for axis in "XYZ")
            captions = [getattr(actor, f"Get{axis}AxisCaptionActor2D")() for axis in "XYZ"]
            for caption in captions:
                caption.GetTextActor().SetTextScaleModeToNone()
            self._labels = tuple(caption.GetCaptionTextProperty() for caption in captions)
            self._axes.AddViewProp(actor)
            self._window.SetNumberOfLayers(2)
            self._window.AddRenderer(self._axes)
        if self._axes is not None:
            self._axes.DrawOn()

    def _apply_grid(self, get: Mapping[str, Any], bounds: Bounds | None, paper: Paper, scale: float) -> None:
        looks = filled(GRID_AXES, get["AxesGrid"])
        visible = (get["AxesGridVisibility"] or looks["Visibility"]) and bounds is not None
        if self._grid is None:
            if not visible:
                return
            self._grid = GridAxes()
            self._renderer.AddViewProp(self._grid.prop)
        self._grid.prop.SetVisibility(visible)
        if visible and bounds is not None:
            titles = {axis: get[f"{axis}Title"] for axis in "XYZ"}
            self._grid.show(looks, bounds, paper, get["AxesGridColor"], titles, scale)

    def _apply_texts(self, wanted: tuple[Mapping[str, Any], ...]) -> None:
        for prop in self._texts:
            self._renderer.RemoveViewProp(prop)
            prop.ReleaseGraphicsResources(self._window)
        self._texts, self._shown_texts = [_actor(one) for one in wanted], wanted
        for prop in self._texts:
            self._renderer.AddViewProp(prop)


def axes_viewport(size: tuple[int, int], scale: float) -> tuple[float, float]:
    """Return the part of a picture, across and up, in which the orientation axes stand."""
    across, up = (
        max(part, min(0.5, _LEAST_AXES * scale / side)) for part, side in zip(_AXES_VIEWPORT, size, strict=True)
    )
    return across, up


def grid_margin(get: Mapping[str, Any], bounds: Bounds | None) -> int:
    """Return how many pixels the numbers of the axes grid may reach beyond what is shown; 0 without a grid."""
    looks = filled(GRID_AXES, get["AxesGrid"])
    if bounds is None or not (get["AxesGridVisibility"] or looks["Visibility"]):
        return 0
    return margin_of(looks, bounds, {axis: get[f"{axis}Title"] for axis in "XYZ"})


def occupied(get: Mapping[str, Any], size: tuple[int, int], scale: float) -> tuple[Box, ...]:
    """Return the boxes of texts and of the orientation axes in a picture, in which a point has so many pixels."""
    width, height = size
    boxes = []
    if get["OrientationAxesVisibility"]:
        across, up = axes_viewport(size, scale)
        boxes.append(Box(0, 0, round(across * width), round(up * height)))
    for one in get["Texts"]:
        font = Font(one["FontSize"], one["FontFamily"], bool(one["Bold"]), bool(one["Italic"]), scale)
        lines = [line_of(line, font) for line in one["Text"].splitlines()]
        if not lines:
            continue
        across, up = max(line.shape[1] for line in lines), sum(max(line.shape[0], font.line) for line in lines)
        x, y, justified, raised = anchor(one)
        left, bottom = round(x * width - across * justified / 2), round(y * height - up * raised / 2)
        boxes.append(Box(left, bottom, left + across, bottom + up))
    return tuple(boxes)


def _actor(wanted: Mapping[str, Any]) -> Any:
    actor = vtkTextActor()
    actor.SetInput(wanted["Text"])
    look_as(actor, wanted, 1.0)  # the size is set for each drawing
    return actor
