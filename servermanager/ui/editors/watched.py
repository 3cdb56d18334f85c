"""What models of editors have in common: who is told of changes, and work that goes on by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from services_core import ServicesError

from ..watchers import Watchers


class Watched:
    """Something that tells when it is otherwise. Belongs to the loop; `close` ends it."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        """What went wrong in the last thing that was done; None if nothing did."""
        self._watchers = Watchers()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ends: list[Callable[[], None]] = []
        self._is_closed = False

    def watch(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Have `watcher()` called after changes, once for a turn of the loop; what is returned ends it."""
        return self._watchers.add(watcher)

    def close(self) -> None:
        """Watch nothing more, tell nobody, and give up what is under way. May be repeated."""
        self._is_closed = True
        self._watchers.clear()
        for task in self._tasks:
            task.cancel()
        for end in self._ends:
            end()
        self._ends.clear()

    def _tell(self) -> None:
        self._watchers.tell()

    def _start(self, work: Callable[[], Coroutine[Any, Any, None]]) -> asyncio.Task[None]:
        """Do something that takes time; what goes wrong is `error`."""

        async def done() -> None:
            try:
                await work()
                failed: Exception | None = None
            except (ServicesError, ValueError, KeyError, RuntimeError) as error:
                failed = error
            if failed is not None or self.error is not None:
                self.error = failed
                self._tell()

        task = asyncio.get_running_loop().create_task(done())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
