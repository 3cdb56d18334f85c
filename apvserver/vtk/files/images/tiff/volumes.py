"""TIFF and BigTIFF (TIFF 6.0 by Adobe, BigTIFF by libtiff): pages upright, as slices of a volume.

Plain numbers and compressed ones are read here; JPEG and others by Pillow, where that gives the numbers as stored.
"""

from __future__ import annotations

import math
import os
from collections.abc import Container, Iterator
from typing import Any, BinaryIO, Final

import numpy as np
from PIL import Image, ImageSequence

from async_paraview.records import dataclass

from ....base.errors import FileError
from ..raw import check_promise, native
from ..stored import Numbers, StoredImage, affine_of, times_of
from ..upright import oriented
from .decoding import PLAIN, decoded, unpredicted
from .earth import on_earth
from .meaning import meaning_of
from .pages import PALETTE, Page, pages_of
from .stacks import Stack, stack_of


def open_tiff(path: str) -> StoredImage:
    """Return what a TIFF file holds; pages that look alike are slices, or what ImageJ or OME say.

    Raises `FileError`.
    """
    pages, doubts = _alike(_full_size(path, list(pages_of(path))))
    first = pages[0]
    plain = all(one.is_plain for one in pages)
    described = _described(first) if plain else _by_pillow(path, first)
    turn, stack = int(first.one(274, 1)), stack_of(str(first.one(270, "")), first.shape[2])
    x, y = _spacing(first, always=stack is not None and stack.one_directory)
    # Of ImageJ, beyond 4 GB: the other planes follow the first one, and have no directory.
    hidden = stack is not None and stack.one_directory and len(pages) == 1 and plain and first.is_one_run
    fitting = os.path.getsize(path) // max(1, math.prod(described.shape) * described.dtype.itemsize)
    count = stack.pages if stack is not None and hidden and stack.pages <= fitting else len(pages)
    if stack is not None and stack.pages != count:
        doubts += (f"it says of itself that it has {stack.pages} planes, and there are {count}: all are slices",)
    if stack is None or stack.pages != count:
        stack = Stack(count, 1, 1, "ZCT", (None, None, None if stack is None else stack.spacing[2]), 1.0)
    rows, columns, samples = described.shape
    meaning, kept_marks = meaning_of(first, described.dtype, samples)
    doubts += kept_marks
    if turn >= 5:
        rows, columns, x, y = columns, rows, y, x

    def load(step: int) -> Numbers:
        check_promise(path, stack.pages * math.prod(described.shape) * described.dtype.itemsize)
        made = np.empty((stack.slices, rows, columns, stack.channels * samples), meaning.dtype)
        places = {stack.page(z, c, step): (z, c) for z in range(stack.slices) for c in range(stack.channels)}
        source = _read_plain(path, pages, sorted(places)) if plain else _read_by_pillow(path, first, places)
        for number, page in source:
            z, c = places[number]
            upright = oriented(page, turn) if plain else page
            # Rows of a picture go down, y goes up.
            made[z, :, :, c * samples : (c + 1) * samples] = meaning.applied(upright[::-1])
        return made

    told = stack.spacing
    affine, left = on_earth(first)
    doubts += left
    if affine is None:
        affine = affine_of((0.0, 0.0, 0.0), (told[0] or x, told[1] or y, told[2] or 1.0))
    times = times_of(stack.times, 0.0, stack.interval)
    size, channels = (columns, rows, stack.slices), stack.channels * samples
    return StoredImage(size, affine, load, meaning.dtype, "Tiff Scalars", channels, times, doubts)


# --- what there is


def _full_size(path: str, pages: list[Page]) -> list[Page]:
    """Leave out thumbnails and masks, which say that they are such."""
    full = [one for one in pages if not one.one(254, 0) & 0b101] or pages
    if not full or min(full[0].shape) < 1:
        raise FileError(f"{path}: the file has no picture")
    return full


