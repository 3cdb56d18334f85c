"""Actions: what a user has asked for, each a task of its own; none waits, and none fails silently."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from async_paraview.records import dataclass
from services_core import Closed, RequestCancelled

from ..watchers import Watcher, Watchers

Failed = Callable[["Action", BaseException], None]


@dataclass(frozen=True, slots=True, eq=False)
class Action:
    """Something that is under way. `what` is for people; `proxy` the number of the proxy that it is about, or 0."""

    what: str
    proxy: int
    task: asyncio.Task[Any]

    def cancel(self) -> None:
        """Have it end; what it executes on the server is interrupted."""
        self.task.cancel()


class Actions:
    """The tasks that are under way, kept so that none is lost; `failed(action, error)` is told of each that fails.

    What was cancelled, or interrupted by a newer change, has not failed.
    """

    def __init__(self, failed: Failed) -> None:
        """Begin with none, in the loop that runs."""
        self._failed = failed
        self._under_way: dict[asyncio.Task[Any], Action] = {}
        self._watchers = Watchers()
        self._closed = False

    @property
    def under_way(self) -> tuple[Action, ...]:
        """Return what is under way, the oldest first."""
        return tuple(self._under_way.values())

    def start(self, what: str, doing: Coroutine[Any, Any, Any], proxy: int = 0) -> Action:
        """Begin something, and return at once."""
        task = asyncio.ensure_future(doing)
        action = Action(what, proxy, task)
        self._under_way[task] = action
        task.add_done_callback(partial(self._ended, action))
        if self._closed:
            task.cancel()
        self._watchers.tell()
        return action

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Have `watcher()` called when something has begun or ended; calling what is returned ends it."""
        return self._watchers.add(watcher)

    async def close(self) -> None:
        """Cancel all that is under way, and wait until it has ended."""
        self._closed = True
        tasks = list(self._under_way)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)  # which, other than `gather`, hands over no errors: their frames hold who acted
        self._watchers.clear()

    def _ended(self, action: Action, task: asyncio.Task[Any]) -> None:
        self._under_way.pop(task, None)
        self._watchers.tell()
        if task.cancelled():
            return
        error = task.exception()
        if error is not None and not isinstance(error, RequestCancelled | Closed):
            self._failed(action, error)
