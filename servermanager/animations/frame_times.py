"""The times of an animation, and which comes next: plain functions, with the results of ParaView's players."""

from __future__ import annotations

import bisect
from collections.abc import Sequence

from async_paraview.records import dataclass
from async_paraview.scene.animation import SNAP


@dataclass(frozen=True)
class Timing:
    """When an animation begins and ends, and which times it has between."""

    mode: str
    start: float
    end: float
    count: int
    """How many frames a Sequence has."""
    steps: tuple[float, ...]
    """The times of the data, growing."""
    stride: int = 1
    frames_per_step: int = 1

    @property
    def all(self) -> list[float]:
        """Return the times of its frames, without regard to the stride: those that a window of frames counts."""
        if self.mode == SNAP:
            return [one for one in self.steps if self.start <= one <= self.end] or [self.start]
        if self.count == 1 or self.start == self.end:
            return [self.start]
        span, last = self.end - self.start, self.count - 1
        return [self.start + span * number / last for number in range(last)] + [self.end]

    def played(self, now: float) -> list[float]:
        """Return the times that are gone through from now on; from the first one if it is at its end."""
        times = self.all
        first = now if self.start <= now < self.end else self.start
        if self.mode == SNAP:
            shown = [first, *(one for one in times if one > first)][:: self.stride]
            return [one for one in shown for _ in range(-(-self.frames_per_step // self.stride))]
        return times[self._number(first) :: self.stride]

    def passed(self, now: float, *, reverse: bool = False) -> float:
        """Return which part of it has been played at a time, 0 to 1; none of it at its end."""
        span = self.end - self.start
        part = (self.end - now if reverse else now - self.start) / span if span else 0.0
        return part if 0.0 <= part < 1.0 else 0.0

    def _number(self, now: float) -> int:
        """Return which frame of a Sequence is the nearest one."""
        if self.start == self.end:
            return 0
        return int((now - self.start) * (self.count - 1) / (self.end - self.start) + 0.5)

    def next_to(self, now: float) -> float:
        """Return the time that comes after another one."""
        if self.mode == SNAP:
            at = bisect.bisect_right(self.steps, now) + self.stride - 1
            found = self.steps[at] if at < len(self.steps) else now
        else:
            found = self._at(self._number(now) + self.stride)
            found = now if found > self.end else found
        return found if self.start <= found < self.end else self.end

    def before(self, now: float) -> float:
        """Return the time that comes before another one."""
        if self.mode == SNAP:
            at = bisect.bisect_left(self.steps, now) - self.stride
            found = self.steps[at] if at >= 0 else now
        else:
            found = self._at(self._number(now) - self.stride)
            found = now if found < self.start else found
        return found if self.start <= found < self.end else self.start

    def _at(self, number: int) -> float:
        return self.start + number * ((self.end - self.start) / max(1, self.count - 1))


def lower_bound(steps: Sequence[float], time: float) -> float:
    """Return the last of some times that is not after another one; the first one if all are."""
    return steps[max(0, bisect.bisect_right(steps, time) - 1)] if steps else time
