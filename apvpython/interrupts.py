"""Ctrl-C in an asyncio program: it cancels what is awaited, so that the filter on the server is interrupted too."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Final

INTERRUPTED: Final = 130
"""Exit code after Ctrl-C, as shells have it."""

_OURS: Final = tuple(
    str(Path(__file__).resolve().parents[1] / name) for name in ("services_", "servermanager", "apvserver")
)


@contextmanager
def cancelling_on_interrupt(loop: asyncio.AbstractEventLoop, main: asyncio.Task[Any]) -> Iterator[None]:
    """Have Ctrl-C cancel `main` while the block runs `loop`; leaving the block raises KeyboardInterrupt.

    A script that computes instead of awaiting gets KeyboardInterrupt at once, as in plain Python; so does one that
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
    """Return whether code of this project runs, which must not be torn out of what it is about."""
    return frame is not None and frame.f_code.co_filename.startswith(_OURS)
