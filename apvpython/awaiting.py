"""What a terminal shows while something is awaited: how far it is, or that the link is down."""

from __future__ import annotations

import asyncio
import logging
import shutil
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING, Any, Final, TextIO, cast

from services_core import Closed, ServicesError

if TYPE_CHECKING:
    from servermanager import Activity, ProgressObserver, Session

AFTER_S: Final = 0.5
"""What takes less is not told of."""
EVERY_S: Final = 0.1
"""How often the line is drawn while something is told."""
AGAIN_S: Final = 0.5
"""How long it waits for a worker process that takes the place of one that has ended."""
BAR_COLUMNS: Final = 24


class StatusLine:
    """One line of a terminal that is written again and again; no control codes but the carriage return.

    Any thread may write: each session has a text of its own, and all of them stand side by side.
    """

    def __init__(self, terminal: TextIO) -> None:
        self._terminal = terminal
        self._texts: dict[int, str] = {}
        self._columns = 0
        self._at_beginning = True
        """Whether the cursor stands at the beginning of a line: else somebody has begun one, which is left alone."""
        self._users = 0
        self._order = threading.RLock()

    @contextmanager
    def used(self) -> Iterator[None]:
        """Show texts in the block, above which stands what is printed meanwhile; nothing is left at its end."""
        with self._order:
            self._users += 1
            self._at_beginning = True
        try:
            with ExitStack() as stack:
                stack.enter_context(redirect_stderr(cast("TextIO", Above(sys.stderr, self))))
                if sys.stdout.isatty():
                    stack.enter_context(redirect_stdout(cast("TextIO", Above(sys.stdout, self))))
                yield
        finally:
            with self._order:
                self._users -= 1
                self._write("")

    def show(self, key: int, text: str) -> None:
        """Show a text in place of the one that had this key before; none if it is empty."""
        with self._order:
            if text:
                self._texts[key] = text
            else:
                self._texts.pop(key, None)
            if self._users and self._at_beginning:
                self._write("   ".join(self._texts.values()))

    def print(self, stream: TextIO, text: str) -> int:
        """Write a text to a stream of the same terminal, in place of the line, which comes again below it."""
        with self._order:
            self._write("")
            if text:
                self._at_beginning = text.endswith("\n")
            return stream.write(text)

    def _write(self, text: str) -> None:
        text = text[: shutil.get_terminal_size().columns - 1]
        if text or self._columns:
            self._terminal.write(f"\r{text.ljust(self._columns)}\r")
            self._terminal.flush()
            self._columns = len(text)


class Above:
    """A stream whose text takes the place of the status line, which is shown again below it."""

    def __init__(self, stream: TextIO, line: StatusLine) -> None:
        self._stream = stream
        self._line = line

    def write(self, text: str) -> int:
        """Write it."""
        return self._line.print(self._stream, text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write all of them."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class LogHandler(logging.StreamHandler[TextIO]):
    """Writes log lines to what standard error is at that moment: above the status line while there is one."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line."""
        self.setStream(sys.stderr)
        super().emit(record)


class _Terminal:
    """The status line of this process, None where nobody would see it."""

    line: StatusLine | None = None


def follow_sessions() -> None:
    """Follow what sessions execute that are opened from now on, if standard error is a terminal. May be repeated."""
    if _Terminal.line is None and sys.stderr.isatty():
        from servermanager.connection import watch_sessions  # late: a script in a pipe loads what it needs itself

        line = _Terminal.line = StatusLine(sys.stderr)
        watch_sessions(lambda session: _follow(session, line))


@contextmanager
def showing_awaited() -> Iterator[None]:
    """Show in the block, from half a second on, what sessions execute that somebody waits for."""
    with ExitStack() as stack:
        if _Terminal.line is not None:
            stack.enter_context(_Terminal.line.used())
        yield


_following: Final[set[asyncio.Task[None]]] = set()
"""Kept here: a loop does not keep its tasks."""


def _follow(session: Session, line: StatusLine) -> None:
    """Have a session followed in its loop, which runs."""
    task = asyncio.get_running_loop().create_task(_Followed(session, line).run(), name="status line")
    _following.add(task)
    task.add_done_callback(_following.discard)


class _Followed:
    """A session whose executions are shown, until it is closed."""

    def __init__(self, session: Session, line: StatusLine) -> None:
        from servermanager import ProgressObserver

        self._session = session
        self._line = line
        self._observer = ProgressObserver(session)
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """Follow and show it."""
        ended = self._session.on_connection(lambda _: self._changed.set())
        showing = asyncio.create_task(self._show(), name="status line, drawn")
        try:
            while await self._observe():
                if self._session.connection.kind == "lost":
                    return
                await asyncio.sleep(AGAIN_S)  # its worker process has ended, and it goes on in another
        finally:
            ended()
            showing.cancel()
            self._line.show(id(self), "")

    async def _observe(self) -> bool:
        """Take steps of executions until they end; returns whether there will be others."""
        steps = self._session.progress()
        try:
            async for step in steps:
                self._observer.observe(step)
                self._changed.set()
        except Closed:
            return False
        except ServicesError:  # what is awaited tells
            self._observer.forget()
            return True
        finally:
            steps.close()
        return False

    async def _show(self) -> None:
        from servermanager.sync.loop_thread import is_waited_for

        while True:
            await self._changed.wait()
            self._changed.clear()
            began_s = time.monotonic()
            while text := status(self._session, self._observer):
                shown = time.monotonic() - began_s >= AFTER_S and is_waited_for()
                self._line.show(id(self), text if shown else "")
                await asyncio.sleep(EVERY_S)
            self._line.show(id(self), "")


def status(session: Session, observer: ProgressObserver) -> str:
    """Return what is told of a session: that its link is down, or what executes."""
    link = session.connection
    if link.kind == "reconnecting":
        return f"reconnecting, for {time.time() - link.since:.0f} s: {link.reason}"
    return "   ".join(bar(one) for one in observer.executing)


def bar(activity: Activity) -> str:
    """Return how far one proxy is: a bar where that is known, and for how long it has been executing."""
    took = f"{activity.elapsed_s:.1f} s"
    if activity.unresponsive:
        took += f", without a word for {activity.silent_s:.0f} s (Ctrl-C interrupts it)"
    if activity.fraction is None:
        return f"{activity.name} ... {took}"
    full = round(activity.fraction * BAR_COLUMNS)
    return f"{activity.name} [{'#' * full}{'.' * (BAR_COLUMNS - full)}] {activity.fraction:4.0%} {took}"
