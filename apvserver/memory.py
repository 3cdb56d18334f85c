"""Amounts of memory: read and told, what the machine has, and why a process ended that had too little."""

from __future__ import annotations

import functools
import importlib
import math
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from async_paraview.records import dataclass

from .system_memory import machine_memory

OUT_OF_MEMORY: Final = 71
"""The exit code of a worker that could not get the memory that VTK wanted; nothing else of ours ends with it."""
OTHER_EXCEPTION: Final = 72
"""That of one in which C++ has thrown something else, which nothing caught."""
NEARLY: Final = 0.9
"""Of its bound: a process that held as much before it crashed has probably ended for want of memory."""

_UNITS: Final = {"": 1, **{f"{prefix}B": 1000**power for power, prefix in enumerate("kMGT", 1)}} | {
    f"{prefix}iB": 1024**power for power, prefix in enumerate("KMGT", 1)
}
_SIZE: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?([A-Za-z]*)")
_CGROUP_LIMITS: Final = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
LEAST_BYTES: Final = 64 * 1024**2
"""No bound may be smaller: a worker without data would not fit."""


def read_size(text: str) -> int:
    """Return the bytes that a text such as "8GB" or "512MiB" means. Raises ValueError, which says what is allowed."""
    found = _SIZE.fullmatch(text.strip())
    units = {unit.casefold(): size for unit, size in _UNITS.items()}
    if found is None or found[2].casefold() not in units:
        raise ValueError("a size is a number with a unit, such as 8GB (10**9 bytes each) or 512MiB (2**20)")
    bytes_ = int(float(found[1]) * units[found[2].casefold()])
    if bytes_ < LEAST_BYTES:
        raise ValueError(f"less than {size_text(LEAST_BYTES)} is not enough to work with")
    return bytes_


def size_text(bytes_: float) -> str:
    """Return a size as one reads it: in the unit in which it is a whole number, else in decimal ones."""
    for unit, size in reversed(_UNITS.items()):
        if unit.endswith("iB") and bytes_ >= size and bytes_ % size == 0 and bytes_ % 1000:
            return f"{int(bytes_ // size)} {unit}"
    for unit, size in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6)):
        if bytes_ >= size:
            return f"{bytes_ / size:.3g} {unit}" if bytes_ < 1000 * size else f"{bytes_ / size:.0f} {unit}"
    return f"{bytes_ / 1000:.3g} kB"


@functools.cache
def machine_bytes() -> float:
    """Return the memory of this machine, or that which its control group may use; infinite where nothing tells.

    Looked at once: a process that is confined cannot any more.
    """
    found = [math.inf if (known := machine_memory()) is None else known]
    if hasattr(os, "sysconf"):
        resource = importlib.import_module("resource")  # not on Windows
        found += [limit for limit in resource.getrlimit(resource.RLIMIT_AS)[:1] if limit >= 0]
    return float(min([*found, *_cgroup_limits()]))


def _cgroup_limits() -> Iterator[int]:
    for path in _CGROUP_LIMITS:
        try:
            text = Path(path).read_text(encoding="utf-8").strip()
        except OSError:
            continue  # the other version of control groups, or none
        if text.isdecimal():
            yield int(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryFacts:
    """What whoever started a process knows of its memory when it has ended."""

    bound: int | None = None
    """Bytes that it was allowed."""
    taken: int = 0
    """Bytes of data that it had when it was looked at last."""
    ended_for: str = ""
    """Why it was ended for its memory by who started it, if it was."""
    kernel_kills: int = 0
    """How many processes the kernel has ended for want of memory while it ran."""


def memory_reason(code: int | None, facts: MemoryFacts) -> str | None:
    """Return how a process ended, if it was for want of memory: words that follow "the worker process"; else None."""
    if facts.ended_for:
        return f"was ended: {facts.ended_for}"
    if code == OUT_OF_MEMORY:
        allowed = "the memory that there is" if facts.bound is None else f"the {_allowed(facts.bound)}"
        return f"ran out of {allowed}"
    if code is None or code >= 0:
        return None
    if -code == getattr(signal, "SIGKILL", 0) and facts.kernel_kills:
        return "was ended by SIGKILL, probably by the system, which has ended processes because it had no memory left"
    crashed = -code in (signal.SIGSEGV, signal.SIGABRT, getattr(signal, "SIGBUS", 0))
    if crashed and facts.bound is not None and facts.taken >= NEARLY * facts.bound:
        name = signal.Signals(-code).name
        return f"was ended by {name}, probably because it ran out of the {_allowed(facts.bound)}"
    return None


def _allowed(bound: int) -> str:
    return f"{size_text(bound)} of memory that each session may use (--max-memory)"


def kernel_kills() -> int:
    """Return how many processes of this machine the kernel has ended for want of memory; 0 where it does not tell."""
    try:
        text = Path("/proc/vmstat").read_text(encoding="utf-8")
    except OSError:
        return 0  # not Linux
    found = re.search(r"^oom_kill ([0-9]+)$", text, re.MULTILINE)
    return int(found[1]) if found else 0
