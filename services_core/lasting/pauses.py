"""When to try again to connect, and when to give up: plain numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import random
from typing import Final

ATTEMPT_S: Final = 1.5
"""How long an attempt may take, at least: what swallows packets holds up one attempt, and the next meets the link."""

SLOW_LINK: Final = 3.0
"""An attempt may take so many times as long as the first connection took."""

REFUSED_S: Final = 5.0
"""For how long without a break a host may refuse: then the process that listened there has ended."""

_FIRST_S: Final = 0.05
_LONGEST_S: Final = 0.7


def pauses(chance: Callable[[], float] = random) -> Iterator[float]:
    """Yield how long after the begin of each attempt the next may begin: longer and longer, at most about a second.

    By chance up to half of it more or less: who lost their connections together do not come back together.
    """
    pause_s = _FIRST_S
    while True:
        yield pause_s * (0.5 + chance())
        pause_s = min(2 * pause_s, _LONGEST_S)


def attempt_s(first_took_s: float) -> float:
    """Return how long an attempt may take, if the first connection took so long."""
    return max(ATTEMPT_S, SLOW_LINK * first_took_s)
