"""A scene as it travels to who writes it into files: parts, the camera, and what is left out."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import astuple
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from async_paraview.records import dataclass
from async_paraview.scene.views import CAMERA_PROPERTIES
from services_core import Packet

from ..images import CameraState

if TYPE_CHECKING:
    from .scene_parts import ScenePart

SCENE: Final = "scene"
DRAWING: Final = "svg"
RASTER: Final = "raster"
VECTOR: Final = "vector"
STYLES: Final = (RASTER, VECTOR)
"""How the scene is drawn that lies behind texts and legends."""
_OF_PARTS: Final = ("kind", "color", "opacity", "lit", "size")
_NOTHING: Final = np.zeros(0, np.uint8)


@dataclass(frozen=True)
class ExportedScene:
    """What a render view shows; `left_out` says what is seen and not among `parts`, which are by representation."""

    camera: CameraState
    background: Sequence[float]
    size: Sequence[int]
    parts: Mapping[Hashable, Sequence[ScenePart]]
    left_out: Sequence[str]

    def packet(self) -> Packet:
        """Return it as the operation `export` says."""
        told: list[dict[str, Any]] = []
        buffers = [_NOTHING]
        for identifier, parts in self.parts.items():
            for one in parts:
                facts = {name: getattr(one, name) for name in _OF_PARTS}
                has = {"has_normals": one.normals is not None, "has_colors": one.colors is not None}
                many = {"points": len(one.positions), "simplices": len(one.indices)}
                told.append({"representation": identifier, **facts, **many, **has})
                arrays = (one.positions, one.normals, one.colors, one.indices)
                buffers += [_bytes_of(array) for array in arrays if array is not None]
        camera = dict(zip(CAMERA_PROPERTIES, astuple(self.camera), strict=True))
        header = {"camera": camera, "background": list(self.background), "size": list(self.size)}
        return Packet(
            {**header, "left_out": list(self.left_out), "parts": told}, [np.concatenate(buffers).data.toreadonly()]
        )


def _bytes_of(array: Any) -> Any:
    """Return the bytes of an array, without a copy where they lie one behind the other."""
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8)
