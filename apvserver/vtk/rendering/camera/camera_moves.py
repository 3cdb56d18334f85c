"""How a camera moves: plain functions of its state. Distances are fractions of the picture's height, angles degrees."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from async_paraview.names import unknown_name
from async_paraview.scene.views import MOVEMENTS

from ...base.errors import InvalidProperty
from ..images import CameraState, Vector
from .framing import as_vector, upright

Floats = npt.NDArray[np.float64]

_NEAREST: Final = 1e-12
"""How near a camera comes, as a part of the largest coordinate: nearer, rounding would take its direction away."""
_SMALLEST: Final = 1e-30
"""How near it comes, and half the height that it sees, wherever it is."""
TURN: Final = 180.0
"""Degrees that the scene turns when it is dragged over the whole height of the picture."""


def _azimuth(camera: CameraState, degrees: float) -> CameraState:
    """Turn around the focal point, about the way up: a positive angle shows more of the right side."""
    turned = _rotated(_offset(camera), np.asarray(camera.view_up), degrees)
    return replace(camera, position=as_vector(camera.focal_point + turned))


def _elevation(camera: CameraState, degrees: float) -> CameraState:
    """Turn around the focal point, over the top: the way up turns along, so that there is no pole to get stuck at."""
    offset, _, up, right = _frame(camera)
    turned, turned_up = _rotated(offset, right, -degrees), _rotated(up, right, -degrees)
    return replace(camera, position=as_vector(camera.focal_point + turned), view_up=as_vector(turned_up))


def orbit(camera: CameraState, *, azimuth: float = 0.0, elevation: float = 0.0) -> CameraState:
    """Turn both ways around the focal point."""
    return _elevation(_azimuth(camera, azimuth), elevation)


def rotate(camera: CameraState, *, dx: float, dy: float) -> CameraState:
    """Turn as if the scene was a ball that the pointer drags to the right and down."""
    return orbit(camera, azimuth=-TURN * dx, elevation=TURN * dy)


def pan(camera: CameraState, *, dx: float, dy: float) -> CameraState:
    """Move so that what is at the focal point follows the pointer to the right and down."""
    offset, _, up, right = _frame(camera)
    slope = math.tan(math.radians(camera.view_angle) / 2)
    height = 2 * (camera.parallel_scale if camera.parallel_projection else float(np.linalg.norm(offset)) * slope)
    shift = height * (dy * up - dx * right)
    return replace(
        camera, position=as_vector(camera.position + shift), focal_point=as_vector(camera.focal_point + shift)
    )


def zoom(camera: CameraState, *, factor: float) -> CameraState:
    """Zoom so that what is at the focal point looks so many times as large, as far as numbers tell it from the camera.

    Raises `InvalidProperty` unless the factor is positive.
    """
    if not (factor > 0 and math.isfinite(factor)):
        raise InvalidProperty(f"a zoom factor is positive, not {factor}")
    if camera.parallel_projection:
        return replace(camera, parallel_scale=max(camera.parallel_scale / factor, _SMALLEST))
    offset = _offset(camera)
    distance = float(np.linalg.norm(offset))
    nearest = min(distance, max(_SMALLEST, _NEAREST * float(np.abs(camera.focal_point).max())))
    part = max(distance / factor, nearest) / distance
    return replace(camera, position=as_vector(camera.focal_point + part * offset))


def zoom_at(camera: CameraState, *, factor: float, dx: float, dy: float) -> CameraState:
    """Zoom so that what is seen beside the middle, so far to the right and down, stays there.

    It does as far as it is as far away as the focal point. Raises `InvalidProperty` as `zoom`.
    """
    after, place = zoom(camera, factor=factor), (2.0 * dx, -2.0 * dy)
    shift = _seen_at(after, place) - _seen_at(camera, place)
    return replace(after, position=as_vector(after.position - shift), focal_point=as_vector(after.focal_point - shift))


def roll(camera: CameraState, *, degrees: float) -> CameraState:
    """Turn the camera about the direction it looks in; the picture turns clockwise."""
    _, forward, up, _ = _frame(camera)
    return replace(camera, view_up=as_vector(_rotated(up, forward, degrees)))


MOVES: Final[Mapping[str, Callable[..., CameraState]]] = {
    one.__name__: one for one in (rotate, pan, zoom, zoom_at, roll, orbit)
}
"""The functions by name; the numbers that each takes are in MOVEMENTS."""


def moved(
    camera: CameraState,
    kind: object,
    header: Mapping[str, Any],
    center: Vector | None = None,
    aside: tuple[float, float] = (0.0, 0.0),
) -> CameraState:
    """Return the camera after a move of that kind, with the numbers of a packet. Raises `InvalidProperty`.

    Movements that turn it do so about `center`, None: what it looks at, or what lies so far beside that in the picture,
    to the right and up, in halves of its height; that stays where it is seen when the camera zooms, too.
    """
    if not isinstance(kind, str) or kind not in MOVES:
        raise InvalidProperty(unknown_name("movement", kind, MOVES))
    function = MOVES[kind]
    numbers = {name: header.get(name, 0.0) for name in MOVEMENTS[kind]}
    for name, value in numbers.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise InvalidProperty(f"{name} of a movement is a finite number, not {value!r:.80}")
    after = function(camera, **numbers)
    beside = None if aside == (0.0, 0.0) else _seen_at(camera, aside)
    if kind == "zoom" and beside is not None:
        shift = _seen_at(after, aside) - beside
        return replace(
            after, position=as_vector(after.position - shift), focal_point=as_vector(after.focal_point - shift)
        )
    middle = beside if center is None else np.asarray(center)
    return after if middle is None or kind not in ("rotate", "orbit") else _about(camera, after, middle)


def _seen_at(camera: CameraState, aside: tuple[float, float]) -> Floats:
    """Return the place, as far away as the focal point, that is seen beside it."""
    offset, _, up, right = _frame(camera)
    slope = math.tan(math.radians(camera.view_angle) / 2)
    half = camera.parallel_scale if camera.parallel_projection else float(np.linalg.norm(offset)) * slope
    place: Floats = camera.focal_point + half * (aside[0] * right + aside[1] * up)
    return place


def _about(before: CameraState, after: CameraState, middle: Floats) -> CameraState:
    """Return the camera turned as from `before` to `after`, but about another point than it looks at."""
    _, *axes = _frame(before)
    _, *turned = _frame(after)
    turn = np.transpose(turned) @ np.asarray(axes)
    position, focal_point = (
        middle + turn @ (np.asarray(one) - middle) for one in (before.position, before.focal_point)
    )
    return replace(after, position=as_vector(position), focal_point=as_vector(focal_point))


def _offset(camera: CameraState) -> Floats:
    """Return the vector from the focal point to the camera."""
    return np.subtract(camera.position, camera.focal_point)


def _frame(camera: CameraState) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the offset, and the unit vectors forward, up and right."""
    offset = _offset(camera)
    forward = -offset / np.linalg.norm(offset)
    right = np.cross(forward, upright(as_vector(forward), camera.view_up))
    right /= np.linalg.norm(right)
    return offset, forward, np.cross(right, forward), right


def _rotated(vector: Floats, axis: Floats, degrees: float) -> Floats:
    """Turn a vector about an axis, by the right hand (Rodrigues' formula)."""
    unit, angle = axis / np.linalg.norm(axis), math.radians(degrees)
    along = unit * np.dot(unit, vector)
    turned: Floats = along + (vector - along) * math.cos(angle) + np.cross(unit, vector) * math.sin(angle)
    return turned
