"""What a render hands over: the picture, the camera it shows, and the picture as a PNG file."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Vector = tuple[float, float, float]
Bounds = tuple[float, float, float, float, float, float]

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_FILTER_UP = 2


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


@dataclass(frozen=True)
class RenderedImage:
    """One finished frame, safe to hand to any thread.

    `pixels` is a read-only, C-contiguous uint8 array of shape (height, width, 3): red, green, blue, top
    row first. `render_seconds` covers drawing and reading back.
    """

    width: int
    height: int
    pixels: npt.NDArray[np.uint8]
    camera: CameraState
    render_seconds: float


def png_bytes(image: RenderedImage, *, compression: int = 1) -> bytes:
    """The picture as a lossless 8-bit RGB PNG file; `compression` 0 (fast) to 9 (small) is zlib's.

    Every row is stored as its difference to the row above (PNG filter "Up"), which makes rendered
    pictures about as small at level 1 as at level 6 without it.
    """
    rows = np.empty((image.height, 1 + 3 * image.width), np.uint8)
    flat = image.pixels.reshape(image.height, -1)
    rows[:, 0] = _FILTER_UP
    rows[0, 1:] = flat[0]
    np.subtract(flat[1:], flat[:-1], out=rows[1:, 1:])
    header = struct.pack(">IIBBBBB", image.width, image.height, 8, 2, 0, 0, 0)
    data = zlib.compress(rows.data, compression)
    return _PNG_SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return b"".join((struct.pack(">I", len(data)), kind, data, struct.pack(">I", zlib.crc32(data, zlib.crc32(kind)))))
