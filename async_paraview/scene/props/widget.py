"""Widgets in a scene, whose handles are dragged: planes, lines, boxes, ...; and the list that a view has of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ...records import dataclass
from ..checks import (
    ANY_LENGTH,
    COLOR,
    LENGTH,
    POSITION,
    Choice,
    Direction,
    Flag,
    Number,
    OrNone,
    Several,
    Text,
    Whole,
)
from ..lists import Numbers
from ..types import ANNOTATIONS, SceneProperty, SceneType

PLANE: Final = "Plane"
LINE: Final = "Line"
RULER: Final = "Ruler"
BOX: Final = "Box"
SPHERE: Final = "Sphere"
CYLINDER: Final = "Cylinder"
CONE: Final = "Cone"
SEEDS: Final = "Seeds"
POINT: Final = "Point"
SPLINE: Final = "Spline"
TRANSFORM: Final = "Transform"

PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    PLANE: ("Origin", "Normal"),
    LINE: ("Point1", "Point2"),
    RULER: ("Point1", "Point2"),
    BOX: ("Position", "Rotation", "Length"),
    SPHERE: ("Center", "Radius"),
    CYLINDER: ("Center", "Axis", "Radius"),
    CONE: ("Origin", "Axis", "Angle"),
    SEEDS: ("Center", "Radius"),
    POINT: ("Center",),
    SPLINE: ("Points",),
    TRANSFORM: ("Translate", "Rotate", "Scale"),
}
"""The kinds of widgets, and the properties that say where one of that kind is."""
ACTIVE: Final = "Active"
"""What the pointer is over: of the moment, and in no state."""

WIDEST_DEGREES: Final = 89.0
"""Cones are no wider; as vtkCone's."""
MOST_POINTS: Final = 1000
"""So many points a line has at most."""


def _of(*kinds: str) -> Mapping[str, Any]:
    """Return the condition that a property is of these kinds alone."""
    return {"property": "Kind", "equals": list(kinds)}


_P = SceneProperty

WIDGET: Final = SceneType(
    "Widget",
    ANNOTATIONS,
    "widget",
    "Something in a scene with handles, which are dragged to set properties.",
    (
        _P("Kind", f"what it is: {', '.join(PLACES)}", PLANE, Choice("kind of widget", tuple(PLACES))),
        _P("Visibility", "whether it is seen", True, Flag()),
        _P("Enabled", "whether it can be dragged", True, Flag()),
        _P(
            "Proxy",
            "the number of the proxy whose properties it shows and sets; None: it has its place by itself",
            None,
            OrNone(Whole(0, 2**53)),
            panel="never",
        ),
        _P("Property", "that of the proxy that it is of; empty: of the proxy itself", "", Text(), panel="never"),
        _P(
            "Origin",
            "a point of the plane, or the tip of the cone",
            (0.0, 0.0, 0.0),
            POSITION,
            hidden_unless=_of(PLANE, CONE),
        ),
        _P("Normal", "the direction across the plane", (1.0, 0.0, 0.0), Direction(), hidden_unless=_of(PLANE)),
        _P("Point1", "where it begins", (-0.5, 0.0, 0.0), POSITION, hidden_unless=_of(LINE, RULER)),
        _P("Point2", "where it ends", (0.5, 0.0, 0.0), POSITION, hidden_unless=_of(LINE, RULER)),
        _P("Center", "its middle", (0.0, 0.0, 0.0), POSITION, hidden_unless=_of(SPHERE, SEEDS, POINT, CYLINDER)),
        _P(
            "Axis",
            "the direction along the cylinder, or the cone",
            (0.0, 1.0, 0.0),
            Direction(),
            hidden_unless=_of(CYLINDER, CONE),
        ),
        _P("Radius", "how far it reaches", 0.5, LENGTH, hidden_unless=_of(SPHERE, SEEDS, CYLINDER)),
        _P(
            "Angle",
            "degrees between the axis of the cone and its surface",
            45.0,
            Number(0.0, WIDEST_DEGREES),
            hidden_unless=_of(CONE),
        ),
        _P("Position", "the lowest corner", (-0.5, -0.5, -0.5), POSITION, hidden_unless=_of(BOX)),
        _P(
            "Rotation",
            "degrees around each axis through that corner: around y first, then x, then z",
            (0.0, 0.0, 0.0),
            POSITION,
            hidden_unless=_of(BOX),
        ),
        _P("Length", "how long its sides are", (1.0, 1.0, 1.0), Several(3, Number(0.0, 1e30)), hidden_unless=_of(BOX)),
        _P(
            "Points",
            "x, y, z of each point of the line",
            (-0.5, 0.0, 0.0, 0.5, 0.0, 0.0),
            Numbers(3 * MOST_POINTS, 3),
            hidden_unless=_of(SPLINE),
        ),
        _P("Translate", "how far it is moved along each axis", (0.0, 0.0, 0.0), POSITION, hidden_unless=_of(TRANSFORM)),
        _P(
            "Rotate",
            "degrees around each axis through the origin of the scene: around y first, then x, then z",
            (0.0, 0.0, 0.0),
            POSITION,
            hidden_unless=_of(TRANSFORM),
        ),
        _P("Scale", "factors along each axis, first", (1.0, 1.0, 1.0), POSITION, hidden_unless=_of(TRANSFORM)),
        _P(
            "Bounds",
            "of the data that it is in: lowest and highest x, y and z; empty: not known",
            (),
            Numbers(6, 6),
            panel="advanced",
        ),
        _P("Color", "of lines and handles; None: white, with black around it", None, OrNone(COLOR)),
        _P("HandleSize", "how large handles are, in points, however far away they are", 9.0, Number(1.0, 200.0)),
        _P("LineWidth", "how wide lines are, in points", 1.5, Number(0.1, 50.0)),
        _P("AtRelease", "whether a drag sets properties once it has ended, and not all the while", False, Flag()),
        _P(ACTIVE, "what the pointer is over, which is drawn in another color", "", Text(), panel="never"),
    ),
)


@dataclass(frozen=True)
class Widgets:
    """A list of at most `most` widgets: maps with some of the properties of a widget."""

    most: int

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {"type": "annotation", "size": ANY_LENGTH, "kind": "indexed"}

    def __call__(self, value: object) -> tuple[Mapping[str, Any], ...]:
        """See Check."""
        if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > self.most:
            raise ValueError(f"expected a list of at most {self.most} widgets")
        return tuple(_widget(one) for one in value)


def _widget(value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not set(value) <= set(WIDGET.by_name):
        raise ValueError(f"expected for each widget a map with {', '.join(WIDGET.by_name)}")
    found = {}
    for one in WIDGET:
        try:
            found[one.name] = one.check(value.get(one.name, one.default))
        except ValueError as error:
            raise ValueError(f"{one.name} = {value[one.name]!r:.80}: {error}") from None
    return found
