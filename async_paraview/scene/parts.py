"""Parts of views and of what is shown that have properties of their own: axes with numbers, functions of numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from .checks import ANY_LENGTH, COLOR, Choice, Flag, Number, OrNone, Several, Text, Whole
from .color_maps import PIECEWISE_FUNCTION
from .lists import Numbers
from .scalar_bars import FONTS, MOST_LABELS
from .types import ANNOTATIONS, SceneProperty, SceneType

NOTATIONS: Final = ("Mixed", "Scientific", "Fixed")
_P = SceneProperty
_COLOR: Final = OrNone(COLOR)


def _letters(axis: str, what: str, of: str) -> Iterator[SceneProperty]:
    yield _P(f"{axis}{what}Color", f"of {of}; None: as the grid has it", None, _COLOR)
    yield _P(f"{axis}{what}FontSize", f"of {of}, in points; None: usual", None, OrNone(Whole(4, 200)))
    yield _P(f"{axis}{what}FontFamily", f"of {of}: Arial, Courier or Times", "Arial", Choice("font", FONTS))
    yield _P(f"{axis}{what}Bold", f"whether {of} is so", False, Flag())
    yield _P(f"{axis}{what}Italic", f"whether {of} is so", False, Flag())


def _axis(axis: str) -> Iterator[SceneProperty]:
    yield _P(f"{axis}Title", "of its axis; None: as the view has it", None, OrNone(Text()))
    yield from _letters(axis, "Title", "its title")
    yield from _letters(axis, "Label", "its numbers")
    yield _P(f"{axis}AxisNotation", "how its numbers are written", "Mixed", Choice("notation of numbers", NOTATIONS))
    yield _P(
        f"{axis}AxisPrecision",
        "how many digits its numbers have; None: as many as tell them",
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
        _P("ShowGrid", "whether lines run along its faces", True, Flag()),
        _P("ShowEdges", "whether its edges are drawn", True, Flag()),
        _P("ShowTicks", "whether it has ticks", True, Flag()),
        _P("LabelUniqueEdgesOnly", "whether edges that faces share are labelled once", True, Flag()),
        _P("AxesToLabel", "which axes have numbers: 1 min-X, 2 min-Y, 4 min-Z, 8 max-X, ..., added", 63, Whole(0, 63)),
        _P(
            "FacesToRender",
            "which faces are drawn: 1 min-YZ, 2 min-ZX, 4 min-XY, 8 max-YZ, ..., added",
            63,
            Whole(0, 63),
        ),
        _P("CullBackface", "whether faces that are seen from behind are left out", False, Flag()),
        _P("CullFrontface", "whether faces in front are left out", True, Flag()),
        _P("UseCustomBounds", "whether it stands around CustomBounds", False, Flag()),
        _P("CustomBounds", "x low, x high, y low, ...", (0.0, 1.0) * 3, Several(6, Number(-1e30, 1e30))),
    ),
    aliases={"GridAxesVisibility": "Visibility"},
)

_POLAR_PARTS: Final = ("PolarAxis", "PolarArcs", "LastRadialAxis", "SecondaryPolarArcs", "SecondaryRadialAxes")

POLAR_AXES: Final = SceneType(
    "PolarAxesRepresentation",
    ANNOTATIONS,
    "polar axes",
    "Axes of angles and distances on the lower side of what is shown.",
    (
        _P("Visibility", "whether they are shown", False, Flag()),
        *(_P(f"{part}Color", "None: seen on the background", None, _COLOR) for part in _POLAR_PARTS),
        _P("PolarAxisVisibility", "whether the axis of distances is drawn", True, Flag()),
        _P("RadialAxesVisibility", "whether axes of angles are drawn", True, Flag()),
        _P("PolarArcsVisibility", "whether arcs are drawn", True, Flag()),
        _P("DrawRadialGridlines", "whether lines run along angles", True, Flag()),
        _P("DrawPolarArcsGridlines", "whether arcs run along distances", True, Flag()),
        _P("MinimumAngle", "where they begin, in degrees", 0.0, Number(-360.0, 360.0)),
        _P("MaximumAngle", "where they end, in degrees", 90.0, Number(-360.0, 360.0)),
        _P("MinimumRadius", "where distances begin", 0.0, Number(0.0, 1e30)),
        _P("PolarAxisTitleVisibility", "whether the axis of distances has a title", True, Flag()),
        _P("PolarAxisTitle", "of the axis of distances", "Radial Distance", Text()),
        _P("PolarLabelVisibility", "whether the axis of distances has numbers", True, Flag()),
        _P("RadialLabelVisibility", "whether axes of angles have numbers", True, Flag()),
    ),
)

PART_TYPES: Final = (GRID_AXES, POLAR_AXES)


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
    {"GridAxes3DActor", "GridAxesRepresentation", "PolarAxesRepresentation", "PiecewiseFunction"}
)


def filled(type_: SceneType, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return all properties of a part of which some were set."""
    return {**{one.name: one.initial for one in type_}, **values}


FUNCTION: Final = Part(PIECEWISE_FUNCTION)
"""A function of numbers that belongs to one representation alone."""
