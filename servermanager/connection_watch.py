"""How the connection of a session is: one state for all of its endpoints, told in the session's loop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable

from services_core import ConnectionState, ServiceEndpoint

_log = logging.getLogger(__name__)

StateWatcher = Callable[[ConnectionState], None]


class ConnectionWatch:
    """Reconnecting while any endpoint is; lost when that is which the session lives as long as. Belongs to the loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.state = ConnectionState("connected", time.time())
        """How it is now."""
        self._loop = loop
        self._away: dict[ServiceEndpoint, ConnectionState] = {}
        self._watchers: list[StateWatcher] = []
        self._quiet = False

    def add(self, endpoint: ServiceEndpoint, *, decides: bool = False) -> None:
        """Watch an endpoint. If `decides`, the session is lost with it."""

        def changed(state: ConnectionState) -> None:
            with contextlib.suppress(RuntimeError):  # the loop was closed: nobody is left to be told
                self._loop.call_soon_threadsafe(self._note, endpoint, state, decides)

        endpoint.add_state_callback(changed)

    def watch(self, watcher: StateWatcher) -> Callable[[], None]:
        """Have `watcher(state)` called at each change. Calling what is returned ends it."""
        self._watchers.append(watcher)

        def end() -> None:
            with contextlib.suppress(ValueError):
                self._watchers.remove(watcher)

        return end

    def lose(self, reason: str) -> None:
        """Note that the session is lost, whatever is heard of its endpoints."""
        self._become(ConnectionState("lost", time.time(), reason))

    def end(self) -> None:
        """Tell nothing more: the session is being closed."""
        self._quiet = True

    def _note(self, endpoint: ServiceEndpoint, state: ConnectionState, decides: bool) -> None:
        if state.kind == "reconnecting":
            self._away[endpoint] = state
        else:
            self._away.pop(endpoint, None)
        if state.kind == "lost" and decides:
            self._become(state)
        elif self._away:
            self._become(next(iter(self._away.values())))
        else:
            self._become(ConnectionState("connected", time.time()))

    def _become(self, state: ConnectionState) -> None:
        before = self.state
        if self._quiet or state.kind == before.kind or before.kind == "lost":
            return
        self.state = state
        if state.kind == "reconnecting":
            _log.warning("%s; reconnecting", state.reason)
        elif state.kind == "connected":
            _log.warning("connected again, after %.1f s", state.since - before.since)
        for watcher in list(self._watchers):
            try:
                watcher(state)
            except Exception:
                _log.exception("a callback failed")
