"""A session's worker process, the relays to it, and the process that takes its place after a restart."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
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

from ..log_format import about_session
from ..settings import Settings
from .monitoring.session_state import HostState
from .relay import Relay
from .worker_process import GRACE_S, WorkerProcess
from .workers.endings import Ending
from .workers.worker_pool import WorkerPool

PATIENCE_S: Final = 2.0
"""How long a worker may take to take up a link that timed out: enough if both processes had been stopped, and went on.
One that hangs is given up then. How one died its supervisor says at once."""

RESTARTED = "the worker process of this session was ended to begin anew (restart)"

MOST_DEATHS: Final = 5
DEATHS_S: Final = 60.0
"""So many deaths within so long, and no further worker begins by itself: what kills them is still there."""


class RelayedWorker:
    """Where clients' channels are relayed to. Thread-safe; no method but `join` blocks.

    Who connects before the worker is ready is relayed to it when it is. If it ends by itself, `died` is called, its
    clients are told how it ended, and who connects next has another one begun: but not after MOST_DEATHS within
    DEATHS_S, or if it could not begin: then whoever connects is refused, until `restart`.
    """

    def __init__(
        self,
        backend: str,
        settings: Settings,
        *,
        engine: ServicesEngine,
        died: Callable[[ServiceCrashed], None],
        pool: WorkerPool | None = None,
    ) -> None:
        """Begin with a worker of the pool, or one of its own."""
        self._pool = pool or WorkerPool(backend, settings, spares=0, forks=False)
        self._engine = engine
        self._died = died
        self._lock = threading.Lock()
        self._relays: set[Relay] = set()
        self._former: list[WorkerProcess] = []
        self._deaths: deque[float] = deque(maxlen=MOST_DEATHS)
        self._last_ending: Ending | None = None
        self._session = ""
        self._queued = ""
        self._died_so_far = 0
        self._dead = False
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
            refusal = self._refusal
            if not refusal:
                if self._dead:
                    self._begin_another()
                worker = self._worker
                relay = Relay(channel, self._forget, worker.end_hung)
                self._relays.add(relay)
        if refusal:
            return self._engine.receiver(channel, authorize=lambda info: _refuse(refusal))
        worker.url.add_done_callback(lambda: self._reach(relay, worker))
        return relay

    def named(self, session: str) -> None:
        """Have the log of the worker, and of those that take its place, say which session it is of."""
        with self._lock:
            self._session = session
            self._worker.tell(session=session)

    def let_wait(self, most_bytes: int) -> None:
        """Have the worker, and those that take its place, let no more bytes than this wait."""
        with self._lock:
            self._queued = str(most_bytes)
            self._worker.tell(queued=self._queued)

    def look(self) -> HostState:
        """Return what the worker is at."""
        with self._lock:
            worker, deaths = self._worker, self._died_so_far
        return replace(worker.look(), deaths=deaths)

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
            former = self._begin_another()
            self._refusal, ready = "", self._begun
            self._deaths.clear()
            relays = self._take_relays()
        for relay in relays:  # first: the worker itself would say that it shuts down
            relay.close(ServiceCrashed(RESTARTED, details={"final": False}))  # others go on as after a death
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

    def _begin_another(self) -> WorkerProcess:
        """Begin a worker in the place of the one that there is, which is returned. Under the lock."""
        self._begun = Reply()
        former, self._worker = self._worker, self._start(self._begun)
        self._former = [one for one in self._former if not one.join(0.0)] + [former]
        self._dead = False
        return former

    def _start(self, ready: Reply[None]) -> WorkerProcess:
        worker = self._pool.take(self._crashed)
        if self._session:
            worker.tell(session=self._session)
        if self._queued:
            worker.tell(queued=self._queued)

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
            self._dead = True
            self._died_so_far += 1
            told = self._judged(worker, error)
            relays = self._take_relays()
        for relay in relays:
            relay.close(told)
        with about_session(self._session):
            self._died(told)

    def _judged(self, worker: WorkerProcess, error: ServiceCrashed) -> ServiceCrashed:
        """Return what clients are told of a death, and decide whether another worker begins by itself."""
        ending, before = worker.ending, self._last_ending
        assert ending is not None  # it has ended
        self._last_ending = ending
        now = time.monotonic()
        self._deaths.append(now)
        if len(self._deaths) == MOST_DEATHS and now - self._deaths[0] < DEATHS_S:
            self._refusal = (
                f"{error}; it is the {MOST_DEATHS}th within {DEATHS_S:g} s, so no other begins by itself: change what "
                "ends them, then session.restart() begins one"
            )
        elif not worker.was_ready:
            self._refusal = f"{error}; session.restart() begins another"
        suspects = [one.to_dict() for one in ending.suspects(before)]
        more = {"suspects": suspects, "final": bool(self._refusal)}
        return ServiceCrashed(self._refusal or str(error), details={**error.details, **more})

    def _take_relays(self) -> set[Relay]:
        """Take the relays of the worker that was there so far. Under the lock."""
        relays, self._relays = self._relays, set()
        return relays

    def _forget(self, relay: Relay) -> None:
        with self._lock:
            self._relays.discard(relay)


def _refuse(refusal: str) -> None:
    raise Refused(refusal)
