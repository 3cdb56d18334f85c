"""Sessions whose services are threads of this process."""

from __future__ import annotations

import logging
import os
import threading
from typing import Final

from services_core import (
    Budget,
    Channel,
    ChannelReceiver,
    ConnectionLost,
    Message,
    Refused,
    Reply,
    Service,
    ServicesEngine,
    ServicesError,
)

from ..heap import keep_little
from ..settings import Settings
from .monitoring.figures import look_at
from .monitoring.session_state import HostState
from .session_host import Left, SessionHost
from .session_services import begin_session_services

_log = logging.getLogger(__name__)

THREADS_END_S: Final = 60.0
"""How long a session's threads may take to end before that is logged; they go on, and are gone when the filter is."""

THREADS_BEGIN_S: Final = 10.0
"""So long a session's threads may import before its client is let in anyway: the next that wait begin after that."""

THREADS_STAY: Final = (
    "the services of this session are threads of a process (backend inproc), which cannot be ended while a filter "
    "executes; with APV_COMMUNICATION_BACKEND=zmq they are in a worker process, which can"
)


class ThreadHost(SessionHost):
    """Services on threads of this process. A crash in VTK takes the process along."""

    def __init__(self, backend: str, settings: Settings) -> None:
        keep_little()
        self._engine = ServicesEngine(backend, name="session")
        self._budget = Budget(settings.max_queued)
        self.ready = begin_session_services(self._engine, settings, begun_s=THREADS_BEGIN_S)
        self._reason = ""
        self._ending = threading.Thread(target=self._end, name="session-end", daemon=True)
        self._over = threading.Event()
        self._services: list[Service] = []
        self._left = Left.SOMETHING

    def receiver(self, channel: Channel, hello: Message) -> ChannelReceiver:
        """See SessionHost.receiver."""
        return self._engine.receiver(channel, budget=self._budget)

    def named(self, session: str) -> None:
        """See SessionHost.named: calls of its clients are logged under the name in their HELLO."""

    def let_wait(self, most_bytes: int) -> None:
        """See SessionHost.let_wait."""
        self._budget.limit_bytes = most_bytes

    def look(self) -> HostState:
        """See SessionHost.look."""
        return HostState(pid=os.getpid(), ready=self.ready.done(), figures=look_at(self._engine, self._budget))

    def restart(self) -> Reply[None]:
        """Raise Refused: a thread cannot be ended from outside."""
        raise Refused(THREADS_STAY)

    def close(self, reason: str) -> None:
        """See SessionHost.close."""
        self._reason = reason
        self.ready.resolve(None, ConnectionLost(reason))  # if they have not begun yet
        self._ending.start()

    def join(self, timeout_s: float) -> Left:
        """See SessionHost.join."""
        self._over.wait(timeout_s)
        if self._left is Left.SOMETHING and self._over.is_set() and all(one.join(0.0) for one in self._services):
            self._left = Left.NOTHING  # what could not be interrupted has come to its end
        return self._left

    def _end(self) -> None:
        services = self._services = self._engine.services()
        begin = not all(one.wait_until_begun(0) for one in services) and not any(one.running() for one in services)
        try:
            self._engine.close(0.0 if begin else THREADS_END_S, reason=self._reason)
        except ServicesError as error:
            if begin:
                _log.debug("a session ends when what it imports is imported: %s", error)
                self._left = Left.BEGINNING
            else:
                _log.warning("a session goes on, in a filter that cannot be interrupted: %s", error)
        else:
            self._left = Left.NOTHING
        self._over.set()
