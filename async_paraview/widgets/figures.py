"""What is drawn of a widget: handles, lines and faces, as places of the scene. Plain functions."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from ..records import dataclass
from ..scene.props.widget import BOX, CONE, CYLINDER, LINE, PLANE, POINT, RULER, SEEDS, SPHERE, SPLINE, TRANSFORM
from .boxes import EDGES, FACES, Frame, corners_of, frame_of, transformed
from .sight import Floats, Sight, Vector, as_vector

ARROW_POINTS: Final = 60.0
"""How far from a plane the ends of its normal are, in points."""
CROSS_POINTS: Final = 25.0
"""How far the lines through a point reach, in points, where no bounds are known."""
_LEAST_PART: Final = 0.15
"""A plane in no known data is so large: this part of the height of the picture to each side."""
_AROUND: Final = 0.05
"""So much larger than the data is the box that a plane is drawn in."""
_OPENING: Final = 1.6
"""So much farther from the tip of a cone than the end of its axis is the handle that opens it."""
_STEPS: Final = 48
_SEEDS: Final = 60
"""How many points stand for the seeds in a ball."""


@dataclass(frozen=True)
class Handle:
    """A place that is drawn as a disk of some pixels, and dragged."""

    part: str
    place: Vector


@dataclass(frozen=True)
class Line:
    """Places that are joined, shape (n, 3); `part` is what a drag of it is called, empty where it cannot be dragged."""

    part: str
    places: Floats
    faint: bool = False


@dataclass(frozen=True)
class Face:
    """A convex polygon, shape (n, 3), that is drawn translucent."""

    part: str
    places: Floats


@dataclass(frozen=True)
class Figure:
    """All that is drawn of a widget."""

    handles: tuple[Handle, ...] = ()
    lines: tuple[Line, ...] = ()
    faces: tuple[Face, ...] = ()
    dots: Floats | None = None
    """Places that are drawn as small disks, and not dragged."""
    text: tuple[str, Vector] | None = None
    """What is written, and where."""


def figure_of(get: Mapping[str, Any], sight: Sight, scale: float = 1.0) -> Figure:
    """Return what is drawn of a widget with these properties, all of them; a point has `scale` pixels."""
    return _FIGURES[get["Kind"]](get, sight, scale)


def _plane(get: Mapping[str, Any], sight: Sight, scale: float) -> Figure:
    origin, normal = np.asarray(get["Origin"], float), unit(get["Normal"])
    low, high = _box_around(get["Bounds"], origin, sight)
    corners = np.array(list(itertools.product(*zip(low, high, strict=True))))
    lines = [Line("", corners[list(edge)], faint=True) for edge in EDGES]
    cut = _cut(corners, origin, normal)
    faces = []
    if len(cut) >= 3:
        lines.append(Line("Face", np.concatenate([cut, cut[:1]])))
        faces.append(Face("Face", cut))
    reach = ARROW_POINTS * scale * sight.pixel_length(origin) * normal
    lines.append(Line("Normal", np.array([origin, origin + reach])))
    lines.append(Line("Tail", np.array([origin, origin - reach])))
    handles = (
        Handle("Origin", as_vector(origin)),
        Handle("Normal", as_vector(origin + reach)),
        Handle("Tail", as_vector(origin - reach)),
    )
    return Figure(handles, tuple(lines), tuple(faces))


def _line(get: Mapping[str, Any], _sight: Sight, _scale: float) -> Figure:
    ends = np.array([get["Point1"], get["Point2"]], float)
    handles = tuple(Handle(f"Point{number}", as_vector(end)) for number, end in enumerate(ends, 1))
    return Figure(handles, (Line("Line", ends),))


def _ruler(get: Mapping[str, Any], sight: Sight, scale: float) -> Figure:
    drawn, length = _line(get, sight, scale), math.dist(get["Point1"], get["Point2"])
    middle = np.add(get["Point1"], get["Point2"]) / 2
    return Figure(drawn.handles, drawn.lines, text=(f"{length:.6g}", as_vector(middle)))


def _sphere(get: Mapping[str, Any], sight: Sight, _scale: float) -> Figure:
    center, radius = np.asarray(get["Center"], float), float(get["Radius"])
    right, up, _ = sight.axes
    lines = [Line("Radius", center + radius * _circle(right, up))]
    axes = np.eye(3)
    lines += [
        Line("", center + radius * _circle(axes[one], axes[other]), True) for one, other in ((0, 1), (1, 2), (2, 0))
    ]
    handles = Handle("Center", as_vector(center)), Handle("Radius", as_vector(center + radius * right))
    return Figure(handles, tuple(lines))


def _seeds(get: Mapping[str, Any], sight: Sight, scale: float) -> Figure:
    drawn = _sphere(get, sight, scale)
    dots = np.asarray(get["Center"], float) + float(get["Radius"]) * _IN_A_BALL
    return Figure(drawn.handles, drawn.lines[:1], dots=dots)


def _cylinder(get: Mapping[str, Any], sight: Sight, scale: float) -> Figure:
    center, axis, radius = np.asarray(get["Center"], float), unit(get["Axis"]), float(get["Radius"])
    across = _across(axis)
    around = radius * _circle(across, np.cross(axis, across))
    low, high = (axis * end for end in _ends(get["Bounds"], center, axis, 2 * radius))
    lines = [Line("Radius", center + around)]
    lines += [Line("", center + end + around, faint=True) for end in (low, high)]
    sides = around[:: _STEPS // 8][:8]
    lines += [Line("", np.array([center + low + side, center + high + side]), faint=True) for side in sides]
    reach = ARROW_POINTS * scale * sight.pixel_length(center) * axis
    lines += [Line("Axis", np.array([center, center + reach])), Line("Tail", np.array([center, center - reach]))]
    beside = radius * _beside(axis, sight.forward, across)
    places = {"Center": center, "Axis": center + reach, "Tail": center - reach, "Radius": center + beside}
    return Figure(tuple(Handle(name, as_vector(place)) for name, place in places.items()), tuple(lines))


def _cone(get: Mapping[str, Any], sight: Sight, scale: float) -> Figure:
    """Both halves of an endless cone, as far as the data is away from its tip."""
    origin, axis, angle = np.asarray(get["Origin"], float), unit(get["Axis"]), math.radians(get["Angle"])
    across = _across(axis)
    around = _circle(across, np.cross(axis, across))
    reach = ARROW_POINTS * scale * sight.pixel_length(origin)
    far = _farthest(get["Bounds"], origin, 2 * reach)
    lines = []
    for sign in (1, -1):
        ring = origin + far * (sign * math.cos(angle) * axis + math.sin(angle) * around)
        lines.append(Line("", ring, faint=True))
        lines += [Line("Angle", np.array([origin, end]), faint=True) for end in ring[:: _STEPS // 8][:8]]
    ends = origin + reach * axis, origin - reach * axis
    lines += [Line("Axis", np.array([origin, ends[0]])), Line("Tail", np.array([origin, ends[1]]))]
    beside = math.cos(angle) * axis + math.sin(angle) * _beside(axis, sight.forward, across)
    places = {"Origin": origin, "Axis": ends[0], "Tail": ends[1], "Angle": origin + _OPENING * reach * beside}
    return Figure(tuple(Handle(name, as_vector(place)) for name, place in places.items()), tuple(lines))


def _point(get: Mapping[str, Any], sight: Sight, scale: float) -> Figure:
    center = np.asarray(get["Center"], float)
    reach = np.full(3, CROSS_POINTS * scale * sight.pixel_length(center))
    low, high = center - reach, center + reach
    if get["Bounds"]:
        low, high = np.minimum(low, get["Bounds"][::2]), np.maximum(high, get["Bounds"][1::2])
    lines = []
    for axis in range(3):
        ends = np.array([center, center])
        ends[:, axis] = low[axis], high[axis]
        lines.append(Line("", ends, faint=True))
    return Figure((Handle("Center", as_vector(center)),), tuple(lines))


def _box(get: Mapping[str, Any], _sight: Sight, _scale: float) -> Figure:
    return _framed(frame_of(get))


def _transform(get: Mapping[str, Any], _sight: Sight, _scale: float) -> Figure:
    """Where the box of the data is moved to; a side without length has no handles to make it longer."""
    return _framed(transformed(get), flat=False)


def _framed(frame: Frame, *, flat: bool = True) -> Figure:
    corners = corners_of(frame)
    lines = tuple(Line("Edge", corners[list(edge)]) for edge in EDGES)
    handles = [Handle("Center", as_vector(frame.center))]
    handles += [
        Handle(name, as_vector(_middle(frame, *face)))
        for name, face in FACES.items()
        if flat or frame.length[face[0]] > 0
    ]
    return Figure(tuple(handles), lines)


def _spline(get: Mapping[str, Any], _sight: Sight, _scale: float) -> Figure:
    points = np.asarray(get["Points"], float).reshape(-1, 3)
    handles = tuple(Handle(str(number), as_vector(one)) for number, one in enumerate(points))
    return Figure(handles, (Line("Curve", points),) if len(points) > 1 else ())


_FIGURES: Final[Mapping[str, Callable[[Mapping[str, Any], Sight, float], Figure]]] = MappingProxyType(
    {
        PLANE: _plane,
        LINE: _line,
        RULER: _ruler,
        BOX: _box,
        SPHERE: _sphere,
        CYLINDER: _cylinder,
        CONE: _cone,
        SEEDS: _seeds,
        POINT: _point,
        SPLINE: _spline,
        TRANSFORM: _transform,
    }
)


def unit(direction: Sequence[float]) -> Floats:
    """Return a direction with the length 1."""
    found = np.asarray(direction, np.float64)
    found = found / np.abs(found).max()
    return np.asarray(found / np.linalg.norm(found))


def _middle(frame: Frame, axis: int, sign: int) -> Floats:
    return np.asarray(frame.center + sign * frame.length[axis] / 2 * frame.axes[axis])


def _across(axis: Floats) -> Floats:
    """Return a direction of length 1 across another one."""
    return unit(np.cross(axis, np.eye(3)[int(np.abs(axis).argmin())]).tolist())


def _beside(axis: Floats, forward: Floats, otherwise: Floats) -> Floats:
    """Return the direction across an axis and a line of sight; `otherwise` where these are parallel."""
    found = np.cross(axis, forward)
    return unit(found.tolist()) if float(np.abs(found).max()) > 1e-6 else otherwise


def _ends(bounds: Sequence[float], center: Floats, axis: Floats, otherwise: float) -> tuple[float, float]:
    """Return how far along an axis through a place a box reaches to both sides; `otherwise` where none is known."""
    if not len(bounds):
        return -otherwise, otherwise
    corners = np.array(list(itertools.product(bounds[0:2], bounds[2:4], bounds[4:6])))
    along = (corners - center) @ axis
    return min(float(along.min()), 0.0), max(float(along.max()), 0.0)


def _farthest(bounds: Sequence[float], place: Floats, otherwise: float) -> float:
    """Return how far from a place the corners of a box are at most; `otherwise` where none is known."""
    if not len(bounds):
        return otherwise
    corners = np.array(list(itertools.product(bounds[0:2], bounds[2:4], bounds[4:6])))
    return max(float(np.linalg.norm(corners - place, axis=1).max()), 0.0) or otherwise


def _circle(one: Floats, other: Floats) -> Floats:
    angles = np.linspace(0.0, 2 * math.pi, _STEPS + 1)[:, None]
    return np.asarray(np.cos(angles) * one + np.sin(angles) * other)


def _box_around(bounds: Sequence[float], origin: Floats, sight: Sight) -> tuple[Floats, Floats]:
    """Return the corners of the box that a plane is drawn in: around the data, and the origin."""
    if len(bounds):
        low, high = np.asarray(bounds[::2], float), np.asarray(bounds[1::2], float)
        around = _AROUND * float(np.max(high - low))
    else:
        low = high = origin
        around = _LEAST_PART * sight.size[1] * sight.pixel_length(origin)
    return np.minimum(low, origin) - around, np.maximum(high, origin) + around


def _cut(corners: Floats, origin: Floats, normal: Floats) -> Floats:
    """Return the polygon, in order around its middle, in which a plane cuts a box."""
    heights = (corners - origin) @ normal
    found = []
    for one, other in EDGES:
        low, high = heights[one], heights[other]
        if (low <= 0.0 < high) or (high <= 0.0 < low):
            found.append(corners[one] + (corners[other] - corners[one]) * (low / (low - high)))
    if len(found) < 3:
        return np.zeros((0, 3))
    places = np.array(found)
    middle = places.mean(axis=0)
    across = _across(normal)
    angles = np.arctan2((places - middle) @ np.cross(normal, across), (places - middle) @ across)
    return np.asarray(places[np.argsort(angles, kind="stable")])


def _in_a_ball(count: int) -> Floats:
    """Return places that fill a ball of radius 1 about evenly (Fibonacci's spiral at growing radii)."""
    at = np.arange(count) + 0.5
    heights, angles = 1 - 2 * at / count, math.pi * (1 + math.sqrt(5)) * at
    around = np.sqrt(1 - heights**2)
    directions = np.column_stack([around * np.cos(angles), around * np.sin(angles), heights])
    radii = ((np.arange(count) * 37 % count + 0.5) / count) ** (1 / 3)
    return np.asarray(directions * radii[:, None])


_IN_A_BALL: Final = _in_a_ball(_SEEDS)
