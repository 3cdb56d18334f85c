"""What a view shows as triangles, lines and points, as the server has handed it out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from async_paraview.records import dataclass
from services_core import Packet


@dataclass(frozen=True)
class Part:
    """Simplices that look alike: triangles, lines or points. Colors, normals and positions are of points."""

    kind: str
    positions: np.ndarray
    """float64, n x 3"""
    normals: np.ndarray | None
    """float32, n x 3"""
    colors: np.ndarray | None
    """uint8, n x 4: red, green, blue, opacity; None: all have `color`"""
    indices: np.ndarray
    """uint32, m x 3, 2 or 1"""
    color: tuple[float, float, float]
    opacity: float
    lit: bool
    size: float


@dataclass(frozen=True)
class ExportedScene:
    """A scene: its parts, and how the view looks at it."""

    parts: tuple[Part, ...]
    camera: Mapping[str, Any]
    background: tuple[float, ...]
    size: tuple[int, int]
    left_out: tuple[str, ...]
    """What is seen in the view and not among the parts, such as legends."""

    @classmethod
    def from_packet(cls, packet: Packet) -> ExportedScene:
        """Make it of an answer to the operation `export`."""
        header, numbers, at = packet.header, memoryview(packet.buffers[0]).cast("B"), 0
        parts = []
        for facts in header["parts"]:
            part, at = _part(facts, numbers, at)
            parts.append(part)
        size = (int(header["size"][0]), int(header["size"][1]))
        return cls(tuple(parts), header["camera"], tuple(header["background"]), size, tuple(header["left_out"]))


_CORNERS = {"triangles": 3, "lines": 2, "points": 1}


def _part(facts: Mapping[str, Any], numbers: memoryview, at: int) -> tuple[Part, int]:
    """Return the part that begins at a place, and where the next one does."""

    def taken(kind: Any, rows: int, columns: int, there: bool = True) -> np.ndarray | None:
        nonlocal at
        if not there:
            return None
        first, at = at, at + np.dtype(kind).itemsize * rows * columns
        return np.frombuffer(numbers[first:at], kind).reshape(rows, columns)

    count, (red, green, blue) = int(facts["points"]), map(float, facts["color"])
    positions = taken(np.float64, count, 3)
    normals = taken(np.float32, count, 3, facts["has_normals"])
    colors = taken(np.uint8, count, 4, facts["has_colors"])
    indices = taken(np.uint32, int(facts["simplices"]), _CORNERS[facts["kind"]])
    assert positions is not None and indices is not None
    part = Part(
        kind=facts["kind"],
        positions=positions,
        normals=normals,
        colors=colors,
        indices=indices,
        color=(red, green, blue),
        opacity=float(facts["opacity"]),
        lit=bool(facts["lit"]),
        size=float(facts["size"]),
    )
    return part, at
