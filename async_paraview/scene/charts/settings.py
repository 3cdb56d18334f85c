"""What several types of charts have in common: properties of titles, legends, axes, fonts and series; and checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ...records import dataclass
from ..checks import COLOR, FRACTION, Choice, Flag, Name, Number, Only, OrNone, Several, Text, Whole
from ..kept import kept
from ..lists import Annotations, Names, OfSeries
from ..props.fonts import FAMILIES, FONTS, font_file
from ..props.screens import PPI
from ..types import SceneProperty

LEGEND_PLACES: Final = (
    "TopLeft", "TopRight", "BottomRight", "BottomLeft", "Left", "Top", "Right", "Bottom", "Custom",
)  # fmt: skip
"""Four corners within the axes, four sides beside them, and a place of its own."""
ALIGNMENTS: Final = ("Left", "Center", "Right")
NOTATIONS: Final = ("Mixed", "Scientific", "Fixed")
MARKERS: Final = ("None", "Cross", "Plus", "Square", "Circle", "Diamond")
LINE_STYLES: Final = ("None", "Solid", "Dash", "Dot", "Dash Dot", "Dash Dot Dot")
ATTRIBUTE_TYPES: Final = ("POINTS", "CELLS", "ROWS")
MOST_SERIES: Final = 256
MOST_DIGITS: Final = 17
WHITE: Final = (1.0, 1.0, 1.0)

_P = SceneProperty
_ADVANCED: Final = "advanced"
_FONT_SIZE: Final = Whole(4, 200)
_BLOCKS: Final = "all blocks are drawn together: use ExtractBlock to choose some"
_WORDS: Final[Mapping[object, str]] = {
    "Point Data": "POINTS", 0: "POINTS", "Cell Data": "CELLS", 1: "CELLS", "Row Data": "ROWS", 6: "ROWS",
}  # fmt: skip
"""Associations as ParaView's scripts and states have them."""
AXES: Final = ("Left", "Bottom", "Right", "Top")
LOG_AXES: Final = "LogAxes"
CORNER_AXES: Final = (("Left", "Bottom"), ("Right", "Bottom"), ("Right", "Top"), ("Left", "Top"))
"""By which axes the series of each corner are measured: up and across."""
ASSOCIATION_NUMBERS: Final[Mapping[str, int]] = {"POINTS": 0, "CELLS": 1, "ROWS": 6}


@dataclass(frozen=True)
class AttributeType:
    """POINTS, CELLS or ROWS; as ParaView's scripts have it: "Point Data", "Cell Data", "Row Data", or its number."""

    facts = Choice("attribute type", ATTRIBUTE_TYPES).facts

    def __call__(self, value: object) -> str:
        """See Check."""
        known = isinstance(value, int | str) and not isinstance(value, bool)
        return Choice("attribute type", ATTRIBUTE_TYPES)(_WORDS.get(value, value) if known else value)


@dataclass(frozen=True)
class Numbered:
    """One of some names, or its number, also as a text."""

    what: str
    names: tuple[str, ...]

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return Choice(self.what, self.names).facts

    def __call__(self, value: object) -> str:
        """See Check."""
        is_number = isinstance(value, int | float | str) and not isinstance(value, bool)
        if is_number and str(value) in map(str, range(len(self.names))):
            return self.names[int(str(value))]
        return Choice(self.what, self.names)(value)


LINE_STYLE: Final = Numbered("line style", LINE_STYLES)
MARKER: Final = Numbered("marker", MARKERS)


@dataclass(frozen=True)
class OpaqueColor:
    """Red, green, blue from 0 to 1; a fourth number, the opacity that ParaView has there, is taken if it is 0 or 1."""

    facts = COLOR.facts

    def __call__(self, value: object) -> tuple[Any, ...] | None:
        """See Check."""
        if isinstance(value, list | tuple) and len(value) == 4:
            if FRACTION(value[3]) == 0.0:
                return None
            if FRACTION(value[3]) != 1.0:
                raise ValueError("a background is opaque (1) or not there (0)")
            value = value[:3]
        return COLOR(value)


def view_basics() -> Iterator[SceneProperty]:
    """Yield what each chart has: its size, how fine its screen is, and its background."""
    yield _P("ViewSize", "width and height in pixels", (800, 600), Several(2, Whole(1, 16384)))
    yield PPI
    yield _P(
        "Background",
        "red, green, blue from 0 to 1; None: that of the palette, which is white at first",
        None,
        OrNone(COLOR),
    )


