"""The one thread of a backend: it owns every socket, and runs nothing that takes longer than microseconds."""

from __future__ import annotations

import contextlib
import logging
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

from services_core import LimitedLog

BEAT_S: Final = 0.5
"""How often each side gives a sign of life, whatever its services and its loop are at."""

_limited_log = LimitedLog(logging.getLogger(__name__))


class Watched(Protocol):
    """What the loop looks after: a channel."""

    def look(self, now: float, *, excused: bool) -> None:
        """See whether the peer lives, and tell it that this side does."""

    def close(self) -> None:
        """End when what was sent is delivered."""


class Loop:
    """One thread that waits for all sockets of a backend, and makes the calls that others post to it."""

    def __init__(self) -> None:
        self.channels: set[Watched] = set()
        self._calls: deque[Callable[[], None]] = deque()
        self._lock = threading.Lock()
        self._selector = selectors.DefaultSelector()
        self._waker, self._woken = socket.socketpair()
        self._resting: list[tuple[socket.socket, int, Callable[[int], None]]] = []
        self._armed = self._stopping = self._ended = False
        for sock in (self._waker, self._woken):
            sock.setblocking(False)
        self._selector.register(self._woken, selectors.EVENT_READ, self._drain)
        self._thread = threading.Thread(target=self._run, name="socket-backend", daemon=True)
        self._thread.start()

    def call(self, call: Callable[[], None]) -> None:
        """Make a call on the thread, in order; after its end, here and now."""
        with self._lock:
            if not self._ended:
                self._calls.append(call)
                if not self._armed:
                    self._armed = True
                    self._waker.send(b"!")
                return
        call()

    def stop(self) -> None:
        """Close what is left, and end when what was sent is delivered."""
        self.call(self._stop)

    def join(self, timeout_s: float) -> bool:
        """Wait for the end of the thread; tells whether it has ended."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def watch(self, sock: socket.socket, events: int, ready: Callable[[int], None]) -> None:
        """Call `ready(events)` when one of these is there. 0: none."""
        key = self._selector.get_map().get(sock)
        if key is None:
            if events:
                self._selector.register(sock, events, ready)
        elif not events:
            self._selector.unregister(sock)
        elif key.events != events:
            self._selector.modify(sock, events, ready)

    def drop(self, sock: socket.socket) -> None:
        """Watch a socket no more, and close it."""
        if not self._ended and sock.fileno() >= 0:
            self.watch(sock, 0, _nothing)
        sock.close()

    def rest(self, sock: socket.socket, events: int, ready: Callable[[int], None]) -> None:
        """Watch a socket again from the next look on."""
        self.watch(sock, 0, ready)
        self._resting.append((sock, events, ready))

    def _run(self) -> None:
        look_at = time.monotonic() + BEAT_S
        while self.channels or not self._stopping:
            for key, events in self._selector.select(max(0.0, look_at - time.monotonic())):
                _guard(lambda key=key, events=events: key.data(events))  # type: ignore[misc]  # mypy infers no default
            self._make_calls()
            now = time.monotonic()
            if now >= look_at:
                self._look(now, excused=now > look_at + 4 * BEAT_S)
                look_at = now + BEAT_S
        with self._lock:
            self._ended = True
        self._make_calls()
        for end in (self._selector, self._waker, self._woken):
            end.close()

    def _look(self, now: float, *, excused: bool) -> None:
        resting, self._resting = self._resting, []
        for sock, events, ready in resting:
            if sock.fileno() >= 0:
                self.watch(sock, events, ready)
        for channel in list(self.channels):
            _guard(lambda channel=channel: channel.look(now, excused=excused))  # type: ignore[misc]  # mypy infers no default

    def _make_calls(self) -> None:
        for _ in range(len(self._calls)):
            _guard(self._calls.popleft())

    def _drain(self, _events: int) -> None:
        with contextlib.suppress(BlockingIOError):
            self._woken.recv(64)
        with self._lock:
            self._armed = False

    def _stop(self) -> None:
        for channel in list(self.channels):
            channel.close()
        self._stopping = True


def _guard(call: Callable[[], None]) -> None:
    try:
        call()
    except Exception:
        _limited_log.exception("a call on the thread of the socket backend failed")


def _nothing(_events: int) -> None:
    """Do nothing."""
