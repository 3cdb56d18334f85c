"""What the server is to be told and could not be yet: nothing that was changed here is lost when sending fails."""

from __future__ import annotations

from collections.abc import Callable, Hashable


class Outbox:
    """Calls that tell the server something, in the order in which they were added. Local; belongs to one session.

    A call leaves when it has returned. If one raises, because a budget is full or the connection has ended, it and
    those behind it stay, and are made before anything else by whoever flushes next.
    """

    def __init__(self) -> None:
        self._waiting: dict[Hashable, Callable[[], None]] = {}

    def add(self, key: Hashable, send: Callable[[], None]) -> None:
        """Have a call made by the next flush; what waits under the same key is replaced, and keeps its place."""
        self._waiting[key] = send

    def drop(self, *keys: Hashable) -> None:
        """Take back what was not told yet."""
        for key in keys:
            self._waiting.pop(key, None)

    def flush(self) -> None:
        """Tell the server what waits. Raises Busy, or what ended the connection; the rest waits on."""
        while self._waiting:
            key, send = next(iter(self._waiting.items()))
            send()
            if self._waiting.get(key) is send:
                del self._waiting[key]

    def tell(self, key: Hashable, send: Callable[[], None]) -> None:
        """Add a call, and flush."""
        self.add(key, send)
        self.flush()

    def clear(self) -> None:
        """Forget all: the server is told everything anew."""
        self._waiting.clear()
