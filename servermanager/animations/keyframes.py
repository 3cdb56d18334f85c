"""What keyframes make of a property at a part of a track's time: plain functions, with ParaView's results.

See vtkPVKeyFrameCueManipulator and the keyframes of ParaView's Remoting/Animation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from async_paraview.scene.animation import BOOLEAN, EXPONENTIAL, NO_INTERPOLATION, RAMP, SINUSOID

KeyFrame = Mapping[str, Any]
"""The properties of a keyframe by name, all of them."""


def between(frames: Sequence[KeyFrame], part: float) -> tuple[KeyFrame, KeyFrame, float]:
    """Return the keyframe that counts at a part of a track's time, the next one, and how far it is on the way there.

    The frames are in the order of their times. Before the first one that counts, after the last one that; where both
    are the same, there is no next one.
    """
    times = [float(one["KeyTime"]) for one in frames]
    if part <= times[0]:
        return frames[0], frames[0], 0.0
    if part in times:
        exact = frames[times.index(part)]
        return exact, exact, 0.0
    if part > times[-1]:
        return frames[-1], frames[-1], 0.0
    at = max(number for number, time in enumerate(times) if time < part)
    return frames[at], frames[at + 1], (part - times[at]) / (times[at + 1] - times[at])


def values_at(frames: Sequence[KeyFrame], part: float) -> list[float] | None:
    """Return the values of a property; None if keyframes leave it as it is: fewer than two do, and those of "None"."""
    if len(frames) < 2:
        return None
    first, following, way = between(frames, part)
    if first["Interpolation"] == NO_INTERPOLATION:
        return None
    if first["Interpolation"] == BOOLEAN:
        return [float(one) for one in first["KeyValues"]]
    return _CHANGES[first["Interpolation"]](first, [float(one) for one in following["KeyValues"]], way)


def _mixed(first: KeyFrame, following: Sequence[float], part: float) -> list[float]:
    """Mix values that both have; what only the first one has stays."""
    own = [float(one) for one in first["KeyValues"]]
    mixed = [low + part * (high - low) for low, high in zip(own, following, strict=False)]
    return [*mixed, *own[len(mixed) :]]


def _exponential(first: KeyFrame, following: Sequence[float], way: float) -> list[float]:
    base, start, end = (float(first[name]) for name in ("Base", "StartPower", "EndPower"))
    low, high = base**start, base**end
    part = 0.0 if low == high else (base ** (start + way * (end - start)) - low) / (high - low)
    return _mixed(first, following, part)


def _sinusoid(first: KeyFrame, following: Sequence[float], way: float) -> list[float]:
    wave = math.sin(2.0 * math.pi * (float(first["Frequency"]) * way + float(first["Phase"]) / 360.0))
    own = [float(one) for one in first["KeyValues"]]
    moved = [float(first["Offset"]) + one * wave for one in own[: len(following)]]
    return [*moved, *own[len(moved) :]]


_CHANGES: Final[Mapping[str, Callable[[KeyFrame, Sequence[float], float], list[float]]]] = {
    RAMP: _mixed, EXPONENTIAL: _exponential, SINUSOID: _sinusoid,
}  # fmt: skip
