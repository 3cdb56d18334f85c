"""The frustum behind a rectangle of a picture, in the coordinates of data that is shown there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_NEAR: Final = 1e-3
_FAR: Final = 1e4
"""Where it begins and ends, by the distance of what the camera looks at."""


def frustum(camera: Mapping[str, Any], size: Sequence[int], rectangle: Sequence[int], placed: Array) -> list[float]:
    """Return the corners as FrustumSelectionSource takes them.

    `rectangle` is x0, y0, x1, y1 in pixels from the top left, all of which belong to it; `placed` takes coordinates of
    the data to those of the scene.
    """
    width, height = size
    (x0, x1), (y0, y1) = sorted(rectangle[::2]), sorted(rectangle[1::2])
    left, right = 2.0 * x0 / width - 1.0, 2.0 * (x1 + 1) / width - 1.0
    lower, upper = 1.0 - 2.0 * (y1 + 1) / height, 1.0 - 2.0 * y0 / height
    place, focal = np.array(camera["CameraPosition"], float), np.array(camera["CameraFocalPoint"], float)
    distance = float(np.linalg.norm(focal - place))
    along = (focal - place) / distance
    to_right = np.cross(along, np.array(camera["CameraViewUp"], float))
    to_right /= np.linalg.norm(to_right)
    up = np.cross(to_right, along)
    corners = [
        place + along * depth + _half(camera, depth) * (x * width / height * to_right + y * up)
        for x in (left, right)
        for y in (lower, upper)
        for depth in (_NEAR * distance, _FAR * distance)
    ]
    in_data = np.column_stack([np.array(corners), np.ones(8)]) @ np.linalg.inv(placed).T
    return [float(one) for corner in in_data for one in corner]


def _half(camera: Mapping[str, Any], depth: float) -> float:
    """Return half of the height that is seen at a distance."""
    if camera["CameraParallelProjection"]:
        return float(camera["CameraParallelScale"])
    return float(depth * np.tan(np.radians(camera["CameraViewAngle"]) / 2.0))


def placement(look: Mapping[str, Any]) -> Array:
    """Return the matrix from coordinates of data to those of the scene, by how it is shown."""
    x, y, z = np.radians(look["Orientation"])
    about_z = [[np.cos(z), -np.sin(z), 0.0], [np.sin(z), np.cos(z), 0.0], [0.0, 0.0, 1.0]]
    about_x = [[1.0, 0.0, 0.0], [0.0, np.cos(x), -np.sin(x)], [0.0, np.sin(x), np.cos(x)]]
    about_y = [[np.cos(y), 0.0, np.sin(y)], [0.0, 1.0, 0.0], [-np.sin(y), 0.0, np.cos(y)]]
    turned = np.array(about_z) @ np.array(about_x) @ np.array(about_y) @ np.diag(look["Scale"])
    origin = np.array(look["Origin"], float)
    made = np.eye(4)
    made[:3, :3] = turned
    made[:3, 3] = np.array(look["Position"], float) + origin - turned @ origin
    return made
