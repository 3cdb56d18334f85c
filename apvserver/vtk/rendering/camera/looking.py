"""Which pixel of a picture shows a place of the scene: plain functions."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from async_paraview.records import dataclass
from async_paraview.widgets.sight import Floats as Floats
from async_paraview.widgets.sight import Sight

_MOST_NEARER: Final = 0.05
"""The largest part of its distance by which a place is brought nearer."""


@dataclass(frozen=True)
class Looking(Sight):
    """A camera, and the size of the picture that it sees; and what drawings need of these."""

    def of_view(self, view: Looking) -> tuple[float, tuple[float, float]]:
        """Return how many times as large this picture shows what a view sees from the same place, and how far moved.

        That is in pixels from the top left.
        """
        (width, height), (beside, above) = self.size, self.center
        half = [one.camera.parallel_scale if one.camera.parallel_projection else one.slope for one in (self, view)]
        larger = height / view.size[1] * half[1] / half[0]
        x, y = (
            width / 2 * (1 - beside) - larger * view.size[0] / 2,
            height / 2 * (1 + above) - larger * view.size[1] / 2,
        )
        return larger, (x, y)

    def facing_away(self, places: Floats, normals: Floats) -> Floats:
        """Return the cosines between normals and the lines of sight to places: above 0 what is seen from behind."""
        toward = np.broadcast_to(self.forward, places.shape)
        if not self.camera.parallel_projection:
            toward = places - self.camera.position
        lengths = np.linalg.norm(toward, axis=1) * np.linalg.norm(normals, axis=1)
        cosines: Floats = (toward * normals).sum(axis=1) / np.maximum(lengths, 1e-300)
        return cosines

    def nearer(self, pixels: float) -> Floats:
        """Return the matrix, 4 rows of 4, that brings places nearer to the camera, by as much as pixels are long.

        They are seen at the same pixels as before.
        """
        matrix, height = np.eye(4), self.size[1]
        if self.camera.parallel_projection:
            matrix[:3, 3] = -self.forward * pixels * 2.0 * self.camera.parallel_scale / height
            return matrix
        part = min(_MOST_NEARER, pixels * 2.0 * math.tan(math.radians(self.camera.view_angle) / 2) / height)
        matrix[:3] *= 1.0 - part
        matrix[:3, 3] = part * np.array(self.camera.position)
        return matrix
