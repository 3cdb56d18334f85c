"""TIFF and BigTIFF (TIFF 6.0 by Adobe, BigTIFF by libtiff): pages upright, as slices of a volume.

Plain numbers, and those with deflate, are read here; the rest by Pillow, where that gives the numbers as stored.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

import numpy as np
from PIL import Image, ImageSequence

from apvserver.vtk_bridge.errors import FileError
from apvserver.vtk_bridge.image_files.raw import native
from apvserver.vtk_bridge.image_files.stored import Numbers, StoredImage, affine_of
from apvserver.vtk_bridge.image_files.upright import oriented

_FORMS: Final = {1: "B", 2: "B", 3: "H", 4: "I", 5: "II", 6: "b", 7: "B", 8: "h", 9: "i", 10: "ii", 11: "f", 12: "d",
                 13: "I", 16: "Q", 17: "q", 18: "Q"}  # fmt: skip
_DEFLATE: Final = (8, 32946)
_KINDS: Final = {1: "u", 2: "i", 3: "f", 4: "u"}
_GREY: Final = (0, 1)
_RGB: Final = 2
_PALETTE: Final = 3
_MOST_PAGES: Final = 100_000
_MOST_ENTRIES: Final = 4096


@dataclass(frozen=True)
class Page:
    """One picture of a file, by the tags that say how it is stored; `tags` holds all of them that were understood."""

    tags: dict[int, tuple[Any, ...]]
    order: str

    def one(self, tag: int, default: Any = None) -> Any:
        """The first value of a tag."""
        return self.tags.get(tag, (default,))[0]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Rows, columns, samples of a pixel."""
        return int(self.one(257, 0)), int(self.one(256, 0)), int(self.one(277, 1))

    @property
    def dtype(self) -> np.dtype[Any] | None:
        """The type of the samples; None if numpy has none like it."""
        bits, kinds = set(self.tags.get(258, (1,))), set(self.tags.get(339, (1,)))
        try:
            return np.dtype(f"{self.order}{_KINDS[kinds.pop()]}{bits.pop() // 8}") if len(bits) == 1 else None
        except (KeyError, TypeError):
            return None

    @property
    def looks(self) -> tuple[Any, ...]:
        """What pages have in common that are slices of one volume."""
        return self.shape, self.dtype, self.one(262), self.one(284, 1)

    @property
    def is_plain(self) -> bool:
        """Whether its numbers can be read here."""
        bits, dtype, stored = set(self.tags.get(258, (1,))), self.dtype, self.one(259, 1)
        if dtype is None or len(bits) > 1 or not bits <= {8, 16, 32, 64} or self.one(266, 1) != 1:
            return False
        predicted = self.one(317, 1) == 2 and dtype.kind != "f"
        readable = stored == 1 or (stored in _DEFLATE and (predicted or self.one(317, 1) == 1))
        return readable and self.one(262) in (*_GREY, _RGB, _PALETTE)


def open_tiff(path: str) -> StoredImage:
    """What a TIFF file holds; pages that look alike are slices. Raises `FileError`."""
    pages, doubts = _alike(path, _full_size(path, list(_pages(path))))
    first = pages[0]
    plain = all(one.is_plain for one in pages)
    described = _described(first) if plain else _by_pillow(path, first)
    turn = int(first.one(274, 1))
    image_j = _image_j(first)
    spacing = _spacing(first, always=image_j is not None)
    rows, columns, components = described.shape
    if turn >= 5:
        rows, columns, spacing = columns, rows, spacing[::-1]
    count = image_j.pages if image_j is not None and image_j.pages > len(pages) == 1 and plain else len(pages)

    def load(step: int) -> Numbers:
        made = np.empty((count, rows, columns, components), described.dtype)
        source = _read_plain(path, pages, count) if plain else _read_by_pillow(path, pages, first)
        for number, page in enumerate(source):
            made[number] = (oriented(page, turn) if plain else page)[::-1]  # rows of a picture go down, y goes up
        return made

    between = image_j.spacing if image_j is not None else 1.0
    affine = affine_of((0.0, 0.0, 0.0), (*spacing, between))
    return StoredImage((columns, rows, count), affine, load, described.dtype, "Tiff Scalars", components, doubts=doubts)


# --- what there is


