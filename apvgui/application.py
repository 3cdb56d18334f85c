"""The program around the window: one Qt application whose loop is an asyncio loop, until the window has closed."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import socket
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from .appearance import use_theme
from .collecting import collecting_here
from .console_output import routed_output
from .memory import SYSTEM, Memory
from .window.main_window import MainWindow
from .window.server_choice import ServerChoice

BACKEND: Final = "zmq"
"""Of built-in sessions: a worker process, so that nothing that VTK does stops, or ends, the window."""
_THREADS: Final = 4


def run(options: argparse.Namespace) -> int:
    """Show a window until it is closed; returns the exit code. Blocks."""
    application = make_application()
    memory = Memory()
    if options.fresh:
        memory.forget_arrangement()
    if options.theme:
        memory.theme = options.theme
    use_theme(application, memory.theme)
    loop = make_loop(application)
    with routed_output(), collecting_here():
        code = loop.run_until_complete(_shown(options, memory))
        close_loop(loop)
    return _end(code)


def make_application() -> QApplication:
    """Return the application of this process, made if there is none: it does not end with its last window."""
    found = QApplication.instance()
    application = found if isinstance(found, QApplication) else QApplication(["apvgui"])
    application.setQuitOnLastWindowClosed(False)  # the loop ends when the session is closed, not before
    application.setApplicationName("apvgui")
    application.setApplicationDisplayName("Async ParaView")
    application.setDesktopFileName("apvgui")
    return application


def make_loop(application: QApplication) -> asyncio.AbstractEventLoop:
    """Return an asyncio loop that is the application's, and the one of this thread."""
    loop: asyncio.AbstractEventLoop = QEventLoop(application)
    loop.set_default_executor(ThreadPoolExecutor(_THREADS, thread_name_prefix="apvgui"))
    asyncio.set_event_loop(loop)
    return loop


def close_loop(loop: asyncio.AbstractEventLoop) -> None:
    """Close a loop of `make_loop`, on its thread, with what it has of Qt's timers: deadlines that nobody waits for.

    Garbage may be found by another thread, and Qt takes timers from their own only: they would stay in its list.
    """
    loop.close()
    asyncio.set_event_loop(None)
    timers = loop._timer  # type: ignore[attr-defined]  # noqa: SLF001  # qasync has no other way to them
    timers.deleteLater()
    QCoreApplication.sendPostedEvents(timers, QEvent.Type.DeferredDelete)


async def _shown(options: argparse.Namespace, memory: Memory) -> int:
    window = MainWindow(memory)
    warnings.showwarning = partial(_show_warning, window, warnings.showwarning)
    window.show()
    choice = ServerChoice(
        url=options.server_url or os.environ.get("APV_SERVER_URL", ""),
        token_file=options.token_file or "",
        session=options.session or "",
        backend=options.backend or os.environ.get("APV_COMMUNICATION_BACKEND") or BACKEND,
    )
    with _closing_on_signals(window), following_system(window):
        window.connect_to(choice, files=options.files)
        await window.closed.wait()
    return 0


@contextlib.contextmanager
def following_system(window: MainWindow) -> Iterator[None]:
    """Have a window be dark whenever the system is, in the block, if it is to look as that."""

    def changed(_: object) -> None:
        if window.memory.theme == SYSTEM:
            window.use_theme(SYSTEM)

    hints = QGuiApplication.styleHints()
    hints.colorSchemeChanged.connect(changed)
    try:
        yield
    finally:
        hints.colorSchemeChanged.disconnect(changed)


def _show_warning(
    window: MainWindow,
    before: Callable[..., object],
    message: Warning | str,
    category: type[Warning],
    *where: Any,
    **more: Any,
) -> None:
    """Have the messages tell what was warned of: what pictures, states and exports leave out, for example."""
    if issubclass(category, UserWarning) and window.room is not None:
        window.room.workspace.log.add("warning", str(message))
    else:
        before(message, category, *where, **more)


@contextlib.contextmanager
def _closing_on_signals(window: MainWindow) -> Iterator[None]:
    """Close the window on Ctrl-C and SIGTERM: Python looks for signals when its own code runs, Qt's loop has none."""
    loop = asyncio.get_running_loop()
    mine, theirs = socket.socketpair()
    mine.setblocking(False)
    theirs.setblocking(False)
    names = [getattr(signal, name) for name in ("SIGINT", "SIGTERM") if hasattr(signal, name)]
    before = {one: signal.signal(one, lambda *_: None) for one in names}
    old_descriptor = signal.set_wakeup_fd(theirs.fileno())

    def woken() -> None:
        with contextlib.suppress(BlockingIOError):
            mine.recv(64)
        window.close()

    loop.add_reader(mine.fileno(), woken)
    try:
        yield
    finally:
        loop.remove_reader(mine.fileno())
        signal.set_wakeup_fd(old_descriptor)
        for one, handler in before.items():
            signal.signal(one, handler)
        mine.close()
        theirs.close()


def _end(code: int) -> int:
    """Return the exit code; a thread that is still inside of something must not hold up the end of the program."""
    left = [one for one in threading.enumerate() if one is not threading.main_thread() and not one.daemon]
    if left:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)
    return code
