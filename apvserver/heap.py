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


def give_back() -> None:
    """Have memory that was freed, and that the C library has kept for later, given back to the system.

    Takes milliseconds, without Python's lock. Does nothing where the C library is not glibc.
    """
    trim = _trim()
    if trim is not None:
        trim(0)


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
