"""Whether a file of NetCDF's classic formats is complete: of one that is cut off libraries read zeros, without a word.

The header tells where each variable begins and how large it is ("NetCDF Classic Format Specification", versions 1, 2
and 5). Files of NetCDF 4 are HDF5, which looks at their size itself.
"""

from __future__ import annotations

import functools
import math
import mmap
import os
import struct
from collections.abc import Iterator
from typing import Final

from async_paraview.records import dataclass

_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 4, 6: 8, 7: 1, 8: 2, 9: 4, 10: 8, 11: 8}
"""Bytes of a value, by the number of its type."""
_PADDING: Final = 3
"""So many bytes at the end mean nothing."""


def cut_off(path: str) -> str | None:
    """Return where such a file ends too early; None if it does not, or is of another format."""
    status = os.stat(path)
    return _cut_off(path, status.st_mtime_ns, status.st_size)


@functools.lru_cache(maxsize=1000)
def _cut_off(path: str, _modified_ns: int, size: int) -> str | None:
    with open(path, "rb") as stream:
        if size < 8 or stream.read(3) != b"CDF":
            return None
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            try:
                needed = _Header(data).end()
            except (struct.error, KeyError, IndexError):
                return f"its header is cut off, or damaged: the file has {size} bytes"
    if needed is None or size + _PADDING >= needed:
        return None
    return f"it is cut off, or is still being written: it has {size} bytes, and its header tells of {needed}"


@dataclass(frozen=True)
class _Variable:
    begin: int
    bytes_of_all: int
    of_records: bool


class _Header:
    """Reads the header of a file, from its beginning to its end."""

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self._wide = data[3] == 5
        self._offsets = ">I" if data[3] == 1 else ">Q"
        self._place = 4

    def end(self) -> int | None:
        """Return how many bytes the file has to have; None if it does not tell how many records there are."""
        records = self._count()
        lengths = [self._dimension() for _ in range(self._list())]
        for _ in range(self._list()):
            self._attribute()
        variables = list(self._variables(lengths))
        whole = max((one.begin + one.bytes_of_all for one in variables if not one.of_records), default=0)
        varying = [one for one in variables if one.of_records]
        if not varying or records == 0:
            return whole
        if records == (2**64 - 1 if self._wide else 2**32 - 1):
            return None
        sizes = [one.bytes_of_all for one in varying]
        record = sizes[0] if len(sizes) == 1 else sum(map(_padded, sizes))
        last = max(one.begin + one.bytes_of_all for one in varying)
        return max(whole, last + (records - 1) * record)

    def _variables(self, lengths: list[int]) -> Iterator[_Variable]:
        for _ in range(self._list()):
            self._text()
            dimensions = [lengths[self._count()] for _ in range(self._count())]
            for _ in range(self._list()):
                self._attribute()
            value = _SIZES[self._number(">I")]
            self._count()  # its size, which is none where it is too large for the format
            of_records = bool(dimensions) and dimensions[0] == 0
            count = math.prod(dimensions[1:] if of_records else dimensions)
            yield _Variable(self._number(self._offsets), count * value, of_records)

    def _dimension(self) -> int:
        self._text()
        return self._count()

    def _attribute(self) -> None:
        self._text()
        value = _SIZES[self._number(">I")]
        self._skip(self._count() * value)

    def _text(self) -> None:
        self._skip(self._count())

    def _list(self) -> int:
        """Return the number of entries of a list, behind the number that tells what they are."""
        self._number(">I")
        return self._count()

    def _count(self) -> int:
        return self._number(">Q" if self._wide else ">I")

    def _number(self, form: str) -> int:
        found: int = struct.unpack_from(form, self._data, self._place)[0]
        self._place += struct.calcsize(form)
        return found

    def _skip(self, count: int) -> None:
        self._place += _padded(count)
        if self._place > len(self._data):
            raise IndexError(self._place)


def _padded(count: int) -> int:
    return (count + 3) // 4 * 4
