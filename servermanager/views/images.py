"""Images of views as a client gets them: what they show, how good they are, and their pixels."""

from __future__ import annotations

import asyncio
import importlib.util
import io
import zlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from async_paraview.atomic_files import write_file
from async_paraview.records import dataclass
from async_paraview.scene.checks import Check, Flag, Whole
from services_core import Packet, Subscription

from ..streams import TypedStream

Pixels = npt.NDArray[np.uint8]
POINTS_PER_INCH: Final = 72.0


class PictureWarning(UserWarning):
    """Something in a picture is not drawn as it was asked for."""


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
    dots_per_inch: float = POINTS_PER_INCH
    """How many pixels an inch has in which sizes in points are what they are called: files say it."""
    remarks: tuple[str, ...] = ()
    """What is to be said of it, such as characters of texts that no font has."""

    @classmethod
    def from_packet(cls, packet: Packet) -> Image:
        """Make it of an item of the stream, or of the reply to a screenshot."""
        header = packet.header
        told = {name: header[name] for name in _IN_HEADER}
        more = {
            "dots_per_inch": header.get("dots_per_inch", POINTS_PER_INCH),
            "remarks": tuple(header.get("remarks", ())),
        }
        return cls(**told, data=packet.buffers[0], **more)

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

    def save(
        self,
        path: str | Path,
        *,
        quality: int | None = None,
        compression: int | None = None,
        progressive: bool | None = None,
    ) -> None:
        """Write a file whose format the suffix tells; it appears when it is complete. Blocks.

        `quality` is of .jpg and .webp, 1 to 100; `compression` of .png, 0 to 9; `progressive` has a .jpg appear from
        coarse to fine. Raises ValueError for an unknown suffix, and for what files of that suffix do not have; OSError,
        with what was there before as it was.
        """
        packing = packed(quality=quality, compression=compression, progressive=progressive)
        if Path(path).suffix.lower() == f".{self.format}" and not packing:
            data = self.data
        else:
            data = encoded_pixels(self.pixels, Path(path), self.dots_per_inch, packing)
        write_file(path, data)


_JPEG_OPTIONS: Final[dict[str, Any]] = {"quality": 95, "subsampling": 0}
_SAY_RESOLUTION: Final = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp")
_SAVE_OPTIONS: Final = {".jpg": _JPEG_OPTIONS, ".jpeg": _JPEG_OPTIONS}


_JPEG: Final = (".jpg", ".jpeg")
_PACKED_BY: Final[Mapping[str, tuple[str, tuple[str, ...], Check]]] = {
    "quality": ("quality", (*_JPEG, ".webp"), Whole(1, 100)),
    "compression": ("compress_level", (".png",), Whole(0, 9)),
    "progressive": ("progressive", _JPEG, Flag()),
}
"""How files are packed: Pillow's name of it, the suffixes that have it, and what it is."""


def packed(**given: Any) -> dict[str, Any]:
    """Return how a file is to be packed: what was said of it."""
    return {name: value for name, value in given.items() if value is not None}


def check_file(path: Path, packing: Mapping[str, Any]) -> None:
    """Raise ValueError for a file that images are not written to, or not packed so."""
    check_suffix(path)
    for name, value in packing.items():
        _, suffixes, check = _PACKED_BY[name]
        if path.suffix.lower() not in suffixes:
            raise ValueError(f"{name} is said of {', '.join(suffixes)}, and {path.name} is none of these")
        try:
            check(value)
        except ValueError as error:
            raise ValueError(f"{name} = {value!r:.40}: {error}") from None


async def save_picture(make: Callable[[], Awaitable[Image]], path: str | Path, packing: Mapping[str, Any]) -> Image:
    """Write a picture to a local file, once that is known to be one, and return it. Raises as `check_file`, OSError."""
    file, loop = Path(path), asyncio.get_running_loop()
    await loop.run_in_executor(None, check_file, file, packing)
    image = await make()
    await loop.run_in_executor(None, partial(image.save, file, **packing))
    return image


