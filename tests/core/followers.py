"""A thread that takes over receiving whenever it is offered, and goes away for brief work in between."""

from __future__ import annotations

import threading
from collections.abc import Callable

from services_core.receiving import ReceivingRole
from services_zmq.threads.io_thread import IoThread

from ..harness.time_limits import scaled


class RestlessFollower:
    """Asks for the role again whenever it was withdrawn. What is done while it is away: `work`."""

    def __init__(self, thread: IoThread, work: Callable[[], None] = lambda: None) -> None:
        self.idle = True
        self.led = 0
        """So often it has held the role."""
        self._io = thread
        self._role: ReceivingRole = thread.role
        self._work = work
        self._offered = threading.Event()
        self._ended = False
        self._begun = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        assert self._begun.wait(scaled(5))

    def offer(self, role: ReceivingRole) -> None:
        """See Follower.offer."""
        assert role is self._role
        self._offered.set()

    def wanted(self) -> bool:
        """See Follower.wanted: after each turn."""
        return True

    def end(self) -> None:
        """End the thread."""
        self._ended = True
        self._thread.join(scaled(10))
        assert not self._thread.is_alive()

    def _run(self) -> None:
        self.ident = threading.get_ident()
        self._begun.set()
        while not self._ended:
            self._io.call(self._ask)
            if self._offered.wait(0.01):
                self._offered.clear()
                while self._role.lead(self) and not self._ended:
                    self.led += 1
                    self._work()
        self._role.give_up()

    def _ask(self) -> None:
        """Have work for so long that it is offered. By the holder of the role."""
        for _ in range(600):
            self._role.note_work(self)
