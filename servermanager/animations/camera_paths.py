"""Where a camera is at a part of a track's time: plain functions, with ParaView's results."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from async_paraview.scene.animation import LINEAR

from .keyframes import KeyFrame, between
from .splines import Path, kochanek, linear

CAMERA: Final = {
    "Position": "CameraPosition", "FocalPoint": "CameraFocalPoint", "ViewUp": "CameraViewUp",
    "ViewAngle": "CameraViewAngle", "ParallelScale": "CameraParallelScale",
}  # fmt: skip
"""Properties of a view by those of keyframes."""
_ALONG: Final = math.sqrt(0.5)
_AHEAD: Final = 0.05

Camera = dict[str, Any]


def camera_of(frame: KeyFrame) -> Camera:
    """Return the camera of a keyframe, as properties of a view; what is up has the length 1, as vtkCamera has it."""
    camera = {ours: _plain(frame[theirs]) for theirs, ours in CAMERA.items()}
    camera["CameraViewUp"] = [float(one) for one in _normalized(np.asarray(frame["ViewUp"], float))]
    return camera


def interpolated(frames: Sequence[KeyFrame], part: float, interpolation: str) -> Camera | None:
    """Return the camera on the way from one keyframe to the next, as vtkCameraInterpolator; None if there are not two.

    Of several keyframes at one time the last one counts.
    """
    by_time = {float(one["KeyTime"]): camera_of(one) for one in frames}
    times = sorted(by_time)
    if len(times) < 2:
        return None
    curve = linear if interpolation == LINEAR else kochanek
    found: Camera = {}
    for ours in CAMERA.values():
        values = np.asarray([np.atleast_1d(np.asarray(by_time[time][ours], float)) for time in times])
        place = [float(one) for one in curve(times, values, part)]
        found[ours] = place if len(place) > 1 else place[0]
    return found


def on_path(frames: Sequence[KeyFrame], part: float) -> Camera | None:
    """Return the camera on the paths of the keyframe that counts, None if there are not two keyframes.

    The last keyframe ends the paths of the one before it, and has none of its own.
    """
    if len(frames) < 2:
        return None
    first, following, way = between(frames, part)
    if first is following and (number := _number(frames, first)) > 0:
        first, way = frames[number - 1], 1.0
    camera = camera_of(first)
    focal, positions = _triples(first["FocalPathPoints"]), _triples(first["PositionPathPoints"])
    if focal:
        camera["CameraFocalPoint"] = Path(focal, closed=first["ClosedFocalPath"]).at(way)
    if positions:
        path = Path(positions, closed=first["ClosedPositionPath"])
        camera["CameraPosition"] = path.at(way)
        if len(positions) > 1 and _begins_along(positions, camera["CameraViewUp"]):
            camera["CameraViewUp"] = _direction(path, way)
    return camera


def _number(frames: Sequence[KeyFrame], one: KeyFrame) -> int:
    return next(number for number, frame in enumerate(frames) if frame is one)


def _begins_along(positions: Sequence[Sequence[float]], up: Sequence[float]) -> bool:
    """Return whether a path begins within 45 degrees of the direction that is up: then that turns with the path."""
    step = _normalized(np.asarray(positions[1], float) - np.asarray(positions[0], float))
    return bool(abs(float(step @ _normalized(np.asarray(up, float)))) > _ALONG)


def _direction(path: Path, way: float) -> list[float]:
    low = way if way + _AHEAD <= 1.0 else way - _AHEAD
    high = way + _AHEAD if way + _AHEAD <= 1.0 else way
    return [float(one) for one in _normalized(np.asarray(path.at(high)) - np.asarray(path.at(low)))]


def _normalized(vector: Any) -> Any:
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector


def _triples(flat: Sequence[float]) -> list[list[float]]:
    return [list(flat[at : at + 3]) for at in range(0, len(flat), 3)]


def following(camera: Mapping[str, Any], bounds: Sequence[float]) -> Camera:
    """Return a camera that looks at the middle of a box, from where it stood in relation to what it looked at."""
    center = [(low + high) / 2.0 for low, high in zip(bounds[::2], bounds[1::2], strict=True)]
    offset = [one - of for one, of in zip(camera["CameraPosition"], camera["CameraFocalPoint"], strict=True)]
    place = [one + step for one, step in zip(center, offset, strict=True)]
    return {"CameraFocalPoint": center, "CameraPosition": place}


def _plain(value: Any) -> Any:
    return [float(one) for one in value] if isinstance(value, (list, tuple)) else float(value)
