"""What of a widget a pixel is of. Plain functions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from ..records import dataclass
from .figures import Face, Figure, Line
from .sight import Floats, Pixel, Sight, Vector, as_vector

NEAR_PIXELS: Final = 4.0
"""So far beside a handle or a line a pointer is upon it."""


@dataclass(frozen=True)
class Hit:
    """What a pixel is of: the name of a part, and the place of it that is there."""

    part: str
    place: Vector


def hit_by(figure: Figure, sight: Sight, pixel: Pixel, *, handle: float, near: float = NEAR_PIXELS) -> Hit | None:
    """Return what a pixel is of: a handle, else a line, else a face; None for nothing.

    `handle` is how far a handle reaches from its middle, `near` how far beside it a pointer may be, in pixels. Of
    several handles, or lines, it is the nearest.
    """
    return (
        _of_handles(figure, sight, pixel, handle + near)
        or _of_lines(figure.lines, sight, pixel, near)
        or _of_faces(figure.faces, sight, pixel)
    )


def _of_handles(figure: Figure, sight: Sight, pixel: Pixel, reach: float) -> Hit | None:
    if not figure.handles:
        return None
    seen = sight.pixels(np.array([one.place for one in figure.handles]))
    away = np.where(seen[:, 2] > sight.nearest, np.hypot(seen[:, 0] - pixel[0], seen[:, 1] - pixel[1]), np.inf)
    nearest = int(away.argmin())
    return Hit(figure.handles[nearest].part, figure.handles[nearest].place) if away[nearest] <= reach else None


def _of_lines(lines: Iterable[Line], sight: Sight, pixel: Pixel, near: float) -> Hit | None:
    best, found = near, None
    for line in lines:
        if not line.part or len(line.places) < 2:
            continue
        segments = in_front(np.stack([line.places[:-1], line.places[1:]], axis=1), sight)
        if not len(segments):
            continue
        seen = sight.pixels(segments.reshape(-1, 3))[:, :2].reshape(-1, 2, 2)
        along = seen[:, 1] - seen[:, 0]
        lengths = np.maximum((along**2).sum(axis=1), 1e-12)
        part = np.clip(((pixel - seen[:, 0]) * along).sum(axis=1) / lengths, 0.0, 1.0)
        away = np.linalg.norm(seen[:, 0] + part[:, None] * along - pixel, axis=1)
        nearest = int(away.argmin())
        if away[nearest] <= best:
            best, found = float(away[nearest]), Hit(line.part, _upon(segments[nearest], sight, pixel))
    return found


def _upon(segment: Floats, sight: Sight, pixel: Pixel) -> Vector:
    """Return the place of a segment that is nearest to what a pixel shows."""
    begin, direction = sight.ray(pixel)
    along = segment[1] - segment[0]
    length = float(np.linalg.norm(along))
    if length == 0.0:
        return as_vector(segment[0])
    at = nearest_on(segment[0], along / length, begin, direction)
    return as_vector(segment[0] + along / length * min(max(at or 0.0, 0.0), length))


def nearest_on(place: Floats, axis: Floats, begin: Floats, direction: Floats) -> float | None:
    """Return how far along an axis through a place it is nearest to a ray; None if the two are parallel."""
    cosine = float(axis @ direction)
    across = 1.0 - cosine * cosine
    if across < 1e-9:
        return None
    away = begin - place
    return float((away @ axis - cosine * (away @ direction)) / across)


def _of_faces(faces: Iterable[Face], sight: Sight, pixel: Pixel) -> Hit | None:
    for face in faces:
        seen = sight.pixels(face.places)
        if (seen[:, 2] <= sight.nearest).any():
            continue
        sides = np.roll(seen[:, :2], -1, axis=0) - seen[:, :2]
        toward = np.asarray(pixel) - seen[:, :2]
        turns = sides[:, 0] * toward[:, 1] - sides[:, 1] * toward[:, 0]
        place = _through(face.places, sight, pixel)
        if ((turns >= 0).all() or (turns <= 0).all()) and place is not None:
            return Hit(face.part, place)
    return None


def _through(corners: Floats, sight: Sight, pixel: Pixel) -> Vector | None:
    """Return where what a pixel shows goes through a polygon; None if that is seen from its edge."""
    normal = np.cross(corners[1] - corners[0], corners[2] - corners[0])
    begin, direction = sight.ray(pixel)
    slope = float(normal @ direction)
    if abs(slope) <= 1e-9 * float(np.linalg.norm(normal)):
        return None
    return as_vector(begin + direction * float(normal @ (corners[0] - begin)) / slope)


def in_front(segments: Floats, sight: Sight) -> Floats:
    """Return of segments, shape (n, 2, 3), what lies in front of the camera."""
    if sight.camera.parallel_projection:
        return segments
    least = 1e-3 * sight.distance
    depths = (segments - np.asarray(sight.camera.position)) @ sight.forward
    kept = segments[(depths > least).any(axis=1)].copy()
    depths = depths[(depths > least).any(axis=1)]
    for end in (0, 1):
        behind = depths[:, end] < least
        inside, outside = depths[behind, 1 - end], depths[behind, end]
        part = ((inside - least) / (inside - outside))[:, None]
        kept[behind, end] = kept[behind, 1 - end] + part * (kept[behind, end] - kept[behind, 1 - end])
    return np.asarray(kept)
