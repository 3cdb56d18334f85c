"""The legend of colors: a bar with a title and numbers, at the right side of a view."""

from __future__ import annotations

from typing import Any, Final

from vtkmodules.vtkRenderingAnnotation import vtkScalarBarActor

from ..base.associations import ColorArray
from ..base.component_names import MAGNITUDE
from .coloring import Coloring
from .paper import Color, Paper

_WIDTH: Final = 0.10
_HEIGHT: Final = 0.60
_BOTTOM: Final = 0.20
_LABELS: Final = 5
_MOST_LABELS: Final = 12
_FONT_SIZE: Final = 14


class ScalarBar:
    """One legend. The view places those that it shows, so that they do not lie upon each other."""

    def __init__(self) -> None:
        self.prop: Any = vtkScalarBarActor()
        self.prop.SetNumberOfLabels(_LABELS)
        self.prop.SetLabelFormat("{:.3g}")
        self.prop.SetUnconstrainedFontSize(True)
        self.prop.SetWidth(_WIDTH)
        self.prop.SetHeight(_HEIGHT)
        for text in (self.prop.GetTitleTextProperty(), self.prop.GetLabelTextProperty()):
            text.SetFontSize(_FONT_SIZE)
            text.ItalicOff()
            text.ShadowOff()
            text.BoldOff()

    def set_title(self, title: str | None, color_by: ColorArray | None) -> None:
        """Set its title; None: the name of the array, with the component if it has several."""
        if title is None and color_by is not None:
            component = "" if color_by.component == MAGNITUDE else f" {color_by.component}"
            title = color_by.name + component
        self.prop.SetTitle(title or "")

    def write(self, paper: Paper, title_color: Color | None, label_color: Color | None) -> None:
        """Write with these colors, or ink for that paper; with a shadow where it would not be seen all along."""
        top = _BOTTOM + _HEIGHT
        title, labels = self.prop.GetTitleTextProperty(), self.prop.GetLabelTextProperty()
        for look, color, low in ((title, title_color, top), (labels, label_color, _BOTTOM)):
            ink = color or paper.ink((low + top) / 2)
            look.SetColor(ink)
            look.SetShadow(color is None and paper.hides(ink, low, top))

    def show(self, coloring: Coloring) -> None:
        """Show these colors."""
        self.prop.SetLookupTable(coloring.table)
        count = coloring.table.GetNumberOfTableValues()
        labels = min(count, _MOST_LABELS) if coloring.spec.categorical else _LABELS
        self.prop.SetNumberOfLabels(labels)

    def place(self, index: int) -> None:
        """Stand at place 0, 1, ... from the right."""
        self.prop.GetPositionCoordinate().SetCoordinateSystemToNormalizedViewport()
        self.prop.GetPositionCoordinate().SetValue(1.0 - (index + 1) * (_WIDTH + 0.03), _BOTTOM)
