"""Ids of what there is no more: which are remembered, with which numbers, and what that takes."""

from __future__ import annotations

import random
import tracemalloc

import pytest

from async_paraview.remembered_ids import RememberedIds


def test_it_answers_as_a_dict_does() -> None:
    chance = random.Random(4)
    ids, truth = RememberedIds(100_000), dict[int, int]()
    for _ in range(20_000):
        id_, number = chance.choice([chance.randrange(600), chance.randrange(-(2**62), 2**62)]), chance.randrange(2**40)
        if chance.random() < 0.7:
            ids.add(id_, number)
            truth[id_] = number
        else:
            ids.discard(id_)
            truth.pop(id_, None)
    assert len(ids) == len(truth) > 1000
    for id_ in [*truth, *range(600), 2**62 + 1]:
        assert ids.number_of(id_) == truth.get(id_) and (id_ in ids) == (id_ in truth)
    ids.clear()
    assert len(ids) == 0 and all(id_ not in ids for id_ in truth)


@pytest.mark.parametrize("step", [1, 3, 10_000])
def test_the_last_are_remembered_and_few_more(step: int) -> None:
    ids = RememberedIds(1000)
    for number in range(5000):
        ids.add(number * step)
        assert min(number + 1, 1000) <= len(ids) < 1000 + 32
    assert all(number * step in ids for number in range(4000, 5000))
    assert 0 not in ids


def test_an_id_that_is_added_again_is_the_last() -> None:
    ids = RememberedIds(1)
    for id_ in (0, 1000, 2000, 0, 3000):
        ids.add(id_, 7)
    assert [id_ for id_ in (0, 1000, 2000, 3000) if id_ in ids] == [3000]
    ids = RememberedIds(2)
    for id_ in (0, 1000, 0, 2000):
        ids.add(id_, 7)
    assert [ids.number_of(id_) for id_ in (0, 1000, 2000)] == [7, None, 7]


def test_what_is_no_id_is_not_remembered() -> None:
    ids = RememberedIds(10)
    ids.add(0)
    assert None not in ids and "0" not in ids and 0 in ids


def test_many_take_little() -> None:
    ids = RememberedIds(65_536)
    tracemalloc.start()
    try:
        for id_ in range(0, 3 * 65_536, 3):
            ids.add(int(str(id_)), 2)
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(ids) >= 65_536 and taken < 65_536 * 50
