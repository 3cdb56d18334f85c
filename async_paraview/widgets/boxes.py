"""Boxes that are turned: a corner, degrees around the axes through it, and lengths. Plain functions."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from ..records import dataclass
from .sight import Floats

EDGES: Final = tuple((one, other) for one, other in itertools.combinations(range(8), 2) if (one ^ other) in (1, 2, 4))
"""Which of the corners of a box, counted with z the fastest, are joined."""
FACES: Final[Mapping[str, tuple[int, int]]] = {
    f"{'+' if sign > 0 else '-'}{name}": (axis, sign) for axis, name in enumerate("XYZ") for sign in (1, -1)
}
"""By name: the axis across a face, and its side."""
_UPRIGHT: Final = 1e-9


@dataclass(frozen=True)
class Frame:
    """A box: its middle, its axes as rows of length 1, and how long it is along them."""

    center: Floats
    axes: Floats
    length: Floats


def frame_of(get: Mapping[str, Any]) -> Frame:
    """Return the box with these properties of a widget."""
    length, axes = np.asarray(get["Length"], float), turn_of(get["Rotation"]).T
    return Frame(np.asarray(get["Position"], float) + (length / 2) @ axes, axes, length)


def properties_of(frame: Frame) -> dict[str, list[float]]:
    """Return the properties of a box."""
    position = frame.center - (frame.length / 2) @ frame.axes
    return {
        "Position": position.tolist(),
        "Rotation": degrees_of(frame.axes.T),
        "Length": frame.length.tolist(),
    }


def transformed(get: Mapping[str, Any]) -> Frame:
    """Return the box to which a transform with these properties of a widget moves that of its data.

    Where no data is known it is one of length 1 around the origin.
    """
    center, length = _middle_and_sides(get["Bounds"])
    scale, turn = np.asarray(get["Scale"], float), turn_of(get["Rotate"])
    return Frame(np.asarray(get["Translate"], float) + turn @ (scale * center), turn.T, np.abs(scale) * length)


def transform_to(frame: Frame, get: Mapping[str, Any]) -> dict[str, list[float]]:
    """Return the properties of a transform that moves the box of its data to another one.

    What was mirrored stays so, and a side of the data without length keeps its factor.
    """
    center, length = _middle_and_sides(get["Bounds"])
    scale = np.array(get["Scale"], float)
    other = (length > 0) & (np.abs(scale) * length != frame.length)
    scale[other] = np.copysign(frame.length[other] / length[other], scale[other])
    turn = frame.axes.T
    return {
        "Translate": (frame.center - turn @ (scale * center)).tolist(),
        "Rotate": degrees_of(turn),
        "Scale": scale.tolist(),
    }


def _middle_and_sides(bounds: Sequence[float]) -> tuple[Floats, Floats]:
    low, high = np.reshape(bounds or (-0.5, 0.5) * 3, (3, 2)).astype(float).T
    return (low + high) / 2, high - low


def corners_of(frame: Frame) -> Floats:
    """Return the eight corners, z the fastest."""
    signs = np.array(list(itertools.product((-0.5, 0.5), repeat=3)))
    return np.asarray(frame.center + (signs * frame.length) @ frame.axes)


def turn_of(degrees: Sequence[float]) -> Floats:
    """Return the matrix that turns around y, then around x, then around z."""
    (sx, sy, sz), (cx, cy, cz) = ([function(math.radians(one)) for one in degrees] for function in (math.sin, math.cos))
    around_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    around_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    around_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return np.asarray(around_z @ around_x @ around_y)


def degrees_of(turn: Floats) -> list[float]:
    """Return the degrees of which `turn_of` makes a matrix; the inverse of that."""
    x = math.asin(max(-1.0, min(1.0, turn[2, 1])))
    if abs(turn[2, 1]) > 1 - _UPRIGHT:  # around y and around z are the same then
        y, z = 0.0, math.atan2(turn[1, 0], turn[0, 0])
    else:
        y, z = math.atan2(-turn[2, 0], turn[2, 2]), math.atan2(-turn[0, 1], turn[1, 1])
    return [math.degrees(one) for one in (x, y, z)]


def turned_about(axis: Floats, degrees: float) -> Floats:
    """Return the matrix that turns about an axis of length 1, by the right hand (Rodrigues' formula)."""
    x, y, z = axis
    across = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = math.radians(degrees)
    return np.asarray(np.eye(3) + math.sin(angle) * across + (1 - math.cos(angle)) * across @ across)
