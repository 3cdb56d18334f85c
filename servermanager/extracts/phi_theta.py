"""Cameras all around what is looked at, as ParaView's Phi-Theta mode has them: plain functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np

from async_paraview.records import dataclass
from async_paraview.scene.extracts.types import MOST_ANGLES

_UP: Final = np.array([0.0, 1.0, 0.0])


@dataclass(frozen=True)
class Angles:
    """Where a camera is: `phi` around the vertical axis, `theta` over the top, in degrees."""

    phi: float
    theta: float

    def named(self) -> dict[str, str]:
        """Return both as ParaView writes them: 060.00."""
        return {"phi": f"{self.phi:06.2f}", "theta": f"{self.theta:06.2f}"}

    def __str__(self) -> str:
        return "".join(f"{name[0]}={text}" for name, text in self.named().items())


def around(camera: Mapping[str, Any], phis: int, thetas: int) -> Iterator[tuple[Angles, dict[str, Any]]]:
    """Yield cameras at the distance of one from its focal point: all thetas of a phi, then those of the next.

    They begin in front of it (on +z, y is up).
    """
    center = np.array(camera["CameraFocalPoint"], float)
    distance = float(np.linalg.norm(np.array(camera["CameraPosition"], float) - center))
    for one in range(phis):
        phi = one * MOST_ANGLES / phis
        turned = np.radians(phi)
        back = np.array([np.sin(turned), 0.0, np.cos(turned)])
        for other in range(thetas):
            theta = other * MOST_ANGLES / thetas
            tilted = np.radians(theta)
            away = np.cos(tilted) * back + np.sin(tilted) * _UP
            up = np.cos(tilted) * _UP - np.sin(tilted) * back
            yield (
                Angles(phi, theta),
                {
                    "CameraPosition": (center + distance * away).tolist(),
                    "CameraFocalPoint": center.tolist(),
                    "CameraViewUp": up.tolist(),
                },
            )
