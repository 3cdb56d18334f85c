"""A scene as paths are traced through it: triangles, what they are made of, lights, surroundings. Plain values.

Colors are linear: twice the number is twice the light. Places are those of the world, less `origin`.
"""

from __future__ import annotations

from dataclasses import field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from async_paraview.records import dataclass

Vector = tuple[float, float, float]
Numbers = npt.NDArray[np.float64]

DIRECTIONAL: Final = "directional"
POSITIONAL: Final = "positional"


@dataclass(frozen=True)
class Material:
    """What a surface is made of. `named`: a material of `materials.NAMED`, which the color then does not count for."""

    roughness: float = 1.0
    metallic: float = 0.0
    specular: float = 0.0
    coat: float = 0.0
    coat_roughness: float = 0.0
    refraction: float = 1.5
    is_matte: bool = True
    """Whether it only scatters light evenly to all sides."""
    named: str | None = None


@dataclass(frozen=True)
class TracedMesh:
    """Triangles of one material."""

    positions: Any
    """float64, n x 3"""
    normals: Any
    """n x 3, or None: flat faces"""
    faces: Any
    """uint32, m x 3"""
    colors: Any
    """linear, n x 3; or None: all have `color`"""
    opacities: Any
    """n, 0 to 1; or None: all have `opacity`"""
    color: Vector
    opacity: float
    material: Material = field(default_factory=Material)


@dataclass(frozen=True)
class Light:
    """A light. `color` is what a white surface that faces it shines with: of positional ones at a distance of 1."""

    kind: str
    position: Vector
    toward: Vector
    """The point that it shines to."""
    color: Vector
    cone: float | None = None
    """Half of the angle of its cone, in degrees; None: to all sides."""

    @property
    def structure(self) -> tuple[str, bool]:
        """Return what cannot be changed of it in a scene that is built."""
        return self.kind, self.cone is not None


@dataclass(frozen=True)
class Sky:
    """Surroundings that run from `low` up to `high`."""

    low: Vector
    high: Vector


@dataclass(frozen=True)
class TracedScene:
    """All that is built before paths can be traced, which takes long."""

    meshes: tuple[TracedMesh, ...]
    lights: tuple[Light, ...]
    sky: Sky | None
    origin: Vector


@dataclass(frozen=True)
class Aim:
    """From where a picture is taken, of which size."""

    position: Vector
    focal_point: Vector
    view_up: Vector
    view_angle: float
    """Vertical, in degrees."""
    parallel_scale: float | None
    """Half the height that is seen; None: what is distant looks smaller."""
    center: tuple[float, float]
    """Where the line of sight meets the picture's plane, as VTK's window center: -1 to 1 from edge to edge."""
    clipping: tuple[float, float]
    size: tuple[int, int]


def linear(colors: Any) -> Numbers:
    """Return colors as screens show them (sRGB, 0 to 1) as linear ones, of the same shape (IEC 61966-2-1)."""
    shown = np.asarray(colors, np.float64)
    return np.where(shown <= 0.04045, shown / 12.92, ((shown + 0.055) / 1.055) ** 2.4)


def linear_color(color: Any) -> Vector:
    """Return one color as a linear one."""
    red, green, blue = linear(color)
    return float(red), float(green), float(blue)


def as_shown(light: Any) -> Numbers:
    """Return linear light as screens show it, 0 to 1: what is brighter than white is white."""
    clipped = np.clip(np.asarray(light, np.float64), 0.0, 1.0)
    return np.where(clipped <= 0.0031308, clipped * 12.92, 1.055 * clipped ** (1 / 2.4) - 0.055)
