"""The table of formats of pictures: files of several writers, and what they hold."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import SimpleITK
import simplejpeg
import tifffile
from PIL import Image
from vtkmodules.vtkCommonDataModel import vtkImageData

from .formats_of_images import at, by_vtk
from .known_data import Known
from .saving import array
from .written_by import WrittenBy

COLOURS: Final = (np.arange(60).reshape(4, 5, 3) * 4 + 3).astype("u1")
"""By row, from the top, column and colour."""
GREYS: Final = np.ascontiguousarray(COLOURS[..., 0])
SMOOTH: Final = np.add.outer(np.arange(16) * 6, np.arange(24) * 4).astype("u1")
"""What a lossy compression keeps, but for a few units."""


def upright(rows: Any, tolerance: float = 1e-6) -> Known:
    """A picture: its top row has the highest y."""
    return at(np.eye(4), rows[::-1].swapaxes(0, 1)[:, :, None], tolerance=tolerance)


def picture_of_itk(rows: Any) -> Callable[[Path], object]:
    made = SimpleITK.GetImageFromArray(rows, isVector=rows.ndim == 3)
    return lambda path: SimpleITK.WriteImage(made, str(path))


def picture_of_pillow(rows: Any, **options: Any) -> Callable[[Path], object]:
    return lambda path: Image.fromarray(rows).save(path, **options)


def vtk_picture(rows: Any) -> Callable[[], Any]:
    def make() -> Any:
        made = vtkImageData()
        made.SetDimensions(rows.shape[1], rows.shape[0], 1)
        made.GetPointData().SetScalars(array("colours", rows[::-1].reshape(rows.shape[0] * rows.shape[1], -1)))
        return made

    return make


def png_by_hand(path: Path) -> None:
    """PNG after its specification: chunks of header, compressed rows without a filter, end."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    rows = b"".join(b"\0" + row.tobytes() for row in COLOURS)
    head = chunk(b"IHDR", struct.pack(">2I5B", 5, 4, 8, 2, 0, 0, 0))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def bmp_by_hand(path: Path) -> None:
    """BMP of 24 bits: rows from the bottom up, blue first, each of a multiple of 4 bytes."""
    rows = b"".join(row[:, ::-1].tobytes().ljust(16, b"\0") for row in COLOURS[::-1])
    head = struct.pack("<2sIHHI", b"BM", 54 + len(rows), 0, 0, 54)
    path.write_bytes(head + struct.pack("<IiiHHIIiiII", 40, 5, 4, 1, 24, 0, len(rows), 2835, 2835, 0, 0) + rows)


def tga_by_hand(path: Path) -> None:
    """TGA of 24 bits: rows from the bottom up, blue first."""
    head = struct.pack("<3B5x4H2B", 0, 0, 2, 0, 0, 5, 4, 24, 0)
    path.write_bytes(head + COLOURS[::-1, :, ::-1].tobytes())


def pnm_by_hand(path: Path) -> None:
    """PPM as text, with a comment and 300 as its largest number."""
    numbers = "\n".join(" ".join(map(str, row.ravel())) for row in COLOURS)
    path.write_text(f"P3\n# by hand\n5 4\n300\n{numbers}\n")


def hdr_by_hand(path: Path) -> None:
    """Radiance RGBE, not compressed: a colour is (mantissa / 256) 2^(exponent - 128)."""
    numbers = np.dstack([COLOURS, np.full(GREYS.shape, 136)]).astype("u1")
    path.write_bytes(b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 4 +X 5\n" + numbers.tobytes())


def pictures() -> list[WrittenBy]:
    """Those whose top row is at the top."""
    colours, jpeg = upright(COLOURS), upright(SMOOTH, tolerance=2)
    smooth = np.repeat(SMOOTH[..., None], 3, axis=2)
    made = [
        WrittenBy("TIFF", "tifffile", "a.tif", lambda path: tifffile.imwrite(path, COLOURS, photometric="rgb"),
                  colours),
        WrittenBy("JPEG", "simplejpeg", "a.jpg",
                  lambda path: path.write_bytes(simplejpeg.encode_jpeg(smooth, 100, colorspace="RGB")),
                  upright(smooth, tolerance=2)),
        WrittenBy("JPEG", "Pillow", "a.jpeg", picture_of_pillow(SMOOTH, quality=100), jpeg),
        WrittenBy("JPEG", "SimpleITK", "a.jpg", picture_of_itk(SMOOTH), jpeg),
        WrittenBy("PNG", "by hand", "a.png", png_by_hand, colours),
        WrittenBy("BMP", "by hand", "a.bmp", bmp_by_hand, colours),
        WrittenBy("TGA", "Pillow", "a.tga", picture_of_pillow(COLOURS, compression="tga_rle"), colours),
        WrittenBy("TGA", "by hand", "a.tga", tga_by_hand, colours),
        WrittenBy("PNM", "Pillow", "a.ppm", picture_of_pillow(COLOURS), colours),
        WrittenBy("PNM", "Pillow", "a.pgm", picture_of_pillow(GREYS), upright(GREYS)),
        WrittenBy("PNM", "VTK", "a.pnm", by_vtk("vtkPNMWriter", vtk_picture(COLOURS)), colours),
        WrittenBy("PNM", "by hand", "a.ppm", pnm_by_hand, colours),
    ]  # fmt: skip
    for name, extension, writer in (
        ("TIFF", ".tiff", "vtkTIFFWriter"), ("PNG", ".png", "vtkPNGWriter"), ("BMP", ".bmp", "vtkBMPWriter")
    ):  # fmt: skip
        made += [
            WrittenBy(name, "Pillow", f"a{extension}", picture_of_pillow(COLOURS), colours),
            WrittenBy(name, "SimpleITK", f"a{extension}", picture_of_itk(COLOURS), colours),
            WrittenBy(name, "VTK", f"a{extension}", by_vtk(writer, vtk_picture(COLOURS)), colours),
        ]
    return made