def frame_rate() -> SceneProperty:
    """Return the property that all views have, though charts have no less detail."""
    return _P(
        "InteractiveFrameRate",
        "images a second to reach while something moves, with less detail if need be",
        20.0,
        Number(0.1, 1000.0),
    )


def font(prefix: str, what: str, size: int, *, bold: bool = False, sized: bool = True) -> Iterator[SceneProperty]:
    """Yield the properties of one kind of texts."""
    yield _P(f"{prefix}FontFamily", f"of {what}: {FAMILIES}", "Arial", Choice("font", FONTS))
    yield font_file(prefix, what)
    if sized:
        yield _P(f"{prefix}FontSize", f"of {what}, in points", size, _FONT_SIZE)
    yield _P(f"{prefix}Bold", f"whether {what} is bold", bold, Flag(), panel=_ADVANCED)
    yield _P(f"{prefix}Italic", f"whether {what} is italic", False, Flag(), panel=_ADVANCED)


def title() -> Iterator[SceneProperty]:
    """Yield the properties of the title of a chart."""
    yield _P("ChartTitle", "above the chart", "", Text())
    yield _P("ChartTitleAlignment", "Left, Center or Right", "Center", Numbered("alignment", ALIGNMENTS))
    yield from font("ChartTitle", "that title", 16)
    yield _P("ChartTitleColor", "of that title; None: seen on the background", None, OrNone(COLOR))


def legend(what: str = "whether a legend names the series", *, shown: bool = True) -> Iterator[SceneProperty]:
    """Yield the properties of the legend of a chart, which is shown or not where nobody says it."""
    yield _P("ShowLegend", what, shown, Flag())
    yield _P("LegendColor", "of its frame and texts; None: seen on the background", None, OrNone(COLOR))
    yield _P(
        "LegendLocation",
        "a corner within the axes, a side beside them, or Custom; None: a corner where it hides nothing, else Right, "
        "or Top if it is wide",
        None,
        OrNone(Numbered("place of a legend", LEGEND_PLACES)),
    )
    yield _P(
        "LegendPosition",
        "of its lower left corner where LegendLocation is Custom, in pixels from that of the picture",
        (0, 0),
        Several(2, Whole(-16384, 16384)),
        hidden_unless={"property": "LegendLocation", "equals": "Custom"},
    )
    yield _P("LegendSymbolWidth", "of its samples of lines, in pixels", 25, Whole(1, 500), panel=_ADVANCED)
    yield from font("Legend", "its text", 12)


def pointed_at() -> Iterator[SceneProperty]:
    """Yield what says how ParaView's windows tell the values under a pointer: here programs draw."""
    why = "there is no pointer here"
    yield kept("TooltipLabelFormat", "", Text(), why)
    yield kept("TooltipNotation", "Mixed", Numbered("notation", NOTATIONS), why)
    yield kept("TooltipPrecision", 6, Whole(0, 100), why)
    yield kept("HideTimeMarker", False, Flag(), "the time is not marked")


def axis(name: str, words: str, *, of_others: bool = True) -> Iterator[SceneProperty]:
    """Yield the properties of an axis; `of_others` are those that are there with and without series."""
    number, color = Number(-1e300, 1e300), OrNone(COLOR)
    custom = {"property": f"{name}AxisUseCustomRange", "equals": True}
    yield _P(f"{name}AxisTitle", f"of the {words} axis; empty: what it shows, if that is one thing", "", Text())
    yield _P(f"{name}AxisLogScale", "whether it is logarithmic", False, Flag())
    yield _P(f"{name}AxisUseCustomRange", "whether it spans what the next two say", False, Flag())
    yield _P(f"{name}AxisRangeMinimum", "where it begins", 0.0, number, hidden_unless=custom)
    yield _P(f"{name}AxisRangeMaximum", "where it ends", 1.0, number, hidden_unless=custom)
    yield _P(f"Show{name}AxisGrid", "whether lines of a grid start at its numbers", of_others, Flag())
    yield from font(f"{name}AxisTitle", "its title", 14, bold=True)
    yield from font(f"{name}AxisLabel", "each of its numbers", 12)
    yield _P(f"Show{name}AxisLabels", "whether it has numbers", True, Flag(), panel=_ADVANCED)
    yield _P(
        f"{name}AxisLabelNotation",
        "of its numbers: Mixed, as short as tells them apart; Scientific; Fixed",
        "Mixed",
        Numbered("notation", NOTATIONS),
        panel=_ADVANCED,
    )
    yield _P(
        f"{name}AxisLabelPrecision",
        "digits behind the point of Scientific and Fixed",
        2,
        Whole(0, MOST_DIGITS),
        panel=_ADVANCED,
    )
    yield _P(f"{name}AxisUseCustomLabels", "whether the next one says where numbers stand", False, Flag())
    yield _P(
        f"{name}AxisLabels",
        "a flat list: value, text, ...; an empty text is the value",
        (),
        Annotations(),
        hidden_unless={"property": f"{name}AxisUseCustomLabels", "equals": True},
    )
    yield _P(f"{name}AxisColor", "of its line; None: seen on the background", None, color)
    yield _P(f"{name}AxisTitleColor", "of its title; None: seen on the background", None, color)
    yield _P(f"{name}AxisLabelColor", "of its numbers; None: seen on the background", None, color)
    yield _P(f"{name}AxisGridColor", "of its grid; None: seen on the background, and faint", None, color)


