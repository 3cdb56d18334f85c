"""Images of views as a client gets them: what they show, how good they are, and their pixels."""

from __future__ import annotations

import importlib.util
import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from async_paraview.atomic_files import write_file
from services_core import Packet, Subscription

from ..streams import TypedStream

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, repr=False)
class Image:
    """One image of a view.

    `width` and `height` are in pixels. `data` is a file ("jpeg", "png"), or what "lz4", "zlib", "rgb" and "rgba"
    are: the pixels, the first two compressed. `sequence` grows with every image of the session. `camera` is the camera
    that it shows: "position", "focal_point", "view_up", "view_angle" (degrees), "parallel_projection",
    "parallel_scale"; nothing for charts. `render_s` and `encode_s` are the seconds that drawing and encoding took.
    """

    width: int
    height: int
    channels: int
    """3; 4 with an alpha channel."""
    format: str
    quality: int | None
    """That of a JPEG, 1 to 100; None: it is exactly what was rendered."""
    sequence: int
    level: int
    """Refinement: 0 with reduced detail, 1 with all of it, n the mean of n drawings."""
    still: bool
    """Whether it is exact, and made to stay until something changes."""
    camera: dict[str, Any]
    camera_placed: bool
    """Whether that camera stays: it was set, or fitted to something. False of charts."""
    requested: float
    """When the server heard of the change that it shows; this and the next two are `time.time()` of the server."""
    rendered: float
    """When it had been drawn."""
    sent: float
    """When it was sent."""
    update: int
    """How many changes of the view's properties the server had heard of, right ones and wrong ones."""
    render_s: float
    encode_s: float
    data: memoryview
    dots_per_inch: float = 72.0
    """How many pixels an inch has in which sizes in points are what they are called: files say it."""

    @classmethod
    def from_packet(cls, packet: Packet) -> Image:
        """Make it of an item of the stream, or of the reply to a screenshot."""
        header = packet.header
        told = {name: header[name] for name in _IN_HEADER}
        return cls(**told, data=packet.buffers[0], dots_per_inch=header.get("dots_per_inch", 72.0))

    @property
    def pixels(self) -> Pixels:
        """Return the pixels: uint8, (height, width, 3 or 4), top row first, read-only. Decoded anew by every call."""
        decoded = _DECODERS[self.format](self)
        decoded.setflags(write=False)
        return decoded

    def __repr__(self) -> str:
        quality = "exact" if self.still or self.quality is None else f"quality {self.quality}"
        return f"<Image {self.sequence}: {self.width} x {self.height}, {self.format}, {quality}>"

    def _repr_png_(self) -> bytes:
        return bytes(self.data if self.format == "png" else encoded_pixels(self.pixels, Path("image.png")))

    def save(self, path: str | Path) -> None:
        """Write a file whose format the suffix tells; it appears when it is complete. Blocks.

        Raises ValueError for an unknown suffix, and OSError, with what was there before as it was.
        """
        if Path(path).suffix.lower() == f".{self.format}":
            data = self.data
        else:
            data = encoded_pixels(self.pixels, Path(path), self.dots_per_inch)
        write_file(path, data)


_JPEG_OPTIONS: Final[dict[str, Any]] = {"quality": 95, "subsampling": 0}
_SAY_RESOLUTION: Final = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp")
_SAVE_OPTIONS: Final = {".jpg": _JPEG_OPTIONS, ".jpeg": _JPEG_OPTIONS}


def encoded_pixels(pixels: Pixels, path: Path, dots_per_inch: float | None = None) -> memoryview:
    """Return a file of the format that the suffix tells; one that can say how large it is on paper does.

    It is made in memory: Pillow does not notice a disk that is full half-way.
    """
    from PIL import Image as PillowImage

    check_suffix(path)
    suffix, file = path.suffix.lower(), io.BytesIO()
    options = _SAVE_OPTIONS.get(suffix, {})
    if dots_per_inch is not None and suffix in _SAY_RESOLUTION:
        options = {**options, "dpi": (dots_per_inch, dots_per_inch)}
    PillowImage.fromarray(pixels).save(file, PillowImage.registered_extensions()[suffix], **options)
    return file.getbuffer()


