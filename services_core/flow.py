"""Back-pressure in bytes: what may leave now, and when the peer is told that it may send more. No I/O, no clock."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from .errors import ProtocolViolation
from .messages import WINDOWED, Message


class Outbox:
    """What this side has to say, in order.

    A windowed message leaves while the peer's window is open; the one that closes it may overshoot, so that a message
    larger than the window still travels. Other messages overtake those that wait.
    """

    def __init__(self, budget_bytes: int) -> None:
        self._leaving: list[Message] = []
        self._waiting: deque[Message] = deque()
        self._window_bytes = 0
        self._budget_bytes = budget_bytes
        self.waiting_bytes = 0

    @property
    def full(self) -> bool:
        """Whether what waits for the peer's window has reached the budget."""
        return self.waiting_bytes >= self._budget_bytes

    @property
    def open(self) -> bool:
        """Whether a windowed message pushed now would leave at once."""
        return self._window_bytes > 0 and not self._waiting

    def push(self, message: Message) -> None:
        """Say this, as soon as the window allows."""
        if message.kind not in WINDOWED:
            self._leaving.append(message)
        elif self._window_bytes > 0 and not self._waiting:
            self._window_bytes -= _size(message)
            self._leaving.append(message)
        else:
            self._waiting.append(message)
            self.waiting_bytes += _size(message)

    def grant(self, size_bytes: int) -> None:
        """The peer opened its window by so many bytes."""
        self._window_bytes += size_bytes
        while self._waiting and self._window_bytes > 0:
            message = self._waiting.popleft()
            self.waiting_bytes -= _size(message)
            self._leave(message)

    def withdraw(self, unwanted: Callable[[Message], bool]) -> list[Message]:
        """Take back the waiting messages that `unwanted` names: they never leave."""
        withdrawn = [message for message in self._waiting if unwanted(message)]
        if withdrawn:
            self._waiting = deque(message for message in self._waiting if not unwanted(message))
            self.waiting_bytes -= sum(map(_size, withdrawn))
        return withdrawn

    def take(self) -> list[Message]:
        """What leaves now, in order."""
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
        self._held_bytes = 0
        self._owed_bytes = 0

    def arrived(self, size_bytes: int) -> None:
        """A windowed message arrived. Raises ProtocolViolation if the peer had no room for it."""
        if self._held_bytes + self._owed_bytes >= self._window_bytes:
            raise ProtocolViolation(f"the peer sent more than the {self._window_bytes} bytes that it was granted")
        self._held_bytes += size_bytes

    def consumed(self, size_bytes: int) -> int:
        """The application is done with so many bytes. Returns what to grant to the peer now, 0 if not yet worth it."""
        self._held_bytes -= size_bytes
        self._owed_bytes += size_bytes
        if self._owed_bytes * 4 < self._window_bytes:
            return 0
        granted, self._owed_bytes = self._owed_bytes, 0
        return granted


def _size(message: Message) -> int:
    return message.packet.size_bytes if message.packet is not None else 0
