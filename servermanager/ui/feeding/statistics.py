"""How many pictures a consumer has, how large they are, and how soon they show what has happened."""

from __future__ import annotations

from collections import deque
from statistics import median
from typing import Final

from async_paraview.records import dataclass

from ...views.images import Image

WINDOW_S: Final = 5.0
"""Rates are those of so many seconds."""
MOST_LATENCIES: Final = 200
MOST_EVENTS: Final = 1000


@dataclass(frozen=True, slots=True)
class FeedStatistics:
    """How the pictures of a consumer are. Latencies are in seconds, from an event to the picture painted that shows it.

    They are None as long as there are none. Those of a server with another clock are good to the time of its way.
    """

    pictures: int
    """That were painted."""
    size_bytes: int
    """Of all that were shown."""
    frames_per_s: float
    bytes_per_s: float
    latency_s: float | None
    """The median."""
    latency_p90_s: float | None
    render_s: float | None
    """How long drawing the last one took on the server, and encoding it."""
    encode_s: float | None


class Meter:
    """Counts pictures, and finds for each event the first picture that shows it."""

    def __init__(self) -> None:
        self.count = 0
        """How many were shown."""
        self._painted = 0
        self._size_bytes = 0
        self._recent: deque[tuple[float, int]] = deque()
        self._latencies: deque[float] = deque(maxlen=MOST_LATENCIES)
        self._events: deque[tuple[float, float]] = deque(maxlen=MOST_EVENTS)
        """When something happened: by the monotonic clock, and in seconds since 1970."""
        self._shown: dict[int, tuple[int, list[float]]] = {}
        self._ahead_s = float("inf")
        """By how much the clock here is ahead of the server's, and the shortest way from there, together."""
        self._last: Image | None = None

    def noticed(self, now: float, wall: float) -> None:
        """Note that something happened that a picture will show."""
        self._events.append((now, wall))

    def shown(self, image: Image, now: float, wall: float) -> None:
        """Note that a picture is on its way to the consumer."""
        self.count += 1
        self._size_bytes += image.data.nbytes
        self._last = image
        self._ahead_s = min(self._ahead_s, wall - image.sent)
        begun = image.rendered - image.render_s
        seen: list[float] = []
        while self._events and self._events[0][1] - self._ahead_s <= begun:
            seen.append(self._events.popleft()[0])
        self._shown = {image.sequence: (image.data.nbytes, seen)}

    def painted(self, sequence: int, now: float) -> None:
        """Note that the consumer has painted a picture."""
        size_bytes, seen = self._shown.pop(sequence, (0, []))
        self._painted += 1
        self._recent.append((now, size_bytes))
        self._latencies.extend(now - began for began in seen)

    def statistics(self, now: float) -> FeedStatistics:
        """Return how they are."""
        while self._recent and now - self._recent[0][0] > WINDOW_S:
            self._recent.popleft()
        ordered, last = sorted(self._latencies), self._last
        return FeedStatistics(
            pictures=self._painted,
            size_bytes=self._size_bytes,
            frames_per_s=len(self._recent) / WINDOW_S,
            bytes_per_s=sum(size for _, size in self._recent) / WINDOW_S,
            latency_s=median(ordered) if ordered else None,
            latency_p90_s=ordered[int(0.9 * (len(ordered) - 1))] if ordered else None,
            render_s=None if last is None else last.render_s,
            encode_s=None if last is None else last.encode_s,
        )
