"""How long a peer may be silent until it is taken for dead: longer where a slow line may have been the reason.

Of a message nothing arrives, and no sign of life after it, before all of it is there: over a line of 100 kB/s a MiB
takes ten seconds. So after a connection that was lost in silence the next one to there has four times as long, and the
one after that, if it is lost soon as well, sixteen times.
"""

from __future__ import annotations

import threading
from typing import Final

DEAD_AFTER_MS: Final = 3000
FACTORS: Final = (1, 4, 16)
_SOON: Final = 5.0
"""Times as long as a peer may be silent: a connection that has lived longer was not too slow for its messages."""
_ALMOST: Final = 0.9
_IDLE_S: Final = 3.0
"""If nothing was under way for so much longer, it was not lost by that."""
_MOST_KNOWN: Final = 1000


class Patience:
    """Of each address from which connections were lost in silence: how long the next one may be silent."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, int] = {}

    def with_peer(self, url: str) -> int:
        """Return after how many milliseconds of silence a peer there is taken for dead."""
        return DEAD_AFTER_MS * FACTORS[self._known.get(url, 0)]

    def lost(self, url: str, dead_after_ms: int, *, lived_s: float, silent_s: float, idle_s: float) -> None:
        """Take that a connection, which had so long, was lost: so many seconds after its beginning.

        So long nothing has come (`silent_s`), nor was sent either (`idle_s`).
        """
        allowed_s = dead_after_ms / 1000
        if silent_s < _ALMOST * allowed_s or idle_s > allowed_s + _IDLE_S:
            return  # it was closed, not given up; or signs of life alone were under way
        step = FACTORS.index(dead_after_ms // DEAD_AFTER_MS) if lived_s < _SOON * allowed_s else 0
        with self._lock:
            self._known.pop(url, None)
            self._known[url] = min(step + 1, len(FACTORS) - 1)
            if len(self._known) > _MOST_KNOWN:
                del self._known[next(iter(self._known))]
