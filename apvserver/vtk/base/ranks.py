"""What works on many ranks needs of them: values and memory that go from one to another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol


class Ranks(Protocol):
    """The ranks of a session, as far as pieces need them. Each method is called by all, in the same order."""

    rank: int
    size: int

    def broadcast(self, value: Any = None) -> Any:
        """Return the value that rank 0 gives."""

    def gather(self, value: Any) -> list[Any]:
        """Return the values of all to rank 0, to others nothing."""

    def send(self, to: int, buffers: Sequence[memoryview]) -> None:
        """Send memory to a rank that receives it."""

    def receive(self, of: int, sizes: Sequence[int]) -> list[memoryview]:
        """Receive so many bytes in each piece."""
