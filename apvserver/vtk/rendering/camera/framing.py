"""Where a camera stands so that a box just fits into its picture."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np

from ..images import Bounds, Vector

DIRECTIONS: Mapping[str, tuple[Vector, Vector]] = {
    "+X": ((1.0, 0.0, 0.0), (0.0, 0.0, 1.0)),
    "-X": ((-1.0, 0.0, 0.0), (0.0, 0.0, 1.0)),
    "+Y": ((0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "-Y": ((0.0, -1.0, 0.0), (0.0, 0.0, 1.0)),
    "+Z": ((0.0, 0.0, 1.0), (0.0, 1.0, 0.0)),
    "-Z": ((0.0, 0.0, -1.0), (0.0, 1.0, 0.0)),
}
"""By name: the direction the camera looks along, and which way is up."""

UNIT_BOX: Bounds = (-0.5, 0.5, -0.5, 0.5, -0.5, 0.5)
_FIT_MARGIN = 1.05
_PARALLEL_SINE = 1e-6


def upright(look: Vector, view_up: Vector) -> Vector:
    """Return `view_up`, or an axis that can stand in for it if it is parallel to the direction of view."""
    sine = np.linalg.norm(np.cross(look, view_up)) / (np.linalg.norm(look) * np.linalg.norm(view_up))
    if sine > _PARALLEL_SINE:
        return view_up
    x, y, z = np.abs(look)
    return (0.0, 0.0, 1.0) if z < max(x, y) else (0.0, 1.0, 0.0)


def fit_camera(
    bounds: Bounds, look: Vector, view_up: Vector, *, view_angle: float, aspect: float
) -> tuple[Vector, Vector, float]:
    """Return position, focal point and parallel scale that just show the whole box, with a small margin.

    `view_angle` is vertical, in degrees; `aspect` is width by height of the picture.
    """
    low, high = np.array(bounds[::2]), np.array(bounds[1::2])
    corners = np.array([[x, y, z] for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)])
    offsets = corners * (high - low)
    forward = np.array(look) / np.linalg.norm(look)
    right = np.cross(forward, view_up)
    right /= np.linalg.norm(right)
    extent_up = np.abs(offsets @ np.cross(right, forward)) * _FIT_MARGIN
    extent_right = np.abs(offsets @ right) * _FIT_MARGIN
    half_height = np.maximum(extent_up, extent_right / aspect)
    scale = float(half_height.max()) or 1.0
    slope = math.tan(math.radians(view_angle) / 2)
    distance = max(float((half_height / slope - offsets @ forward).max()), scale)
    center = (low + high) / 2
    return as_vector(center - distance * forward), as_vector(center), scale


def union_of_bounds(boxes: Iterable[Bounds]) -> Bounds | None:
    """Return the smallest box around all boxes; None if there are none."""
    rows = list(boxes)
    if not rows:
        return None
    xs, xe, ys, ye, zs, ze = zip(*rows, strict=True)
    return (min(xs), max(xe), min(ys), max(ye), min(zs), max(ze))


def as_vector(values: Iterable[float]) -> Vector:
    """Return three plain floats."""
    x, y, z = (float(value) for value in values)
    return x, y, z
