"""Waiting for many descriptors at once, where the system's own way takes few of them: on Windows."""

from __future__ import annotations

import math
import select
import selectors
import sys
from collections.abc import Callable
from typing import Final, Protocol

import zmq

Callback = Callable[[], None]

MOST_OF_SELECT: Final = 500
"""Python's `select` takes 512 sockets on Windows, and raises ValueError if there are more."""


class Selecting(Protocol):
    """What is used of a selector: of those of the standard library, and of the one here."""

    def register(self, descriptor: int, events: int, data: Callback, /) -> object:
        """Watch it."""

    def unregister(self, descriptor: int, /) -> object:
        """Watch it no more."""

    def select(self, timeout: float | None, /) -> list[tuple[selectors.SelectorKey, int]]:
        """Wait until one can be read. Returns those, with their data."""

    def close(self) -> None:
        """Give back what is held."""


def make_selector(system: str = sys.platform) -> Selecting:
    """Return epoll on Linux, kqueue on macOS, and what follows on Windows, which has neither."""
    return Descriptors() if system == "win32" else selectors.DefaultSelector()


class Descriptors:
    """Waits by `select` as long as that takes them all, then by ZeroMQ, whose own limit is its number of sockets."""

    def __init__(self) -> None:
        self._keys: dict[int, selectors.SelectorKey] = {}

    def register(self, descriptor: int, events: int, data: Callback) -> None:
        """See Selecting.register."""
        self._keys[descriptor] = selectors.SelectorKey(descriptor, descriptor, events, data)

    def unregister(self, descriptor: int) -> None:
        """See Selecting.unregister."""
        del self._keys[descriptor]

    def select(self, timeout: float | None) -> list[tuple[selectors.SelectorKey, int]]:
        """See Selecting.select."""
        ready = _by_select(list(self._keys), timeout) if len(self._keys) <= MOST_OF_SELECT else self._by_zmq(timeout)
        return [(self._keys[one], selectors.EVENT_READ) for one in ready]

    def close(self) -> None:
        """See Selecting.close."""
        self._keys.clear()

    def _by_zmq(self, timeout: float | None) -> list[int]:
        """Wait by ZeroMQ, which looks twice for each answer: once without waiting."""
        poller = zmq.Poller()
        for descriptor in self._keys:
            poller.register(descriptor, zmq.POLLIN)
        return [int(one) for one, _ in poller.poll(None if timeout is None else math.ceil(timeout * 1000))]


def _by_select(descriptors: list[int], timeout: float | None) -> list[int]:
    return select.select(descriptors, [], [], timeout)[0]
