"""What an output holds over all of its times: bounds and ranges of arrays that fit every frame of an animation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Protocol

from async_paraview.information import ArrayInformation, DataInformation


class Updated(Protocol):
    """A source, as far as it matters here."""

    def update_pipeline(self, *, port: int, time: float | None = None) -> Awaitable[DataInformation]:
        """Have an output executed."""


async def temporal_information(
    source: Updated, *, port: int = 0, progress: Callable[[int, int], None] | None = None
) -> DataInformation:
    """Execute at each time that the output announces, and return the union: bounds, ranges, largest counts.

    `progress(done, total)` is called after each. Cancelling the task ends it after the execution under way, which is
    interrupted. Raises as update_pipeline does.
    """
    united = await source.update_pipeline(port=port)
    steps = united.time_steps
    for done, time in enumerate(steps, 1):
        united = unite(united, await source.update_pipeline(port=port, time=time))
        if progress is not None:
            progress(done, len(steps))
    return united


def unite(one: DataInformation, other: DataInformation) -> DataInformation:
    """Return what both hold: the bounds around both, of each array the range of both, of counts the larger."""
    named = {(array.association, array.name): array for array in other.arrays}
    kept = tuple(_united(array, named.pop((array.association, array.name), array)) for array in one.arrays)
    return replace(
        one,
        number_of_points=max(one.number_of_points, other.number_of_points),
        number_of_cells=max(one.number_of_cells, other.number_of_cells),
        number_of_rows=max(one.number_of_rows, other.number_of_rows),
        memory_kib=max(one.memory_kib, other.memory_kib),
        bounds=_around(one.bounds, other.bounds),
        arrays=(*kept, *named.values()),
    )


def _around(one: tuple[float, ...] | None, other: tuple[float, ...] | None) -> tuple[float, ...] | None:
    if one is None or other is None:
        return one or other
    return tuple((max if index % 2 else min)(pair) for index, pair in enumerate(zip(one, other, strict=True)))


def _united(one: ArrayInformation, other: ArrayInformation) -> ArrayInformation:
    ranges = one.ranges
    if len(one.ranges) == len(other.ranges):
        ranges = tuple(_wider(a, b) for a, b in zip(one.ranges, other.ranges, strict=True))
    return replace(one, ranges=ranges, magnitude_range=_wider(one.magnitude_range, other.magnitude_range))


def _wider(one: tuple[float, float] | None, other: tuple[float, float] | None) -> tuple[float, float] | None:
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), max(one[1], other[1])
