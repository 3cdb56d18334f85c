"""Controls of widgets, followed in the loop of a session: the newest value wins, and nothing waits."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

_log = logging.getLogger(__name__)

_NOTHING: Final = object()
_FAILED: Final = "a function that follows a widget failed"


def follow(widget: Any, tell: Callable[[Any], Any], *, name: str = "value") -> Callable[[], None]:
    """Have `tell(value)` called whenever a widget has another value; calling what is returned ends it.

    `name` is that of its trait. The kernel hears pages on threads of its own, and sessions belong to a loop: `tell` is
    called in the loop that runs now, at once for a value that the program itself sets there. It may be a coroutine
    function: then one call is under way at a time, and of the values that come meanwhile the newest is told next. What
    it raises is logged. Raises RuntimeError without a loop.
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
        self._is_telling = False
        self._task: asyncio.Task[None] | None = None
        """What is told and takes time: kept, or nobody would."""

    def changed(self, change: Any) -> None:
        """Take a change. On any thread; one that the program makes in the loop itself is told before this returns."""
        if _running_loop() is self._loop:
            self._take(change["new"])
        else:
            self._loop.call_soon_threadsafe(self._take, change["new"])

    def _take(self, value: Any) -> None:
        self._newest = value
        if not self._is_telling:
            self._go_on()

    def _go_on(self) -> None:
        """Tell the newest value, and those that come meanwhile, until one takes time."""
        self._is_telling, told = True, None
        try:
            while self._newest is not _NOTHING and not inspect.isawaitable(told):
                value, self._newest = self._newest, _NOTHING
                try:
                    told = self._tell(value)
                except Exception:  # whatever the program's function raises: the next value is told all the same
                    _log.exception(_FAILED)
            if inspect.isawaitable(told):
                self._task = self._loop.create_task(self._finish(told))
        finally:
            self._is_telling = inspect.isawaitable(told)

    async def _finish(self, told: Awaitable[Any]) -> None:
        try:
            await told
        except Exception:  # as above
            _log.exception(_FAILED)
        finally:
            self._is_telling = False  # cancelled, too: what comes then is told
        self._go_on()


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