def encoded_pixels(
    pixels: Pixels, path: Path, dots_per_inch: float | None = None, packing: Mapping[str, Any] | None = None
) -> memoryview:
    """Return a file of the format that the suffix tells, packed so; one that can say how large it is on paper does.

    It is made in memory: Pillow does not notice a disk that is full half-way.
    """
    from PIL import Image as PillowImage

    check_file(path, packing or {})
    suffix, file = path.suffix.lower(), io.BytesIO()
    options = _SAVE_OPTIONS.get(suffix, {}) | {_PACKED_BY[name][0]: one for name, one in (packing or {}).items()}
    if dots_per_inch is not None and suffix in _SAY_RESOLUTION:
        options = {**options, "dpi": (dots_per_inch, dots_per_inch)}
    PillowImage.fromarray(pixels).save(file, PillowImage.EXTENSION[suffix], **options)  # known since it was checked
    return file.getbuffer()


_MAY_LACK: Final = ("dots_per_inch", "remarks")
"""What older servers do not tell."""
_IN_HEADER: Final = tuple(field.name for field in fields(Image) if field.name not in ("data", *_MAY_LACK))


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


STILL_FORMATS: Final[Mapping[str | None, tuple[str, ...]]] = {None: UNPACKS, "png": ()}
"""How what stays can be packed, None: the quickest way; and what servers are told for it, in order of preference."""


def import_decoder(image_format: str) -> None:
    """Import what decodes the images of a stream or a screenshot of that format: `pixels` is local. Blocks."""
    for one in _CONTAINED.get(image_format, (image_format,)):
        if one in _IMPORTERS:
            _IMPORTERS[one]()


def _import_for_jpeg() -> None:
    try:
        import simplejpeg  # noqa: F401  so that it is there
    except ImportError:
        _import_pillow()


def _import_pillow() -> None:
    from PIL import Image as PillowImage

    PillowImage.preinit()


def _import_lz4() -> None:
    if "lz4" in UNPACKS:
        import lz4.block  # noqa: F401  so that it is there


_CONTAINED: Final[dict[str, tuple[str, ...]]] = {"auto": ("jpeg", "lz4"), "h264": ("lz4",)}
"""The formats of the images of streams that have several."""
_IMPORTERS: Final[dict[str, Callable[[], None]]] = {
    "jpeg": _import_for_jpeg,
    "png": _import_pillow,
    "lz4": _import_lz4,
}


_OF_PAGES: Final = frozenset({".pdf", ".eps", ".ps", ".svg"})
"""Pillow writes most of them, with a picture in them that looks as if it were vectors."""

_USUAL: Final = ".png, .jpg, .tif, .bmp, .gif, .webp, .avif, .jp2, .ppm"
_OTHER_THAN_COLORS: Final = frozenset({"BLP", "BUFR", "GRIB", "HDF5", "MSP", "PALM", "WMF", "XBM"})
"""The formats of Pillow that it writes to no file, or no picture in colors."""


def check_suffix(path: Path) -> None:
    """Raise ValueError, naming those that are, if images are not written to files of that suffix."""
    from PIL import Image as PillowImage

    if path.suffix.lower() in _OF_PAGES:
        raise ValueError(
            f"{path.name} would be a page: await view.export(...) writes .svg, .pdf or .eps, with texts as texts; "
            "pictures are .png, .jpg, .tif and others"
        )
    PillowImage.preinit()  # .png, .jpg and few others, which are most: the rest of Pillow is forty modules
    suffix = path.suffix.lower()
    known = PillowImage.EXTENSION.get(suffix) or PillowImage.registered_extensions().get(suffix)
    if known not in PillowImage.SAVE or known in _OTHER_THAN_COLORS:
        raise ValueError(
            f"images are not saved as {path.suffix or 'files without suffix'}: {path}; use {_USUAL}; "
            "await view.save_animation(...) writes videos"
        )


def grown(size: Sequence[int], own: Sequence[int]) -> dict[str, float]:
    """Return the option of pictures by which texts, lines and points grow with a size, from that of the view.

    As ParaView has it: by the direction that grows more, and never smaller.
    """
    factor = max(size[0] / own[0], size[1] / own[1])
    return {"dpi": POINTS_PER_INCH * factor} if factor > 1 else {}


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
