"""Who makes the calls of one channel: the communication thread, or an asyncio loop that waits for what arrives."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from collections import deque
from collections.abc import Callable
from typing import Final

import zmq

from services_core import LimitedLog
from services_core.client.mailbox import running_loop

from .io_thread import IoThread

_log = logging.getLogger(__name__)
_limited_log = LimitedLog(_log)

CAN_ATTACH: Final = sys.platform != "win32"
"""There a ZeroMQ socket's descriptor is a handle that cannot be duplicated, and the usual loop watches none."""

_FD: Final = int(zmq.FD)


class Strand:
    """Makes the calls of one channel one at a time, in order; calls back when something happened to its socket.

    The communication thread does so, or a loop that the socket was attached to: then an answer needs no other thread to
    reach the task that waits for it. What the loop posts the thread looks after, a tick later, and all else it does
    itself, so that only receiving depends on the loop. Whoever finds a call being made leaves the rest to the maker,
    who looks again (docs/architecture.md, "Handing over without a lock").
    """

    def __init__(self, io: IoThread, socket: zmq.Socket[bytes], happened: Callable[[], None]) -> None:
        self._io = io
        self._socket = socket
        self._happened = happened
        self._calls: deque[Callable[[], None]] = deque()
        self._making = threading.Lock()
        self._armed = False
        self._looked_after = False
        self._looking = False
        self._rounds = 0
        self._watch: _Watch | None = None

    def call(self, call: Callable[[], None]) -> None:
        """Make this call soon. From any thread, never blocks."""
        self._calls.append(call)
        self._poke()

    def exclusively(self, call: Callable[[], None]) -> None:
        """Make this call now, waiting for the call that is being made."""
        with self._making:
            call()

    def open(self) -> None:
        """Begin to watch. On the communication thread."""
        if self._watch is None:
            self._io.watch(self._socket, self._look)

    def attach_loop(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have this running loop watch the socket instead. On its thread, under the socket's lock."""
        if not CAN_ATTACH or self._watch is not None:
            return
        try:
            watch = _Watch(loop, os.dup(int(self._socket.getsockopt(_FD))))
            loop.add_reader(watch.descriptor, watch.called, self._look)
        except (NotImplementedError, OSError):  # the usual loop of Windows; no descriptor is left
            return
        self._watch = watch
        self._io.call(self._leave_to_loop)
        self.call(self._happened)  # the sign of what came before may be swallowed

    def detach_loop(self) -> None:
        """Have the communication thread watch the socket again. From any thread, never blocks."""
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.end()
            self._io.call(self._watch_again)

    def forget(self) -> None:
        """Watch no more; the socket is about to be closed. On the communication thread."""
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.end()
        self._io.forget(self._socket)

    # --- inside

    def _poke(self) -> None:
        if self._armed:
            return
        self._armed = True  # cleared before the calls are made, so a call posted meanwhile is never left behind
        watch = self._watch
        if watch is None or running_loop() is not watch.loop:
            self._io.call(self._make_calls)
            return
        watch.loop.call_soon(self._make_calls)
        if not self._looked_after:
            self._looked_after = True
            self._look_after()

    def _look_after(self) -> None:
        rounds = self._rounds
        self._io.look_after(lambda: self._make_late(rounds))

    def _make_late(self, rounds: int) -> None:
        """Make calls that the loop has not made for a tick: it is busy, or has stopped."""
        self._looked_after = False
        if self._armed:
            if self._rounds == rounds:
                self._make_calls()
            else:
                self._looked_after = True
                self._look_after()

    def _look(self) -> None:
        if not self._looking:  # once, however often it is said while another thread is at the calls
            self._looking = True
            self._calls.append(self._look_now)
        self._make_calls()

    def _look_now(self) -> None:
        self._looking = False
        self._happened()

    def _make_calls(self) -> None:
        self._armed = False
        self._rounds += 1
        calls = self._calls
        if not calls or not self._making.acquire(blocking=False):
            return
        try:
            for _ in range(len(calls)):  # not more: those that calls post give way to others of this thread
                self._guard(calls.popleft())
        finally:
            self._making.release()
        if calls:
            self._poke()

    def _guard(self, call: Callable[[], None]) -> None:
        try:
            call()
        except Exception:
            _limited_log.exception("a callback of a channel failed")

    def _leave_to_loop(self) -> None:
        if self._watch is not None:
            self._io.forget(self._socket)

    def _watch_again(self) -> None:
        if self._watch is None and not self._socket.closed:
            self._io.watch(self._socket, self._look)


class _Watch:
    """A loop's eye on a socket: by a descriptor of its own, for the socket may be closed before the loop looks away."""

    def __init__(self, loop: asyncio.AbstractEventLoop, descriptor: int) -> None:
        self.loop = loop
        self.descriptor = descriptor

    def called(self, look: Callable[[], None]) -> None:
        """Call `look`, for the loop, which holds this object, and with it the descriptor, for as long as it watches."""
        look()

    def end(self) -> None:
        """Look away. From any thread: a loop that runs does so itself."""
        if running_loop() is self.loop or not self.loop.is_running():
            self._remove()
            return
        try:
            self.loop.call_soon_threadsafe(self._remove)
        except RuntimeError:  # it was closed meanwhile, and watches nothing any more
            return

    def _remove(self) -> None:
        if not self.loop.is_closed():
            self.loop.remove_reader(self.descriptor)

    def __del__(self) -> None:
        os.close(self.descriptor)
