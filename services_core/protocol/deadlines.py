"""When requests expire: in order of time, and let go once they were answered. No I/O, no clock."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Set
from typing import Final

from ..errors import PacketError

_LONGEST_S: Final = 1e9
_FEW: Final = 32
"""So many deadlines of requests that were answered may stay, whatever else is kept."""


class Deadlines:
    """The deadlines of one client's requests; those that are not in `open_ids` any more count no longer."""

    def __init__(self, open_ids: Set[int]) -> None:
        self._open_ids = open_ids
        self._heap: list[tuple[float, int, float]] = []
        self.any = False
        """Whether one may expire. To be read; it is looked at all the time."""

    def __len__(self) -> int:
        return len(self._heap)

    def add(self, when: float, id_: int, deadline_s: float) -> None:
        """Note that a request expires at `when`, `deadline_s` after it was sent."""
        heapq.heappush(self._heap, (when, id_, deadline_s))
        self.any = True
        if len(self._heap) > 2 * len(self._open_ids) + _FEW:
            self._heap = [one for one in self._heap if one[1] in self._open_ids]
            heapq.heapify(self._heap)

    def next(self) -> float | None:
        """Return when the next request expires; None if there is none."""
        while self._heap and self._heap[0][1] not in self._open_ids:
            heapq.heappop(self._heap)
        self.any = bool(self._heap)
        return self._heap[0][0] if self._heap else None

    def expired(self, now: float) -> Iterator[tuple[int, float]]:
        """Yield the id and the `deadline_s` of each request that has expired, once."""
        while self._heap and self._heap[0][0] <= now:
            _, id_, deadline_s = heapq.heappop(self._heap)
            self.any = bool(self._heap)
            if id_ in self._open_ids:
                yield id_, deadline_s

    def clear(self) -> None:
        """Forget all."""
        self._heap.clear()
        self.any = False


def milliseconds(deadline_s: float) -> int:
    """Return a deadline of so many seconds as it travels, in ms: from 1 to 32 years. Raises PacketError for NaN."""
    if deadline_s != deadline_s:
        raise PacketError("a deadline is a number of seconds from now, got NaN; leave it out if there is none")
    return round(max(1e-3, min(deadline_s, _LONGEST_S)) * 1000)
