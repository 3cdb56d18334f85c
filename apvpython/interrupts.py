"""Ctrl-C in an asyncio program: it cancels what is awaited, so that the filter on the server is interrupted too."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Final

_OURS: Final = ("services_", "servermanager", "apvserver", "async_paraview", "apvpython")
"""What the names of the project's modules begin with."""

_INSTALLED: Final = frozenset({"site-packages", "dist-packages"})
"""Folders of packages that somebody has installed."""


@contextmanager
def cancelling_on_interrupt(loop: asyncio.AbstractEventLoop, main: asyncio.Task[Any]) -> Iterator[None]:
    """Have Ctrl-C cancel `main` while the block runs `loop`; leaving the block raises KeyboardInterrupt.

    A program that computes instead of awaiting gets KeyboardInterrupt at once, as in plain Python; so does one that
    goes on after its cancellation, at the second Ctrl-C.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    times = 0

    def interrupt(_number: int, frame: FrameType | None) -> None:
        nonlocal times
        times += 1
        if main.done() or times > 1 or (asyncio.current_task(loop) is not None and not _is_ours(frame)):
            raise KeyboardInterrupt
        loop.call_soon_threadsafe(main.cancel)

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    except asyncio.CancelledError:
        if times:
            raise KeyboardInterrupt from None
        raise
    finally:
        signal.signal(signal.SIGINT, before)


def _is_ours(frame: FrameType | None) -> bool:
    """Return whether code of this project runs, which must not be torn out of what it is about.

    So does it where it has called a library, up to where that, or the project, has called the program again.
    """
    while frame is not None and not _is_step(frame):
        module = str(frame.f_globals.get("__name__", ""))
        if module.startswith(_OURS):
            return True
        if not _is_library(module, frame.f_code.co_filename):
            return False
        frame = frame.f_back
    return False


def _is_step(frame: FrameType) -> bool:
    """Return whether a loop makes a call here: what called the loop is not what runs in it."""
    return frame.f_code.co_name == "_run" and frame.f_globals.get("__name__") == "asyncio.events"


def _is_library(module: str, filename: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names or not _INSTALLED.isdisjoint(Path(filename).parts)
