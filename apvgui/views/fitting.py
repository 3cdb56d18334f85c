"""A camera that looks at one source, from the side from which it looks already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import radians, sin
from typing import Any

from servermanager import RenderViewProxy, SourceProxy


async def fit_source(scene: RenderViewProxy, source: SourceProxy) -> None:
    """Have the camera look at one source, from where it looks."""
    information = await source.update_pipeline()
    bounds = information.bounds
    if bounds is None:
        raise ValueError("the active source has no points to look at")
    camera = await scene.camera()
    scene.update(**looking_at(bounds, camera))


def looking_at(bounds: Sequence[float], camera: Mapping[str, Any]) -> dict[str, Any]:
    """Return where a camera stands that looks at a box from the same side, and has all of it in its picture."""
    low, high = bounds[::2], bounds[1::2]
    middle = [(one + other) / 2.0 for one, other in zip(low, high, strict=True)]
    radius = sum((other - one) ** 2 for one, other in zip(low, high, strict=True)) ** 0.5 / 2.0 or 1.0
    distance = radius / sin(radians(float(camera["CameraViewAngle"])) / 2.0)
    way = [one - other for one, other in zip(camera["CameraPosition"], camera["CameraFocalPoint"], strict=True)]
    length = sum(one * one for one in way) ** 0.5 or 1.0
    return {
        "CameraFocalPoint": middle,
        "CameraPosition": [at + one / length * distance for at, one in zip(middle, way, strict=True)],
        "CameraParallelScale": radius,
    }
