"""The mean of several pictures: what antialiasing shows."""

from __future__ import annotations

import numpy as np
import pytest

from apvserver.vtk.rendering.pixels.antialiasing import Accumulator, Pixels


def _picture(value: int, height: int = 3) -> Pixels:
    picture = np.full((height, 4, 3), value, np.uint8)
    picture.setflags(write=False)
    return picture


def test_the_mean_of_one_picture_is_that_picture_without_a_copy() -> None:
    accumulator, picture = Accumulator(), _picture(7)
    accumulator.add(picture)
    assert accumulator.mean() is picture


def test_means_are_rounded_to_the_nearest_of_up_to_256_pictures() -> None:
    accumulator = Accumulator()
    for count, value in enumerate(range(256), 1):
        accumulator.add(_picture(value))
        mean = accumulator.mean()
        assert mean.dtype == np.uint8 and not mean.flags.writeable
        assert (mean == (count * (count - 1) // 2 + count // 2) // count).all()


def test_another_size_begins_anew() -> None:
    accumulator = Accumulator()
    for height in (3, 5, 2):
        accumulator.clear()
        for value in (10, 20, 31):
            accumulator.add(_picture(value, height))
        assert accumulator.mean().shape == (height, 4, 3)
        assert (accumulator.mean() == 20).all()


def test_pictures_of_two_sizes_have_no_mean_nor_have_none() -> None:
    accumulator = Accumulator()
    with pytest.raises(ValueError, match="no pictures"):
        accumulator.mean()
    accumulator.add(_picture(1, 3))
    with pytest.raises(ValueError, match="shape"):
        accumulator.add(_picture(1, 5))
    accumulator.clear()
    with pytest.raises(ValueError, match="no pictures"):
        accumulator.mean()


def test_what_is_written_to_a_picture_afterwards_is_not_in_the_mean() -> None:
    accumulator, picture = Accumulator(), np.full((3, 4, 3), 5, np.uint8)
    accumulator.add(picture)
    picture[:] = 99
    assert (accumulator.mean() == 5).all() and not accumulator.mean().flags.writeable
