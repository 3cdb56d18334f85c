"""What systems tell of memory, one function for each: what the machine has, and what a process holds."""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Any, Final

_QUERY: Final = 0x1000 | 0x0010
"""PROCESS_QUERY_LIMITED_INFORMATION and PROCESS_VM_READ."""
_STILL_ACTIVE: Final = 259


class _MachineStatus(ctypes.Structure):
    """Windows' MEMORYSTATUSEX."""

    _fields_ = (
        ("size", ctypes.c_uint32),
        ("load", ctypes.c_uint32),
        ("physical", ctypes.c_uint64),
        ("others", ctypes.c_uint64 * 6),
    )


class _ProcessStatus(ctypes.Structure):
    """Windows' PROCESS_MEMORY_COUNTERS_EX."""

    _fields_ = (
        ("size", ctypes.c_uint32),
        ("faults", ctypes.c_uint32),
        ("others", ctypes.c_size_t * 6),
        ("committed", ctypes.c_size_t),
        ("most_committed", ctypes.c_size_t),
        ("private", ctypes.c_size_t),
    )


def machine_memory(system: str = sys.platform) -> int | None:
    """Return the bytes of memory that the machine has; None where nothing tells."""
    if system == "win32":
        status = _MachineStatus(size=ctypes.sizeof(_MachineStatus))
        return int(status.physical) if kernel().GlobalMemoryStatusEx(ctypes.pointer(status)) else None
    if system == "darwin":
        return _of_sysctl()
    if hasattr(os, "sysconf") and {"SC_PAGE_SIZE", "SC_PHYS_PAGES"} <= set(os.sysconf_names):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return None


def held_on_windows(pid: int) -> int | None:
    """Return the bytes that a process has for itself, whether they are in memory or not; None if it has ended."""
    system = kernel()
    system.OpenProcess.restype = ctypes.c_void_p
    opened = system.OpenProcess(_QUERY, 0, pid)
    if not opened:
        return None
    handle = ctypes.c_void_p(opened)
    try:
        code, status = ctypes.c_uint32(), _ProcessStatus(size=ctypes.sizeof(_ProcessStatus))
        known = system.GetExitCodeProcess(handle, ctypes.pointer(code)) and code.value == _STILL_ACTIVE
        told = known and system.K32GetProcessMemoryInfo(handle, ctypes.pointer(status), ctypes.sizeof(status))
        return max(status.committed, status.private) if told else None  # the same; old systems tell one of them
    finally:
        system.CloseHandle(handle)


def kernel() -> Any:
    """Return the library of the system: kernel32 on Windows, that of C elsewhere."""
    return ctypes.CDLL("kernel32" if sys.platform == "win32" else None)


def _of_sysctl() -> int | None:
    """Return what macOS says: its sysconf has not always known of memory."""
    found, size = ctypes.c_uint64(), ctypes.c_size_t(ctypes.sizeof(ctypes.c_uint64))
    failed = kernel().sysctlbyname(b"hw.memsize", ctypes.pointer(found), ctypes.pointer(size), None, ctypes.c_size_t(0))
    return None if failed else int(found.value)
