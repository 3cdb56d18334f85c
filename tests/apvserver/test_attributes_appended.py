"""AppendAttributes: arrays of data of another size have no place, and that is said."""

from __future__ import annotations

from typing import Any

import numpy as np

from apvserver.vtk.base.vtk_messages import Message

from ..harness.apvdata import create, executed, image, numbers, over, with_cells, with_points


def appended(first: Any, second: Any) -> tuple[Any, list[str]]:
    pipeline, told = over(first), list[Message]()
    pipeline.create(3, "TrivialProducer")
    pipeline.algorithm(3).SetOutput(second)
    create(pipeline, 2, "AppendAttributes", {}, {"Input": [(1, 0), (3, 0)]})
    return executed(pipeline, 2, told=told), [one.text for one in told]


def test_arrays_of_the_same_size_are_beside_each_other() -> None:
    found, told = appended(
        with_points(image(2, 2, 1), x=np.arange(4)), with_cells(with_points(image(2, 2, 1), y=np.ones(4)), c=np.ones(1))
    )
    assert numbers(found, "x").tolist() == [0, 1, 2, 3] and numbers(found, "y").tolist() == [1] * 4
    assert numbers(found, "c", "Cell").tolist() == [1] and told == []


def test_arrays_of_another_size_are_left_out_with_a_word() -> None:
    found, told = appended(
        with_points(image(2, 2, 1), x=np.arange(4)), with_cells(with_points(image(3, 2, 1), y=np.ones(6)), c=np.ones(2))
    )
    assert [found.GetPointData().GetArrayName(0), found.GetPointData().GetNumberOfArrays()] == ["x", 1]
    assert told == [
        "y: left out, since input 2 has 6 points, and the first 4",
        "c: left out, since input 2 has 2 cells, and the first 1",
    ]
