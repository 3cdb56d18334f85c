"""Buffers of any kind as read-only byte views, and each buffer claimed by exactly one array."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from .checking.plain_values import integer
from .errors import DataSetError

BufferLike: TypeAlias = bytes | bytearray | memoryview | NDArray[np.generic]

EMPTY = memoryview(b"")


def byte_view(buffer: BufferLike) -> memoryview:
    """Return the same memory as a read-only view of format 'B'. Raises DataSetError if it is not C-contiguous."""
    try:
        view = buffer.data if isinstance(buffer, np.ndarray) else memoryview(buffer)
        if view.nbytes == 0:
            return EMPTY
        return view.cast("B").toreadonly()
    except (TypeError, ValueError) as error:
        raise DataSetError(f"expected a C-contiguous buffer, got {type(buffer).__name__}: {error}") from None


def own_bytes(view: memoryview) -> memoryview:
    """Return a read-only copy, aligned for every type. Copying a large buffer leaves other threads at work."""
    return np.array(np.frombuffer(view, np.uint8)).data.toreadonly() if view.nbytes else EMPTY


class BufferPool:
    """The buffers of one data set. Each must be claimed exactly once: so the work of reading stays linear."""

    def __init__(self, buffers: Sequence[BufferLike]) -> None:
        self._views: list[memoryview | None] = [byte_view(buffer) for buffer in buffers]

    def claim(self, index: object, what: str) -> memoryview:
        """Return the buffer with this number; None stands for no bytes.

        Raises DataSetError if it is unknown or was claimed before; `what` says in its message for whom.
        """
        if index is None:
            return EMPTY
        position = integer(index, f"{what}: buffer number", low=0, high=len(self._views) - 1)
        view = self._views[position]
        if view is None:
            raise DataSetError(f"{what}: buffer {position} already belongs to another array")
        self._views[position] = None
        return view

    def check_all_claimed(self) -> None:
        """Raise DataSetError if a buffer belongs to no array."""
        unused = sum(view is not None for view in self._views)
        if unused:
            raise DataSetError(f"expected every buffer to belong to an array, got {unused} without one")
