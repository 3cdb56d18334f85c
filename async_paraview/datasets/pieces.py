"""An encoded data set cut into pieces that fit a packet each, in the order they must arrive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgpack

from ..records import dataclass
from .encoded import EncodedDataSet
from .errors import DataSetError

MAX_PIECE_BUFFERS: Final = 15
MAX_META_BYTES: Final = 16 * 2**20
"""A packed description may be this long: unpacking can need seventy times the memory."""

Slice = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """One packet's worth: `header["slices"]` lists `[buffer, offset, size]` for each of the `buffers`, in order.

    Buffer 0 of the sequence is the packed description, the data set's own buffers follow. The first header also
    announces `total` (bytes of the whole sequence), `buffers` (their number) and `meta` (bytes of buffer 0).
    """

    header: dict[str, Any]
    buffers: tuple[memoryview, ...]


def split(encoded: EncodedDataSet, *, piece_bytes: int | None) -> Iterator[Piece]:
    """Yield pieces of at most 15 buffers and `piece_bytes` bytes; None cuts no buffer. Nothing is copied.

    Raises DataSetError if the packed description is longer than MAX_META_BYTES, ValueError if `piece_bytes` < 1.
    """
    if piece_bytes is not None and piece_bytes < 1:
        raise ValueError(f"piece_bytes: expected at least 1, got {piece_bytes}")
    sizes = [buffer.nbytes for buffer in encoded.buffers]
    if 0 in sizes:
        raise DataSetError(f"buffer {sizes.index(0)} is empty; an array without bytes needs no buffer")
    packed = msgpack.packb({"meta": encoded.meta, "sizes": sizes})
    if len(packed) > MAX_META_BYTES:
        raise DataSetError(f"the description needs {len(packed)} bytes; at most {MAX_META_BYTES} can travel")
    return _pieces((memoryview(packed), *encoded.buffers), piece_bytes)


def _pieces(sequence: tuple[memoryview, ...], piece_bytes: int | None) -> Iterator[Piece]:
    sizes = [buffer.nbytes for buffer in sequence]
    announcement = {"total": sum(sizes), "buffers": len(sizes), "meta": sizes[0]}
    for slices in plan_pieces(sizes, piece_bytes):
        header = {"slices": [list(item) for item in slices], **announcement}
        announcement = {}
        yield Piece(header, tuple(sequence[index][offset : offset + size] for index, offset, size in slices))


def plan_pieces(sizes: list[int], piece_bytes: int | None) -> Iterator[list[Slice]]:
    """Yield the slices of each piece, for buffers of these sizes in order; every byte once."""
    slices: list[Slice] = []
    room = piece_bytes
    for index, whole in enumerate(sizes):
        offset = 0
        while offset < whole:
            if len(slices) == MAX_PIECE_BUFFERS or room == 0:
                yield slices
                slices, room = [], piece_bytes
            size = whole - offset if room is None else min(whole - offset, room)
            slices.append((index, offset, size))
            offset += size
            room = None if room is None else room - size
    if slices:
        yield slices
