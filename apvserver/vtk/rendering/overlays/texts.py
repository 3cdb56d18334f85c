"""How texts look in front of a scene, and where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from vtkmodules.vtkRenderingCore import vtkCoordinate

from async_paraview.scene.scalar_bars import ANY_LOCATION
from async_paraview.scene.text import JUSTIFICATIONS

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


def anchor(wanted: Mapping[str, Any]) -> tuple[float, float, int, int]:
    """Return where a text with these properties stands, as in `_ANCHORS`."""
    if wanted["WindowLocation"] == ANY_LOCATION:
        x, y = wanted["Position"][:2]
        return x, y, JUSTIFICATIONS.index(wanted["Justification"]), 0
    return _ANCHORS[wanted["WindowLocation"]]


def corner(location: str, size: tuple[float, float]) -> tuple[float, float]:
    """Return the lower left corner of what is so large, as fractions of the picture, at one of its places."""
    x, y, across, upwards = _ANCHORS[location]
    return x - size[0] * across / 2, y - size[1] * upwards / 2


def look_as(actor: Any, wanted: Mapping[str, Any], scale: float) -> None:
    """Have a vtkTextActor stand and look as a text with these properties; the color is set by the paper.

    A point has `scale` pixels.
    """
    x, y, across, upwards = anchor(wanted)
    place: vtkCoordinate = actor.GetPositionCoordinate()
    place.SetCoordinateSystemToNormalizedViewport()
    place.SetValue(x, y)
    look = actor.GetTextProperty()
    look.SetFontSize(max(1, round(wanted["FontSize"] * scale)))
    look.SetBold(wanted["Bold"])
    look.SetItalic(wanted["Italic"])
    look.SetShadow(wanted["Shadow"])
    look.SetOpacity(wanted["Opacity"])
    look.SetFontFamilyAsString(wanted["FontFamily"])
    look.SetJustification(across)
    look.SetVerticalJustification(upwards)
