"""How long blocking calls may take: for a block of a program, in the thread that runs it."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_UNTIL: Final[ContextVar[float | None]] = ContextVar("until", default=None)


@contextmanager
def timeout(seconds: float) -> Iterator[None]:
    """Have all blocking calls of the block, in this thread, take no longer than so many seconds together.

    What is still under way then is cancelled, which interrupts a filter on the server, and TimeoutError is raised; the
    session stays usable. Of two blocks, one in the other, what ends first counts. Raises ValueError unless `seconds` is
    0 or more.
    """
    if not seconds >= 0:
        raise ValueError(f"a timeout is 0 seconds or more, not {seconds!r}")
    before = _UNTIL.get()
    mark = _UNTIL.set(min(time.monotonic() + seconds, math.inf if before is None else before))
    try:
        yield
    finally:
        _UNTIL.reset(mark)


def time_left(usual_s: float | None) -> float | None:
    """Return how many seconds a call that begins now may take: what the block leaves, else the usual; None: any."""
    until = _UNTIL.get()
    return usual_s if until is None else max(0.0, until - time.monotonic())