# --- of what is shown


def visibility() -> SceneProperty:
    """Return the property that everything shown has."""
    return _P("Visibility", "whether it is drawn", True, Flag())


def association(name: str) -> SceneProperty:
    """Return the property that says which numbers are drawn."""
    return _P(
        name,
        "POINTS, CELLS or ROWS; None: ROWS of a table, else POINTS",
        None,
        OrNone(AttributeType()),
        half="both",
    )


def series_visibility(more: str = "") -> SceneProperty:
    """Return the property that names what is drawn."""
    return _P(
        "SeriesVisibility",
        "names of the columns to draw; None: all but coordinates. Vectors have velocity_X, velocity_Y, velocity_Z, "
        f"velocity_Magnitude; coordinates Points_X, ...{more}",
        None,
        OrNone(Names("columns", MOST_SERIES)),
        half="both",
    )


def series_color() -> SceneProperty:
    """Return the property that gives series colors."""
    return _P("SeriesColor", "a flat list: name, red, green, blue, ...", (), OfSeries("red, green, blue", COLOR, 3))


def abscissa() -> Iterator[SceneProperty]:
    """Yield what says which numbers lie along the horizontal axis."""
    yield _P(
        "XArrayName",
        "the column along the horizontal axis; None: arc_length, bin_extents or Time if there is one, else the number "
        "of the row",
        None,
        OrNone(Name()),
        half="both",
    )
    yield _P("UseIndexForXAxis", "whether it is the number of the row all the same", False, Flag(), half="both")


def log_axes() -> SceneProperty:
    """Return the property by which the data service knows which numbers have no place on the axes."""
    return _P(
        LOG_AXES,
        "the logarithmic axes of its view, which tells it: Left, Bottom, Right, Top",
        (),
        Names("axes", 4),
        half="both",
        panel="never",
    )


def line_style() -> SceneProperty:
    """Return the property of a representation that draws lines of one style."""
    return _P("LineStyle", "of its lines", "Solid", LINE_STYLE, panel=_ADVANCED)


def line_thickness() -> SceneProperty:
    """Return the property of a representation that draws lines of one thickness."""
    return _P("LineThickness", "of its lines, in pixels", 2.0, Number(0.1, 100.0), panel=_ADVANCED)


def without_effect(*, named: bool = False, presets: bool = False, selected: bool = False) -> Iterator[SceneProperty]:
    """Yield what ParaView's scripts and states write down of blocks, selections and presets."""
    yield kept("ArraySelectionMode", "Merged Blocks", Only(("Merged Blocks", 0, "0"), _BLOCKS), "blocks are merged")
    yield kept("Assembly", "", Text(), "all blocks are drawn")
    yield kept("BlockSelectors", "/", Only(("/", ["/"], ("/",)), _BLOCKS), "all blocks are drawn")
    yield kept("PlaceHolderDataType", 38, Whole(-1, 1000), "the data says what it is")
    if named:
        yield kept("ShowBlockName", True, Flag(), "blocks are merged")
    if selected:
        yield kept("Color", (1.0, 0.0, 1.0), COLOR, "nothing is selected in a chart")
    if presets:
        yield kept("LastPresetName", "Spectrum", Text(), "series have colors that the color-blind tell apart")
