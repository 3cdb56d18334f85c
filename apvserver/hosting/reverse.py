"""Connections that the server makes to a client which waits: for machines that nobody can connect to."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from services_core import Channel, ConnectionFailed, Refused, ServicesEngine, ServicesError, public_url

_log = logging.getLogger(__name__)

SPARE: Final = 2
"""Connections that the client finds offered: it needs three at once, and each that it takes is followed by another."""

GIVE_UP_S: Final = 60.0
"""How long a client may not be there, before it comes or after it was lost."""

FIRST_PAUSE_S: Final = 0.1
LONGEST_PAUSE_S: Final = 2.0


class ReverseConnections:
    """Offers connections to the client that waits at `url`, on a thread of its own, until that client leaves.

    `accept` is given each, and `served()` tells whether a client has been let in so far: one that was refused is waited
    for again. `over(error)` is called once, from that thread, unless `close` came first: with None when a client that
    was served has left in peace, else with what has kept it from being reached for `give_up_s`, or with its refusal.
    """

    def __init__(
        self,
        engine: ServicesEngine,
        url: str,
        accept: Callable[[Channel], None],
        over: Callable[[ServicesError | None], None],
        *,
        served: Callable[[], bool],
        give_up_s: float = GIVE_UP_S,
    ) -> None:
        self.url = url
        self._engine = engine
        self._accept = accept
        self._tell_over = over
        self._served = served
        self._give_up_s = give_up_s
        self._changed = threading.Condition()
        self._spare = 0
        self._in_use = 0
        self._failing_since: float | None = None
        self._pause_s = 0.0
        self._closed = False
        self._over = False
        self._error: ServicesError | None = None
        self._thread = threading.Thread(target=self._run, name="reverse-connection", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Offer no more. Waits for the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._ending or self._spare < self._wanted)
                self._changed.wait_for(lambda: self._ending, self._pause_s)
                if self._ending:
                    break
                self._spare += 1
            try:
                self._engine.offer(public_url(self.url), self._accept, taken=self._taken, ended=self._ended)
            except ServicesError as error:
                self._end(error)
        if not self._closed:
            self._tell_over(self._error)

    @property
    def _ending(self) -> bool:
        return self._closed or self._over

    @property
    def _wanted(self) -> int:
        return SPARE if self._failing_since is None else 1

    def _taken(self) -> None:
        with self._changed:
            self._spare -= 1
            self._in_use += 1
            self._failing_since, self._pause_s = None, 0.0
            self._changed.notify_all()

    def _ended(self, error: ServicesError | None, taken: bool) -> None:
        with self._changed:
            self._in_use -= taken
            in_use = self._in_use
        if isinstance(error, Refused) and not taken:
            self._end(error)
            return
        if error is None and not in_use and self._served():
            self._end(None)
            return
        if taken:
            return  # the client may take another; if it was lost, those that it has not taken tell
        with self._changed:
            now, why = time.monotonic(), error or "it has left"
            if self._failing_since is None:
                self._failing_since = now
                _log.info("no client at %s, which is tried again: %s", self.url, why)
            self._spare -= 1
            self._pause_s = min(max(2 * self._pause_s, FIRST_PAUSE_S), LONGEST_PAUSE_S)
            patient = now - self._failing_since < self._give_up_s
            self._changed.notify_all()
        if not patient:
            self._end(ConnectionFailed(f"no client waits at {self.url}, for {self._give_up_s:g} s now: {why}"))

    def _end(self, error: ServicesError | None) -> None:
        with self._changed:
            if not self._over:
                self._over, self._error = True, error
            self._changed.notify_all()
