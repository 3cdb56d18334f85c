"""The quickstart from the start of its process to the end, beside a script for VTK that does the same work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ..reliability.figures import Figure, Measurement, at_most
from .children import Ended, folder, run

TRIALS: Final = 5
QUICK_TRIALS: Final = 1
_HERE: Final = str(Path(__file__).with_name("programs") / "quickstart_here.py")


def quickstart(quick: bool) -> Iterator[Figure]:
    """Run both in turn; the least time and memory of each counts."""
    from servermanager import examples

    frog, ours, theirs = str(examples.frog()), [], []
    count = QUICK_TRIALS if quick else TRIALS
    with folder() as name:
        for _ in range(count):
            picture = str(Path(name, "frog.png"))
            theirs.append(run(["-m", "bench.scale.programs.quickstart_by_vtk", frog, picture]))
            ours.append(run(["-m", "apvpython", _HERE, frog, picture], APV_COMMUNICATION_BACKEND="inproc"))
    if ours[-1].said != theirs[-1].said:
        raise ValueError(f"they do not do the same: {ours[-1].said} here, {theirs[-1].said} by VTK")
    (seconds, bytes_), (vtk_seconds, vtk_bytes) = _least(ours), _least(theirs)
    yield Figure("time, script for VTK", vtk_seconds, "s", count)
    yield Figure("time beside that", seconds / vtk_seconds, "x", count, at_most(0.75), f"{seconds:.2f} s")
    yield Figure("peak memory, script for VTK", vtk_bytes / 1e6, "MB", count)
    yield Figure("peak memory beside that", bytes_ / vtk_bytes, "x", count, at_most(0.75), f"{bytes_ / 1e6:.0f} MB")


def _least(ended: list[Ended]) -> tuple[float, int]:
    return min(one.seconds for one in ended), min(one.peak_bytes for one in ended)


MEASUREMENTS: Final = (
    Measurement(
        "quickstart/whole process",
        "examples/quickstart.py by apvpython, built in, and the same work by a script for VTK, from start to end",
        quickstart,
    ),
)
