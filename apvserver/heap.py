"""The heap of the C library: what was freed goes back to the system."""

from __future__ import annotations

import ctypes
import functools
import sys
from collections.abc import Callable
from typing import Final

from services_core import Service

SOON_S: Final = 0.5
"""So long after something was deleted memory is given back, once for all that is deleted meanwhile."""

LARGE_BYTES: Final = 1 << 20
"""Blocks from this size on are the system's again as soon as they are freed."""
KEPT_BYTES: Final = 16 << 20
"""Most that is kept free at the end of an arena, for what is small."""
_M_TRIM_THRESHOLD: Final = -1  # as malloc.h numbers them
_M_MMAP_THRESHOLD: Final = -3


def give_back() -> None:
    """Have memory that was freed, and that the C library has kept for later, given back to the system.

    Takes milliseconds, without Python's lock. Does nothing where the C library is not glibc.
    """
    trim = _trim()
    if trim is not None:
        trim(0)


@functools.cache  # the loader's objects are cycles, which only a collector frees
def keep_little() -> None:
    """Have the C library give large blocks back to the system as they are freed, in a process that serves.

    By itself glibc raises its threshold to the largest block that was freed, up to 32 MiB, and then keeps twice that at
    the top of each arena: what sessions on threads had would stay, some 35 MB each, where `give_back` does not reach.
    Does nothing where the C library is not glibc.
    """
    if sys.platform == "linux" and (change := getattr(ctypes.CDLL(None), "mallopt", None)) is not None:
        change(_M_MMAP_THRESHOLD, LARGE_BYTES)
        change(_M_TRIM_THRESHOLD, KEPT_BYTES)


class GivingBack:
    """Gives memory back soon after something was deleted, on the thread of a service, between its packets."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._due = False

    def soon(self) -> None:
        """Note that something was deleted. On the service's thread."""
        if not self._due:
            self._due = True
            self._service.call_later(SOON_S, self._now)

    def _now(self) -> None:
        self._due = False
        give_back()


@functools.cache
def _trim() -> Callable[[int], int] | None:
    if sys.platform != "linux":
        return None
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
    if trim is not None:
        trim.argtypes, trim.restype = [ctypes.c_size_t], ctypes.c_int
    return trim
