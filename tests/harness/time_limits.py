"""How long tests wait: every deadline and every upper bound is multiplied by one factor, for slow or busy machines.

`APV_TEST_TIME_FACTOR=3 python -m pytest` gives everything three times as long, the conformance suite included. What a
test waits for in vain, and what must take at least so long, is not multiplied.
"""

from __future__ import annotations

import math
import os
import time
from typing import Final

VARIABLE: Final = "APV_TEST_TIME_FACTOR"


def factor_of(text: str) -> float:
    """Return the factor that a text names. Raises ValueError if it is no number above 0."""
    try:
        factor = float(text)
    except ValueError:
        factor = math.nan
    if not 0 < factor < math.inf:
        raise ValueError(
            f"{VARIABLE} is {text!r}; it must be a number above 0: 1 is the usual, 3 waits three times as long"
        )
    return factor


FACTOR: Final = factor_of(os.environ.get(VARIABLE, "1"))
"""What this run of the tests multiplies its time limits by."""


def scaled(limit: float) -> float:
    """Return a deadline or upper bound, in whatever unit of time, multiplied by the factor of this run."""
    return limit * FACTOR


def unit_s() -> float:
    """Seconds of this thread's processor for a fixed piece of Python: 0.7 ms where bounds in such units were set.

    Who bounds milliseconds of work takes some of these in turn with it: so a slower machine, or hour, moves both.
    """
    began, total, held = time.thread_time(), 0, {}
    for index in range(4800):
        held[index % 50] = (index, total)
        total += held[index % 50][0] % 7
    return time.thread_time() - began
