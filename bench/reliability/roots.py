"""How many ways lead out of a data root: where the kernel holds it, by names alone, and where nothing does."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from apvserver.confinement import landlock_abi

from .figures import Absent, Figure, Measurement, Target, at_most


def measure(quick: bool) -> Iterator[Figure]:
    """Go all ways; yield how many have opened or changed a file outside. Raises Absent where that is not seen."""
    if not sys.platform.startswith("linux"):
        raise Absent("what is opened is seen by Linux's inotify")
    try:
        from .ways_out.going import go_all
    except ImportError as error:
        raise Absent(f"{error.name}: the ways are made with it") from error
    abi = landlock_abi()
    how: dict[str, tuple[bool, Target | None]] = {"names alone": (False, None), "nothing": (True, None)}
    if abi:
        how = {f"the kernel, Landlock {abi}": (False, at_most(0)), **how}
    for name, (free, target) in how.items():
        if quick and free:
            continue
        with tempfile.TemporaryDirectory() as base:
            went = go_all(Path(base) / "place", confine="auto" if target else "off", free=free)
        escaped = sum(bool(one.touched) for one in went.values())
        yield Figure(f"ways out, held by {name}", escaped, "ways", len(went), target)


MEASUREMENTS = (
    Measurement(
        "data roots",
        "Files and names that lead out of a data root, one after the other: how many files outside were opened.",
        measure,
    ),
)
