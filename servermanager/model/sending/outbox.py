"""What the server is to be told and could not be yet: nothing that was changed here is lost when sending fails."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager, nullcontext

from services_core import PacketError


class Outbox:
    """Calls that tell the server something, in the order in which they were added. Local; belongs to one session.

    A call leaves when it has returned. If a call raises, because a budget is full or the connection has ended, it and
    those behind it stay, and are made before anything else by whoever flushes next. A call that needs what cannot
    travel stays, too, but holds up no other.
    """

    def __init__(self, steady: Callable[[], AbstractContextManager[object]] = nullcontext) -> None:
        """Make all calls of one flush within `steady()`: to the same server, which does not begin anew meanwhile."""
        self._waiting: dict[Hashable, Callable[[], None]] = {}
        self._steady = steady

    def add(self, key: Hashable, send: Callable[[], None]) -> None:
        """Have a call made by the next flush; what waits under the same key is replaced, and keeps its place."""
        self._waiting[key] = send

    def drop(self, *keys: Hashable) -> None:
        """Take back what was not told yet."""
        for key in keys:
            self._waiting.pop(key, None)

    def waits(self, key: Hashable) -> bool:
        """Return whether a call waits under that key."""
        return key in self._waiting

    def flush(self) -> dict[Hashable, PacketError]:
        """Tell the server what waits; returns what cannot travel. Raises Busy, or what ended the connection."""
        if not self._waiting:
            return {}
        with self._steady():  # which may have a new server told all, and nothing wait any more
            return self._flush()

    def _flush(self) -> dict[Hashable, PacketError]:
        errors: dict[Hashable, PacketError] = {}
        for key, send in list(self._waiting.items()):
            try:
                send()
            except PacketError as error:
                errors[key] = error
                continue
            if self._waiting.get(key) is send:
                del self._waiting[key]
        return errors

    def tell(self, *keys: Hashable) -> None:
        """Tell the server what waits, as `flush`.

        Raises also PacketError if what waits under one of the keys cannot travel.
        """
        errors = self.flush()
        for key in keys:
            if key in errors:
                raise errors[key]

    def clear(self) -> None:
        """Forget all: the server is told everything anew."""
        self._waiting.clear()
