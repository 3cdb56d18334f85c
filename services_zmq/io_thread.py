"""The one communication thread of a backend: it owns every socket and runs nothing but short callbacks."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

import zmq

_log = logging.getLogger(__name__)

_POLLIN = int(zmq.POLLIN)


class IoThread:
    """Calls back when sockets are readable, and makes the calls that other threads post.

    It is woken by a pair of connected sockets: they work with zmq_poll on every system, where an eventfd or a pipe
    would not. The armed flag is cleared before the calls are drained, so a call posted meanwhile is never left behind.
    """

    def __init__(self, name: str) -> None:
        self._calls: deque[Callable[[], None]] = deque()
        self._wake_reader, self._wake_writer = socket.socketpair()
        self._wake_reader.setblocking(False)
        self._wake_writer.setblocking(False)
        self._armed = False
        self._poller = zmq.Poller()
        self._poller.register(self._wake_reader, _POLLIN)
        self._readers: dict[Any, Callable[[], None]] = {}
        self._stopping = False
        self._ended = False
        self._at_end: Callable[[], None] = _nothing
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def call(self, call: Callable[[], None]) -> None:
        """Make this call on the thread, soon and in order. From any thread, never blocks.

        After the end of the thread, the caller makes the call itself.
        """
        self._calls.append(call)
        if self._ended:
            self._make_calls()
        elif not self._armed:
            self._armed = True
            with contextlib.suppress(OSError):  # full: it is awake anyway; closed: nothing is left to wake
                self._wake_writer.send(b"!")

    def watch(self, zmq_socket: zmq.Socket[bytes], readable: Callable[[], None]) -> None:
        """Call `readable` whenever there is something to receive. On this thread only."""
        self._readers[zmq_socket] = readable
        self._poller.register(zmq_socket, _POLLIN)

    def forget(self, zmq_socket: zmq.Socket[bytes]) -> None:
        """Watch a socket no more. On this thread only."""
        if self._readers.pop(zmq_socket, None) is not None:
            self._poller.unregister(zmq_socket)

    def is_current(self) -> bool:
        """Whether the caller runs on this thread."""
        return threading.current_thread() is self._thread

    def stop(self, at_end: Callable[[], None]) -> None:
        """End the thread after the calls posted so far, and `at_end` as its last call."""

        def stop() -> None:
            self._at_end = at_end
            self._stopping = True

        self.call(stop)

    def join(self, timeout_s: float) -> bool:
        """Wait for the end of the thread; tells whether it has ended."""
        if not self.is_current():
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping:
            for ready, _ in self._poller.poll():
                readable = self._readers.get(ready)
                if readable is not None:
                    self._guard(readable)
                elif ready == self._wake_reader.fileno():
                    self._drain()
        self._guard(self._at_end)
        self._wake_reader.close()
        self._wake_writer.close()
        self._ended = True
        self._make_calls()

    def _drain(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._wake_reader.recv(64)
        self._armed = False
        self._make_calls()

    def _make_calls(self) -> None:
        calls = self._calls
        with contextlib.suppress(IndexError):  # after the end, several threads may be here
            while calls:
                self._guard(calls.popleft())

    def _guard(self, call: Callable[[], None]) -> None:
        try:
            call()
        except Exception:
            _log.exception("a callback on the communication thread failed")


def _nothing() -> None:
    """Nothing is to be done at the end yet."""
