"""Patches of several ranks become one picture: at each pixel what is nearest, however many ranks there are."""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from apvserver.vtk.rendering.compositing.patches import (
    NOWHERE,
    Box,
    CompositingFailed,
    Memory,
    Patch,
    give_patch,
    lit_box,
    nearest,
    take_patches,
)

from ..harness.time_limits import scaled

WIDTH, HEIGHT = 23, 17


class Ranks:
    """A rank that is a thread; what it sends to another one waits in a queue of these two."""

    def __init__(self, rank: int, size: int, queues: dict[tuple[int, int], queue.Queue[bytes]]) -> None:
        self.rank, self.size, self._queues = rank, size, queues

    def broadcast(self, value: Any = None) -> Any:
        raise NotImplementedError

    def gather(self, value: Any) -> list[Any]:
        raise NotImplementedError

    def send(self, to: int, buffers: Sequence[memoryview]) -> None:
        for one in buffers:
            self._queues[self.rank, to].put(bytes(one))

    def receive(self, of: int, sizes: Sequence[int]) -> list[memoryview]:
        found = [self._queues[of, self.rank].get(timeout=scaled(60)) for _ in sizes]
        assert [len(one) for one in found] == list(sizes)
        return [memoryview(one) for one in found]

    def receive_into(self, of: int, memory: Sequence[Any]) -> None:
        for one, found in zip(memory, self.receive(of, [len(one) for one in memory]), strict=True):
            one[:] = found

    def swap(self, other: int, given: Sequence[memoryview], sizes: Sequence[int]) -> list[memoryview]:
        self.send(other, given)
        return self.receive(other, sizes)


def taken(given: Sequence[Patch | str], memory: dict[int, Memory] | None = None) -> Patch:
    """What rank 0 gets of what the ranks after it give."""
    size = len(given) + 1
    queues: dict[tuple[int, int], queue.Queue[bytes]] = {
        (one, other): queue.Queue() for one in range(size) for other in range(size)
    }
    threads = [
        threading.Thread(target=give_patch, args=[Ranks(rank, size, queues), one, HEIGHT], daemon=True)
        for rank, one in enumerate(given, 1)
    ]
    for one in threads:
        one.start()
    try:
        return take_patches(Ranks(0, size, queues), memory if memory is not None else {})
    finally:
        for one in threads:
            one.join(scaled(60))
        assert all(one.empty() for one in queues.values())


def random_patch(random: np.random.Generator) -> Patch:
    left, right = sorted(random.integers(0, WIDTH + 1, 2).tolist())
    bottom, top = sorted(random.integers(0, HEIGHT + 1, 2).tolist())
    box = Box(left, bottom, right, top)
    depths = random.random(box.shape).astype(np.float32)
    depths[random.random(box.shape) < 0.3] = 1.0
    return Patch(box, random.integers(0, 256, (*box.shape, 4)).astype(np.uint8), depths)


def spread(patch: Patch) -> tuple[Any, Any]:
    """Its colors and depths in the whole picture; what shows nothing is black."""
    whole = Patch.empty(Box(0, 0, WIDTH, HEIGHT))
    if patch.colors.size:
        place = patch.box.within(whole.box)
        whole.colors[place], whole.depths[place] = patch.colors, patch.depths
    whole.colors[whole.depths == 1.0] = 0
    return whole.colors, whole.depths


@pytest.mark.parametrize("others", range(1, 10))
def test_each_pixel_is_that_of_the_nearest_rank(others: int) -> None:
    random = np.random.default_rng(others)
    memory: dict[int, Memory] = {}
    for _ in range(5):
        given = [random_patch(random) for _ in range(others)]
        colors, depths = spread(taken(given, memory))
        all_colors, all_depths = map(np.array, zip(*map(spread, given), strict=True))
        np.testing.assert_array_equal(depths, all_depths.min(axis=0))
        expected = np.take_along_axis(all_colors, all_depths.argmin(axis=0)[None, ..., None], axis=0)[0]
        np.testing.assert_array_equal(colors, expected)


@pytest.mark.parametrize("others", [1, 2, 3, 4, 7])
def test_a_rank_that_cannot_draw_says_why_and_none_waits(others: int) -> None:
    random = np.random.default_rng(others)
    for wrong in range(others):
        given: list[Patch | str] = [random_patch(random) for _ in range(others)]
        given[wrong] = "rank 1 of 2: no window"
        with pytest.raises(CompositingFailed, match="rank 1 of 2: no window"):
            taken(given)


def test_of_equal_depths_the_later_is_seen() -> None:
    box = Box(0, 0, 1, 1)
    one, other = (Patch(box, np.full((1, 1, 4), value, np.uint8), np.full((1, 1), 0.5, np.float32)) for value in (1, 2))
    assert nearest(one, other).colors[0, 0, 0] == 2


def test_only_pixels_that_show_something_are_sent() -> None:
    box = Box(3, 5, 13, 12)
    depths = np.ones(box.shape, np.float32)
    assert lit_box(depths, box) == NOWHERE
    depths[2, 4] = 0.5
    assert lit_box(depths, box) == Box(7, 7, 8, 8)
    depths[5, 1] = 0.0
    assert lit_box(depths, box) == Box(4, 7, 8, 11)
    depths[0, 9] = depths[6, 0] = 0.999
    assert lit_box(depths, box) == box
