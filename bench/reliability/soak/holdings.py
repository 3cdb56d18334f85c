"""What a process holds of the machine: memory, descriptors, threads. Linux only."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

from apvserver.heap import give_back

MB: Final = 1e6
STILL_S: Final = 1.6
"""Nothing changes for so long where all is at rest: a spare begins a second after one was taken."""
SETTLES_S: Final = 75.0
"""Longer than a server keeps a session whose client has left without a goodbye."""
SLACK_BYTES: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Holdings:
    """What one process holds. Its memory is its share of all pages, its own of those that no file is behind.

    A page that several processes have in common counts for each of them in part. Pages of files are the system's to
    drop, and shared with programs that are none of ours: they are told, and left out of `own_bytes`.
    """

    memory_bytes: int
    own_bytes: int
    descriptors: int
    threads: int


def holdings(process: psutil.Process) -> Holdings:
    """Return what a process holds now. Raises psutil.NoSuchProcess, or OSError, if it has ended."""
    lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    kilobytes = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
    own = kilobytes["Pss_Anon"] + kilobytes["Pss_Shmem"] + kilobytes["SwapPss"]
    return Holdings(kilobytes["Pss"] * 1024, own * 1024, process.num_fds(), process.num_threads())


async def at_rest(
    named: Callable[[], Mapping[str, psutil.Process]], before: Mapping[str, Holdings] | None = None
) -> dict[str, Holdings]:
    """Return what processes hold, by name, when that has stayed the same for a while: what is given back soon is.

    Where it is more than `before` that may be something on its way to its end, and is waited for: up to SETTLES_S.
    This process, of a client, first gives back what waits for Python's collector, and what its C library has kept for
    later, as servers do by themselves.
    """
    gc.collect()
    give_back()
    until = time.monotonic() + SETTLES_S
    last, since = _look(named), time.monotonic()
    while (now := time.monotonic()) < until and (now < since + STILL_S or _is_more(last, before)):
        await asyncio.sleep(0.2)
        seen = _look(named)
        if not _alike(last, seen):
            last, since = seen, now
    return last


def _is_more(held: Mapping[str, Holdings], before: Mapping[str, Holdings] | None) -> bool:
    """Return whether there are more processes, threads or descriptors than there were."""
    if before is None:
        return False
    then = {name: (one.descriptors, one.threads) for name, one in before.items()}
    return any(
        name not in then or one.descriptors > then[name][0] or one.threads > then[name][1] for name, one in held.items()
    )


def _look(named: Callable[[], Mapping[str, psutil.Process]]) -> dict[str, Holdings]:
    try:
        return {name: holdings(process) for name, process in named().items()}
    except (psutil.Error, OSError):
        return {}  # one of them has ended just now, and so nothing is at rest


def _alike(one: Mapping[str, Holdings], other: Mapping[str, Holdings]) -> bool:
    """Return whether nothing was given back or taken between two looks that is worth a further one."""
    return (
        bool(one)
        and one.keys() == other.keys()
        and all(
            (held.descriptors, held.threads) == (other[name].descriptors, other[name].threads)
            and abs(held.own_bytes - other[name].own_bytes) <= SLACK_BYTES
            for name, held in one.items()
        )
    )
