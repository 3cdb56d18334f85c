"""Controls of widgets, followed in the loop of a session: the newest value wins, and nothing waits."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Callable
from typing import Any, Final

_log = logging.getLogger(__name__)

_NOTHING: Final = object()


def follow(widget: Any, tell: Callable[[Any], Any], *, name: str = "value") -> Callable[[], None]:
    """Have `tell(value)` called whenever a widget has another value; calling what is returned ends it.

    `name` is that of its trait. The kernel hears pages on threads of its own, and sessions belong to a loop: `tell` is
    called in the loop that runs now. It may be a coroutine function: then one call is under way at a time, and of the
    values that come meanwhile the newest is told next. What it raises is logged. Raises RuntimeError without a loop.
    """
    follower = _Follower(tell, asyncio.get_running_loop())
    widget.observe(follower.changed, name)

    def end() -> None:
        widget.unobserve(follower.changed, name)

    return end


class _Follower:
    """Tells the values of one widget. All but `changed` is of the loop."""

    def __init__(self, tell: Callable[[Any], Any], loop: asyncio.AbstractEventLoop) -> None:
        self._tell = tell
        self._loop = loop
        self._newest: Any = _NOTHING
        self._task: asyncio.Task[None] | None = None

    def changed(self, change: Any) -> None:
        """Take a change. On any thread."""
        self._loop.call_soon_threadsafe(self._take, change["new"])

    def _take(self, value: Any) -> None:
        self._newest = value
        if self._task is None:
            self._task = self._loop.create_task(self._run())

    async def _run(self) -> None:
        try:
            while self._newest is not _NOTHING:
                value, self._newest = self._newest, _NOTHING
                await self._told(value)
        finally:
            self._task = None

    async def _told(self, value: Any) -> None:
        try:
            told = self._tell(value)
            if inspect.isawaitable(told):
                await told
        except Exception:  # whatever the program's function raises: the next value is told all the same
            _log.exception("a function that follows a widget failed")
