"""A box of axes with numbers, around some bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vtkmodules.vtkRenderingCore import vtkProperty
from vtkmodules.vtkRenderingGridAxes import vtkGridAxesActor3D

from async_paraview.scene.parts import NOTATIONS

from ..images import Bounds
from ..legends.texts import Font, line_of
from ..paper import Color, Paper
from .ticks import digits, ticks


class GridAxes:
    """One box of axes. What draws it is `prop`."""

    def __init__(self) -> None:
        self.prop: Any = vtkGridAxesActor3D()
        self.prop.SetPickable(False)

    def show(
        self,
        get: Mapping[str, Any],
        bounds: Bounds,
        paper: Paper,
        color: Color | None,
        titles: Mapping[str, str],
        scale: float,
    ) -> None:
        """Stand around these bounds, as `get` says, all properties of a grid.

        `color` is that of what has none of its own, None: ink for that paper; `titles` those of axes that have none; a
        point has `scale` pixels.
        """
        grid = self.prop
        grid.SetVisibility(True)
        box = get["CustomBounds"] if get["UseCustomBounds"] else bounds
        grid.SetGridBounds(box)
        ink = color or paper.ink()
        shadow = color is None and paper.hides(ink, 0.0, 1.0)
        for axis, name in enumerate("XYZ"):
            title = get[f"{name}Title"]
            getattr(grid, f"Set{name}Title")(titles[name] if title is None else title)
            for what, look in (("Title", grid.GetTitleTextProperty(axis)), ("Label", grid.GetLabelTextProperty(axis))):
                _write(look, {key: get[f"{name}{what}{key}"] for key in _LOOKS}, ink, scale, shadow=shadow)
            grid.SetNotation(axis, NOTATIONS.index(get[f"{name}AxisNotation"]))
            labels = (
                get[f"{name}AxisLabels"] if get[f"{name}AxisUseCustomLabels"] else ticks(*box[2 * axis : 2 * axis + 2])
            )
            precision = get[f"{name}AxisPrecision"]
            grid.SetPrecision(axis, digits(labels) if precision is None else precision)
            grid.SetUseCustomLabels(axis, True)  # VTK's own lie beyond the ends of some ranges, and lines with them
            grid.SetNumberOfLabels(axis, len(labels))
            for index, value in enumerate(labels):
                grid.SetLabel(axis, index, value)
        grid.SetLabelUniqueEdgesOnly(get["LabelUniqueEdgesOnly"])
        grid.SetLabelMask(get["AxesToLabel"])
        grid.SetFaceMask(get["FacesToRender"])
        grid.SetGenerateGrid(get["ShowGrid"])
        grid.SetGenerateEdges(get["ShowEdges"])
        grid.SetGenerateTicks(get["ShowTicks"])
        lines = vtkProperty()  # the faces take over what is set, and do not look at what is changed
        lines.DeepCopy(grid.GetProperty())
        lines.SetLineWidth(scale)
        lines.SetColor(*(get["GridColor"] or ink))
        lines.SetBackfaceCulling(get["CullBackface"])
        lines.SetFrontfaceCulling(get["CullFrontface"])
        grid.SetProperty(lines)


def margin_of(get: Mapping[str, Any], bounds: Bounds, titles: Mapping[str, str]) -> int:
    """Return how many pixels titles and numbers of a grid around some bounds may reach beyond it, unscaled."""
    box = get["CustomBounds"] if get["UseCustomBounds"] else bounds
    widest = 0
    for axis, name in enumerate("XYZ"):
        title = titles[name] if get[f"{name}Title"] is None else get[f"{name}Title"]
        numbers = (
            get[f"{name}AxisLabels"] if get[f"{name}AxisUseCustomLabels"] else ticks(*box[2 * axis : 2 * axis + 2])
        )
        font = _font(get, f"{name}Label")
        texts = [f"{one:.{digits(numbers)}g}" for one in numbers]
        width = max((line_of(text, font).shape[1] for text in texts), default=0)
        beyond = _font(get, f"{name}Title").line if title else 0
        widest = max(widest, width + beyond)
    return widest + _GAPS if widest else 0


def _font(get: Mapping[str, Any], what: str) -> Font:
    looks = get[f"{what}FontFamily"], bool(get[f"{what}Bold"]), bool(get[f"{what}Italic"])
    return Font(get[f"{what}FontSize"] or _USUAL_SIZE, *looks)


_GAPS = 12
"""Between the lines of a grid, its numbers and its titles."""
_LOOKS = ("Color", "FontSize", "FontFamily", "Bold", "Italic")
_USUAL_SIZE = 12


def _write(look: Any, get: Mapping[str, Any], ink: Color, scale: float, *, shadow: bool) -> None:
    look.SetColor(get["Color"] or ink)
    look.SetShadow(shadow and get["Color"] is None)
    look.SetFontSize(max(1, round(scale * (get["FontSize"] or _USUAL_SIZE))))
    look.SetFontFamilyAsString(get["FontFamily"])
    look.SetBold(get["Bold"])
    look.SetItalic(get["Italic"])
