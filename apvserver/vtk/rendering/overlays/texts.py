"""Texts in front of a scene: where they stand, how they look, and the boxes behind them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor2D, vtkCoordinate, vtkPolyDataMapper2D, vtkTextActor, vtkTextProperty

from async_paraview.scene.scalar_bars import ANY_LOCATION
from async_paraview.scene.text import BORDERS, JUSTIFICATIONS, VERTICAL_JUSTIFICATIONS

from ...base.data_making import array_of, cells_of, points_of
from ..fonts.noted import gathered, note
from ..fonts.rasters import extent
from ..fonts.spelling import spell
from ..paper import Color, Paper, mixed

MARGIN: Final = 0.01
_ANCHORS: Final[Mapping[str, tuple[float, float, int, int]]] = {
    "Lower Left Corner": (MARGIN, MARGIN, 0, 0),
    "Lower Center": (0.5, MARGIN, 1, 0),
    "Lower Right Corner": (1 - MARGIN, MARGIN, 2, 0),
    "Upper Left Corner": (MARGIN, 1 - MARGIN, 0, 2),
    "Upper Center": (0.5, 1 - MARGIN, 1, 2),
    "Upper Right Corner": (1 - MARGIN, 1 - MARGIN, 2, 2),
}
"""Places of texts: x and y from the lower left, then the justification along both."""
_DPI: Final = 72
_STEPS_OF_A_CORNER: Final = 8
Corners = tuple[tuple[float, float], ...]


def anchor(wanted: Mapping[str, Any]) -> tuple[float, float, int, int]:
    """Return where a text with these properties stands, as in `_ANCHORS`."""
    if wanted["WindowLocation"] == ANY_LOCATION:
        x, y = wanted["Position"][:2]
        upwards = VERTICAL_JUSTIFICATIONS.index(wanted["VerticalJustification"])
        return x, y, JUSTIFICATIONS.index(wanted["Justification"]), upwards
    return _ANCHORS[wanted["WindowLocation"]]


def corner(location: str, size: tuple[float, float]) -> tuple[float, float]:
    """Return the lower left corner of what is so large, as fractions of the picture, at one of its places."""
    x, y, across, upwards = _ANCHORS[location]
    return x - size[0] * across / 2, y - size[1] * upwards / 2


def has_box(wanted: Mapping[str, Any]) -> bool:
    """Return whether a text with these properties has a box behind it."""
    return bool(wanted["ShowBorder"] == BORDERS[1])


class TextInFront:
    """One text in front of a scene, and the box behind it. What draws them are `props`."""

    def __init__(self) -> None:
        """Draw nothing yet."""
        self._text, self._box = vtkTextActor(), vtkActor2D()
        self._mapper = vtkPolyDataMapper2D()
        self._box.SetMapper(self._mapper)
        self.props: tuple[Any, ...] = (self._box, self._text)
        self._shown: tuple[Any, ...] = ()
        self._remarks: tuple[str, ...] = ()

    def show(self, words: str, wanted: Mapping[str, Any], paper: Paper, size: tuple[int, int], scale: float) -> None:
        """Say these words as a text with these properties, upon a paper, in a picture; a point has `scale` pixels."""
        asked = words, wanted, paper, size, scale
        if asked != self._shown:
            self._shown = asked
            with gathered() as remarks:
                self._show(words, wanted, paper, size, scale)
            self._remarks = tuple(remarks)
        note(self._remarks)
        self._text.VisibilityOn()
        self._box.SetVisibility(has_box(wanted))

    def hide(self) -> None:
        """Draw nothing until it is shown again."""
        for prop in self.props:
            prop.VisibilityOff()

    def _show(self, words: str, wanted: Mapping[str, Any], paper: Paper, size: tuple[int, int], scale: float) -> None:
        x, y, _, _ = anchor(wanted)
        place: vtkCoordinate = self._text.GetPositionCoordinate()
        place.SetCoordinateSystemToNormalizedViewport()
        place.SetValue(x, y)
        look = self._text.GetTextProperty()
        _apply(look, wanted, scale)
        behind = paper.at(y)
        if has_box(wanted):
            red, green, blue, opacity = wanted["BackgroundColor"]
            behind = mixed(behind, (red, green, blue), opacity)
        look.SetColor(wanted["Color"] or Paper(behind, behind, paper.inks).text_ink())
        self._text.SetInput(spell(look, words))
        if has_box(wanted):
            self._fill_box(outline(words, wanted, size, scale), wanted, scale, paper.ink(y))

    def _fill_box(self, around: Corners, wanted: Mapping[str, Any], scale: float, ink: Color) -> None:
        count, line = len(around), wanted["BorderThickness"]
        made = vtkPolyData()
        made.SetPoints(points_of(np.array(around)))
        made.SetPolys(cells_of([0, count], range(count)))
        colors = [wanted["BackgroundColor"]]
        if line:
            made.SetLines(cells_of([0, count + 1], [*range(count), 0]))
            colors.insert(0, (*(wanted["BorderColor"] or ink), 1.0))
        made.GetCellData().SetScalars(array_of((np.array(colors) * 255).round().astype(np.uint8), "colors"))
        self._mapper.SetInputData(made)
        self._box.GetProperty().SetLineWidth(max(line, 0.01) * scale)
        self._box.GetProperty().SetOpacity(wanted["Opacity"])


def outline(words: str, wanted: Mapping[str, Any], size: tuple[int, int], scale: float) -> Corners:
    """Return the corners of a text in a picture of a size, turned, with its box if it has one; pixels."""
    look = vtkTextProperty()
    _apply(look, wanted, scale)
    left, right, bottom, top = extent(look, spell(look, words), _DPI)
    padding = wanted["Padding"] * scale if has_box(wanted) else 0.0
    box = left - padding, bottom - padding, right + 1 + padding, top + 1 + padding
    x, y, _, _ = anchor(wanted)
    turn = math.radians(angle(wanted))
    radius = wanted["CornerRadius"] * min(box[2] - box[0], box[3] - box[1]) / 2 if has_box(wanted) else 0.0
    cosine, sine = math.cos(turn), math.sin(turn)
    return tuple(
        (x * size[0] + across * cosine - up * sine, y * size[1] + across * sine + up * cosine)
        for across, up in _rounded(box, radius)
    )


def width_of(words: str, wanted: Mapping[str, Any], scale: float) -> float:
    """Return how wide words are that do not turn, in pixels."""
    look = vtkTextProperty()
    _apply(look, wanted, scale)
    left, right, _, _ = extent(look, spell(look, words), _DPI)
    return right - left


def angle(wanted: Mapping[str, Any]) -> float:
    """Return by how many degrees a text is turned, against the clock; what is made of data is turned about z."""
    turned = wanted["Orientation"]
    return float(turned[2] if isinstance(turned, Sequence) else turned)


def _apply(look: Any, wanted: Mapping[str, Any], scale: float) -> None:
    """Have a vtkTextProperty look as a text with these properties, but for its color."""
    _, _, across, upwards = anchor(wanted)
    look.SetFontSize(max(1, round(wanted["FontSize"] * scale)))
    look.SetBold(wanted["Bold"])
    look.SetItalic(wanted["Italic"])
    look.SetShadow(wanted["Shadow"])
    look.SetOpacity(wanted["Opacity"])
    look.SetFontFamilyAsString(wanted["FontFamily"])
    look.SetFontFile(wanted["FontFile"] or None)
    look.SetOrientation(angle(wanted))
    look.SetJustification(across)
    look.SetVerticalJustification(upwards)


def _rounded(box: tuple[float, float, float, float], radius: float) -> list[tuple[float, float]]:
    """Return the corners of a box, against the clock from the upper right; each is an arc of that radius."""
    left, bottom, right, top = box
    middles = (
        (right - radius, top - radius),
        (left + radius, top - radius),
        (left + radius, bottom + radius),
        (right - radius, bottom + radius),
    )
    steps = _STEPS_OF_A_CORNER if radius else 0
    found = []
    for quarter, (x, y) in enumerate(middles):
        if not steps:
            found.append((x, y))
            continue
        for step in range(steps + 1):
            at = math.pi / 2 * (quarter + step / steps)
            found.append((x + radius * math.cos(at), y + radius * math.sin(at)))
    return found
