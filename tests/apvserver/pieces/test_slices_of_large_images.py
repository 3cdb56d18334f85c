"""Slices of large images by planes: only the block around the plane is looked at, and the result is the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy

from apvserver.vtk.algorithms.cutting import cut_cells, near_planes
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


@pytest.mark.parametrize(("origin", "normal", "offsets"), PLANES)
def test_numbers_of_points_are_short_in_many_cells(
    monkeypatch: pytest.MonkeyPatch, origin: list[float], normal: list[float], offsets: list[float]
) -> None:
    usual, _ = sliced(origin, normal, offsets)
    monkeypatch.setattr(cut_cells, "_MANY_IDS", 1)
    short, pipeline = sliced(origin, normal, offsets)
    cells = short.GetPolys()
    np.testing.assert_array_equal(ids_of(cells), ids_of(usual.GetPolys()))
    np.testing.assert_array_equal(
        vtk_to_numpy(cells.GetOffsetsArray()), vtk_to_numpy(usual.GetPolys().GetOffsetsArray())
    )
    assert ids_of(cells).dtype.itemsize == (4 if cells.IsStorageFixedSize() else ids_of(usual.GetPolys()).itemsize)
    np.testing.assert_array_equal(cells_of(short), cells_of(usual))
    before = short.GetMTime()
    Executor().execute(pipeline, 3)
    assert pipeline.output_data(3).GetMTime() == before  # nothing is executed again
    pipeline.modify(2, {"Origin": [3.21, 2.13, 4.17]})
    Executor().execute(pipeline, 3)
    monkeypatch.undo()
    moved, _ = sliced([3.21, 2.13, 4.17], normal, offsets)
    np.testing.assert_array_equal(cells_of(pipeline.output_data(3)), cells_of(moved))


def test_a_cut_of_one_kind_of_cells_has_short_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cut_cells, "_MANY_IDS", 1)
    short, _ = sliced([0.13, 0, 0], [1, 0, 0], [0.0])
    assert short.GetPolys().IsStorageFixedSize32Bit()
    monkeypatch.setattr(cut_cells, "_MOST_POINTS", 1)
    long, _ = sliced([0.13, 0, 0], [1, 0, 0], [0.0])
    assert long.GetPolys().IsStorageFixedSize64Bit()


def ids_of(cells: Any) -> Any:
    return vtk_to_numpy(cells.GetConnectivityArray())
