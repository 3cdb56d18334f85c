"""What ranks work out together: what goes wrong on one, or is interrupted there, ends it for all of them alike."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from apvserver.vtk.base.errors import VtkError
from apvserver.vtk.pipeline.ranks.together import Outcome, work_together

RANKS = 3
WAIT_S = 60.0


class Room:
    """Where threads meet that stand for ranks."""

    def __init__(self) -> None:
        self.barrier = threading.Barrier(RANKS, timeout=WAIT_S)
        self.values: list[Any] = [None] * RANKS


class Rank:
    """One of them: what it gives and gets is plain data, as between processes."""

    def __init__(self, room: Room, rank: int) -> None:
        self.rank, self.size, self._room = rank, RANKS, room

    def gather(self, value: Any) -> list[Any]:
        self._room.values[self.rank] = value
        self._room.barrier.wait()
        found = list(self._room.values) if self.rank == 0 else []
        self._room.barrier.wait()
        return found

    def broadcast(self, value: Any = None) -> Any:
        if self.rank == 0:
            self._room.values[0] = value
        self._room.barrier.wait()
        found = self._room.values[0]
        self._room.barrier.wait()
        return found

    def send(self, to: int, buffers: Sequence[memoryview]) -> None:
        raise NotImplementedError

    def receive(self, of: int, sizes: Sequence[int]) -> list[memoryview]:
        raise NotImplementedError


class Job:
    """It adds its number in each pass; `wrong` is where it fails: (rank, pass, whether while it takes)."""

    def __init__(self, rank: int, wrong: tuple[int, int, bool] | None) -> None:
        self._rank, self._wrong = rank, wrong
        self.taken: list[list[int]] = []

    def part(self, number: int) -> Any:
        if self._wrong == (self._rank, number, False):
            raise VtkError("this cannot be counted")
        return 10 * number + self._rank

    def take(self, parts: Sequence[Any], number: int) -> None:
        if self._wrong == (self._rank, number, True):
            raise VtkError("this cannot be taken")
        self.taken.append(list(parts))


class OpenJob(Job):
    """It ends when all have added four numbers, of which the order does not tell."""

    @property
    def is_last(self) -> bool:
        return len(self.taken) == 3


def together(wrong: tuple[int, int, bool] | None, stopped: Callable[[int], bool] = lambda _: False) -> list[Outcome]:
    room = Room()

    def one(rank: int) -> Outcome:
        order = {"what": "sums", "passes": 2}
        return work_together(Rank(room, rank), lambda: Job(rank, wrong), order, lambda: stopped(rank))

    with ThreadPoolExecutor(RANKS) as threads:
        return list(threads.map(one, range(RANKS)))


def all_do(make: Callable[[int], Any], passes: int | None) -> list[Outcome]:
    """What comes of a job on each rank, which are threads."""
    room = Room()

    def one(rank: int) -> Outcome:
        return work_together(Rank(room, rank), lambda: make(rank), {"what": "sums", "passes": passes}, lambda: False)

    with ThreadPoolExecutor(RANKS) as threads:
        return list(threads.map(one, range(RANKS)))


def test_a_job_may_say_itself_when_it_ends() -> None:
    found = all_do(lambda rank: OpenJob(rank, None), None)
    assert [len(one.job.taken) for one in found] == [4, 3, 3]
    assert found[0].job.taken[-1] == [30, 31, 32]
    wrong = all_do(lambda rank: OpenJob(rank, (1, 2, True)), None)
    assert [one.problems for one in wrong] == [[f"rank 1 of {RANKS}: this cannot be taken"]] * RANKS


def test_all_get_what_all_add_and_the_first_what_comes_last() -> None:
    found = together(None)
    assert [one.job.taken for one in found] == [[[0, 1, 2], [10, 11, 12]], [[0, 1, 2]], [[0, 1, 2]]]
    assert not any(one.problems or one.stopped for one in found)


@pytest.mark.parametrize("wrong", [(0, 0, False), (2, 0, False), (1, 1, False), (2, 0, True)])
def test_what_goes_wrong_on_one_ends_it_for_all(wrong: tuple[int, int, bool]) -> None:
    found = together(wrong)
    text = "this cannot be taken" if wrong[2] else "this cannot be counted"
    expected = text if wrong[0] == 0 else f"rank {wrong[0]} of {RANKS}: {text}"
    assert [one.problems for one in found] == [[expected]] * RANKS
    assert [one.error is not None for one in found] == [rank == wrong[0] for rank in range(RANKS)]
    assert all(len(one.job.taken) <= 1 for one in found)


def test_what_goes_wrong_last_is_known_to_the_first() -> None:
    found = together((0, 1, True))
    assert found[0].problems == ["this cannot be taken"]


def test_an_interruption_of_one_is_one_of_all() -> None:
    found = together(None, stopped=lambda rank: rank == 1)
    assert [one.stopped for one in found] == [True] * RANKS
    assert [one.job.taken for one in found] == [[]] * RANKS
