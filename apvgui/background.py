"""What a window has under way: every action is a task, kept here, and what it raises is told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from services_core import Closed

_log = logging.getLogger(__name__)

Tell = Callable[[str, BaseException], None]
"""Called with what an action was about, and what it raised."""


class Background:
    """The tasks of a window. A handler of the toolkit starts one and returns; nothing waits for it."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, Any], about: str) -> asyncio.Task[Any]:
        """Begin an action, in the loop that runs. What it raises goes to whoever is told, not to the task's holder."""
        task = asyncio.get_running_loop().create_task(self._told(work, about), name=about)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: work.close())  # of a task that was cancelled before it began
        return task

    def attempt(self, action: Callable[[], object], about: str) -> bool:
        """Do what returns at once, and tell what it raises; returns whether nothing was raised."""
        try:
            action()
        except Exception as error:
            self._tell(about, error)
            return False
        return True

    async def end(self) -> None:
        """Cancel all that is under way, and wait until it has ended."""
        while tasks := [one for one in self._tasks if one is not asyncio.current_task()]:
            for one in tasks:
                one.cancel()
            await asyncio.wait(tasks)

    async def _told(self, work: Coroutine[Any, Any, Any], about: str) -> Any:
        try:
            return await work
        except Closed:
            _log.debug("%s: the session was closed meanwhile", about)
        except Exception as error:
            self._tell(about, error)
        return None
