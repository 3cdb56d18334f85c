"""The directories of TIFF and BigTIFF files: which pages there are, and how they are stored."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import numpy as np

from async_paraview.records import dataclass

from ....base.errors import FileError
from .decoding import is_decoded

_FORMS: Final = {1: "B", 2: "B", 3: "H", 4: "I", 5: "II", 6: "b", 7: "B", 8: "h", 9: "i", 10: "ii", 11: "f", 12: "d",
                 13: "I", 16: "Q", 17: "q", 18: "Q"}  # fmt: skip
_KINDS: Final = {1: "u", 2: "i", 3: "f", 4: "u"}
_GREY: Final = (0, 1)
_RGB: Final = 2
PALETTE: Final = 3
"""Of tag 262: the samples are places in a table of colors."""
_WANTED: Final = frozenset({
    254, 256, 257, 258, 259, 262, 266, 270, 273, 274, 277, 278, 279, 282, 283, 284, 296, 317, 320, 322, 323, 324, 325,
    339, 33550, 33922, 34264, 34735, 42112, 42113,
})  # fmt: skip
_MOST_VALUES: Final = 1 << 23
_MOST_PAGES: Final = 100_000
_MOST_ENTRIES: Final = 4096


@dataclass(frozen=True)
class Page:
    """One picture of a file, by the tags that say how it is stored; `tags` holds those of them that are known."""

    tags: dict[int, tuple[Any, ...]]
    order: str

    def one(self, tag: int, default: Any = None) -> Any:
        """Return the first value of a tag."""
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
        bits, dtype = set(self.tags.get(258, (1,))), self.dtype
        if dtype is None or len(bits) > 1 or not bits <= {8, 16, 32, 64} or self.one(266, 1) != 1:
            return False
        readable = is_decoded(self.one(259, 1), self.one(317, 1), dtype.kind)
        return readable and self.one(262) in (*_GREY, _RGB, PALETTE)

    @property
    def is_one_run(self) -> bool:
        """Whether its numbers are one after the other in the file, as they are."""
        if self.one(259, 1) != 1 or 322 in self.tags or (self.one(284, 1) == 2 and self.shape[2] > 1):
            return False
        offsets, sizes = self.tags.get(273, ()), self.tags.get(279, ())
        return all(a + size == b for a, size, b in zip(offsets, sizes, offsets[1:], strict=False))


def pages_of(path: str) -> Iterator[Page]:
    with open(path, "rb") as stream:
        head = stream.read(16)
        order = {b"II": "<", b"MM": ">"}.get(head[:2])
        version = struct.unpack_from(f"{order}H", head, 2)[0] if order and len(head) == 16 else 0
        if order is None or version not in (42, 43):
            raise FileError(f"{path}: this is no TIFF file: it does not begin with II or MM and 42 or 43")
        big = version == 43
        place = struct.unpack_from(f"{order}Q" if big else f"{order}I", head, 8 if big else 4)[0]
        seen: set[int] = set()
        held = 0
        try:
            while place and place not in seen and len(seen) < _MOST_PAGES:
                seen.add(place)
                tags, place = _directory(stream, place, order, big)
                held += sum(map(len, tags.values()))
                if held > _MOST_VALUES:
                    raise FileError(f"{path}: its directories have more than {_MOST_VALUES} values, and are not read")
                yield Page(tags, order)
        except (struct.error, OverflowError, MemoryError) as error:
            raise FileError(f"{path}: the file is cut off inside of its directories: {error}") from error


def _directory(stream: BinaryIO, place: int, order: str, big: bool) -> tuple[dict[int, tuple[Any, ...]], int]:
    """Return the tags of a picture and the place of the next directory."""
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
        if form is None or tag not in _WANTED or tag in tags or number > _MOST_VALUES:
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
