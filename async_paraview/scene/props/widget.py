"""Widgets in a scene, whose handles are dragged: planes, lines, boxes, ...."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..checks import (
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
