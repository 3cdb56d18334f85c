"""Where a session's services run: on threads of this process, or in a worker process of their own."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Final

from services_core import (
    Channel,
    ChannelReceiver,
    ConnectionLost,
    Message,
    Refused,
    Reply,
    ServiceCrashed,
    ServicesEngine,
    ServicesError,
    backend_class,
)

from .relayed_worker import RelayedWorker
from .session_services import begin_session_services

_log = logging.getLogger(__name__)

THREADS_END_S: Final = 60.0
"""How long a session's threads may take to end before that is logged; they go on, and are gone when the filter is."""

THREADS_STAY: Final = (
    "the services of this session are threads of a process (backend inproc), which cannot be ended while a filter "
    "executes; with APV_COMMUNICATION_BACKEND=zmq they are in a worker process, which can"
)

Died = Callable[[ServiceCrashed], None]


class SessionHost(ABC):
    """The place of one session. No method but `join` blocks."""

    ready: Reply[None]
    """Resolves when clients can be received, or to the error that prevents it."""

    @abstractmethod
    def receiver(self, channel: Channel, hello: Message) -> ChannelReceiver:
        """What handles a client's channel, whose first message is `hello`."""

    @abstractmethod
    def restart(self) -> Reply[None]:
        """End the services, whatever they do, and begin new ones; resolves as `ready` does. Raises Refused."""

    @abstractmethod
    def close(self, reason: str) -> None:
        """Begin to end the session's services, and tell its clients the reason. Called once."""

    @abstractmethod
    def join(self, timeout_s: float) -> bool:
        """Wait until nothing of them is left; tells whether that is so."""


class ThreadHost(SessionHost):
    """Services on threads of this process. A crash in VTK takes the process along."""

    def __init__(self, backend: str) -> None:
        self._engine = ServicesEngine(backend, name="session")
        self.ready = begin_session_services(self._engine)
        self._reason = ""
        self._ending = threading.Thread(target=self._end, name="session-end", daemon=True)
        self._ended = False

    def receiver(self, channel: Channel, hello: Message) -> ChannelReceiver:
        """See SessionHost.receiver."""
        return self._engine.receiver(channel)

    def restart(self) -> Reply[None]:
        """Raises Refused: a thread cannot be ended from outside."""
        raise Refused(THREADS_STAY)

    def close(self, reason: str) -> None:
        """See SessionHost.close."""
        self._reason = reason
        self.ready.resolve(None, ConnectionLost(reason))  # if they have not begun yet
        self._ending.start()

    def join(self, timeout_s: float) -> bool:
        """See SessionHost.join."""
        self._ending.join(timeout_s)
        return self._ended

    def _end(self) -> None:
        try:
            self._engine.close(THREADS_END_S, reason=self._reason)
        except ServicesError as error:
            _log.warning("a session goes on, in a filter that cannot be interrupted: %s", error)
        else:
            self._ended = True


class WorkerHost(SessionHost):
    """Services in a worker process, to which every channel of the session is relayed."""

    def __init__(self, backend: str, front: ServicesEngine, died: Died) -> None:
        self._worker = RelayedWorker(backend, front, died)
        self.ready = self._worker.ready

    def receiver(self, channel: Channel, hello: Message) -> ChannelReceiver:
        """See SessionHost.receiver."""
        return self._worker.receiver(channel)

    def restart(self) -> Reply[None]:
        """See SessionHost.restart."""
        return self._worker.restart()

    def close(self, reason: str) -> None:
        """See SessionHost.close."""
        self._worker.close(reason)

    def join(self, timeout_s: float) -> bool:
        """See SessionHost.join."""
        return self._worker.join(timeout_s)


def containment(backend: str) -> str:
    """What a backend keeps apart, for those who start a server. Raises ConfigurationError."""
    if backend_class(backend).crosses_processes:
        return "each session has a worker process of its own"
    return "sessions are threads of this process, so that one that crashes, or takes all memory, ends them all"


def make_host(backend: str, front: ServicesEngine, died: Died) -> SessionHost:
    """The host that suits a backend: a worker process if its addresses reach other processes, else threads."""
    if backend_class(backend).crosses_processes:
        return WorkerHost(backend, front, died)
    return ThreadHost(backend)