def _alike(pages: list[Page]) -> tuple[list[Page], tuple[str, ...]]:
    """Return the pages that look like the first page, and what is said of the others."""
    found = [one for one in pages if one.looks == pages[0].looks]
    others = len(pages) - len(found)
    told = f"{others} of its {len(pages)} pages have another size or type than the first, and are left out"
    return found, (told,) if others else ()


def _spacing(page: Page, *, always: bool) -> tuple[float, float]:
    """Return distances of pixels in millimeters; without a unit 1, or if `always` in the unit of the description."""
    factor = {2: 25.4, 3: 10.0}.get(page.one(296, 2), 1.0 if always else 0.0)
    found = []
    for tag in (282, 283):
        top, bottom = (*page.tags.get(tag, ()), 0, 0)[:2]
        found.append(factor * bottom / top if factor and top and bottom else 1.0)
    return found[0], found[1]


# --- the numbers


@dataclass(frozen=True)
class _Described:
    """Rows, columns and samples as they are stored, and the type of what is read."""

    shape: tuple[int, int, int]
    dtype: np.dtype[Any]


def _described(page: Page) -> _Described:
    rows, columns, samples = page.shape
    assert page.dtype is not None
    if page.one(262) == PALETTE:
        return _Described((rows, columns, 3), np.dtype("u1"))
    return _Described((rows, columns, samples), native(np.zeros(0, page.dtype)).dtype)


def _read_plain(path: str, pages: list[Page], wanted: list[int]) -> Iterator[tuple[int, Numbers]]:
    """Yield the pages of these numbers. Those that have no directory follow the first page."""
    with open(path, "rb") as stream:
        for number in wanted:
            page, skipped = (pages[number], 0) if number < len(pages) else (pages[0], number)
            values = _values(path, stream, page, skipped * math.prod(page.shape) * np.dtype(page.dtype).itemsize)
            yield number, _shown(page, native(values))


def _shown(page: Page, values: Numbers) -> Numbers:
    """Return colors for the numbers of a palette; white is the largest number, as everywhere else."""
    if page.one(262) == PALETTE:
        table = np.reshape(page.tags[320], (3, -1)).T >> 8
        return table.astype("u1")[values[..., 0]]
    if page.one(262) == 0 and values.dtype.kind == "u":
        return np.iinfo(values.dtype).max - values
    return values


