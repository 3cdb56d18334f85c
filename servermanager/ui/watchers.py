"""Those who watch a model of an interface: told once for all that happens in one turn of the loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Final

from ..model.property_holder import end_watching

_log: Final = logging.getLogger(__name__)

Watcher = Callable[[], None]


class Watchers:
    """Functions without arguments, called in the loop after something has changed: once, however much it was."""

    def __init__(self) -> None:
        """Belong to the loop that runs."""
        self._loop = asyncio.get_running_loop()
        self._watchers: list[Watcher] = []
        self._waiting: asyncio.Handle | None = None

    def add(self, watcher: Watcher) -> Callable[[], None]:
        """Have `watcher()` called; calling what is returned ends it."""
        self._watchers.append(watcher)
        return partial(end_watching, self._watchers, watcher)

    def tell(self) -> None:
        """Have all of them called at the next turn of the loop. To be called in the loop's thread."""
        if self._waiting is None and self._watchers:
            self._waiting = self._loop.call_soon(self._tell_now)

    def clear(self) -> None:
        """Tell nobody any more."""
        self._watchers.clear()
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _tell_now(self) -> None:
        self._waiting = None
        for watcher in list(self._watchers):
            try:
                watcher()
            except Exception:  # the fault of one who watches is not that of the others
                _log.exception("a watcher of the interface's model has failed: %r", watcher)
