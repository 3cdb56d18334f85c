"""How much is measured: one frozen value for a full run, a quick one, and the tiny one of the tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

KiB: Final = 1024
MiB: Final = 1024 * KiB
GiB: Final = 1024 * MiB


@dataclass(frozen=True, slots=True)
class Plan:
    """Sizes and times of a run. A repetition goes on for `seconds`, or for one operation if that takes longer."""

    name: str
    repetitions: int
    seconds: float
    largest_bytes: int
    most_subscribers: int
    idle_endpoints: int
    peers: bool
    scale: float = 1.0
    """Factor for counts that are neither a size nor a time."""

    def size_bytes(self, nominal: int) -> int:
        """Return the size to use where a full run uses `nominal`."""
        return min(nominal, self.largest_bytes)

    def count(self, nominal: int) -> int:
        """Return the count to use where a full run uses `nominal`."""
        return max(2, round(nominal * self.scale))


FULL: Final = Plan("full", 5, 0.2, GiB, 100, 1000, peers=True)
QUICK: Final = Plan("quick", 3, 0.1, 64 * MiB, 100, 200, peers=True, scale=0.3)
TINY: Final = Plan("tiny", 1, 0.005, MiB, 4, 200, peers=False, scale=0.02)  # fewer idle ones fit into free memory
