"""The formats of images on the wire, and the quality that a link bears."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]

LOWEST_QUALITY: Final = 40
HIGHEST_QUALITY: Final = 90
DEFAULT_QUALITY: Final = 80

AUTO: Final = "auto"
"""JPEG while the picture changes, packed when it stays."""

PACKED: Final = "lz4"
"""The pixels as they are, packed; where one side has no lz4, in another way: see `packing`."""

UNPACKED_BY_ALL: Final = "png"
"""What clients read that know of no other packing than lz4."""


class UnknownFormat(ValueError):
    """An image format that this service does not make."""


def _jpeg(pixels: Pixels, quality: int) -> bytes:
    try:
        import simplejpeg
    except ImportError:
        return _pillow(pixels, "JPEG", quality=quality)
    colorspace = "RGB" if pixels.shape[2] == 3 else "RGBA"
    return bytes(simplejpeg.encode_jpeg(pixels, quality, colorspace, "420"))


def _png(pixels: Pixels, _quality: int, dots_per_inch: float | None = None) -> bytes:
    from ..vtk.rendering.images import png_bytes

    return png_bytes(pixels, dots_per_inch=dots_per_inch)


def _lz4(pixels: Pixels, _quality: int) -> bytes:
    import lz4.block

    return bytes(lz4.block.compress(pixels, store_size=False))


def _zlib(pixels: Pixels, _quality: int) -> bytes:
    return zlib.compress(np.ascontiguousarray(pixels).data, 1)


def _raw(pixels: Pixels, _quality: int) -> Any:
    return pixels


def _rgba(pixels: Pixels, _quality: int) -> Any:
    if pixels.shape[2] == 4:
        return pixels
    return np.concatenate([pixels, np.full((*pixels.shape[:2], 1), 255, np.uint8)], axis=2)


def _pillow(pixels: Pixels, name: str, **options: Any) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    height, width, channels = pixels.shape
    Image.frombuffer("RGBX" if channels == 4 else "RGB", (width, height), pixels).save(file, name, **options)
    return file.getvalue()


_ENCODERS: Final[dict[str, Callable[[Pixels, int], Any]]] = {
    "jpeg": _jpeg,
    "png": _png,
    PACKED: _lz4,
    "zlib": _zlib,
    "rgb": _raw,
    "rgba": _rgba,
}
H264: Final = "h264"
"""A video; what stays is packed. Of streams only."""

FORMATS: Final = (*_ENCODERS,)
TAKING_PADDED: Final = frozenset({"jpeg"})
"""Formats without alpha that are made as soon of pixels with a fourth byte that means nothing."""
LOSSLESS: Final = frozenset({"png", PACKED, "zlib", "rgb", "rgba"})
CHANNELS: Final = {"jpeg": 3, H264: 3, "rgba": 4}
"""Of formats that do not have as many as the pixels."""


def check_format(name: str, *, stream: bool) -> None:
    """Raise UnknownFormat if there is no such format; "auto" and "h264" are of streams only."""
    known = (AUTO, *FORMATS, H264) if stream else FORMATS
    if name not in known:
        raise UnknownFormat(f"image format {name!r} is not known; the formats are {', '.join(known)}")


def packing(image_format: str, unpacks: Sequence[str]) -> str:
    """Return the format to encode in, for a client that unpacks these, the one it likes best first.

    What is to be packed is packed as both sides can; all else is as it is asked for.
    """
    if image_format != PACKED:
        return image_format
    return next((one for one in unpacks if one == "zlib" or (one == PACKED and has_lz4())), UNPACKED_BY_ALL)


def has_lz4() -> bool:
    """Return whether LZ4 blocks can be made here: not every Python has a wheel of that."""
    try:
        import lz4.block  # noqa: F401  whether it can be
    except ImportError:
        return False
    return True


def encode(
    pixels: Pixels, image_format: str, quality: int = DEFAULT_QUALITY, *, dots_per_inch: float | None = None
) -> Any:
    """Return the bytes of an image, or a buffer of them. `pixels`: uint8, (height, width, 3 or 4), top row first.

    "png" keeps an alpha channel; "lz4", "zlib", "rgb" and "rgba" are the pixels themselves, the first as an LZ4 block,
    the second as zlib packs them, the last with an alpha channel in any case. `quality`, of "jpeg" only, is that of
    libjpeg, 1 to 100. A PNG says `dots_per_inch`, if that is given.
    """
    if image_format == "png":
        return _png(pixels, quality, dots_per_inch)
    return _ENCODERS[image_format](pixels, quality)


def next_quality(quality: int, *, transfer_s: float, frame_s: float) -> int:
    """Return the JPEG quality of the next image, when the last took `transfer_s` to reach its reader.

    Slow links get smaller images, fast ones better ones, slowly.
    """
    if transfer_s > frame_s:
        return max(LOWEST_QUALITY, quality - 10)
    if transfer_s < frame_s / 2:
        return min(HIGHEST_QUALITY, quality + 2)
    return quality
