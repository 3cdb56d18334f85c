"""What encoding a data set gives: a plain description and the raw memory of its arrays."""

from __future__ import annotations

from typing import Any

from ..records import dataclass
from .byte_views import own_bytes


@dataclass(frozen=True, slots=True)
class EncodedDataSet:
    """A data set ready to travel.

    `meta` is plain msgpack-able data (docs/protocol.md). `buffers` are read-only, C-contiguous views of
    format 'B', none of them empty; each keeps its array alive. They are views of the data set's own memory.
    """

    meta: dict[str, Any]
    buffers: tuple[memoryview, ...]

    @property
    def size_bytes(self) -> int:
        """Return the bytes in all buffers together, without the description."""
        return sum(buffer.nbytes for buffer in self.buffers)

    def copied(self) -> EncodedDataSet:
        """Return the same in memory of its own, whatever becomes of the data set."""
        return EncodedDataSet(self.meta, tuple(own_bytes(buffer) for buffer in self.buffers))
