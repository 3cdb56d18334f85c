"""What a picture sees of a scene: which pixel shows a place, and which places a pixel shows. Plain functions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ..records import dataclass

Floats = npt.NDArray[np.float64]
Vector = tuple[float, float, float]
Pixel = tuple[float, float]
"""From the left and the bottom of a picture; whole numbers are the edges of pixels."""

_NEAREST: Final = 1e-9
"""Places that are nearer than this part of what the camera looks at are taken for so near: they have no pixel."""
_PARALLEL_SINE: Final = 1e-6


@dataclass(frozen=True)
class CameraState:
    """A camera in world units; `view_angle` is vertical, in degrees.

    `parallel_scale`, half the height seen, counts only in a parallel projection.
    """

    position: Vector
    focal_point: Vector
    view_up: Vector
    view_angle: float
    parallel_projection: bool
    parallel_scale: float

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> CameraState:
        """Return the camera that an image tells: the fields of this class by name. Raises KeyError."""
        position, focal_point, view_up = (
            (float(x), float(y), float(z)) for x, y, z in (told["position"], told["focal_point"], told["view_up"])
        )
        angle, scale = float(told["view_angle"]), float(told["parallel_scale"])
        return cls(position, focal_point, view_up, angle, bool(told["parallel_projection"]), scale)


def upright(look: Vector, view_up: Vector) -> Vector:
    """Return `view_up`, or an axis that can stand in for it if it is parallel to the direction of view."""
    (x, y, z), (up_x, up_y, up_z) = look, view_up
    across = math.hypot(y * up_z - z * up_y, z * up_x - x * up_z, x * up_y - y * up_x)
    if across > _PARALLEL_SINE * math.hypot(x, y, z) * math.hypot(up_x, up_y, up_z):
        return view_up
    x, y, z = abs(x), abs(y), abs(z)
    return (0.0, 0.0, 1.0) if z < max(x, y) else (0.0, 1.0, 0.0)


def as_vector(values: Any) -> Vector:
    """Return three numbers as Python's."""
    x, y, z = values
    return float(x), float(y), float(z)


@dataclass(frozen=True)
class Sight:
    """A camera, and the size of the picture that it sees."""

    camera: CameraState
    size: tuple[float, float]
    center: tuple[float, float] = (0.0, 0.0)
    """How far from the middle of what the camera sees that of the picture is, in halves of it, as VTK's center."""

    @cached_property
    def forward(self) -> Floats:
        """The direction it looks along, of length 1."""
        look = np.subtract(self.camera.focal_point, self.camera.position)
        return np.asarray(look / np.linalg.norm(look))

    @cached_property
    def axes(self) -> Floats:
        """Unit vectors to the right, up and forward, as rows."""
        up = upright(as_vector(self.forward), self.camera.view_up)
        right = np.cross(self.forward, up)
        right /= np.linalg.norm(right)
        return np.array([right, np.cross(right, self.forward), self.forward])

    @cached_property
    def distance(self) -> float:
        """How far away what it looks at is."""
        return float(np.linalg.norm(np.subtract(self.camera.focal_point, self.camera.position)))

    @property
    def slope(self) -> float:
        """How far up it sees, per distance."""
        return math.tan(math.radians(self.camera.view_angle) / 2)

    @property
    def nearest(self) -> float:
        """The least distance at which anything has a pixel."""
        return _NEAREST * self.distance

    def pixels(self, places: Floats) -> Floats:
        """Return of places, shape (n, 3), how far from the left and the bottom they are seen, and how far away.

        Whole numbers are the edges of pixels. What is behind the camera has a distance below 0, and is seen nowhere.
        """
        seen = np.subtract(places, self.camera.position) @ self.axes.T
        width, height = self.size
        scale, (beside, above) = height / 2 / self._half(seen[:, 2]), self.center
        x, y = width / 2 * (1 - beside) + seen[:, 0] * scale, height / 2 * (1 - above) + seen[:, 1] * scale
        return np.column_stack([x, y, seen[:, 2]])

    def pixel(self, place: Any) -> Floats:
        """Return of one place how far from the left and the bottom it is seen, and how far away."""
        found: Floats = self.pixels(np.asarray(place, np.float64)[None])[0]
        return found

    def place(self, pixel: Pixel, depth: float) -> Floats:
        """Return the place that a pixel shows at a distance along the line of sight of the middle."""
        width, height = self.size
        beside, above = self.center
        half = float(self._half(np.array([depth]))[0])
        x = (pixel[0] - width / 2 * (1 - beside)) * half / (height / 2)
        y = (pixel[1] - height / 2 * (1 - above)) * half / (height / 2)
        found: Floats = np.asarray(self.camera.position) + np.array([x, y, depth]) @ self.axes
        return found

    def ray(self, pixel: Pixel) -> tuple[Floats, Floats]:
        """Return a place that a pixel shows, and the direction, of length 1, along which it shows all others."""
        if self.camera.parallel_projection:
            return self.place(pixel, 0.0), self.forward
        begin = np.asarray(self.camera.position, np.float64)
        along = self.place(pixel, self.distance) - begin
        return begin, along / np.linalg.norm(along)

    def pixel_length(self, place: Any) -> float:
        """Return how long in the scene a pixel is at a place, across the line of sight."""
        height = self.size[1]
        if self.camera.parallel_projection:
            return 2.0 * self.camera.parallel_scale / height
        depth = float(np.subtract(place, self.camera.position) @ self.forward)
        return 2.0 * max(depth, self.nearest) * self.slope / height

    def _half(self, depths: Floats) -> Floats:
        """Return half the height that is seen at distances."""
        if self.camera.parallel_projection:
            return np.full(len(depths), self.camera.parallel_scale)
        half: Floats = np.maximum(depths, self.nearest) * self.slope
        return half
