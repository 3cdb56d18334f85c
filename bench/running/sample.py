"""What one repetition measured, and how repetitions become a median, a tail and a spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final, NamedTuple

PER_SECOND: Final = {"s": 1.0, "ms": 1e3, "us": 1e6}
"""How many of a unit make a second."""


class Timings(NamedTuple):
    """Times of single operations in seconds, and how long all of them together took."""

    each_s: list[float]
    elapsed_s: float


@dataclass
class Sample:
    """One repetition: the value in the scenario's unit, times of single operations, and further numbers by name."""

    value: float
    each_s: list[float] = field(default_factory=list)
    extra: dict[str, float] = field(default_factory=dict)


class Summary(NamedTuple):
    """All repetitions of one thing: median, fastest and slowest repetition; the 99th percentile of all operations."""

    median: float
    low: float
    high: float
    p99: float | None
    operations: int
    values: list[float]
    extra: dict[str, float]


def summarize(samples: Sequence[Sample], tail_unit: str) -> Summary:
    """Return the summary of at least one repetition; the tail is over the operations of all of them."""
    values = [sample.value for sample in samples]
    each_s = sorted(time_s for sample in samples for time_s in sample.each_s)
    p99 = percentile(each_s, 99) * PER_SECOND[tail_unit] if each_s else None
    names = {name for sample in samples for name in sample.extra}
    extra = {name: median([s.extra[name] for s in samples if name in s.extra]) for name in sorted(names)}
    return Summary(median(values), min(values), max(values), p99, len(each_s), values, extra)


def percentile(ordered: Sequence[float], percent: float) -> float:
    """Return the smallest of the ordered values that at least so many per cent do not exceed."""
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(0, int(rank) - 1)]


def latency(timings: Timings, unit: str = "us") -> Sample:
    """Return a repetition whose value is the median time of an operation."""
    return Sample(median(timings.each_s) * PER_SECOND[unit], timings.each_s)


def rate(timings: Timings) -> Sample:
    """Return a repetition whose value is operations per second."""
    return Sample(len(timings.each_s) / timings.elapsed_s, timings.each_s)


def throughput(timings: Timings, size_bytes: int) -> Sample:
    """Return a repetition whose value is GB/s (10^9 bytes), of the median operation."""
    return Sample(size_bytes / median(timings.each_s) / 1e9, timings.each_s)
