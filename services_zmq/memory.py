"""Memory for arrays that arrive: what nobody holds any more is used again, while its pages are there."""

from __future__ import annotations

import ctypes
import mmap
from collections import deque
from typing import Final
from weakref import finalize

from services_core import MiB

LARGEST_KEPT_BYTES: Final = 64 * MiB
_KEPT: Final = 2


class Memory:
    """Lends memory, and has it back when the last view of it is gone: a view handed out never changes.

    Keeps at most two pieces of at most 64 MiB that nobody holds. The first touch of a fresh page costs several times
    as much as the copy into it. Fresh memory comes from the system, page by page as it is filled: who announces 64 MiB
    and sends nothing costs nothing.
    """

    def __init__(self) -> None:
        self._free: deque[mmap.mmap] = deque(maxlen=_KEPT)  # its append, by any thread, drops the oldest

    def take(self, size_bytes: int) -> memoryview:
        """Return a writable view of so many bytes, with anything in them. By one thread at a time."""
        memory = self._reuse(size_bytes)
        if memory is None:
            memory = mmap.mmap(-1, size_bytes)
        # Every view, array and slice made of the view holds the lender alive; its end is the end of the last of them.
        lender = (ctypes.c_ubyte * size_bytes).from_buffer(memory)
        finalize(lender, self._free.append, memory).atexit = False
        return memoryview(lender).cast("B")

    def clear(self) -> None:
        """Free what nobody holds."""
        self._free.clear()

    def _reuse(self, size_bytes: int) -> mmap.mmap | None:
        for _ in range(len(self._free)):
            try:
                memory = self._free.popleft()
            except IndexError:  # it was cleared meanwhile
                return None
            if len(memory) == size_bytes:
                return memory
            self._free.append(memory)
        return None
