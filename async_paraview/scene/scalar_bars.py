"""The legend of a color map in a view, and the property of a view that holds what was set of all of its legends."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from ..records import dataclass
from .checks import ANY_LENGTH, COLOR, FRACTION, Choice, Flag, Number, OrNone, Several, Text, Whole
from .lists import Numbers
from .props.fonts import FAMILIES, FONTS, font_file
from .types import ANNOTATIONS, SceneProperty, SceneType

ANY_LOCATION: Final = "Any Location"
CORNERS: Final = (
    "Lower Left Corner", "Lower Center", "Lower Right Corner", "Upper Left Corner", "Upper Center",
    "Upper Right Corner",
)  # fmt: skip
ORIENTATIONS: Final = ("Vertical", "Horizontal")
JUSTIFICATIONS: Final = ("Left", "Centered", "Right")
TICKS_BEFORE: Final = "Ticks left/bottom, annotations right/top"
TEXT_POSITIONS: Final = ("Ticks right/top, annotations left/bottom", TICKS_BEFORE)
MOST_LABELS: Final = 64
USUAL_LENGTH: Final = 0.6
USUAL_THICKNESS: Final = 16
_PRINTF: Final = re.compile(r"%([-+ #0]*)(\d*)((?:\.\d+)?)([eEfFgG])")
_FORMAT: Final = re.compile(r"\{:?([<>^]?)([-+ ]?)(#?)(0?)(\d*)((?:\.\d+)?)([eEfFgG]?)\}")
_FRACTIONS: Final = Several(2, FRACTION)


@dataclass(frozen=True)
class NumberFormat:
    """How numbers are written: as in Python, "{:.3g}", or as in C, "%6.3g". Stored as Python's."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {"type": "str", "size": 1}

    def __call__(self, value: object) -> str:
        """See Check."""
        if not isinstance(value, str):
            raise ValueError('expected how numbers are written, as "{:.3g}" or "%6.3g"')
        text = _PRINTF.sub(_of_python, value) if "{" not in value else value
        fields = _FORMAT.findall(text)
        if len(fields) != 1 or re.sub(r"[^{}]", "", _FORMAT.sub("", text)) or len(text) > 100:
            raise ValueError('expected how one number is written, as "{:.3g}" or "%6.3g"')
        if any(int(field[4] or 0) > 100 or int(field[5][1:] or 0) > 30 for field in fields):
            raise ValueError("numbers are written with a width of at most 100, and at most 30 digits")
        return text


def _of_python(found: re.Match[str]) -> str:
    flags, width, precision, kind = found.groups()
    align = "<" if "-" in flags and width else ""
    sign = "+" if "+" in flags else " " if " " in flags else ""
    zero = "0" if "0" in flags and not align else ""
    return f"{{:{align}{sign}{'#' if '#' in flags else ''}{zero}{width}{precision}{kind}}}"


_P = SceneProperty
_COLOR: Final = OrNone(COLOR)
_POINTS: Final = Whole(4, 200)


def _texts(what: str, of: str, size: int) -> tuple[SceneProperty, ...]:
    return (
        _P(f"{what}Color", f"of {of}; None: seen on the background", None, _COLOR),
        _P(f"{what}FontSize", f"of {of}, in points", size, _POINTS),
        _P(f"{what}FontFamily", f"of {of}: {FAMILIES}", "Arial", Choice("font", FONTS)),
        font_file(what, of),
        _P(f"{what}Opacity", f"of {of}, 0 to 1", 1.0, FRACTION),
        *(
            _P(f"{what}{look}", f"whether letters of {of} are {look.lower()}", False, Flag())
            for look in ("Bold", "Italic")
        ),
    )