def _pages(path: str) -> Iterator[Page]:
    with open(path, "rb") as stream:
        head = stream.read(16)
        order = {b"II": "<", b"MM": ">"}.get(head[:2])
        version = struct.unpack_from(f"{order}H", head, 2)[0] if order and len(head) == 16 else 0
        if order is None or version not in (42, 43):
            raise FileError(f"{path}: this is no TIFF file: it does not begin with II or MM and 42 or 43")
        big = version == 43
        place = struct.unpack_from(f"{order}Q" if big else f"{order}I", head, 8 if big else 4)[0]
        seen: set[int] = set()
        try:
            while place and place not in seen and len(seen) < _MOST_PAGES:
                seen.add(place)
                tags, place = _directory(stream, place, order, big)
                yield Page(tags, order)
        except (struct.error, OverflowError, MemoryError) as error:
            raise FileError(f"{path}: the file is cut off inside of its directories: {error}") from error


def _directory(stream: BinaryIO, place: int, order: str, big: bool) -> tuple[dict[int, tuple[Any, ...]], int]:
    """The tags of a picture and the place of the next directory."""
    stream.seek(place)
    counted, entry, pointer = ("Q", "HHQ", "Q") if big else ("H", "HHI", "I")
    count = struct.unpack(order + counted, stream.read(struct.calcsize(order + counted)))[0]
    inline = 8 if big else 4
    size = struct.calcsize(order + entry) + inline
    raw = stream.read(min(count, _MOST_ENTRIES) * size)
    following = struct.unpack(order + pointer, stream.read(inline))[0]
    tags: dict[int, tuple[Any, ...]] = {}
    for at in range(0, len(raw) - size + 1, size):
        tag, kind, number = struct.unpack_from(order + entry, raw, at)
        form = _FORMS.get(kind)
        if form is None or number > 1 << 26:
            continue
        length = struct.calcsize(order + form) * number
        data = raw[at + size - inline : at + size]
        if length > inline:
            stream.seek(struct.unpack(order + pointer, data)[0])
            data = stream.read(length)
        if kind == 2:
            tags[tag] = (data[:length].split(b"\0")[0].decode("utf-8", "replace"),)
        else:
            tags[tag] = struct.unpack_from(order + form * number if len(form) == 2 else f"{order}{number}{form}", data)
    return tags, following


def _full_size(path: str, pages: list[Page]) -> list[Page]:
    """Without thumbnails and masks, which say that they are such."""
    full = [one for one in pages if not one.one(254, 0) & 0b101] or pages
    if not full or min(full[0].shape) < 1:
        raise FileError(f"{path}: the file has no picture")
    return full


def _alike(path: str, pages: list[Page]) -> tuple[list[Page], tuple[str, ...]]:
    """The pages that look like the first one, and what is said of the others."""
    found = [one for one in pages if one.looks == pages[0].looks]
    others = len(pages) - len(found)
    told = f"{others} of its {len(pages)} pages have another size or type than the first, and are left out"
    return found, (told,) if others else ()


def _spacing(page: Page, *, always: bool) -> tuple[float, float]:
    """Distances of pixels in millimetres; without a unit 1, or if `always` in the unit that the description says."""
    factor = {2: 25.4, 3: 10.0}.get(page.one(296, 2), 1.0 if always else 0.0)
    found = []
    for tag in (282, 283):
        top, bottom = (*page.tags.get(tag, ()), 0, 0)[:2]
        found.append(factor * bottom / top if factor and top and bottom else 1.0)
    return found[0], found[1]


@dataclass(frozen=True)
class _ImageJ:
    """What ImageJ writes into its description: slices that have no directory, and their distance."""

    pages: int
    spacing: float


def _image_j(page: Page) -> _ImageJ | None:
    text = str(page.one(270, ""))
    if not text.startswith("ImageJ="):
        return None
    said = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    try:
        return _ImageJ(int(said.get("images", "1")), abs(float(said.get("spacing", "1"))) or 1.0)
    except ValueError:
        return None


# --- the numbers


@dataclass(frozen=True)
class _Described:
    """Rows, columns and samples as they are stored, and the type of what is read."""

    shape: tuple[int, int, int]
    dtype: np.dtype[Any]


def _described(page: Page) -> _Described:
    rows, columns, samples = page.shape
    assert page.dtype is not None
    if page.one(262) == _PALETTE:
        return _Described((rows, columns, 3), np.dtype("u1"))
    return _Described((rows, columns, samples), native(np.zeros(0, page.dtype)).dtype)


