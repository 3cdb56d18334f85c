"""Which process a number meant when it was written down: systems give numbers of processes that ended to others."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

_STILL_ACTIVE: Final = 259
_LOOK: Final = 0x1000  # PROCESS_QUERY_LIMITED_INFORMATION
_START: Final = 19
"""Of the fields of /proc/PID/stat after the name: when the process began, in ticks since the system did."""


def is_same_process(pid: int, birth: str | None) -> bool:
    """Return whether the process runs that had this number and this `birth`; None: whichever has the number."""
    if not _is_alive(pid):
        return False
    now = birth_of(pid)
    return birth is None or now is None or birth == now


if sys.platform == "win32":

    def birth_of(pid: int) -> str | None:
        """Return a text that tells a process from all others that have its number, before or after; None: not known."""
        import ctypes
        from ctypes import wintypes

        times = [wintypes.FILETIME() for _ in range(4)]
        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(_LOOK, False, pid)
        if not handle:
            return None
        known = kernel.GetProcessTimes(handle, *map(ctypes.byref, times))
        kernel.CloseHandle(handle)
        return f"{times[0].dwHighDateTime << 32 | times[0].dwLowDateTime}" if known else None

    def _is_alive(pid: int) -> bool:
        """Return whether there is such a process; os.kill, which tells elsewhere, would end it."""
        import ctypes

        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(_LOOK, False, pid)
        if not handle:
            return False
        code = ctypes.c_ulong()
        known = kernel.GetExitCodeProcess(handle, ctypes.byref(code))
        kernel.CloseHandle(handle)
        return not known or code.value == _STILL_ACTIVE

else:

    def birth_of(pid: int) -> str | None:
        """Return a text that tells a process from all others that have its number, before or after; None: not known.

        It is not a time of day: clocks are set while processes run. Known where there is a /proc as Linux has it.
        """
        try:
            boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
            fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
            return f"{boot}/{int(fields[_START])}"
        except (OSError, ValueError, IndexError):
            return None

    def _is_alive(pid: int) -> bool:
        """Return whether there is such a process, whosever it is."""
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True
