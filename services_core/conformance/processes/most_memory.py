"""The most memory that this process has had, as the system tells it."""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from ...limits import KiB

_STATUS: Final = Path("/proc/self/status")


def most_memory_bytes() -> int:
    """Return the most memory that this program has had, in bytes; 0 where the system does not tell.

    What Linux says of a process's resources counts what the program had from which it was started: in the child of a
    large process nothing would seem to grow. The mark in its status begins anew with each program.
    """
    with suppress(OSError):
        if mark := re.search(r"^VmHWM:\s+(\d+) kB$", _STATUS.read_text(encoding="ascii"), re.MULTILINE):
            return int(mark[1]) * KiB
    if sys.platform == "win32":
        return 0
    import resource  # not on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else KiB)
