"""One direction of a channel: a queue of messages that whoever flushes delivers."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from services_core import Message, ProtocolViolation, ServicesError

from .delivery_thread import DeliveryThread

_log = logging.getLogger(__name__)

BURST: Final = 64
"""Messages that one flush delivers before it leaves the rest to the delivery thread."""


class _End:
    """Marks the end of a pipe."""


END: Final = _End()
Item = Message | tuple[_End, ServicesError | None]


class Pipe:
    """Delivers what is put in, in order, to one receiver, never two calls at a time.

    One thread at a time owns the delivery. A thread that finds it owned leaves: the owner looks at the queue again
    after it gave the ownership back, so nothing is left behind and nobody waits (docs/architecture.md, "Handing
    over without a lock").
    """

    def __init__(self, delivery: DeliveryThread) -> None:
        self._items: deque[Item] = deque()
        self._delivering = threading.Lock()
        self._delivery = delivery
        self._messages: Callable[[Sequence[Message]], None] | None = None
        self._ended: Callable[[ServicesError | None], None] | None = None
        self._over = False

    def start(
        self, messages: Callable[[Sequence[Message]], None], ended: Callable[[ServicesError | None], None]
    ) -> None:
        """Begin to deliver: messages to `messages`, the end to `ended`, once and last."""
        self._ended = ended
        self._messages = messages
        self.flush()

    def put(self, item: Item) -> None:
        """Queue a message or the end. Delivers nothing."""
        self._items.append(item)

    def flush(self) -> None:
        """Deliver what is queued, unless another thread is at it already."""
        left = BURST
        while self._items and self._messages is not None and not self._over:
            if not self._delivering.acquire(blocking=False):
                return
            try:
                while self._items and left > 0 and not self._over:
                    left -= self._deliver(left)
            finally:
                self._delivering.release()
            if left <= 0:
                if self._delivery.call(self.flush):
                    return
                left = BURST  # its backend is closed: the rest is delivered here

    def _deliver(self, most: int) -> int:
        """Deliver up to so many messages together, or the end; tells how many it were."""
        items = self._items
        first = items.popleft()
        if not isinstance(first, Message):
            self._finish(first[1])
            return 1
        messages = [first]
        while items and len(messages) < most and isinstance(items[0], Message):
            messages.append(items.popleft())  # type: ignore[arg-type]  # only one thread at a time takes items out
        assert self._messages is not None
        try:
            self._messages(messages)
        except Exception as error:
            _log.exception("a receiver failed; its channel is closed")
            self._finish(ProtocolViolation(f"the receiver of this channel failed: {error}"))
        return len(messages)

    def _finish(self, error: ServicesError | None) -> None:
        assert self._ended is not None
        self._over = True
        self._items.clear()
        try:
            self._ended(error)
        except Exception:
            _log.exception("a receiver failed when its channel closed")
