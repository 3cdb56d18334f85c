"""Which files, and which times in them, make the steps of a series: decided from names and numbers alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from async_paraview.records import dataclass

from ..base.errors import VtkError


@dataclass(frozen=True)
class Piece:
    """A file at one time.

    `part` is the name of the block that it becomes, "" if it has none; `inner` the time in the file that is meant, None
    where the file has none of its own.
    """

    file: str
    part: str = ""
    inner: float | None = None


Steps = dict[float, list[Piece]]
"""By time, in order; pieces of the same time are parts of one data set."""
OwnTimes = Mapping[str, tuple[float, ...]]
"""The times that files have in themselves, by file."""


def planned(files: Sequence[str], times: Sequence[float], parts: Sequence[str], own: OwnTimes) -> Steps:
    """Return the steps of a series. Without times those in the files count, and else they are numbered from 0.

    Where the times in files overlap, as those of a run that was started again do, each file counts up to where the
    next one begins. Raises `VtkError` if the numbers do not fit, or a time is none.
    """
    if not files:
        raise VtkError("FileNames is empty: it names the files of the series")
    for name, values in (("TimeValues", times), ("PartNames", parts)):
        if values and len(values) != len(files):
            raise VtkError(f"{name} has {len(values)} values for {len(files)} files: one for each, or none")
    for place, time in enumerate(times):
        if not math.isfinite(time):
            raise VtkError(f"TimeValues[{place}] is {time}, of {files[place]}: a time is a finite number")
    if not times and own_times_count(files, own):
        return dict(sorted(_continued(files, own).items()))
    steps: Steps = {}
    taken: dict[float, dict[str, int]] = {}
    labels = parts or [""] * len(files)
    for time, file, part in zip(times or map(float, range(len(files))), files, labels, strict=True):
        name = _unlike(part, taken.setdefault(time, {}))
        steps.setdefault(time, []).append(Piece(file, name, _nearest(time, own.get(file, ()))))
    return dict(sorted(steps.items()))


def own_times_count(files: Sequence[str], own: OwnTimes) -> bool:
    """Return whether the times in the files tell their order: each has some, and they are not all the same."""
    return bool(own) and all(own.get(file) for file in files) and (len(files) == 1 or len({*own.values()}) > 1)


def _continued(files: Sequence[str], own: OwnTimes) -> Steps:
    steps: Steps = {}
    ordered = sorted(files, key=lambda file: min(own[file]))  # stable: of the same beginning the last one counts
    ends = [*(min(own[file]) for file in ordered[1:]), math.inf]
    for file, end in zip(ordered, ends, strict=True):
        steps |= {time: [Piece(file, "", time)] for time in own[file] if time < end}
    return steps


def blocks_of(steps: Steps) -> list[str]:
    """Return the names of the blocks that a series has at all of its times, in order; empty for one data set."""
    named = list(dict.fromkeys(piece.part for pieces in steps.values() for piece in pieces if piece.part))
    most = max(len(pieces) for pieces in steps.values())
    if len(named) > 1 or (named and most > 1):
        return named
    return [""] * most if most > 1 else []


def _unlike(part: str, taken: dict[str, int]) -> str:
    """Return a name of a part that no other piece of the same time has; `taken` has those, and where to count on."""
    if not part:
        return part
    number = taken.get(part, 0) + 1
    while (name := part if number == 1 else f"{part} ({number})") in taken:
        number += 1
    taken[part] = number
    taken.setdefault(name, 1)
    return name


def _nearest(time: float, own: tuple[float, ...]) -> float | None:
    """Return which time is meant, of a file with several times that stands for a single time."""
    return min(own, key=lambda one: abs(one - time)) if len(own) > 1 else None
