"""Slices of large images by planes: only the block around the plane is looked at, and the result is the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from apvserver.vtk.algorithms.cutting import near_planes
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

from .scenes import EXTENT, cells_of

PLANES = [
    ([0.13, 0, 0], [1, 0, 0], [0.0]),
    ([0, 0, 2.71], [0, 0, -2], [0.0]),
    ([0.3, 0.21, 0.44], [0, 1, 0], [-2.17, 3.39]),
    ([0.3, 0.21, 0.44], [1, 0.23, 0.117], [0.0]),
    ([0.3, 0.21, 0.44], [-0.31, 1, 0.017], [-1.13, 2.71]),
]


def sliced(origin: list[float], normal: list[float], offsets: list[float]) -> tuple[Any, Any]:
    pipeline = Pipeline()
    pipeline.create(1, "Wavelet", {"WholeExtent": EXTENT})
    pipeline.create(2, "objects/Plane", {"Origin": origin, "Normal": normal})
    inputs, objects = {"Input": [(1, 0)]}, {"SliceType": 2}
    pipeline.create(3, "Slice", {"SliceOffsetValues": offsets}, inputs, objects)
    Executor().execute(pipeline, 3)
    return pipeline.output_data(3), pipeline


@pytest.mark.parametrize(("origin", "normal", "offsets"), PLANES)
def test_the_block_at_a_plane_is_enough(
    monkeypatch: pytest.MonkeyPatch, origin: list[float], normal: list[float], offsets: list[float]
) -> None:
    whole, _ = sliced(origin, normal, offsets)
    monkeypatch.setattr(near_planes, "LARGE", 1)
    block, pipeline = sliced(origin, normal, offsets)
    assert block.GetNumberOfPoints() == whole.GetNumberOfPoints() > 0
    np.testing.assert_allclose(cells_of(block), cells_of(whole), atol=1e-5)
    pipeline.modify(2, {"Origin": [3.21, 2.13, 4.17]})
    Executor().execute(pipeline, 3)
    monkeypatch.undo()
    moved, _ = sliced([3.21, 2.13, 4.17], normal, offsets)
    np.testing.assert_allclose(cells_of(pipeline.output_data(3)), cells_of(moved), atol=1e-5)


def test_a_plane_beside_the_image_cuts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near_planes, "LARGE", 1)
    block, _ = sliced([90.0, 0, 0], [1, 0, 0], [0.0])
    assert block.GetNumberOfCells() == 0


def test_how_much_of_an_image_a_plane_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near_planes, "LARGE", 1)
    _, pipeline = sliced([0, 0, 2.71], [0, 0, 1], [0.0])
    cutter = pipeline.proxy(3).parts["cutter"]
    found = near_planes.block_at_plane(cutter, lambda: pipeline.output_data(1))
    assert found == (*EXTENT[:4], 2, 3)
    assert near_planes.block_at_plane(cutter, lambda: None) is None
