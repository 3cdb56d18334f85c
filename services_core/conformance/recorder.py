"""A receiver that keeps what a channel hands it, and notices calls that the contract forbids."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..errors import ServicesError
from ..protocol.messages import Message
from .expect import BrokenPromise, expect

if TYPE_CHECKING:
    from collections.abc import Iterator

Reaction = Callable[[Message], None]


class Recorder:
    """Keeps messages and the close reason; `reaction(message)` is called for each message, on the backend's thread."""

    def __init__(self, name: str, wait_s: float, reaction: Reaction | None = None) -> None:
        self.name = name
        self.messages: list[Message] = []
        self.closings: list[ServicesError | None] = []
        self.faults: list[str] = []
        self.reaction = reaction
        self._wait_s = wait_s
        self._arrived_at = float("-inf")
        self._changed = threading.Condition()
        self._inside = threading.Lock()

    def on_messages(self, messages: Sequence[Message]) -> None:
        """See ChannelReceiver."""
        with self._alone(f"on_messages({[message.id for message in messages[:3]]})"):
            if not messages:
                self.faults.append("on_messages without a message")
            for message in messages:
                with self._changed:
                    if self.closings:
                        self.faults.append(f"message {message.id} after on_closed")
                    self.messages.append(message)
                    self._arrived_at = time.monotonic()
                    self._changed.notify_all()
                if self.reaction is not None:
                    self.reaction(message)

    def on_closed(self, error: ServicesError | None) -> None:
        """See ChannelReceiver."""
        with self._alone("on_closed"), self._changed:
            if self.closings:
                self.faults.append("on_closed a second time")
            self.closings.append(error)
            self._changed.notify_all()

    def ids(self) -> list[int]:
        """Return the ids of the messages so far."""
        return [message.id for message in self.messages]

    def wait_messages(self, count: int) -> list[Message]:
        """Return the first `count` messages, waiting for them as long as some come. Raises BrokenPromise if none do."""
        arrived, began = False, time.monotonic()
        while not arrived:  # on a busy machine all of them may take long
            left_s = max(began, self._arrived_at) + self._wait_s - time.monotonic()
            if left_s <= 0:
                break
            arrived = self._wait(lambda: len(self.messages) >= count or bool(self.closings), left_s)
        expect(arrived and len(self.messages) >= count, f"{count} messages at {self.name}", self.summary())
        return self.messages[:count]

    def wait_closed(self, wait_s: float | None = None) -> ServicesError | None:
        """Return the close reason, waiting for it. Raises BrokenPromise if it does not come."""
        closed = self._wait(lambda: bool(self.closings), wait_s)
        expect(closed, f"on_closed at {self.name}", self.summary())
        return self.closings[0]

    def expect_open(self, for_s: float) -> None:
        """Raise BrokenPromise if the channel closes within this time."""
        closed = self._wait(lambda: bool(self.closings), for_s)
        expect(not closed, f"{self.name} open for {for_s:g} s while nothing is said", self.summary())

    def expect_ids(self, expected: Sequence[int]) -> None:
        """Wait for as many messages; they must be exactly these, in this order."""
        self.wait_messages(len(expected))
        seen = self.ids()
        if seen != list(expected):
            at = next((n for n, (a, b) in enumerate(zip(seen, expected, strict=False)) if a != b), len(expected))
            raise BrokenPromise(
                f"{len(expected)} messages at {self.name} in the order sent",
                f"{len(seen)} messages, from position {at}: {seen[at : at + 5]} for {list(expected)[at : at + 5]}",
            )

    def verify(self) -> None:
        """Raise BrokenPromise for calls that overlapped, or came after the end."""
        expect(not self.faults, f"calls of {self.name} one at a time, on_closed once and last", self.faults[:3])

    def _wait(self, condition: Callable[[], bool], wait_s: float | None = None) -> bool:
        with self._changed:
            return self._changed.wait_for(condition, self._wait_s if wait_s is None else wait_s)

    def summary(self) -> str:
        """Tell what has come."""
        closed = f", then on_closed({self.closings[0]!r})" if self.closings else ", still open"
        return f"{len(self.messages)} messages (last id {self.ids()[-1:]}){closed}"

    @contextmanager
    def _alone(self, call: str) -> Iterator[None]:
        if not self._inside.acquire(blocking=False):
            self.faults.append(f"{call} while another call was not over")
            yield
            return
        try:
            yield
        finally:
            self._inside.release()


def within(limit_s: float, promise: str, action: Callable[[], object]) -> float:
    """Return the seconds that `action` takes. Raises BrokenPromise if they are more than `limit_s`."""
    began = time.monotonic()
    action()
    took_s = time.monotonic() - began
    expect(took_s <= limit_s, f"{promise} within {limit_s:g} s", f"{took_s:.2f} s")
    return took_s
