"""What all ranks work out together of their pieces: each tells its part, and takes those of all."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import numpy as np

from ...base.errors import VtkError
from ...base.ranks import Ranks
from ...base.vtk_messages import capture
from ...geometry.charts.bins import Bins
from ...geometry.charts.counting import CountedPieces
from ..pieces.runs import Sums
from .describing import points_of_ranks_before
from .regions import Regions
from .work import PieceWork

Order = Mapping[str, Any]

_FOR_ALL: Final = frozenset({"points"})
"""Jobs of whose last pass all ranks need what it gives, not the first alone."""


class Job(Protocol):
    """A rank's share of what is worked out together.

    Where the order tells no number of passes, it says by `is_last` that the next one is: on all ranks alike.
    """

    def part(self, number: int) -> Any:
        """Return what this rank adds in that pass, as plain data. Raises VtkError."""

    def take(self, parts: Sequence[Any], number: int) -> None:
        """Take what all ranks have added in that pass, in their order. Raises VtkError."""


@dataclass
class Outcome:
    """How it ended: on all ranks alike, but that `error` is what this one raised."""

    job: Any = None
    stopped: bool = False
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    error: Exception | None = None


def work_together(ranks: Ranks, make: Callable[[], Job], order: Order, stopped: Callable[[], bool]) -> Outcome:
    """Have a job done by all ranks, which call this at the same time with the same order: see `job_of`.

    What goes wrong on one, or an interruption of one, ends it for all of them.
    """
    found = Outcome()
    for number in itertools.count():
        part = None
        with capture() as captured:
            try:
                if found.error is None:
                    found.job = make() if found.job is None else found.job
                    part = found.job.part(number)
            except Exception as error:  # whatever it is: the others wait for this rank
                found.error = error
        texts = captured.errors if found.error is None else [_text(found.error)]
        warnings = [one.text for one in captured.reports if one.severity == "warning"]
        told = ranks.gather(
            {"part": part, "problem": "; ".join(texts) or None, "stopped": stopped(), "warnings": warnings}
        )
        is_last = _is_last(found.job, order, number)
        for_all = not is_last or order["what"] in _FOR_ALL
        verdict = ranks.broadcast(_verdict(told, for_all=for_all) if told else None)
        found.stopped, found.problems = verdict["stopped"], verdict["problems"]
        found.warnings += [one for one in verdict["warnings"] if one not in found.warnings]
        if found.stopped or found.problems:
            return found
        parts = [one["part"] for one in told] if told else verdict["parts"]
        if parts:
            try:
                found.job.take(parts, number)
            except Exception as error:  # told in the next pass, as all ranks expect one
                found.error = error
        if is_last:
            break
    if found.error is not None:
        found.problems = [_text(found.error)]
    return found


def _is_last(job: Any, order: Order, number: int) -> bool:
    """Return whether that pass is the last one; of a job that could not be made that matters to nobody."""
    passes = order["passes"]
    return getattr(job, "is_last", False) if passes is None else number == passes - 1


def _text(error: Exception) -> str:
    return str(error) if isinstance(error, VtkError) else f"{type(error).__name__}: {error}"


def _verdict(told: Sequence[Mapping[str, Any]], *, for_all: bool) -> dict[str, Any]:
    wrong = [(rank, one["problem"]) for rank, one in enumerate(told) if one["problem"] is not None]
    texts = {text: rank for rank, text in reversed(wrong)}  # what is wrong on all is told once
    return {
        "stopped": any(one["stopped"] for one in told),
        "problems": [text if not rank else f"rank {rank} of {len(told)}: {text}" for text, rank in texts.items()],
        "warnings": [text for one in told for text in one["warnings"]],
        "parts": [one["part"] for one in told] if for_all else [],
    }


# --- jobs


class AddedUp:
    """Numbers of pieces, added up. A piece without anything in it adds nothing, and need not have the arrays."""

    def __init__(self, sums: Sums, data: Any) -> None:
        self.sums = sums
        self._data = data

    def part(self, number: int) -> Any:
        """Add this rank's piece. Raises VtkError."""
        if not self._data.GetNumberOfPoints():
            return None
        self.sums.add(self._data, number)
        return self.sums.part(number)

    def take(self, parts: Sequence[Any], number: int) -> None:
        """Take the sums of all ranks. Raises VtkError, as for the whole if that is empty."""
        filled = [one for one in parts if one is not None]
        if filled:
            self.sums.take(filled, number)
        else:
            self.sums.add(self._data, number)


class PointsOnce:
    """Finds out which points of a rank's piece a rank before it has as well: they count there."""

    passes = 2

    def __init__(self, work: PieceWork, id_: int) -> None:
        self._work, self._id = work, id_
        self._boxes: list[Any] = []

    def part(self, number: int) -> Any:
        """Return the box around the piece; then the places of the points in boxes of others."""
        if number == 0:
            return self._work.box(self._id)
        return self._work.common_points(self._id, self._boxes)

    def take(self, parts: Sequence[Any], number: int) -> None:
        """Take the boxes of all; then the places of their points."""
        if number == 0:
            self._boxes = list(parts)
            return
        places = [np.frombuffer(one, np.float64).reshape(-1, 3) for one in parts]
        rank = self._work.ranks.rank
        numbers = self._work.points_near(self._id, self._boxes)
        self._work.mark_twice(self._id, numbers[points_of_ranks_before(places, rank)] if len(numbers) else numbers)


def job_of(work: PieceWork, order: Order) -> Job:
    """Return what a rank does of what an order says. Raises KeyError for what nobody knows."""
    kind, source = order["what"], order["source"]
    if kind == "points":
        return PointsOnce(work, source)
    if kind == "regions":
        return Regions(work, source, order)
    if kind == "count":
        own = order["own"]
        bins = Bins(order["bins"], own=None if own is None else (own[0], own[1]))
        counted = CountedPieces((order["association"], order["array"]), order["component"], bins)
        return AddedUp(counted, work.once(source) if order["association"] == "POINTS" else work.held(source).own())
    if kind == "sums":
        sums = work.pipeline.proxy(order["id"]).algorithms[0].of_pieces()
        return AddedUp(sums, work.once(source) if sums.points_once else work.held(source).own())
    raise KeyError(kind)
