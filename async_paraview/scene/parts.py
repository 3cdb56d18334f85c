"""Parts of views and of what is shown that have properties of their own: axes with numbers, functions of numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..records import dataclass
from .checks import ANY_LENGTH, COLOR, FRACTION, POSITION, Choice, Flag, Number, OrNone, Several, Text, Whole
from .color_maps import PIECEWISE_FUNCTION
from .lists import Numbers
from .props.fonts import FAMILIES, FONTS, font_file
from .scalar_bars import CORNERS, MOST_LABELS, NumberFormat
from .types import ANNOTATIONS, SceneProperty, SceneType

NOTATIONS: Final = ("Mixed", "Scientific", "Fixed")
RULER_NOTATIONS: Final = ("Default", "Scientific", "Fixed")
_P = SceneProperty
_COLOR: Final = OrNone(COLOR)
_FLAGS: Final = Several(3, Whole(0, 1))
_BOUNDS: Final = Several(6, Number(-1e30, 1e30))


@dataclass(frozen=True)
class Scales:
    """Three numbers by which lengths are multiplied, none of them 0."""

    facts = POSITION.facts

    def __call__(self, value: object) -> tuple[Any, ...]:
        """See Check."""
        found = POSITION(value)
        if any(abs(one) < 1e-30 for one in found):
            raise ValueError("expected 3 numbers other than 0")
        return found


def _letters(axis: str, what: str, of: str) -> Iterator[SceneProperty]:
    yield _P(f"{axis}{what}Color", f"of {of}; None: as the grid has it, or seen on the background", None, _COLOR)
    yield _P(f"{axis}{what}FontSize", f"of {of}, in points; None: usual", None, OrNone(Whole(4, 200)))
    yield _P(f"{axis}{what}FontFamily", f"of {of}: {FAMILIES}", "Arial", Choice("font", FONTS))
    yield font_file(f"{axis}{what}", of)
    yield _P(f"{axis}{what}Bold", f"whether letters of {of} are bold", False, Flag())
    yield _P(f"{axis}{what}Italic", f"whether letters of {of} are italic", False, Flag())
    yield _P(f"{axis}{what}Shadow", f"whether {of} has a shadow", False, Flag())
    yield _P(f"{axis}{what}Opacity", f"of {of}, 0 to 1", 1.0, FRACTION)


def _axis(axis: str) -> Iterator[SceneProperty]:
    yield _P(f"{axis}Title", "of its axis; None: as the view has it", None, OrNone(Text()))
    yield from _letters(axis, "Title", "its title")
    yield from _letters(axis, "Label", "its numbers")
    yield _P(f"{axis}AxisNotation", "how its numbers are written", "Mixed", Choice("notation of numbers", NOTATIONS))
    yield _P(
        f"{axis}AxisPrecision",
        "decimals of its numbers, Scientific and Fixed; None, and Mixed: as many as tell them apart",
        None,
        OrNone(Whole(0, 20)),
    )
    yield _P(f"{axis}AxisUseCustomLabels", f"whether its numbers are {axis}AxisLabels", False, Flag())
    yield _P(f"{axis}AxisLabels", "numbers along it", (), Numbers(MOST_LABELS))


GRID_AXES: Final = SceneType(
    "GridAxes3DActor",
    ANNOTATIONS,
    "grid of axes",
    "A box of axes with numbers around what a view shows, or around one output.",
    (
        _P("Visibility", "whether it is shown", False, Flag()),
        *(one for axis in "XYZ" for one in _axis(axis)),
        _P("GridColor", "of its lines; None: seen on the background", None, _COLOR),
        _P("ShowGrid", "whether lines run along its faces", False, Flag()),
        _P("ShowEdges", "whether its edges are drawn", True, Flag()),
        _P("ShowTicks", "whether it has ticks", True, Flag()),
        _P("LabelUniqueEdgesOnly", "whether edges that faces share are labelled once", True, Flag()),
        _P(
            "AxesToLabel",
            "which edges have numbers: 1 those at min-X, 2 min-Y, 4 min-Z, 8 max-X, ..., added",
            63,
            Whole(0, 63),
        ),
        _P(
            "FacesToRender",
            "which faces are drawn: 1 min-YZ, 2 min-ZX, 4 min-XY, 8 max-YZ, ..., added",
            63,
            Whole(0, 63),
        ),
        _P("CullBackface", "whether faces that are seen from behind are left out", False, Flag()),
        _P("CullFrontface", "whether faces in front are left out", True, Flag()),
        _P("UseCustomBounds", "whether it stands around CustomBounds", False, Flag()),
        _P("CustomBounds", "x low, x high, y low, ...", (0.0, 1.0) * 3, _BOUNDS),
        _P("DataScale", "how many times as large as its numbers it stands in the scene", (1.0, 1.0, 1.0), Scales()),
        _P("DataPosition", "where in the scene its numbers are 0", (0.0, 0.0, 0.0), POSITION),
        _P("DataBoundsScaleFactor", "how many times as large as its bounds it is", 1.0008, Number(0.0, 2.0)),
        _P(
            "IgnoreDisplayTransformScale",
            "whether that of one output has the numbers of its data, before Position, Scale and Orientation",
            False,
            Flag(),
        ),
        _P(
            "UseModelTransform",
            "whether it stands around ModelBounds, moved by ModelTransformMatrix",
            False,
            Flag(),
            panel="advanced",
        ),
        _P("ModelBounds", "x low, x high, y low, ...", (0.0, 1.0) * 3, _BOUNDS, panel="advanced"),
        _P(
            "ModelTransformMatrix",
            "4 rows of 4 numbers, which bring ModelBounds into the scene",
            (1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0),
            Several(16, Number(-1e30, 1e30)),
            panel="advanced",
        ),
    ),
    aliases={"GridAxesVisibility": "Visibility"},
)

_OFFSET: Final = Whole(0, 1000)
_RULERS: Final = (("Left", 50), ("Right", 50), ("Bottom", 30), ("Top", 30))

LEGEND_GRID: Final = SceneType(
    "LegendGridActor",
    ANNOTATIONS,
    "legend grid",
    "How large a scene is: a bar of a round length, and rulers along the sides of pictures in parallel projection.",
    (
        _P("Visibility", "whether it is shown", False, Flag()),
        _P("LegendVisibility", "whether there is the bar, true where the camera looks at", True, Flag()),
        _P("LegendUnit", "what stands behind the length of the bar", "", Text()),
        _P("WindowLocation", "where the bar stands", CORNERS[1], Choice("location of the bar", CORNERS)),
        *(_P(f"{one}AxisVisibility", "whether there is a ruler at that side", True, Flag()) for one, _ in _RULERS),
        *(_P(f"{one}BorderOffset", "of the ruler at that side, in points", by, _OFFSET) for one, by in _RULERS),
        _P("GridVisibility", "whether lines run from ruler to ruler", False, Flag()),
        _P("GridColor", "of rulers, lines and the bar; None: seen on the background", None, _COLOR),
        _P("LegendLabelColor", "of numbers; None: seen on the background", None, _COLOR),
        _P("LegendLabelFontSize", "of numbers, in points", 12, Whole(4, 200)),
        _P("LegendLabelFontFamily", f"of numbers: {FAMILIES}", "Arial", Choice("font", FONTS)),
        font_file("LegendLabel", "numbers"),
        _P("LegendLabelBold", "whether numbers are so", False, Flag()),
        _P("LegendLabelItalic", "whether numbers are so", False, Flag()),
        _P("LegendLabelShadow", "whether numbers have a shadow", False, Flag()),
        _P("LegendLabelOpacity", "of numbers, 0 to 1", 1.0, FRACTION),
        _P("AxisNotation", "how numbers are written", "Default", Choice("notation of numbers", RULER_NOTATIONS)),
        _P(
            "AxisPrecision",
            "decimals of numbers, Scientific and Fixed; None, and Default: as many as tell them apart",
            None,
            OrNone(Whole(0, 20)),
        ),
        _P("HorizontalLabelNumber", "how many numbers there are across, about, all of them round", 5, Whole(0, 24)),
        _P("VerticalLabelNumber", "how many numbers there are upwards, about", 5, Whole(0, 24)),
        _P("Origin", "the place that rulers measure from", (0.0, 0.0, 0.0), POSITION),
    ),
)

_POLAR_PARTS: Final = ("PolarAxis", "PolarArcs", "LastRadialAxis", "SecondaryPolarArcs", "SecondaryRadialAxes")
_POLAR_TEXTS: Final = {
    "PolarAxisTitle": "the title",
    "PolarAxisLabel": "distances",
    "LastRadialAxisText": "the last angle",
    "SecondaryRadialAxesText": "other angles",
}
_ANGLE: Final = Number(-360.0, 360.0)
_RADIUS: Final = Number(0.0, 1e30)

POLAR_AXES: Final = SceneType(
    "PolarAxesRepresentation",
    ANNOTATIONS,
    "polar axes",
    "Axes of angles and distances around what is shown, in a plane of x and y.",
    (
        _P("Visibility", "whether they are shown", False, Flag()),
        _P("AutoPole", "whether the pole is the middle of what is shown; else PolePosition", True, Flag()),
        _P("PolePosition", "the place from which distances are", (0.0, 0.0, 0.0), POSITION),
        _P("CustomMinRadius", "whether distances begin at MinimumRadius; else where what is shown does", True, Flag()),
        _P("MinimumRadius", "where distances begin", 0.0, _RADIUS),
        _P("CustomMaxRadius", "whether distances end at MaximumRadius; else where what is shown does", False, Flag()),
        _P("MaximumRadius", "where distances end", 1.0, _RADIUS),
        _P("CustomAngles", "whether angles are as the next two say; else those of what is shown", True, Flag()),
        _P("MinimumAngle", "where they begin, in degrees", 0.0, _ANGLE),
        _P("MaximumAngle", "where they end, in degrees", 90.0, _ANGLE),
        _P("EnableCustomBounds", "of x, y and z: whether they stand around CustomBounds", (0, 0, 0), _FLAGS),
        _P("CustomBounds", "x low, x high, y low, ...", (0.0, 1.0) * 3, _BOUNDS),
        _P("PolarAxisVisibility", "whether the axis of distances is drawn", True, Flag()),
        _P("RadialAxesVisibility", "whether axes of angles are drawn", True, Flag()),
        _P("PolarArcsVisibility", "whether arcs are drawn", True, Flag()),
        _P("DrawRadialGridlines", "whether there are axes of angles before the last", True, Flag()),
        _P("DrawPolarArcsGridlines", "whether there are arcs before the last", True, Flag()),
        _P("NumberOfRadialAxes", "how many axes there are; 0: one each DeltaAngleRadialAxes", 0, Whole(0, 50)),
        _P("DeltaAngleRadialAxes", "degrees from axis to axis", 45.0, Number(0.5, 360.0)),
        _P(
            "NumberOfArcs",
            "how many arcs there are, at equal distances; None: at round ones",
            None,
            OrNone(Whole(0, 50)),
        ),
        _P("DeltaRangeArcs", "distance from arc to arc; 0: as NumberOfArcs says", 0.0, _RADIUS),
        _P("Ratio", "how high arcs are, as a part of their width", 1.0, Number(0.001, 100.0)),
        _P("EnableCustomRange", "whether the numbers at arcs run along CustomRange", False, Flag()),
        _P("CustomRange", "the numbers at the first and the last arc", (0.0, 1.0), Several(2, Number(-1e30, 1e30))),
        _P("EnableOverallColor", "whether all lines have the OverallColor", False, Flag()),
        _P("OverallColor", "None: seen on the background", None, _COLOR),
        *(_P(f"{part}Color", "None: seen on the background", None, _COLOR) for part in _POLAR_PARTS),
        _P("PolarAxisTitleVisibility", "whether the axis of distances has a title", True, Flag()),
        _P("PolarAxisTitle", "of the axis of distances", "Radial Distance", Text()),
        _P("PolarLabelVisibility", "whether the axis of distances has numbers", True, Flag()),
        _P("PolarLabelFormat", "of distances; None: as many digits as tell them apart", None, OrNone(NumberFormat())),
        _P("RadialLabelVisibility", "whether axes of angles have numbers", True, Flag()),
        _P("RadialLabelFormat", "of angles; None: as many digits as tell them apart", None, OrNone(NumberFormat())),
        _P("RadialUnitsVisibility", "whether a sign for degrees stands behind angles", True, Flag()),
        _P("AllTicksVisibility", "whether there are ticks", True, Flag()),
        _P("AxisTickVisibility", "whether ticks stand at the numbers of distances", True, Flag()),
        *(one for what, of in _POLAR_TEXTS.items() for one in _letters("", what, of)),
    ),
)

PART_TYPES: Final = (GRID_AXES, POLAR_AXES, LEGEND_GRID)


@dataclass(frozen=True)
class Part:
    """Some properties of a part: a map. ParaView's scripts write the name of its type instead: all are as at first."""

    type: SceneType

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {"type": "annotation", "size": ANY_LENGTH, "kind": "indexed"}

    def __call__(self, value: object) -> Mapping[str, Any]:
        """See Check."""
        if isinstance(value, str) and value.replace(" ", "") in _NAMES_OF_PARTS:
            return {}
        if not isinstance(value, Mapping) or not set(value) <= set(self.type.by_name):
            raise ValueError(f"expected a map with some of {', '.join(self.type.by_name)}")
        found = {}
        for name, given in value.items():
            try:
                found[name] = self.type.by_name[name].check(given)
            except ValueError as error:
                raise ValueError(f"{name} = {given!r:.80}: {error}") from None
        return found


_NAMES_OF_PARTS: Final = frozenset(
    {
        "GridAxes3DActor",
        "GridAxesRepresentation",
        "PolarAxesRepresentation",
        "LegendGridActor",
        "PiecewiseFunction",
        "Plane",
        "TransferFunction2D",
    }
)


def filled(type_: SceneType, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return all properties of a part of which some were set."""
    return {**type_.initial, **values}


FUNCTION: Final = Part(PIECEWISE_FUNCTION)
"""A function of numbers that belongs to one representation alone."""
