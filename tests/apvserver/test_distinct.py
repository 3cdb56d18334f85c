"""The different values of arrays are those that numpy finds, and other threads go on while they are looked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pytest

from apvserver.vtk.base.values.distinct import counted, distinct, numbered, numbered_rows

from ..harness.lock_kept import longest_kept
from ..harness.time_limits import scaled

MANY: Final = 3_000_000
"""As many as a million triangles have corners."""


def made(kind: str, count: int) -> Any:
    found = np.random.default_rng(1).integers(0, max(1, count // 3), count).astype(kind)
    if found.dtype.kind == "f":
        found[::5] = np.nan
        found[1::7] = -0.0
    return found


@pytest.mark.parametrize("count", [0, 1, 2, 5000])
@pytest.mark.parametrize("kind", ["i1", "u4", "i8", "f4", "f8", "?", "S3", "U3"])
def test_values_are_those_of_numpy(kind: str, count: int) -> None:
    values = made(kind, count)
    kinds, which = np.unique(values, return_inverse=True)
    assert np.array_equal(distinct(values), kinds, equal_nan=values.dtype.kind == "f")
    found, of = numbered(values)
    assert found.dtype == values.dtype and np.array_equal(found, kinds, equal_nan=values.dtype.kind == "f")
    assert np.array_equal(of, which)


@pytest.mark.parametrize("kind", ["u1", "i8", "f8"])
@pytest.mark.parametrize("shape", [(0, 3), (1, 1), (1, 4), (5000, 1), (5000, 3)])
def test_rows_are_those_of_numpy(kind: str, shape: tuple[int, int]) -> None:
    rows = np.random.default_rng(2).integers(0, 9, shape).astype(kind)
    kinds, first, which = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    found, of = numbered_rows(rows)
    assert np.array_equal(rows[found], kinds) and np.array_equal(found, first)
    assert np.array_equal(of, which.ravel())


def test_rows_are_alike_whatever_the_sign_of_zero() -> None:
    first, of = numbered_rows(np.array([[0.0, 1.0], [-0.0, 1.0], [0.0, 2.0]]))
    assert first.tolist() == [0, 2] and of.tolist() == [0, 0, 1]


def test_truth_is_counted() -> None:
    assert counted(np.array([False, True, True, False, True])).tolist() == [0, 1, 2, 2, 3]


@pytest.mark.alone
@pytest.mark.parametrize("look", [distinct, numbered])
def test_other_threads_go_on(look: Callable[[Any], object]) -> None:
    values = made("i8", MANY)
    assert longest_kept(lambda: look(values)) < scaled(0.02)


@pytest.mark.alone
def test_other_threads_go_on_while_rows_are_compared() -> None:
    rows = np.random.default_rng(3).integers(0, 99, (1_000_000, 3)).astype(np.float64)
    assert longest_kept(lambda: numbered_rows(rows)) < scaled(0.02)
