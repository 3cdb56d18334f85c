"""The one communication thread of a backend: it owns every socket and runs nothing but short callbacks."""

from __future__ import annotations

import contextlib
import logging
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

import zmq

from services_core import LimitedLog

from .lent_role import LENDS, LentRole
from .selecting import make_selector

_log = logging.getLogger(__name__)
_limited_log = LimitedLog(_log)

_FD = int(zmq.FD)

TICK_S: Final = 5e-3
"""How late a call may be that another thread is about to make: as long as the interpreter may keep us waiting."""

_QUIET_TICKS: Final = 20
"""Ticks without such a call until the thread sleeps again."""

_TRIES: Final = 3
"""How often a byte is sent that wakes the thread, where the system has no room for it at the moment."""


class IoThread:
    """Calls back when sockets may be readable, and makes the calls that other threads post.

    A ZeroMQ socket is watched by its file descriptor, which tells that *something happened*, once: whoever has touched
    the socket since must look whether it is readable, and call back if so. The thread is woken by a pair of connected
    sockets: they can be waited for on every system, where an eventfd or a pipe could not. The armed flag is cleared
    before the calls are drained, so a call posted meanwhile is never left behind (docs/architecture.md, "Handing over
    without a lock").

    What another thread is about to do by itself is only looked after, once in a tick: to wake this one for it costs
    more than the work, and the other would then have to wait for the interpreter.

    While a service has nothing to do its thread may take the place of this one (LentRole). "On the thread", here and
    elsewhere, is then on that: on the one that holds the role.
    """

    def __init__(self, name: str, *, lends: bool = LENDS) -> None:
        self._calls: deque[Callable[[], None]] = deque()
        self._wake_reader, self._wake_writer = socket.socketpair()
        self._wake_reader.setblocking(False)
        self._wake_writer.setblocking(False)
        self._armed = False
        self._to_wake = False
        self._waking = threading.Lock()
        self._late: deque[Callable[[], None]] = deque()
        self._ticking = False
        self._next_tick = 0.0
        self._quiet = 0
        self._selector = make_selector()
        self._selector.register(self._wake_reader.fileno(), selectors.EVENT_READ, self._drain)
        self._descriptors: dict[zmq.Socket[bytes], int] = {}
        self._making = threading.Lock()
        self._stopping = False
        self._ended = False
        self._at_end: Callable[[], None] = _nothing
        self.role = LentRole(self, lends=lends)
        """Who takes the place of this thread, and when."""
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def call(self, call: Callable[[], None]) -> None:
        """Make this call on the thread, soon and in order. From any thread, never blocks.

        After the end of the thread, the caller makes the call itself.
        """
        self._calls.append(call)
        if self._ended:
            self._make_calls()
        else:
            self.role.note_call()

    def look_after(self, call: Callable[[], None]) -> None:
        """Make this call within a tick, in case the caller does not come to it. From any thread, never blocks.

        When the thread ends at that very moment it may be made twice.
        """
        self._late.append(call)
        if self._ended:
            self.call(call)
        elif not self._ticking:
            self._next_tick = time.monotonic() + TICK_S
            self._ticking = True
            self.awaken()

    def watch(self, zmq_socket: zmq.Socket[bytes], happened: Callable[[], None]) -> None:
        """Call `happened` now and whenever something happened to the socket. On this thread only."""
        if zmq_socket not in self._descriptors:
            descriptor = self._descriptors[zmq_socket] = int(zmq_socket.getsockopt(_FD))
            self._selector.register(descriptor, selectors.EVENT_READ, happened)
        self.call(happened)

    def forget(self, zmq_socket: zmq.Socket[bytes]) -> None:
        """Watch a socket no more. On this thread only, before it is closed."""
        descriptor = self._descriptors.pop(zmq_socket, None)
        if descriptor is not None:
            self._selector.unregister(descriptor)

    def is_current(self) -> bool:
        """Return whether the caller runs on this thread."""
        return self.role.is_current()

    def stop(self, at_end: Callable[[], None]) -> None:
        """End the thread after the calls posted so far, and `at_end` as its last call."""

        def stop() -> None:
            self._at_end = at_end
            self._stopping = True
            self.role.end()

        self.call(stop)

    def join(self, timeout_s: float) -> bool:
        """Wait for the end of the thread; tells whether it has ended."""
        if not self.is_current():
            self.role.give_up()
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    # --- by the holder of the role

    def turn(self, *, wait: bool) -> None:
        """See Turns.turn."""
        calls = self._calls
        timeout_s = 0.0 if calls or not wait else TICK_S if self._ticking else None
        for key, _ in self._selector.select(timeout_s):
            self._guard(key.data)
        if calls:  # posted by this thread itself, which wakes nobody for them
            self._make_calls()
        if self._ticking and time.monotonic() >= self._next_tick:
            self._tick()

    @property
    def called(self) -> bool:
        """See Turns.called."""
        return self._armed and bool(self._calls)

    def _run(self) -> None:
        self.role.take()
        while not self._stopping:
            self.turn(wait=True)
            if self.role.offered:
                self.role.stand_by()
        self._tick()
        self._guard(self._at_end)
        self._selector.close()
        self._wake_reader.close()
        self._wake_writer.close()
        self._ended = True
        self._tick()
        self._make_calls()

    def _tick(self) -> None:
        late = self._late
        self._quiet = 0 if late else self._quiet + 1
        self._ticking = self._quiet < _QUIET_TICKS
        for _ in range(len(late)):
            self._guard(late.popleft())
        if late:  # posted when the flag was cleared already, or not yet
            self._ticking = True
        self._next_tick = time.monotonic() + TICK_S

    def awaken(self) -> None:
        """See Turns.awaken."""
        if self._armed:
            return
        self._armed = True
        # One sender at a time: wine refuses a byte as one too many while another thread is at sending one. Whoever
        # finds another at it leaves it to that one, who looks again after giving it back.
        self._to_wake = True
        while self._to_wake and self._waking.acquire(blocking=False):
            try:
                self._to_wake = False
                self._send_byte()
            finally:
                self._waking.release()

    def _send_byte(self) -> None:
        for _ in range(_TRIES):
            try:
                self._wake_writer.send(b"!")
            except BlockingIOError:
                return  # full: it is awake anyway
            except OSError:  # closed: nothing is left to wake; or no room in the system for the moment
                continue
            return
        self._armed = False  # whoever calls next tries again

    def _drain(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._wake_reader.recv(64)
        self._armed = False
        self._make_calls()

    def _make_calls(self) -> None:
        # One thread at a time, not nested: after the end others come here too. Whoever finds it taken leaves its call
        # to the owner, who looks again after giving it back.
        calls = self._calls
        while calls and self._making.acquire(blocking=False):
            try:
                for _ in range(len(calls)):
                    self._guard(calls.popleft())
            finally:
                self._making.release()
            if not self._ended:
                return  # what these calls have posted is for the next turn: sockets have theirs before

    def _guard(self, call: Callable[[], None]) -> None:
        try:
            call()
        except Exception:
            _limited_log.exception("a callback on the communication thread failed")


def _nothing() -> None:
    """Do nothing: nothing is to be done at the end yet."""
