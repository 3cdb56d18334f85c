"""A session's worker process, the relays to it, and the process that takes its place after a restart."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from services_core import (
    Channel,
    ChannelReceiver,
    ConnectionLost,
    Refused,
    Reply,
    ServiceCrashed,
    ServicesEngine,
    ServicesError,
)

from ..settings import Settings
from .relay import Relay
from .worker_process import GRACE_S, WorkerProcess

PATIENCE_S: Final = 2.0
"""How long a worker may take to take up a link that timed out: enough if both processes had been stopped, and went on.
One that hangs is given up then. How one died its supervisor says at once."""

RESTARTED = "the worker process of this session was ended to begin anew (restart)"


class RelayedWorker:
    """Where clients' channels are relayed to. Thread-safe; no method but `join` blocks.

    Who connects before the worker is ready is relayed to it when it is. `died` is called if a worker ends by itself;
    until `restart`, whoever connects is refused and told how it ended.
    """

    def __init__(
        self, backend: str, settings: Settings, *, engine: ServicesEngine, died: Callable[[ServiceCrashed], None]
    ) -> None:
        self._backend = backend
        self._settings = settings
        self._engine = engine
        self._died = died
        self._lock = threading.Lock()
        self._relays: set[Relay] = set()
        self._former: list[WorkerProcess] = []
        self._refusal = ""
        self._closed = False
        self.ready: Reply[None] = Reply()
        """Resolves when the first worker is, or to the error that prevents it."""
        with self._lock:
            self._begun = self.ready
            self._worker = self._start(self.ready)

    def receiver(self, channel: Channel) -> ChannelReceiver:
        """Return what handles a client's channel."""
        with self._lock:
            worker, refusal = self._worker, self._refusal
            if not refusal:
                relay = Relay(channel, self._forget)
                self._relays.add(relay)
        if refusal:
            return self._engine.receiver(channel, authorize=lambda info: _refuse(refusal))
        worker.url.add_done_callback(lambda: self._reach(relay, worker))
        return relay

    def restart(self) -> Reply[None]:
        """End the worker now, whatever it does, and begin another; resolves when that is ready.

        While one begins already, both calls resolve with that.
        """
        with self._lock:
            if self._closed:
                ended: Reply[None] = Reply()
                ended.resolve(None, ConnectionLost("the session is closed"))
                return ended
            if not self._begun.done():
                return self._begun
            ready = self._begun = Reply()
            former, self._worker = self._worker, self._start(ready)
            self._former = [one for one in self._former if not one.join(0.0)] + [former]
            self._refusal = ""
            relays = self._take_relays()
        for relay in relays:  # first: the worker itself would say that it shuts down
            relay.close(ConnectionLost(RESTARTED))
        former.close(0.0)
        return ready

    def close(self, reason: str, grace_s: float = GRACE_S) -> None:
        """End the worker. The clients are told here: a worker in a stubborn filter might not come to it."""
        with self._lock:
            self._closed = True
            self._refusal = reason
            worker, relays, begun = self._worker, self._take_relays(), self._begun
        for relay in relays:  # first: the worker itself would say that it shuts down
            relay.close(ConnectionLost(reason))
        begun.resolve(None, ConnectionLost(reason))  # if it has not begun yet: it has not crashed either
        worker.close(grace_s)

    def join(self, timeout_s: float) -> bool:
        """Wait until nothing is left of it; tells whether that is so."""
        return all([one.join(timeout_s) for one in (*self._former, self._worker)])

    def _start(self, ready: Reply[None]) -> WorkerProcess:
        worker = WorkerProcess(self._backend, self._settings, died=self._crashed)

        def started() -> None:
            try:
                worker.url.result()
            except ServicesError as error:
                ready.resolve(None, error)
            else:
                ready.resolve(None)

        worker.url.add_done_callback(started)
        return worker

    def _reach(self, relay: Relay, worker: WorkerProcess) -> None:
        """Connect a relay to the worker, which is ready or will never be: what it takes to know is there."""
        try:
            relay.reach(self._engine.connect(worker.url.result(), patience_s=PATIENCE_S), worker.token)
        except ServicesError as error:
            relay.close(error)

    def _crashed(self, worker: WorkerProcess, error: ServiceCrashed) -> None:
        with self._lock:
            if worker is not self._worker:
                return
            self._refusal = f"{error}; session.restart() begins another"
            relays = self._take_relays()
        for relay in relays:
            relay.close(error)
        self._died(error)

    def _take_relays(self) -> set[Relay]:
        """Take the relays of the worker that was there so far. Under the lock."""
        relays, self._relays = self._relays, set()
        return relays

    def _forget(self, relay: Relay) -> None:
        with self._lock:
            self._relays.discard(relay)


def _refuse(refusal: str) -> None:
    raise Refused(refusal)
