"""Where the workers of a server come from: a spare that is ready, a fork, or a program that is started."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from typing import Final

from services_core import Reply, ServiceCrashed

from ...settings import Settings
from ..worker_process import Died, WorkerProcess
from .fork_server import POSSIBLE
from .forks import Forks

_log = logging.getLogger(__name__)

REFILL_S: Final = 1.0
"""So long after a spare was taken another begins: who took it has its first picture by then, and the cores are free."""


class WorkerPool:
    """Begins workers, and keeps some that are ready but belong to no session. Thread-safe; only `join` blocks.

    A spare is a worker like every other: it has a token that nobody was told. One that ends by itself is replaced when
    the next is taken. `forks`: where that is possible, workers are forked from a process that has imported everything,
    and share its memory as long as they do not change it. `opengl`: as for `WorkerProcess`.
    """

    def __init__(
        self,
        backend: str,
        settings: Settings,
        *,
        spares: int,
        forks: bool = True,
        opengl: Reply[dict[str, str]] | None = None,
    ) -> None:
        self._backend = backend
        self._opengl = opengl
        self._settings = settings
        self._most = spares
        self._lock = threading.Lock()
        self._spares: list[WorkerProcess] = []
        self._left: list[WorkerProcess] = []
        """Spares that were told to end."""
        self._closed = False
        self._refill: threading.Timer | None = None
        self._forks = _forks(backend) if forks and POSSIBLE else None

    def prepare(self, libraries: Sequence[str]) -> None:
        """Begin the first spares. It is known now how to render: they are told, and share the libraries for that."""
        if self._forks is not None:
            self._forks.load(libraries)
        self.fill()

    def fill(self) -> None:
        """Begin as many spares as are lacking."""
        with self._lock:
            if self._closed:
                return
            lacking = self._most - len(self._spares)
            self._spares += [self._begin(self._spare_died, spare=True) for _ in range(lacking)]

    def take(self, died: Died) -> WorkerProcess:
        """Return a worker, ready or on its way to be, which has `died` called if it ends by itself."""
        with self._lock:
            while self._spares:
                spare = self._spares.pop(0)
                if spare.belongs_to(died):
                    self._fill_later()
                    return spare
            begun = self._begin(died)
        begun.url.add_done_callback(
            self._fill_after_it
        )  # not beside it: somebody waits for it, and both import as much
        return begun

    def close(self) -> None:
        """End what belongs to no session; workers of sessions end when those do."""
        with self._lock:
            self._closed = True
            self._left, self._spares = self._spares, []
            if self._refill is not None:
                self._refill.cancel()
        for spare in self._left:
            spare.close()
        if self._forks is not None:
            self._forks.end_unready()

    def join(self, timeout_s: float) -> bool:
        """Wait until nothing is left of it, the workers of sessions included; tells whether that is so."""
        until = time.monotonic() + timeout_s
        ended = [spare.join(max(0.1, until - time.monotonic())) for spare in self._left]
        if self._refill is not None:
            self._refill.join(max(0.1, until - time.monotonic()))
            ended.append(not self._refill.is_alive())
        if self._forks is not None:
            self._forks.close()
            ended.append(self._forks.join(max(0.1, until - time.monotonic())))
        return all(ended)

    def _begin(self, died: Died, *, spare: bool = False) -> WorkerProcess:
        return WorkerProcess(
            self._backend, self._settings, died=died, forks=self._forks, opengl=self._opengl, spare=spare
        )

    def _fill_after_it(self) -> None:
        with self._lock:
            if self._most and not self._closed:
                self._fill_later()

    def _fill_later(self) -> None:
        """Under the lock."""
        if self._refill is not None:
            self._refill.cancel()
        self._refill = threading.Timer(REFILL_S, self.fill)
        self._refill.daemon = True
        self._refill.start()

    def _spare_died(self, worker: WorkerProcess, error: ServiceCrashed) -> None:
        with self._lock:
            if worker in self._spares:
                self._spares.remove(worker)
        _log.warning("a spare worker is lost: %s", error)


def _forks(backend: str) -> Forks | None:
    try:
        return Forks(backend)
    except Exception as error:  # whatever prevents it: an embedded Python may know no executable, and so on
        _log.info("workers are not forked: %s: %s", type(error).__name__, error)
        return None
