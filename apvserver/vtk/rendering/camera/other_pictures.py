"""How a picture of another size, or with larger letters, shows what a fitted camera shows: beside its own legends."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np

from ..images import Bounds, CameraState
from .framing import FIT_MARGIN, Room
from .looking import Looking

_LEAST_DEPTH = 1e-9
_ALL_BUT = 1.2
"""What reaches this much beyond a room is still to be seen whole; what reaches farther was cut off on purpose."""


def shifted(camera: CameraState, box: Bounds, before: Room, after: Room) -> Looking:
    """Return how the same is seen in the room of another picture, from the same place.

    Its middle is in the middle of that room. What was seen of the box in the room that the camera was fitted to is
    seen there as well: smaller, if need be; never larger.
    """
    (beside, above), (beside_after, above_after) = before.aside, after.aside
    across, up = _reach(camera, box, before)
    wider = max(1.0, across / (after.half[0] * after.aspect), up / after.half[1])
    center = (beside / wider - beside_after) / after.aspect, above / wider - above_after
    angle = camera.view_angle if wider == 1.0 else math.degrees(2 * math.atan(wider * _slope(camera.view_angle)))
    seen = replace(camera, view_angle=angle, parallel_scale=camera.parallel_scale * wider)
    return Looking(seen, after.size, center)


def _reach(camera: CameraState, box: Bounds, room: Room) -> tuple[float, float]:
    """Return how far a box, and the margin of a fit, reach from the middle of a room, in halves of its height.

    It is half the room where it reaches far beyond.
    """
    position = np.array(camera.position)
    forward = np.subtract(camera.focal_point, position)
    distance = float(np.linalg.norm(forward))
    forward = forward / distance
    right = np.cross(forward, camera.view_up)
    right /= np.linalg.norm(right)
    corners = np.array(list(itertools.product(box[0:2], box[2:4], box[4:6]))) - position
    deep = corners @ forward
    whole = room.half[0] * room.aspect, room.half[1]
    if camera.parallel_projection:
        half = np.full(len(corners), camera.parallel_scale)
    elif deep.min() <= _LEAST_DEPTH * distance:
        return whole  # the camera is among it
    else:
        half = deep * _slope(camera.view_angle)
    x, y = corners @ right / half - room.aside[0], corners @ np.cross(right, forward) / half - room.aside[1]
    reach = FIT_MARGIN * float(np.abs(x).max()), FIT_MARGIN * float(np.abs(y).max())
    across, up = (far if far <= _ALL_BUT * half else half for far, half in zip(reach, whole, strict=True))
    return across, up


def _slope(degrees: float) -> float:
    return math.tan(math.radians(degrees) / 2)