SCALAR_BAR: Final = SceneType(
    "ScalarBar",
    ANNOTATIONS,
    "legend",
    "The legend of a color map in a view.",
    (
        _P("Visibility", "whether it is shown; None: if a representation asks for it", None, OrNone(Flag())),
        _P("Title", "None: the name of the array, or as representations say", None, OrNone(Text())),
        _P("ComponentTitle", "behind the title; None: the component, if there is one", None, OrNone(Text())),
        _P(
            "TitleJustification",
            "how its title stands above it: Left, Centered or Right",
            "Centered",
            Choice("justification of a title", JUSTIFICATIONS),
        ),
        _P("HorizontalTitle", "whether the title of one that stands is above it; else it runs along it", True, Flag()),
        *_texts("Title", "its title", 14),
        *_texts("Label", "its numbers", 14),
        _P("Orientation", "Vertical or Horizontal", "Vertical", Choice("orientation", ORIENTATIONS)),
        _P(
            "WindowLocation",
            "where it stands; None: at the right, beside the others; Any Location: at Position",
            None,
            OrNone(Choice("location of legends", (*CORNERS, ANY_LOCATION))),
        ),
        _P(
            "Position",
            "of the lower left corner of its colors, fractions of the picture, at Any Location; moved so far that all "
            "of it is in the picture",
            (0.89, 0.02),
            _FRACTIONS,
        ),
        _P(
            "ScalarBarLength",
            "of its colors, a fraction of the picture; less where the rest has no room",
            USUAL_LENGTH,
            Number(0.05, 1.0),
        ),
        _P("ScalarBarThickness", "of its colors, in points", USUAL_THICKNESS, Whole(1, 400)),
        _P("ReverseLegend", "whether the high end is at the bottom, or at the left", False, Flag()),
        _P(
            "TextPosition",
            "on which side of the colors numbers stand",
            TEXT_POSITIONS[0],
            Choice("position of texts", TEXT_POSITIONS),
        ),
        _P(
            "NumberOfLabels",
            "how many numbers it has, at equal distances from end to end; None: round ones, as many as have room",
            None,
            OrNone(Whole(0, MOST_LABELS)),
        ),
        _P("UseCustomLabels", "whether its numbers are CustomLabels", False, Flag()),
        _P("CustomLabels", "numbers beside it", (), Numbers(MOST_LABELS)),
        _P("AddRangeLabels", "whether the ends of its range are among its numbers", False, Flag()),
        _P("DrawTickLabels", "whether it has numbers at all", True, Flag()),
        _P("DrawTickMarks", "whether short lines stand at its numbers", True, Flag()),
        _P(
            "AutomaticLabelFormat",
            "whether numbers have as many digits as tell them apart, unless LabelFormat is set",
            True,
            Flag(),
        ),
        _P("LabelFormat", 'of its numbers, as "{:.3g}" or "%-#6.3g"', "{:<#6.3g}", NumberFormat()),
        _P(
            "RangeLabelFormat",
            "of the ends of its range; None: as the other numbers",
            None,
            OrNone(NumberFormat()),
        ),
        _P("DrawAnnotations", "whether texts of values stand beside it", True, Flag()),
        _P("DrawNanAnnotation", "whether the color of what is no number is shown", False, Flag()),
        _P("NanAnnotation", "what stands beside that color", "NaN", Text()),
        _P("DrawBackground", "whether a box lies behind it", False, Flag()),
        _P("BackgroundColor", "of that box: red, green, blue, opacity", (1.0, 1.0, 1.0, 0.5), Several(4, FRACTION)),
        _P("BackgroundPadding", "how far that box reaches beyond it, in points", 2, Whole(0, 200)),
        _P("DrawScalarBarOutline", "whether a frame is drawn around its colors", False, Flag()),
        _P("ScalarBarOutlineColor", "of that frame; None: seen on the background", None, _COLOR),
        _P("ScalarBarOutlineThickness", "of that frame, in points", 1, Whole(1, 100)),
    ),
)


@dataclass(frozen=True)
class ScalarBars:
    """What was set of legends, by the names of their color maps: at most `most` maps of properties."""

    most: int

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {"type": "annotation", "size": ANY_LENGTH, "kind": "indexed"}

    def __call__(self, value: object) -> Mapping[str, Mapping[str, Any]]:
        """See Check."""
        if not isinstance(value, Mapping) or len(value) > self.most:
            raise ValueError(
                f"expected a map of at most {self.most} color maps, by name, to properties of their legends"
            )
        return {str(name): _checked(str(name), one) for name, one in value.items()}


def _checked(name: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not set(value) <= set(SCALAR_BAR.by_name):
        raise ValueError(f"expected for the legend of {name!r:.60} a map with {', '.join(SCALAR_BAR.by_name)}")
    found = {}
    for one, given in value.items():
        try:
            found[one] = SCALAR_BAR.by_name[one].check(given)
        except ValueError as error:
            raise ValueError(f"{one} = {given!r:.80} of the legend of {name!r:.60}: {error}") from None
    return found
