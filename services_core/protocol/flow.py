"""Back-pressure in bytes: what may leave now, and when the peer is told that it may send more. No I/O, no clock."""

from __future__ import annotations

from collections import deque

from ..errors import ProtocolViolation
from ..limits import MOST_WINDOW_BYTES
from .messages import WINDOWED, Message


class Outbox:
    """What this side has to say, in order.

    A windowed message leaves while the peer's window is open; that which closes it may overshoot, so that a message
    larger than the window still travels. Other messages overtake those that wait.
    """

    def __init__(self, budget_bytes: int) -> None:
        self._leaving: list[Message] = []
        self._waiting: deque[Message] = deque()
        self._window_bytes = 0
        self._budget_bytes = budget_bytes
        self._bytes_of: dict[int, int] = {}  # of what waits, by id; a waiting message without entry was withdrawn
        self._withdrawn_bytes = 0
        self.waiting_bytes = 0

    @property
    def full(self) -> bool:
        """Return whether what waits for the peer's window has reached the budget."""
        return self.waiting_bytes >= self._budget_bytes

    @property
    def open(self) -> bool:
        """Return whether a windowed message pushed now would leave at once."""
        return self._window_bytes > 0 and not self._waiting

    def push(self, message: Message) -> None:
        """Send this, as soon as the window allows."""
        kind, id_, _, _, packet = message
        if kind not in WINDOWED:
            self._leaving.append(message)
            return
        size_bytes = packet.size_bytes if packet is not None else 0
        if self._window_bytes > 0 and not self._waiting:
            self._window_bytes -= size_bytes
            self._leaving.append(message)
        else:
            self._waiting.append(message)
            self.waiting_bytes += size_bytes
            self._bytes_of[id_] = self._bytes_of.get(id_, 0) + size_bytes

    def grant(self, size_bytes: int) -> None:
        """Open the peer's window by so many bytes. Raises ProtocolViolation if it is too wide then."""
        self._window_bytes += size_bytes
        if self._window_bytes > MOST_WINDOW_BYTES:
            raise ProtocolViolation(f"a window of {self._window_bytes} bytes, at most {MOST_WINDOW_BYTES} may be open")
        while self._waiting and self._window_bytes > 0:
            message = self._waiting.popleft()
            left = self._bytes_of.get(message.id)
            if left is None:
                self._withdrawn_bytes -= _size(message)
                continue
            size = _size(message)
            self.waiting_bytes -= size
            if left > size:
                self._bytes_of[message.id] = left - size
            else:
                del self._bytes_of[message.id]
            self._leave(message)

    def withdraw(self, id_: int) -> bool:
        """Take back the messages with this id that wait, for good; tells whether there were any."""
        size_bytes = self._bytes_of.pop(id_, None)
        if size_bytes is None:
            return False
        self.waiting_bytes -= size_bytes
        self._withdrawn_bytes += size_bytes
        if self._withdrawn_bytes > self._budget_bytes:  # they stay in the queue until then: to cancel is cheap
            self._waiting = deque(message for message in self._waiting if message.id in self._bytes_of)
            self._withdrawn_bytes = 0
        return True

    def withdraw_all(self) -> frozenset[int]:
        """Take back everything that waits; returns its ids."""
        ids = frozenset(self._bytes_of)
        self._waiting.clear()
        self._bytes_of.clear()
        self.waiting_bytes = self._withdrawn_bytes = 0
        return ids

    def take(self) -> list[Message]:
        """Take what leaves now, in order."""
        leaving = self._leaving
        if leaving:
            self._leaving = []
        return leaving

    def _leave(self, message: Message) -> None:
        self._window_bytes -= _size(message)
        self._leaving.append(message)


class Inbox:
    """What the peer has under way to this side, and what it may be told to have room for."""

    def __init__(self, window_bytes: int) -> None:
        self._window_bytes = window_bytes
        self.held_bytes = 0
        """How much has arrived that the application is not done with. To be read; it is looked at all the time."""
        self._owed_bytes = 0

    def arrived(self, size_bytes: int) -> None:
        """Count a windowed message that arrived. Raises ProtocolViolation if the peer had no room for it."""
        if self.held_bytes + self._owed_bytes >= self._window_bytes:
            raise self._too_much()
        self.held_bytes += size_bytes

    def passed(self, size_bytes: int) -> int:
        """Count a message that arrived and is handed on at once, as `arrived` and `consumed` together."""
        owed_bytes = self._owed_bytes
        if self.held_bytes + owed_bytes >= self._window_bytes:
            raise self._too_much()
        owed_bytes += size_bytes
        granted = owed_bytes if owed_bytes * 4 >= self._window_bytes else 0
        self._owed_bytes = owed_bytes - granted
        return granted

    def consumed(self, size_bytes: int) -> int:
        """Count bytes that the application is done with, and return what to grant now: 0 if not yet worth it."""
        self.held_bytes -= size_bytes
        self._owed_bytes += size_bytes
        if self._owed_bytes * 4 < self._window_bytes:
            return 0
        granted, self._owed_bytes = self._owed_bytes, 0
        return granted

    def _too_much(self) -> ProtocolViolation:
        return ProtocolViolation(f"the peer sent more than the {self._window_bytes} bytes that it was granted")


def _size(message: Message) -> int:
    return message.packet.size_bytes if message.packet is not None else 0
