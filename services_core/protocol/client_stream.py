"""What a client knows of one subscription. No I/O, no clock."""

from __future__ import annotations

from ..errors import ProtocolViolation


class ClientStream:
    """Credit given and not yet used or returned, and the number of the last item seen."""

    def __init__(self, newest: bool, credit: int) -> None:
        self.newest = newest
        self.credit = credit
        self._sequence = 0
        self._taken = 0

    def arrived(self, sequence: int) -> None:
        """Check the number of an item: without a gap in every-item streams, growing where only the newest matters.

        Raises ProtocolViolation otherwise, or if the service had no credit for this item.
        """
        expected = sequence > self._sequence if self.newest else sequence == self._sequence + 1
        if not expected:
            raise ProtocolViolation(f"item {sequence} of a stream arrived after item {self._sequence}")
        if self.credit <= 0:
            raise ProtocolViolation(f"item {sequence} of a stream arrived, for which no credit was given")
        self._sequence = sequence
        self.credit -= 1

    def consumed(self, window_items: int) -> int:
        """Count an item that the reader took, and return the credit to give now: 0 if it is not yet worth a message."""
        self._taken += 1
        if self._taken * 2 < window_items:
            return 0
        taken, self._taken = self._taken, 0
        self.credit += taken
        return taken
