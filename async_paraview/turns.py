"""One writer at a time in a directory: programs that replace several files there wait for each other.

A lock of the directory itself, which goes with the process that has it, however that ends; where directories cannot be
locked (Windows, some file systems of networks, a directory that this user may not look into) there is none.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

if sys.platform != "win32":
    import fcntl

WAIT_S: Final = 30.0
"""A turn is a few renames: who has it for so long is stopped, or its disk is."""
_LOOK_AGAIN_S: Final = 0.005


@contextmanager
def turn(directory: Path) -> Iterator[None]:
    """Have a directory for oneself. Blocks. Raises TimeoutError, which is an OSError, if another keeps it."""
    handle = _locked(directory, time.monotonic() + WAIT_S)
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _locked(directory: Path, deadline: float) -> int | None:
    if sys.platform == "win32":
        return None
    try:
        handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    except PermissionError:
        return None
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return handle
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(handle)
                why = "another program has been about to replace files there for too long; end it, or try again"
                raise TimeoutError(errno.ETIMEDOUT, why, str(directory)) from None
            time.sleep(_LOOK_AGAIN_S)  # there is no lock with a deadline
        except OSError:
            os.close(handle)
            return None
