"""Texts in front of a scene."""

from __future__ import annotations

from typing import Any, Final

from ..records import dataclass
from .checks import COLOR, FRACTION, Choice, Flag, Number, Only, OrNone, Several, Text, Whole
from .kept import kept
from .props.fonts import FAMILIES, FONTS, font_file
from .props.light import Numbered
from .scalar_bars import ANY_LOCATION
from .types import ANNOTATIONS, SceneProperty, SceneType

LOCATIONS: Final = (
    "Lower Left Corner", "Lower Center", "Lower Right Corner", "Upper Left Corner", "Upper Center",
    "Upper Right Corner", ANY_LOCATION,
)  # fmt: skip
JUSTIFICATIONS: Final = ("Left", "Center", "Right")
VERTICAL_JUSTIFICATIONS: Final = ("Bottom", "Center", "Top")
BORDERS: Final = ("Never", "Always", "Only on hover")


@dataclass(frozen=True)
class Shade:
    """Red, green, blue and opacity; of three numbers it is opaque."""

    facts = Several(4, FRACTION).facts

    def __call__(self, value: object) -> tuple[Any, ...]:
        """See Check."""
        if isinstance(value, list | tuple) and len(value) == 3:
            value = (*value, 1.0)
        return Several(4, FRACTION)(value)


ANGLE: Final = Number(-360.0, 360.0)

TEXT: Final = SceneType(
    "Text",
    ANNOTATIONS,
    "text",
    "A text in front of what a view shows.",
    (
        SceneProperty("Text", "what is written", "", Text()),
        SceneProperty(
            "WindowLocation", "where it stands in the picture", LOCATIONS[0], Choice("location of texts", LOCATIONS)
        ),
        SceneProperty("FontSize", "height of its letters, in points", 18, Whole(1, 500)),
        SceneProperty("Color", "red, green, blue from 0 to 1; None: seen on the background", None, OrNone(COLOR)),
        SceneProperty(
            "Position",
            "of its lower left corner at Any Location, fractions of the picture",
            (0.05, 0.05),
            Several(2, Number(-1.0, 2.0)),
        ),
        SceneProperty("FontFamily", FAMILIES, "Arial", Choice("font", FONTS)),
        font_file("", "it"),
        SceneProperty("Italic", "whether its letters are so", False, Flag()),
        SceneProperty("Shadow", "whether its letters have a shadow", False, Flag()),
        SceneProperty("Opacity", "0 to 1", 1.0, FRACTION),
        SceneProperty(
            "Justification", "of several lines: Left, Center or Right", "Left", Choice("justification", JUSTIFICATIONS)
        ),
        SceneProperty(
            "VerticalJustification",
            "which side of it is at Position, at Any Location: Bottom, Center or Top",
            "Bottom",
            Numbered("vertical justification", VERTICAL_JUSTIFICATIONS, 0),
        ),
        SceneProperty(
            "ShowBorder",
            "whether a box is behind it: Never or Always; Only on hover is never in pictures",
            BORDERS[2],
            Numbered("border of texts", BORDERS, 0),
        ),
        SceneProperty("BackgroundColor", "of that box: red, green, blue, opacity", (1.0, 1.0, 1.0, 0.2), Shade()),
        SceneProperty("BorderColor", "of the line around that box; None: seen on the background", None, OrNone(COLOR)),
        SceneProperty("BorderThickness", "of that line, in points; 0: there is none", 0.0, Number(0.0, 100.0)),
        SceneProperty("CornerRadius", "of that box: 0, corners, to 1, as round as it can be", 0.0, FRACTION),
        SceneProperty("Padding", "how far that box reaches beyond the letters, in points", 1, Whole(0, 500)),
        kept(
            "TextScaleMode",
            "Prop",
            Only(("Prop", 0, "No scaling"), "texts have a size in points: set FontSize"),
            "sizes are in points",
        ),
        SceneProperty("Bold", "whether its letters are bold", False, Flag()),
        SceneProperty("Orientation", "degrees by which it is turned about its Position, against the clock", 0.0, ANGLE),
    ),
)