def _read_plain(path: str, pages: list[Page], count: int) -> Iterator[Numbers]:
    with open(path, "rb") as stream:
        for number in range(count):
            page, skipped = (pages[number], 0) if number < len(pages) else (pages[0], number)
            values = _values(path, stream, page, skipped * math.prod(page.shape) * np.dtype(page.dtype).itemsize)
            yield _shown(page, native(values))


def _shown(page: Page, values: Numbers) -> Numbers:
    """Colours for the numbers of a palette; white is the largest number, as everywhere else."""
    if page.one(262) == _PALETTE:
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
    if page.one(259, 1) == 1 and not tiled and not planar and _is_one_run(offsets, sizes):
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


def _is_one_run(offsets: tuple[int, ...], sizes: tuple[int, ...]) -> bool:
    return all(a + size == b for a, size, b in zip(offsets, sizes, offsets[1:], strict=False))


def _piece(path: str, data: bytes, page: Page, shape: tuple[int, int, int]) -> Numbers:
    """The samples of a strip or tile."""
    if page.one(259, 1) in _DEFLATE:
        try:
            data = zlib.decompress(data)
        except zlib.error as error:
            raise FileError(f"{path}: a strip or tile cannot be decompressed: {error}") from error
    assert page.dtype is not None
    values = _whole(
        path, np.frombuffer(data, page.dtype, min(math.prod(shape), len(data) // page.dtype.itemsize)), shape
    )
    if page.one(259, 1) in _DEFLATE and page.one(317, 1) == 2:
        kind = page.dtype.newbyteorder("=")
        return np.cumsum(values.astype(kind), axis=1, dtype=kind)
    return values


def _whole(path: str, values: Numbers, shape: tuple[int, ...]) -> Numbers:
    if values.size != math.prod(shape):
        raise FileError(f"{path}: the file is cut off: {values.size} samples, where {math.prod(shape)} should be")
    return values.reshape(shape)


_PILLOW: Final = {
    ("1", 1): ("L", "u1"), ("L", 8): ("L", "u1"), ("LA", 8): ("LA", "u1"), ("P", 8): ("RGB", "u1"),
    ("RGB", 8): ("RGB", "u1"), ("RGBA", 8): ("RGBA", "u1"), ("RGBX", 8): ("RGB", "u1"),
    ("YCbCr", 8): ("RGB", "u1"),
    ("CMYK", 8): ("RGB", "u1"), ("I;16", 16): ("", "u2"), ("I;16B", 16): ("", "u2"), ("F", 32): ("", "f4"),
    ("L", 1): ("L", "u1"),
    ("L", 4): ("L", "u1"), ("L", 2): ("L", "u1"), ("P", 4): ("RGB", "u1"), ("P", 1): ("RGB", "u1"),
}  # fmt: skip
"""By Pillow's mode and the bits of the file: what to convert to, and the type; other pictures lose digits there."""


def _by_pillow(path: str, page: Page) -> _Described:
    try:
        with Image.open(path) as picture:
            found = _PILLOW.get((picture.mode, int(page.one(258, 1))))
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise FileError(f"{path}: compression {page.one(259, 1)} is not read here, and Pillow says: {error}") from error
    if found is None or (page.one(284, 1) == 2 and page.one(259, 1) != 1):
        raise FileError(
            f"{path}: {page.shape[2]} sample(s) of {page.one(258, 1)} bits with compression {page.one(259, 1)} are not "
            "read without losing digits; save it uncompressed or with deflate"
        )
    mode, kind = found
    rows, columns, _ = page.shape
    return _Described((rows, columns, len(mode) or 1), np.dtype(kind))


def _read_by_pillow(path: str, pages: list[Page], first: Page) -> Iterator[Numbers]:
    """The pages as Pillow shows them: it turns them by itself."""
    described = _by_pillow(path, first)
    rows, columns, samples = described.shape
    shape = (columns, rows, samples) if first.one(274, 1) >= 5 else described.shape
    with Image.open(path) as picture:
        for frame in ImageSequence.Iterator(picture):
            frame.load()
            if (frame.height, frame.width) == shape[:2]:
                mode = _PILLOW[frame.mode, int(first.one(258, 1))][0]
                yield np.asarray(frame.convert(mode) if mode else frame, described.dtype).reshape(shape)
