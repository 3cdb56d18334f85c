"""How a worker, and what forks workers, ends: in good order, but without taking apart all that it has imported."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from contextlib import suppress
from typing import NoReturn


def leave(code: int) -> NoReturn:
    """End this process after its threads, the functions of `atexit` and what is to be printed, as Python does.

    Then Python would free every module, class and function. A fork shares these with the process that it is of, and
    would have to copy each page first: that takes longer than to begin the worker.
    """
    threading._shutdown()  # type: ignore[attr-defined]  # threads that are no daemons are waited for, executors told
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with suppress(OSError, ValueError):  # whoever reads it has gone, or it is closed
                stream.flush()
    os._exit(code)
