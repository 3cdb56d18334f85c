"""Where a session's services run: what a server needs of such a place, and that which is a worker process."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from enum import IntEnum

from services_core import Channel, ChannelReceiver, Message, Reply, ServiceCrashed, ServicesEngine

from ..settings import Settings
from .monitoring.session_state import HostState
from .relayed_worker import RelayedWorker
from .workers.worker_pool import WorkerPool

Died = Callable[[ServiceCrashed], None]


class Left(IntEnum):
    """What is left of something that was told to end; the worst counts."""

    NOTHING = 0
    BEGINNING = 1
    """Threads that import, which nothing interrupts: they have done nothing, and the process may end without them."""
    SOMETHING = 2


class SessionHost(ABC):
    """The place of one session. No method but `join` blocks."""

    ready: Reply[None]
    """Resolves when clients can be received, or to the error that prevents it."""

    @abstractmethod
    def receiver(self, channel: Channel, hello: Message) -> ChannelReceiver:
        """Return what handles a client's channel, whose first message is `hello`."""

    @abstractmethod
    def named(self, session: str) -> None:
        """Note under which name logs and operators know the session. Called once, before anything is received."""

    @abstractmethod
    def let_wait(self, most_bytes: int) -> None:
        """Have no more bytes than this wait in the session: past it its clients get `Busy`."""

    @abstractmethod
    def look(self) -> HostState:
        """Return what it is at. Reads files of a few kilobytes."""

    @abstractmethod
    def restart(self) -> Reply[None]:
        """End the services, whatever they do, and begin new ones; resolves as `ready` does. Raises Refused."""

    @abstractmethod
    def close(self, reason: str) -> None:
        """Begin to end the session's services, and tell its clients the reason. Called once."""

    @abstractmethod
    def join(self, timeout_s: float) -> Left:
        """Wait until nothing of them is left but what begins, after `close` or before it; tells what is left."""


class WorkerHost(SessionHost):
    """Services in a worker process, to which every channel of the session is relayed."""

    def __init__(
        self, backend: str, settings: Settings, *, engine: ServicesEngine, died: Died, pool: WorkerPool | None = None
    ) -> None:
        self._worker = RelayedWorker(backend, settings, engine=engine, died=died, pool=pool)
        self.ready = self._worker.ready

    def receiver(self, channel: Channel, hello: Message) -> ChannelReceiver:
        """See SessionHost.receiver."""
        return self._worker.receiver(channel)

    def named(self, session: str) -> None:
        """See SessionHost.named."""
        self._worker.named(session)

    def let_wait(self, most_bytes: int) -> None:
        """See SessionHost.let_wait."""
        self._worker.let_wait(most_bytes)

    def look(self) -> HostState:
        """See SessionHost.look."""
        return self._worker.look()

    def restart(self) -> Reply[None]:
        """See SessionHost.restart."""
        return self._worker.restart()

    def close(self, reason: str) -> None:
        """See SessionHost.close."""
        self._worker.close(reason)

    def join(self, timeout_s: float) -> Left:
        """See SessionHost.join."""
        return Left.NOTHING if self._worker.join(timeout_s) else Left.SOMETHING
