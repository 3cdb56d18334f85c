"""A rank's share of following lines: it follows those that it has, and hands over those that leave, pass by pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ..extents import slabs
from ..held import Slab
from .assembling import assembled, form_of
from .at_once import Stayed, followed_at_once
from .stepping import GOES_ON, NUMBERS, WIDTH, Line, NotANumber, Stepping, line_of
from .tracing import Tracing, starts
from .values import values_of

_FRACTION_OF_FOLLOWING: Final = 0.9
"""Of the work: the rest is what lines have at their points."""


class HandedOver:
    """All lines of one tracer, which ranks follow together until none is left; the first rank has them then.

    What was noted of lines stays where it is until the last pass. There are as many passes as the line has parts that
    was handed over most often, and one; a part is a step at least, so that MaximumSteps bounds them.
    """

    def __init__(
        self,
        image: Any,
        slab: Slab,
        rank: int,
        tracing: Tracing,
        seeds: npt.NDArray[np.float64],
        *,
        stopped: Callable[[], bool] = lambda: False,
        tell: Callable[[float], None] = lambda fraction: None,
    ) -> None:
        """Begin with the places of all seeds, which all ranks know; `tell` is told how far this one is, 0 to 1."""
        self._image, self._rank, self._ranks, self._tracing = image, rank, slab.ranks, tracing
        self._stopped, self._tell = stopped, tell
        self._seeds = seeds
        pieces = slabs(slab.whole, slab.ranks)
        assert pieces is not None  # or it had not been divided
        self._firsts = [one[2 * slab.axis] for one in pieces]
        self._stepping = Stepping(image, slab, tracing, stopped)
        self.noted = self._stepping.noted
        """The points of lines that this rank has come to."""
        self._slab = slab
        self._here: list[Line] = []
        self._stayed: list[Stayed] = []
        """Lines that were followed at once."""
        self._ends: list[tuple[int, int]] = []
        self._ended = 0
        """How many had ended on all ranks before this pass."""
        self._count = 0
        """How many there are, with those that begin outside of the image."""
        self.lines: Any = None
        """All of them, on the first rank, in the end."""
        self.is_last = False
        self.times = 0
        """How often lines were handed over."""
        self.is_undecided = False
        """Whether a line came to a place that is no number: what becomes of it only the whole can tell."""

    def part(self, number: int) -> Any:
        """Follow what is here; returns lines that go on elsewhere. In the last pass return what is noted of all."""
        if self.is_last:
            return self._last()
        leaving: list[tuple[float, ...]] = []
        to: list[int] = []
        ended = len(self._ends) if number else 0
        is_undecided = False
        try:
            if number == 0:
                self._begin()
            for line in self._here:
                if self._stopped():
                    break
                reason = self._stepping.follow(line)
                if reason != GOES_ON:
                    self._ends.append((line.number, reason))
                    self._tell(_FRACTION_OF_FOLLOWING * (self._ended + len(self._ends) - ended) / self._count)
                    continue
                line.part += 1
                leaving.append(line.told())
                to.append(self._owner(self._stepping.layer))
        except NotANumber:
            is_undecided = True
        return {
            "ended": len(self._ends) - ended,
            "undecided": is_undecided,
            "lines": np.array(leaving, np.float64).tobytes(),
            "to": np.array(to, np.int64).tobytes(),
        }

    def take(self, parts: Sequence[Any], number: int) -> None:
        """Take the lines that come here; in the last pass, on the first rank, put all together."""
        if self.is_last:
            self._assemble(parts)
            return
        self._ended += sum(one["ended"] for one in parts)
        self.is_undecided = any(one["undecided"] for one in parts)
        lines = [np.frombuffer(one["lines"], np.float64).reshape(-1, NUMBERS) for one in parts]
        to = [np.frombuffer(one["to"], np.int64) for one in parts]
        self._here = [line_of(row) for rows, ranks in zip(lines, to, strict=True) for row in rows[ranks == self._rank]]
        moved = sum(map(len, to))
        self.times += moved
        self.is_last = moved == 0 or self.is_undecided

    def _begin(self) -> None:
        places, directions = starts(self._seeds, self._tracing)
        self._count = len(places)
        for number, (place, direction) in enumerate(zip(places.tolist(), directions.tolist(), strict=True)):
            x, y, z = place
            line = Line(number, x, y, z, direction)
            if self._stepping.begin(line):
                self._here.append(line)
        for some in followed_at_once(self._image, self._slab, self._tracing, self._here, self._stopped):
            self._stayed.append(some)
            self._ends += zip(some.numbers.tolist(), some.reasons.tolist(), strict=True)
            self._tell(_FRACTION_OF_FOLLOWING * len(self._ends) / self._count)
        ended = {number for number, _ in self._ends}
        self._here = [line for line in self._here if line.number not in ended]

    def _owner(self, layer: int) -> int:
        return max(0, int(np.searchsorted(self._firsts, layer, side="right")) - 1)

    def _last(self) -> Any:
        if self.is_undecided:
            return None
        rows = np.frombuffer(self.noted.points, np.float64).reshape(-1, WIDTH)
        values = [one.values for one in self._stayed if len(one.numbers)]
        values.append(values_of(self._image, rows, self._tracing, self._stopped))
        return {
            "runs": self._runs().tobytes(),
            "ends": np.array(self._ends, np.int64).tobytes(),
            "values": {name: b"".join(one[name].tobytes() for one in values) for name in values[-1]},
        }

    def _runs(self) -> npt.NDArray[np.int64]:
        """Return which line each run of points is of, and which part of it, and how many points it has."""
        whole = [np.column_stack([one.numbers, np.zeros_like(one.numbers), one.counts]) for one in self._stayed]
        return np.concatenate([*whole, np.array(self.noted.runs, np.int64).reshape(-1, 3)])

    def _assemble(self, parts: Sequence[Any]) -> None:
        if self.is_undecided:
            return
        form = form_of(self._image, self._tracing)
        kinds = values_of(self._image, np.zeros((0, WIDTH)), self._tracing, lambda: False)
        told = [
            (
                np.frombuffer(one["runs"], np.int64),
                np.frombuffer(one["ends"], np.int64),
                {
                    name: np.frombuffer(one["values"][name], kind.dtype).reshape(-1, *kind.shape[1:])
                    for name, kind in kinds.items()
                },
            )
            for one in parts
        ]
        self.lines = assembled(form, self._tracing, len(self._seeds), told)
