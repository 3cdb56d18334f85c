"""What a prompt shows while something is awaited: how far it is, or that the link is down."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack, suppress
from typing import TYPE_CHECKING, Any, Final, TextIO

from services_core import ServicesError

if TYPE_CHECKING:
    from servermanager import Activity, ProgressObserver, Session

AFTER_S: Final = 0.5
"""What takes less is not told of."""
EVERY_S: Final = 0.1
BAR_COLUMNS: Final = 24


class StatusLine:
    """One line of a terminal that is written again and again; no control codes but the carriage return."""

    def __init__(self, terminal: TextIO) -> None:
        self._terminal = terminal
        self._columns = 0
        self.at_beginning = True
        """Whether the cursor stands at the beginning of a line: else somebody has begun one, which is left alone."""

    def show(self, text: str) -> None:
        """Show a text in place of the one before."""
        if not self.at_beginning:
            return
        text = text[: shutil.get_terminal_size().columns - 1]
        self._terminal.write(f"\r{text.ljust(self._columns)}\r")
        self._terminal.flush()
        self._columns = len(text)

    def erase(self) -> None:
        """Leave nothing."""
        if self._columns:
            self.show("")


class Above:
    """A stream whose text takes the place of the status line, which is shown again below it."""

    def __init__(self, stream: TextIO, line: StatusLine) -> None:
        self._stream = stream
        self._line = line

    def write(self, text: str) -> int:
        """Write it."""
        self._line.erase()
        if text:
            self._line.at_beginning = text.endswith("\n")
        return self._stream.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


async def show_awaited(sessions: Callable[[], Iterable[Session]], line: StatusLine) -> None:
    """Show what the sessions are at, from half a second on, until it is cancelled."""
    from servermanager import ProgressObserver

    await asyncio.sleep(AFTER_S)
    watched = list(sessions())
    try:
        async with AsyncExitStack() as stack:
            observers = []
            for session in watched:
                with suppress(ServicesError):  # a session that is closed, or lost: what is awaited tells
                    observers.append(await stack.enter_async_context(_Quiet(ProgressObserver(session))))
            while True:
                line.show(status(watched, observers))
                await asyncio.sleep(EVERY_S)
    finally:
        line.erase()


class _Quiet:
    """An observer whose stream may end with an error: that is told by whatever else is awaited."""

    def __init__(self, observer: ProgressObserver) -> None:
        self._observer = observer

    async def __aenter__(self) -> ProgressObserver:
        return await self._observer.__aenter__()

    async def __aexit__(self, *exception: object) -> None:
        with suppress(ServicesError):
            await self._observer.__aexit__(*exception)


def status(sessions: Iterable[Session], observers: Iterable[ProgressObserver]) -> str:
    """Return the line: which links are down, and what executes."""
    down = [one.connection for one in sessions if one.connection.kind == "reconnecting"]
    if down:
        return f"reconnecting, for {time.time() - down[0].since:.0f} s: {down[0].reason}"
    return "   ".join(bar(one) for observer in observers for one in observer.executing)


def bar(activity: Activity) -> str:
    """Return how far one proxy is: a bar where that is known, and for how long it has been executing."""
    took = f"{activity.elapsed_s:.1f} s"
    if activity.unresponsive:
        took += f", without a word for {activity.silent_s:.0f} s (Ctrl-C interrupts it)"
    if activity.fraction is None:
        return f"{activity.name} ... {took}"
    full = round(activity.fraction * BAR_COLUMNS)
    return f"{activity.name} [{'#' * full}{'.' * (BAR_COLUMNS - full)}] {activity.fraction:4.0%} {took}"
