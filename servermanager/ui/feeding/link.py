"""How good pictures may be, by how soon their consumer has painted them. Decided from times alone."""

from __future__ import annotations

from collections import deque
from statistics import median
from typing import Final

QUALITIES: Final[tuple[int | None, ...]] = (None, 60, 40, 20)
"""From the best, None: as the server has it by itself, for its own link."""
SLOW_S: Final = 0.2
"""Where it takes longer than this, pictures are to be smaller."""
QUICK_S: Final = 0.06
"""Where it takes less, they may be larger."""
LOOKED_AT: Final = 8
"""So many pictures are looked at before anything changes."""


class LinkQuality:
    """The quality of JPEGs for one consumer."""

    def __init__(self) -> None:
        self._at = 0
        self._took: deque[float] = deque(maxlen=LOOKED_AT)

    @property
    def quality(self) -> int | None:
        """Return it, 1 to 100; None: as the server has it."""
        return QUALITIES[self._at]

    def painted(self, took_s: float) -> None:
        """Note how many seconds a picture took from here to being painted."""
        self._took.append(took_s)
        if len(self._took) < LOOKED_AT:
            return
        usual = median(self._took)
        step = 1 if usual > SLOW_S else -1 if usual < QUICK_S else 0
        if 0 <= self._at + step < len(QUALITIES) and step:
            self._at += step
            self._took.clear()
