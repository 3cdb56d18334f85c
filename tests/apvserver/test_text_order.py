"""Texts are sorted, and packed, as Python does it in one go; other threads go on meanwhile."""

from __future__ import annotations

from typing import Final

import numpy as np
import pytest

from apvserver.vtk.data import text_order
from apvserver.vtk.data.text_order import ranks_of
from async_paraview.datasets import strings
from async_paraview.datasets.strings import pack_strings

from ..harness.lock_kept import longest_kept
from ..harness.time_limits import scaled

TEXTS: Final = ["b", "", "a", "b", "B", "ä", "a\0b", "a", "\U0001f600", "ab", "\uffff", "10", "9"]


@pytest.mark.parametrize("texts", [[], ["a"], ["b", "a"], ["a", "a"], TEXTS, TEXTS * 3])
@pytest.mark.parametrize("at_a_time", [1, 3, 1000])
def test_ranks_are_those_of_sorted_texts(texts: list[str], at_a_time: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_order, "_AT_A_TIME", at_a_time)
    kinds = sorted(set(texts))
    assert ranks_of(iter(texts)).tolist() == [kinds.index(one) for one in texts]


@pytest.mark.parametrize("texts", [["a"], [""], TEXTS])
@pytest.mark.parametrize("at_a_time", [1, 3, 1000])
def test_packed_texts_are_offsets_and_utf_8(texts: list[str], at_a_time: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strings, "_AT_A_TIME", at_a_time)
    encoded = [one.encode() for one in texts]
    offsets = np.cumsum([0, *map(len, encoded)]).astype(np.int64)
    packed = pack_strings(texts)
    assert packed.readonly and bytes(packed) == offsets.tobytes() + b"".join(encoded)


@pytest.mark.alone
def test_other_threads_go_on() -> None:
    texts = [f"name {one}" for one in np.random.default_rng(0).integers(0, 99_999, 300_000).tolist()]
    assert longest_kept(lambda: ranks_of(texts)) < scaled(0.02)
    assert longest_kept(lambda: pack_strings(texts)) < scaled(0.02)
