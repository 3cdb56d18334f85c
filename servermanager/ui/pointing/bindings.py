"""Which button moves the camera how, as ParaView has it, and by how much: tables and plain functions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

Movement = tuple[str, Mapping[str, float]]
"""A method of a render view that moves its camera, and its numbers."""

ROTATE: Final = "rotate"
PAN: Final = "pan"
ROLL: Final = "roll"
ZOOM: Final = "zoom"
ZOOM_TO_POINTER: Final = "zoom to pointer"

Bindings = Mapping[tuple[str, frozenset[str]], str]


def _bindings(**lines: str) -> Bindings:
    found = {}
    for held, gesture in lines.items():
        *modifiers, button = held.split("_")
        found[button, frozenset(modifiers)] = gesture
    return found


BINDINGS_3D: Final[Bindings] = _bindings(
    left=ROTATE, shift_left=PAN, ctrl_left=ZOOM, ctrl_shift_left=ROLL,
    middle=PAN, shift_middle=ROLL, ctrl_middle=ROTATE,
    right=ZOOM, shift_right=PAN, ctrl_right=ZOOM_TO_POINTER,
)  # fmt: skip
"""What a drag does in a scene, by the button and the modifiers that are held."""
BINDINGS_2D: Final[Bindings] = _bindings(
    left=PAN, shift_left=ZOOM, ctrl_left=ZOOM_TO_POINTER, middle=PAN, right=ZOOM, shift_right=PAN,
    ctrl_right=ZOOM_TO_POINTER,
)  # fmt: skip
"""What a drag does where nothing is to be turned: slices that are looked at from the front, charts."""

ZOOM_OF_HEIGHT: Final = 1.1**20
"""How many times as large things look when the pointer was dragged up by the whole height, as in VTK's styles."""
ZOOM_OF_NOTCH: Final = 1.1**2
"""How many times as large things look after a notch of the wheel, as in VTK's styles."""


def gesture(bindings: Bindings, button: str, modifiers: frozenset[str]) -> str | None:
    """Return what a drag does, None if nothing; alt and meta change nothing."""
    return bindings.get((button, modifiers & {"shift", "ctrl"}))


def movement(
    what: str, began: tuple[float, float], before: tuple[float, float], after: tuple[float, float]
) -> Movement | None:
    """Return how the camera moves when a drag goes on; None if it does not.

    Places are offsets from the middle of the picture, right and down, in fractions of its height (`Surface.offset`).
    """
    dx, dy = after[0] - before[0], after[1] - before[1]
    if what in (ROTATE, PAN):
        return what, {"dx": dx, "dy": dy}
    if what == ROLL:
        degrees = turned(before, after)
        return (ROLL, {"degrees": degrees}) if degrees else None
    factor = ZOOM_OF_HEIGHT**-dy
    if what == ZOOM_TO_POINTER:
        return "zoom_at", {"factor": factor, "dx": began[0], "dy": began[1]}
    return ZOOM, {"factor": factor}


def wheel_movement(notches: float, at: tuple[float, float]) -> Movement:
    """Return how the camera moves when a wheel is turned: what is under the pointer stays there."""
    return "zoom_at", {"factor": ZOOM_OF_NOTCH**notches, "dx": at[0], "dy": at[1]}


def turned(before: tuple[float, float], after: tuple[float, float]) -> float:
    """Return by how many degrees a place has gone around the middle, clockwise, -180 to 180; 0 at the middle."""
    if math.hypot(*before) < 1e-6 or math.hypot(*after) < 1e-6:
        return 0.0
    degrees = math.degrees(math.atan2(after[1], after[0]) - math.atan2(before[1], before[0]))
    return (degrees + 180.0) % 360.0 - 180.0


def call(view: Any, what: Movement) -> None:
    """Have a view move its camera so."""
    name, numbers = what
    _METHODS[name](view, numbers)


_METHODS: Final[Mapping[str, Any]] = {
    "rotate": lambda view, numbers: view.rotate(numbers["dx"], numbers["dy"]),
    "pan": lambda view, numbers: view.pan(numbers["dx"], numbers["dy"]),
    "zoom": lambda view, numbers: view.zoom(numbers["factor"]),
    "zoom_at": lambda view, numbers: view.zoom_at(numbers["factor"], numbers["dx"], numbers["dy"]),
    "roll": lambda view, numbers: view.roll(numbers["degrees"]),
    "orbit": lambda view, numbers: view.orbit(numbers["azimuth"], numbers["elevation"]),
}