_IN_HEADER: Final = tuple(field.name for field in fields(Image) if field.name not in ("data", "dots_per_inch"))


def _from_jpeg(image: Image) -> Pixels:
    try:
        import simplejpeg
    except ImportError:
        return _from_file(image)
    decoded: Pixels = simplejpeg.decode_jpeg(image.data, fastdct=True)
    return decoded


def _from_file(image: Image) -> Pixels:
    from PIL import Image as PillowImage

    with PillowImage.open(io.BytesIO(image.data)) as file:
        return np.array(file)


def _from_lz4(image: Image) -> Pixels:
    import lz4.block

    size_bytes = image.height * image.width * image.channels
    return _shaped(image, lz4.block.decompress(image.data, uncompressed_size=size_bytes))


def _from_zlib(image: Image) -> Pixels:
    return _shaped(image, zlib.decompress(image.data))


def _from_rgb(image: Image) -> Pixels:
    return _shaped(image, image.data)


def _shaped(image: Image, data: Any) -> Pixels:
    return np.frombuffer(data, np.uint8).reshape(image.height, image.width, image.channels)


_DECODERS: Final[dict[str, Callable[[Image], Pixels]]] = {
    "jpeg": _from_jpeg,
    "png": _from_file,
    "lz4": _from_lz4,
    "zlib": _from_zlib,
    "rgb": _from_rgb,
    "rgba": _from_rgb,
}


UNPACKS: Final = ("lz4", "zlib") if importlib.util.find_spec("lz4") is not None else ("zlib",)
"""What servers are told that is unpacked here, the quickest first: not every Python has a wheel of lz4."""


def import_decoder(image_format: str) -> None:
    """Import what decodes the images of a stream or a screenshot of that format: `pixels` is local. Blocks."""
    for one in _CONTAINED.get(image_format, (image_format,)):
        if one in _IMPORTERS:
            _IMPORTERS[one]()


def _import_for_jpeg() -> None:
    try:
        import simplejpeg  # noqa: F401
    except ImportError:
        _import_pillow()


def _import_pillow() -> None:
    from PIL import Image as PillowImage

    PillowImage.preinit()


def _import_lz4() -> None:
    if "lz4" in UNPACKS:
        import lz4.block  # noqa: F401


_CONTAINED: Final[dict[str, tuple[str, ...]]] = {"auto": ("jpeg", "lz4"), "h264": ("lz4",)}
"""The formats of the images of streams that have several."""
_IMPORTERS: Final[dict[str, Callable[[], None]]] = {
    "jpeg": _import_for_jpeg,
    "png": _import_pillow,
    "lz4": _import_lz4,
}


def check_suffix(path: Path) -> None:
    """Raise ValueError, naming those that are, if images are not written to files of that suffix."""
    from PIL import Image as PillowImage

    known = PillowImage.registered_extensions()
    writable = {suffix for suffix, name in known.items() if name in PillowImage.SAVE}
    if path.suffix.lower() not in writable:
        raise ValueError(
            f"images are not saved as {path.suffix or 'files without suffix'}: {path}; "
            f"use .png, .jpg or one of {', '.join(sorted(writable))}"
        )


class ImageStream(TypedStream[Image]):
    """The images of a view, the newest of them for a slow reader; none that was drawn before a size was asked for."""

    def __init__(
        self,
        subscription: Subscription,
        resized: Callable[[], int],
        image_format: str,
        saw: Callable[[Image], None] = lambda _: None,
    ) -> None:
        """Read `subscription`, whose images are of `image_format`.

        `resized()` is the number of the change by which the view's size was asked for last (`Image.update`). `saw` is
        called with every image that is delivered.
        """
        super().__init__(subscription, Image.from_packet, lambda: import_decoder(image_format))
        self._resized = resized
        self._saw = saw

    async def __anext__(self) -> Image:
        while True:
            image = await super().__anext__()
            if image.update >= self._resized():
                self._saw(image)
                return image
