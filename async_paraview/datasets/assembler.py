"""A data set put together from the pieces that `split` made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgpack
import numpy as np
from numpy.typing import NDArray

from .byte_views import BufferLike, byte_view
from .checking.plain_values import integer, mapping, sequence, show
from .dataset import DataSet
from .errors import DataSetError
from .pieces import MAX_META_BYTES, MAX_PIECE_BUFFERS

_BRIEF_META_BYTES: Final = 16 << 10
_BRIEF_BYTES: Final = 256 << 10
"""So many bytes of cells are looked through in less than the time that a thread takes to begin."""
_OF_NO_CELLS: Final = "vtkImageData"


class Assembler:
    """Takes the pieces of one data set in their order.

    A buffer that comes whole is used as it is, and so is one whose pieces are views, one after the other, of memory
    that goes on that long, as within a process. Any other that comes in several pieces is gathered in memory that is
    allocated once. After an error the assembler is of no further use.
    """

    def __init__(self, limit_bytes: int) -> None:
        """Begin without any piece; `limit_bytes` is the most that a data set may announce.

        One that announces more is refused before anything is allocated.
        """
        self._limit_bytes = limit_bytes
        self._total = 0
        self._received = 0
        self._buffer_count = 0
        self._sizes: list[int] = []
        self._done: list[memoryview] = []
        self._partial: NDArray[np.uint8] | None = None
        self._shared: NDArray[np.uint8] | None = None
        self._offset = 0
        self._meta: dict[str, Any] = {}

    @property
    def fraction(self) -> float:
        """Return how much has arrived, from 0 to 1; 0 before the first piece."""
        return self._received / self._total if self._total else 0.0

    @property
    def received_bytes(self) -> int:
        """Return how many bytes have arrived."""
        return self._received

    @property
    def total_bytes(self) -> int:
        """Return how many bytes there will be; 0 before the first piece."""
        return self._total

    @property
    def complete(self) -> bool:
        """Return whether every byte has arrived."""
        return self._total > 0 and len(self._done) == self._buffer_count

    @property
    def finishes_at_once(self) -> bool:
        """Return whether all is here, and `finish` takes well below a millisecond."""
        if not self.complete or self._sizes[0] > _BRIEF_META_BYTES:
            return False
        described = self._meta.get("data")
        is_image = isinstance(described, Mapping) and described.get("type") == _OF_NO_CELLS
        return is_image or self._total <= _BRIEF_BYTES

    def add(self, header: Mapping[str, Any], buffers: Sequence[BufferLike]) -> None:
        """Take the next piece. Raises DataSetError if it is not exactly what follows what arrived before."""
        plain = mapping(dict(header) if isinstance(header, Mapping) else header, "piece header")
        slices = sequence(plain.get("slices"), "slices", length=len(buffers))
        if not 1 <= len(slices) <= MAX_PIECE_BUFFERS:
            raise DataSetError(f"slices: expected 1 to {MAX_PIECE_BUFFERS}, got {len(slices)}")
        if not self._total:
            self._announce(plain)
        for item, buffer in zip(slices, buffers, strict=True):
            self._take(item, byte_view(buffer))

    def finish(self, validate: bool = True) -> DataSet:
        """Return the data set. Raises DataSetError if pieces are missing or what arrived is no data set.

        With `validate` the arrays' contents are scanned, so that the data set is safe to hand to VTK.
        """
        if not self.complete:
            raise DataSetError(f"expected {self._total} bytes before the end, got {self._received}")
        return DataSet(self._meta, self._done[1:], validate=validate)

    def _announce(self, plain: dict[str, Any]) -> None:
        total = integer(plain.get("total"), "total bytes", low=1, high=2**63 - 1)
        if total > self._limit_bytes:
            raise DataSetError(f"total bytes: at most {self._limit_bytes} allowed here, {total} announced")
        meta = integer(plain.get("meta"), "description bytes", low=1, high=min(total, MAX_META_BYTES))
        self._buffer_count = integer(plain.get("buffers"), "buffers", low=1, high=1 + total - meta)
        self._total, self._sizes = total, [meta]

    def _take(self, item: object, data: memoryview) -> None:
        index, offset, size = sequence(item, "slice", length=3)
        if self.complete:
            raise DataSetError(f"expected no slice after the last, got {show(index)}")
        if (index, offset) != (len(self._done), self._offset):
            raise DataSetError(
                f"expected buffer {len(self._done)} at offset {self._offset}, got {show(index)} at {show(offset)}"
            )
        whole = self._sizes[len(self._done)]
        integer(size, "slice size", low=1, high=whole - self._offset)
        if size != data.nbytes:
            raise DataSetError(f"slice: {size} bytes expected, {data.nbytes} came")
        self._received += size
        if size == whole:
            self._close(data)
            return
        self._gather(data, whole)
        self._offset += size
        if self._offset == whole:
            gathered = self._shared if self._partial is None else self._partial
            assert gathered is not None
            self._close(byte_view(gathered))

    def _gather(self, data: memoryview, whole: int) -> None:
        """Take a part of a buffer: by looking whether it is where it should be, or by copying it there."""
        if self._offset == 0:
            self._shared = _continued(data, whole)
        if self._shared is not None:
            if _address(np.frombuffer(data, np.uint8)) == _address(self._shared) + self._offset:
                return
            self._partial, self._shared = self._shared.copy(), None
        if self._partial is None:
            self._partial = np.empty(whole, dtype=np.uint8)
        self._partial[self._offset : self._offset + data.nbytes] = data

    def _close(self, buffer: memoryview) -> None:
        self._done.append(buffer)
        self._partial, self._shared, self._offset = None, None, 0
        if len(self._done) == 1:
            self._read_description(buffer)

    def _read_description(self, packed: memoryview) -> None:
        try:
            plain = mapping(msgpack.unpackb(packed), "packed description")
        except (ValueError, msgpack.UnpackException) as error:
            raise DataSetError(f"expected a msgpack map as description, got {error}") from None
        self._meta = mapping(plain.get("meta"), "description")
        sizes = sequence(plain.get("sizes"), "buffer sizes", length=self._buffer_count - 1)
        self._sizes += [integer(size, "buffer size", low=1, high=self._total) for size in sizes]
        if sum(self._sizes) != self._total:
            raise DataSetError(f"buffer sizes: expected a sum of {self._total}, got {sum(self._sizes)}")


def _continued(part: memoryview, size: int) -> NDArray[np.uint8] | None:
    """Return so many bytes from where a part begins, if the memory that it is of goes on that long; else None."""
    held_by: Any = part.obj
    try:
        held = np.frombuffer(held_by, np.uint8)
    except (TypeError, ValueError, BufferError):
        return None  # what holds it shows no memory of its own
    begin = _address(np.frombuffer(part, np.uint8)) - _address(held)
    if begin < 0 or begin + size > held.nbytes:
        return None
    held.flags.writeable = False
    return held[begin : begin + size]


def _address(array: NDArray[Any]) -> int:
    return int(array.__array_interface__["data"][0])
