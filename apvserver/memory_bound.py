"""Bounds the memory of this process by means of the system. From the standard library alone: workers begin with it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from pathlib import Path
from typing import Any, Final

from .memory import OTHER_EXCEPTION, OUT_OF_MEMORY

BESIDE_DATA_BYTES: Final = 256 * 1024**2
"""What a worker takes before it has any data: Python, VTK, OpenGL."""
STACK_BYTES: Final = 8 * 1024**2
"""Of each thread: stacks count as data as soon as they are reserved."""
THREADS: Final = 24
"""Beside those of VTK's filters and of OpenGL without a GPU, which has one for each core."""
OFFER: Final = 500
"""What is added to the score by which the kernel chooses whom to end when there is no memory: before the server."""


def bound_memory(bound: int | None, vtk_threads: int | None) -> None:
    """Bound the data of this process to `bound` bytes, beside what it takes without any; None: to none.

    VTK ends the process when it gets no memory, and Python does not learn of it: from now on it does so with
    the exit code OUT_OF_MEMORY. Where the kernel runs out of memory, it is to end this process before the server.
    On other systems than Linux nothing is bounded.
    """
    if not sys.platform.startswith("linux"):
        return
    with contextlib.suppress(OSError):  # not allowed in some containers: then all processes are alike to the kernel
        Path("/proc/self/oom_score_adj").write_text(str(OFFER), encoding="utf-8")
    _tell_exceptions()
    if bound is not None:
        import resource

        cores = os.cpu_count() or 1
        threads = THREADS + (vtk_threads or cores) + cores
        limit = bound + BESIDE_DATA_BYTES + threads * STACK_BYTES
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        most = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _tell_exceptions() -> None:
    """Have an exception of C++ that nobody catches end the process with a code that tells which it was."""
    global _thrown
    try:
        library = ctypes.CDLL("libstdc++.so.6")
        _thrown = library["__cxa_current_exception_type"]
        set_terminate = library["_ZSt13set_terminatePFvvE"]  # std::set_terminate(void (*)())
    except (OSError, AttributeError):
        return  # a system with another library of C++: the process then ends with SIGABRT, as without all this
    _thrown.restype = set_terminate.restype = ctypes.c_void_p
    set_terminate(_AT_END)


_thrown: Any = None


def _end() -> None:
    kind = _thrown()
    # std::type_info: a pointer to its table of functions, then one to the name.
    name = ctypes.string_at(ctypes.cast(kind, ctypes.POINTER(ctypes.c_void_p))[1]) if kind else b"nothing"
    os.write(2, b"worker: ended by C++, which has thrown " + name + b"\n")
    os._exit(OUT_OF_MEMORY if b"bad_alloc" in name else OTHER_EXCEPTION)


_AT_END: Final = ctypes.CFUNCTYPE(None)(_end)
"""For C++, which keeps it for as long as the process lives."""
