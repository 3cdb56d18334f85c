"""How many bytes may wait in several connections together: those of a session."""

from __future__ import annotations

import threading

from ..errors import Busy


class Budget:
    """Counts what waits: what has arrived and was not done, and what its client does not read. Thread-safe."""

    def __init__(self, limit_bytes: int) -> None:
        self.limit_bytes = limit_bytes
        """Past it what arrives is refused. May be changed at any time."""
        self.queued_bytes = 0
        self.refused = 0
        """How much was refused so far."""
        self._lock = threading.Lock()

    def change(self, by_bytes: int) -> None:
        """Count that so much more waits, or less."""
        with self._lock:
            self.queued_bytes += by_bytes

    @property
    def full(self) -> bool:
        """Return whether as much waits as may."""
        return self.queued_bytes >= self.limit_bytes

    def refusal(self) -> Busy:
        """Return what a client is told, and count that."""
        with self._lock:
            self.refused += 1
        return Busy(
            f"{self.queued_bytes} bytes wait in this session, and {self.limit_bytes} may: requests that are not done, "
            "and answers that are not read; ask again when some of them are"
        )
