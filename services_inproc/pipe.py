"""One direction of a channel: a queue of messages that whoever flushes delivers."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Final

from services_core import Message, ProtocolViolation, ServicesError

from .courier import Courier

_log = logging.getLogger(__name__)

BURST: Final = 64
"""Messages that one flush delivers before it leaves the rest to the courier."""


class _End:
    """Marks the end of a pipe."""


END: Final = _End()
Item = Message | tuple[_End, ServicesError | None]


class Pipe:
    """Delivers what is put in, in order, to one receiver, never two calls at a time.

    One thread at a time owns the delivery. A thread that finds it owned leaves: the owner looks at the queue again
    after it gave the ownership back, so nothing is left behind and nobody waits.
    """

    def __init__(self, courier: Courier) -> None:
        self._items: deque[Item] = deque()
        self._delivering = threading.Lock()
        self._courier = courier
        self._message: Callable[[Message], None] | None = None
        self._ended: Callable[[ServicesError | None], None] | None = None
        self._over = False

    def start(self, message: Callable[[Message], None], ended: Callable[[ServicesError | None], None]) -> None:
        """Begin to deliver: messages to `message`, the end to `ended`, once and last."""
        self._ended = ended
        self._message = message
        self.flush()

    def put(self, item: Item) -> None:
        """Queue a message or the end. Delivers nothing."""
        self._items.append(item)

    def flush(self) -> None:
        """Deliver what is queued, unless another thread is at it already."""
        left = BURST
        while self._items and self._message is not None and not self._over:
            if not self._delivering.acquire(blocking=False):
                return
            try:
                while self._items and left and not self._over:
                    left -= 1
                    self._deliver(self._items.popleft())
            finally:
                self._delivering.release()
            if not left:
                if self._courier.call(self.flush):
                    return
                left = BURST  # its backend is closed: the rest is delivered here

    def _deliver(self, item: Item) -> None:
        assert self._message is not None and self._ended is not None
        if isinstance(item, Message):
            try:
                self._message(item)
            except Exception as error:
                _log.exception("a receiver failed; its channel is closed")
                self._finish(ProtocolViolation(f"the receiver of this channel failed: {error}"))
        else:
            self._finish(item[1])

    def _finish(self, error: ServicesError | None) -> None:
        assert self._ended is not None
        self._over = True
        self._items.clear()
        try:
            self._ended(error)
        except Exception:
            _log.exception("a receiver failed when its channel closed")
