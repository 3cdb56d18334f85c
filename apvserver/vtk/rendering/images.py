"""What a render hands over: the picture, the camera it shows, and the picture as a PNG file."""

from __future__ import annotations

import struct
import zlib
from functools import cached_property

import numpy as np
import numpy.typing as npt

from async_paraview.records import dataclass
from async_paraview.widgets.sight import CameraState as CameraState
from async_paraview.widgets.sight import Vector as Vector

Bounds = tuple[float, float, float, float, float, float]

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_FILTER_UP = 2
_PNG_COLOR_TYPE = {3: 2, 4: 6}
_PNG_METERS = 1
_METERS_OF_AN_INCH = 0.0254


@dataclass(frozen=True)
class RenderedImage:
    """One finished frame, safe to hand to any thread.

    `render_seconds` is what drawing took, without reading back.
    """

    width: int
    height: int
    read: npt.NDArray[np.uint8]
    """What was read: read-only, C-contiguous, of shape (height, width, 3 or 4), top row first."""
    camera: CameraState | None
    render_seconds: float
    camera_placed: bool = False
    """Whether that camera stays: it was set, or fitted to something."""
    dots_per_inch: float = 72.0
    """How many pixels an inch has in which sizes in points are what they are called."""
    remarks: tuple[str, ...] = ()
    """What is to be said of it, such as characters of texts that no font has."""
    is_padded: bool = False
    """Whether the fourth byte of what was read means nothing: so windows hand out pixels soonest."""

    @cached_property
    def pixels(self) -> npt.NDArray[np.uint8]:
        """Red, green, blue and, of a picture without background, alpha: uint8, as `read`."""
        if not self.is_padded:
            return self.read
        made = np.empty((self.height, self.width, 3), np.uint8)
        for channel in range(3):  # 15 times faster than all three in one go
            made[..., channel] = self.read[..., channel]
        made.setflags(write=False)
        return made


def png_bytes(pixels: npt.NDArray[np.uint8], *, compression: int = 1, dots_per_inch: float | None = None) -> bytes:
    """Return pixels (height, width, 3 or 4) as a lossless 8-bit PNG file; `compression`: 0 (fast) to 9 (small), zlib's.

    With `dots_per_inch` the file says how large it is on paper.

    Every row is stored as its difference to the row above (PNG filter "Up"), which makes rendered
    pictures about as small at level 1 as at level 6 without it.
    """
    height, width, channels = pixels.shape
    rows = np.empty((height, 1 + channels * width), np.uint8)
    flat = pixels.reshape(height, -1)
    rows[:, 0] = _FILTER_UP
    rows[0, 1:] = flat[0]
    np.subtract(flat[1:], flat[:-1], out=rows[1:, 1:])
    header = struct.pack(">IIBBBBB", width, height, 8, _PNG_COLOR_TYPE[channels], 0, 0, 0)
    data = zlib.compress(rows.data, compression)
    resolution = b""
    if dots_per_inch is not None:
        per_meter = round(dots_per_inch / _METERS_OF_AN_INCH)
        resolution = _chunk(b"pHYs", struct.pack(">IIB", per_meter, per_meter, _PNG_METERS))
    return b"".join((
        _PNG_SIGNATURE, _chunk(b"IHDR", header), resolution, _chunk(b"IDAT", data), _chunk(b"IEND", b""),
    ))  # fmt: skip


def _chunk(kind: bytes, data: bytes) -> bytes:
    return b"".join((struct.pack(">I", len(data)), kind, data, struct.pack(">I", zlib.crc32(data, zlib.crc32(kind)))))