def _values(path: str, stream: BinaryIO, page: Page, skipped: int) -> Numbers:
    rows, columns, samples = page.shape
    planar = page.one(284, 1) == 2 and samples > 1
    channels = 1 if planar else samples
    tiled = 322 in page.tags
    width, height = (page.one(322), page.one(323)) if tiled else (columns, min(rows, page.one(278, rows) or rows))
    offsets, sizes = page.tags.get(324 if tiled else 273, ()), page.tags.get(325 if tiled else 279, ())
    across, down = -(-columns // width), -(-rows // height)
    if len(offsets) < across * down * (samples if planar else 1):
        raise FileError(f"{path}: the file is cut off: it has {len(offsets)} strips or tiles of {across * down}")
    dtype = page.dtype
    assert dtype is not None
    if page.is_one_run:
        stream.seek(offsets[0] + skipped)
        return _whole(path, np.fromfile(stream, dtype, rows * columns * samples), page.shape)
    made = np.empty((rows, columns, samples), dtype.newbyteorder("="))
    for number, offset in enumerate(offsets[: across * down * (samples if planar else 1)]):
        plane, place = divmod(number, across * down)
        top, left = place // across * height, place % across * width
        tall = height if tiled else min(height, rows - top)
        stream.seek(offset)
        part = _piece(path, stream.read(sizes[number]), page, (tall, width, channels))
        target = made[top : top + tall, left : left + width, plane : plane + channels if planar else None]
        target[...] = part[: target.shape[0], : target.shape[1]]
    return made


def _piece(path: str, data: bytes, page: Page, shape: tuple[int, int, int]) -> Numbers:
    """Return the samples of a strip or tile."""
    dtype, predictor = page.dtype, page.one(317, 1)
    assert dtype is not None
    compression = page.one(259, 1)
    data = decoded(path, data, compression, shape[0], math.prod(shape[1:]) * dtype.itemsize)
    values = _whole(path, np.frombuffer(data, dtype, min(math.prod(shape), len(data) // dtype.itemsize)), shape)
    return values if compression == PLAIN else unpredicted(values, predictor)


def _whole(path: str, values: Numbers, shape: tuple[int, ...]) -> Numbers:
    if values.size != math.prod(shape):
        raise FileError(f"{path}: the file is cut off: {values.size} samples, where {math.prod(shape)} should be")
    return values.reshape(shape)


_SIGNED: Final = 2
"""Of tag 339, the format of samples."""
_PILLOW: Final = {
    ("1", 1): ("L", "u1"), ("L", 8): ("L", "u1"), ("LA", 8): ("LA", "u1"), ("P", 8): ("RGB", "u1"),
    ("RGB", 8): ("RGB", "u1"), ("RGBA", 8): ("RGBA", "u1"), ("RGBX", 8): ("RGB", "u1"),
    ("YCbCr", 8): ("RGB", "u1"),
    ("CMYK", 8): ("RGB", "u1"), ("I;16", 16): ("", "u2"), ("I;16B", 16): ("", "u2"), ("F", 32): ("", "f4"),
    ("L", 1): ("L", "u1"),
    ("L", 4): ("L", "u1"), ("L", 2): ("L", "u1"), ("P", 4): ("RGB", "u1"), ("P", 1): ("RGB", "u1"),
}  # fmt: skip
"""By Pillow's mode and the bits of the file: what to convert to, and the type; other pictures lose digits there."""


_COMPLEX: Final = (5, 6)
"""Of tag 339."""


def _by_pillow(path: str, page: Page) -> _Described:
    if page.one(339, 1) in _COMPLEX:
        raise FileError(f"{path}: its numbers are complex, which is not shown; save real and imaginary parts as two")
    try:
        with Image.open(path) as picture:
            found = _PILLOW.get((picture.mode, int(page.one(258, 1))))
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise FileError(f"{path}: compression {page.one(259, 1)} is not read here, and Pillow says: {error}") from error
    mistaken = page.one(339, 1) == _SIGNED and found != ("L", "u1")
    if found is None or mistaken or (page.one(284, 1) == 2 and page.one(259, 1) != 1):
        raise FileError(
            f"{path}: {page.shape[2]} sample(s) of {page.one(258, 1)} bits with compression {page.one(259, 1)} are not "
            "read without losing digits; save it uncompressed or with deflate"
        )
    mode, kind = found
    if page.one(339, 1) == _SIGNED and found == ("L", "u1"):
        kind = "i1"  # Pillow shows them as unsigned
    rows, columns, _ = page.shape
    return _Described((rows, columns, len(mode) or 1), np.dtype(kind))


def _read_by_pillow(path: str, first: Page, wanted: Container[int]) -> Iterator[tuple[int, Numbers]]:
    """Yield the pages of these numbers as Pillow shows them: it turns them by itself."""
    described = _by_pillow(path, first)
    rows, columns, samples = described.shape
    shape = (columns, rows, samples) if first.one(274, 1) >= 5 else described.shape
    number = 0
    with Image.open(path) as picture:
        for frame in ImageSequence.Iterator(picture):
            frame.load()  # only then its size is that of the turned picture
            if (frame.height, frame.width) == shape[:2]:
                if number in wanted:
                    mode = _PILLOW[frame.mode, int(first.one(258, 1))][0]
                    shown = np.asarray(frame.convert(mode) if mode else frame).astype(described.dtype, copy=False)
                    yield number, shown.reshape(shape)
                number += 1
