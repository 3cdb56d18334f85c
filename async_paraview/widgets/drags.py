"""What a drag does with a widget: which of its properties become what. Plain functions.

All of a drag is from where it began to where the pointer is now: what happened in between changes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from ..records import dataclass
from ..scene.props.widget import (
    BOX,
    CONE,
    CYLINDER,
    LINE,
    MOST_POINTS,
    PLANE,
    POINT,
    RULER,
    SEEDS,
    SPHERE,
    SPLINE,
    TRANSFORM,
    WIDEST_DEGREES,
)
from .boxes import FACES, Frame, frame_of, properties_of, transform_to, transformed, turned_about
from .figures import unit
from .hits import Hit, nearest_on
from .sight import Floats, Pixel, Sight

AXES: Final[Mapping[str, int]] = {"x": 0, "y": 1, "z": 2}
"""Keys with which something moves along an axis of the scene alone."""
AXIS: Final = "shift"
"""The modifier with which things move along that axis of the scene along which they moved most."""
ALONG: Final = "ctrl"
"""The modifier with which things move along a direction of their own: the normal of a plane, a line."""
_SMALLEST: Final = 1e-3
"""A box, or a ball, becomes no smaller than this part of a pixel."""
_TURN: Final = 180.0
"""By so many degrees a drag as long as the picture is high turns a box, as it turns a scene."""

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Drag:
    """A drag that goes on: the properties and the sight that it began with, what was taken, and where the pointer was.

    Pixels are from the left and the bottom.
    """

    get: Values
    sight: Sight
    hit: Hit
    begin: Pixel
    end: Pixel
    held: frozenset[str] = frozenset()
    """Modifiers and keys that are held."""

    def to(self, end: Pixel, held: frozenset[str] = frozenset()) -> Drag:
        """Return it with the pointer elsewhere."""
        return replace(self, end=end, held=held)

    @property
    def grabbed(self) -> Floats:
        """The place that was taken."""
        return np.asarray(self.hit.place, np.float64)

    def pixel_of(self, place: Floats) -> Pixel:
        """Return the pixel at which a place is to be seen now."""
        x, y, _ = self.sight.pixel(place).tolist()
        return x + self.end[0] - self.begin[0], y + self.end[1] - self.begin[1]

    def moved(self, place: Floats, own: Floats | None = None) -> Floats:
        """Return where a place is moved to: across the line of sight, or along an axis if that is asked for.

        `own` is the direction of length 1 that the thing has by itself.
        """
        depth = float(self.sight.pixel(place)[2])
        free = self.sight.place(self.pixel_of(place), depth)
        axis = self._axis(free - place, own)
        if axis is None:
            return free
        return np.asarray(place + axis * self.along(place, axis))

    def along(self, place: Floats, axis: Floats) -> float:
        """Return how far a place is moved along an axis."""
        at = nearest_on(place, axis, *self.sight.ray(self.pixel_of(place)))
        if at is not None:
            return at
        depth = float(self.sight.pixel(place)[2])  # it points to the camera: up is away
        return float((self.sight.place(self.pixel_of(place), depth) - place) @ self.sight.axes[1])

    def step(self) -> Floats:
        """Return by how much all of it is moved."""
        return self.moved(self.grabbed) - self.grabbed

    def _axis(self, free: Floats, own: Floats | None) -> Floats | None:
        for key, number in AXES.items():
            if key in self.held:
                return np.asarray(np.eye(3)[number])
        if ALONG in self.held and own is not None:
            return own
        return np.asarray(np.eye(3)[int(np.abs(free).argmax())]) if AXIS in self.held else None


def dragged(drag: Drag) -> dict[str, Any]:
    """Return the properties of a widget that a drag sets; always the same ones for the same part."""
    return _DRAGS[drag.get["Kind"]](drag)


def _plane(drag: Drag) -> dict[str, Any]:
    origin, normal = np.asarray(drag.get["Origin"], float), unit(drag.get["Normal"])
    if drag.hit.part == "Origin":
        return {"Origin": drag.moved(origin, normal).tolist()}
    if drag.hit.part == "Face":
        return {"Origin": (origin + normal * drag.along(drag.grabbed, normal)).tolist()}
    turned = _turned(drag, origin, drag.grabbed - origin)
    return {"Normal": (turned if drag.hit.part == "Normal" else -turned).tolist()}


def _turned(drag: Drag, middle: Floats, arm: Floats) -> Floats:
    """Return the direction to the end of an arm that is turned about its beginning, upon a ball around that."""
    radius = float(np.linalg.norm(arm))
    begin, direction = drag.sight.ray(drag.pixel_of(middle + arm))
    away = begin - middle
    along = float(away @ direction)
    inside = along * along - float(away @ away) + radius * radius
    if inside > 0.0:
        behind = float(arm @ drag.sight.forward) > 0.0
        found = away + direction * (-along + (1 if behind else -1) * inside**0.5)
    else:
        found = away - direction * along
    for key, number in AXES.items():
        if key in drag.held:
            return np.asarray(np.eye(3)[number] * (1.0 if found[number] >= 0 else -1.0))
    if AXIS in drag.held:
        number = int(np.abs(found).argmax())
        return np.asarray(np.eye(3)[number] * (1.0 if found[number] >= 0 else -1.0))
    return unit(found.tolist())


def _line(drag: Drag) -> dict[str, Any]:
    ends = {name: np.asarray(drag.get[name], float) for name in ("Point1", "Point2")}
    if drag.hit.part in ends:
        one, other = (drag.hit.part, "Point2" if drag.hit.part == "Point1" else "Point1")
        along = ends[one] - ends[other]
        own = unit(along.tolist()) if along.any() else None
        return {one: drag.moved(ends[one], own).tolist()}
    return {name: (end + drag.step()).tolist() for name, end in ends.items()}


def _sphere(drag: Drag) -> dict[str, Any]:
    center, radius = np.asarray(drag.get["Center"], float), float(drag.get["Radius"])
    if drag.hit.part == "Center":
        return {"Center": drag.moved(center).tolist()}
    middle = drag.sight.pixel(center)[:2]
    before, after = (float(np.linalg.norm(np.subtract(one, middle))) for one in (drag.begin, drag.end))
    least = _SMALLEST * drag.sight.pixel_length(center)
    return {"Radius": max(radius * after / max(before, 1e-6), least)}


def _cylinder(drag: Drag) -> dict[str, Any]:
    center, axis = np.asarray(drag.get["Center"], float), unit(drag.get["Axis"])
    if drag.hit.part == "Center":
        return {"Center": drag.moved(center, axis).tolist()}
    if drag.hit.part == "Radius":
        away = drag.moved(drag.grabbed) - center
        least = _SMALLEST * drag.sight.pixel_length(center)
        return {"Radius": max(float(np.linalg.norm(away - axis * (away @ axis))), least)}
    turned = _turned(drag, center, drag.grabbed - center)
    return {"Axis": (turned if drag.hit.part == "Axis" else -turned).tolist()}


def _cone(drag: Drag) -> dict[str, Any]:
    origin, axis = np.asarray(drag.get["Origin"], float), unit(drag.get["Axis"])
    if drag.hit.part == "Origin":
        return {"Origin": drag.moved(origin, axis).tolist()}
    if drag.hit.part == "Angle":
        away = drag.moved(drag.grabbed) - origin
        along = float(away @ axis)
        across = float(np.linalg.norm(away - axis * along))
        return {"Angle": min(math.degrees(math.atan2(across, abs(along))), WIDEST_DEGREES)}
    turned = _turned(drag, origin, drag.grabbed - origin)
    return {"Axis": (turned if drag.hit.part == "Axis" else -turned).tolist()}


def _point(drag: Drag) -> dict[str, Any]:
    return {"Center": drag.moved(np.asarray(drag.get["Center"], float)).tolist()}


def _box(drag: Drag) -> dict[str, Any]:
    if drag.hit.part == "Center":
        return {"Position": (np.asarray(drag.get["Position"], float) + drag.step()).tolist()}
    names = ("Position", "Length" if drag.hit.part in FACES else "Rotation")
    frame = _frame(drag, frame_of(drag.get))
    found = drag.get if frame is None else properties_of(frame)
    return {name: list(found[name]) for name in names}


def _transform(drag: Drag) -> dict[str, Any]:
    if drag.hit.part == "Center":
        return {"Translate": (np.asarray(drag.get["Translate"], float) + drag.step()).tolist()}
    names = ("Translate", "Scale" if drag.hit.part in FACES else "Rotate")
    frame = _frame(drag, transformed(drag.get))
    found = drag.get if frame is None else transform_to(frame, drag.get)
    return {name: list(found[name]) for name in names}


def _frame(drag: Drag, frame: Frame) -> Frame | None:
    """Return a box whose face is moved while the opposite one stays, or which is turned about its middle by an edge.

    None if it stays as it is.
    """
    if drag.hit.part in FACES:
        axis, sign = FACES[drag.hit.part]
        length = frame.length.copy()
        least = _SMALLEST * drag.sight.pixel_length(frame.center)
        length[axis] = max(length[axis] + sign * drag.along(drag.grabbed, frame.axes[axis]), least)
        center = frame.center + sign * (length[axis] - frame.length[axis]) / 2 * frame.axes[axis]
        return replace(frame, center=center, length=length)
    right, up, _ = drag.sight.axes
    dx, dy = (np.subtract(drag.end, drag.begin) / drag.sight.size[1]).tolist()
    axis_of_turn = up * dx - right * dy
    by = float(np.linalg.norm(axis_of_turn))
    if by == 0.0:
        return None
    return replace(frame, axes=frame.axes @ turned_about(axis_of_turn / by, _TURN * by).T)


def _spline(drag: Drag) -> dict[str, Any]:
    points = np.array(drag.get["Points"], float).reshape(-1, 3)
    if drag.hit.part.isdigit():
        number = int(drag.hit.part)
        points[number] = drag.moved(points[number])
    else:
        points = points + drag.step()
    return {"Points": points.ravel().tolist()}


_DRAGS: Final[Mapping[str, Callable[[Drag], dict[str, Any]]]] = MappingProxyType(
    {
        PLANE: _plane,
        LINE: _line,
        RULER: _line,
        BOX: _box,
        SPHERE: _sphere,
        CYLINDER: _cylinder,
        CONE: _cone,
        SEEDS: _sphere,
        POINT: _point,
        SPLINE: _spline,
        TRANSFORM: _transform,
    }
)


def clicked(get: Values, hit: Hit) -> tuple[dict[str, Any], Hit] | None:
    """Return what a press with `ALONG` held does with a line of points, and what it has hold of then; None: nothing.

    Upon a point it takes that away, of which two stay; elsewhere upon the line it makes one.
    """
    if get["Kind"] != SPLINE:
        return None
    points = np.array(get["Points"], float).reshape(-1, 3)
    if hit.part.isdigit():
        if len(points) <= 2:
            return None
        left = np.delete(points, int(hit.part), axis=0)
        return {"Points": left.ravel().tolist()}, Hit("", hit.place)
    if len(points) >= MOST_POINTS:
        return None
    number = 1 + _segment_of(points, np.asarray(hit.place))
    more = np.insert(points, number, hit.place, axis=0)
    return {"Points": more.ravel().tolist()}, Hit(str(number), hit.place)


def _segment_of(points: Floats, place: Floats) -> int:
    """Return which segment of a line is nearest to a place."""
    begin, along = points[:-1], np.diff(points, axis=0)
    lengths = np.maximum((along**2).sum(axis=1), 1e-300)
    part = np.clip(((place - begin) * along).sum(axis=1) / lengths, 0.0, 1.0)
    return int(np.linalg.norm(begin + part[:, None] * along - place, axis=1).argmin())
