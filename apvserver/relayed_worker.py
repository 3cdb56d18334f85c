"""A session's worker process, the relays to it, and the process that takes its place after a restart."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

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

from .relay import Relay
from .worker_process import GRACE_S, WorkerProcess

RESTARTED = "the worker process of this session was ended to begin anew (restart)"


class RelayedWorker:
    """Where clients' channels are relayed to. Thread-safe; no method but `join` blocks.

    `died` is called if a worker ends by itself; until `restart`, whoever connects is refused and told how it ended.
    """

    def __init__(self, backend: str, engine: ServicesEngine, died: Callable[[ServiceCrashed], None]) -> None:
        self._backend = backend
        self._engine = engine
        self._died = died
        self._lock = threading.Lock()
        self._relays: set[Relay] = set()
        self._former: list[WorkerProcess] = []
        self._crash: ServiceCrashed | None = None
        self._closed = False
        self.ready: Reply[None] = Reply()
        """Resolves when the first worker is, or to the error that prevents it."""
        with self._lock:
            self._worker = self._start(self.ready)

    def receiver(self, channel: Channel) -> ChannelReceiver:
        """What handles a client's channel."""
        with self._lock:
            crash, worker = self._crash, self._worker
        if crash is not None:
            return self._engine.link(channel, authorize=lambda info: _refuse(crash))
        relay = Relay(channel, self._engine.connect(worker.url.result()), worker.token, self._relays.discard)
        self._relays.add(relay)
        return relay

    def restart(self) -> Reply[None]:
        """End the worker now, whatever it does, and begin another; resolves when that is ready."""
        ready: Reply[None] = Reply()
        with self._lock:
            if self._closed:
                ready.resolve(None, ConnectionLost("the session is closed"))
                return ready
            former, self._worker = self._worker, self._start(ready)
            self._former = [one for one in self._former if not one.join(0.0)] + [former]
            self._crash = None
        self._close_relays(ConnectionLost(RESTARTED))  # first: the worker itself would say that it shuts down
        former.close(0.0)
        return ready

    def close(self, reason: str, grace_s: float = GRACE_S) -> None:
        """End the worker. The clients are told here: one in a stubborn filter might not come to it."""
        with self._lock:
            self._closed = True
        self._close_relays(ConnectionLost(reason))  # first: the worker itself would say that it shuts down
        self._worker.close(grace_s)

    def join(self, timeout_s: float) -> bool:
        """Wait until nothing is left of it; tells whether that is so."""
        return all([one.join(timeout_s) for one in (*self._former, self._worker)])

    def _start(self, ready: Reply[None]) -> WorkerProcess:
        worker = WorkerProcess(backend=self._backend, died=lambda error: self._crashed(worker, error))

        def started() -> None:
            try:
                worker.url.result()
            except ServicesError as error:
                ready.resolve(None, error)
            else:
                ready.resolve(None)

        worker.url.add_done_callback(started)
        return worker

    def _crashed(self, worker: WorkerProcess, error: ServiceCrashed) -> None:
        with self._lock:
            if worker is not self._worker:
                return
            self._crash = error
        self._close_relays(error)
        self._died(error)

    def _close_relays(self, error: ServicesError) -> None:
        for relay in list(self._relays):
            relay.close(error)


def _refuse(crash: ServiceCrashed) -> Any:
    raise Refused(f"{crash}; session.restart() begins another")
