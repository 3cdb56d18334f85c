"""Glyphs along and as large as arrays of cells: they stand in the middle of the cells, also in several blocks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkMultiBlockDataSet

from apvserver.vtk.base.blocks import parts
from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

DATA, FILTER = 1, 2
NONE = {"ScaleArray": ["POINTS", "No scale array"], "OrientationArray": ["POINTS", "No orientation array"]}
ALL = {**NONE, "GlyphMode": "All Points", "ScaleFactor": 0.5}


def add(attributes: Any, name: str, values: Any) -> None:
    array = numpy_to_vtk(np.ascontiguousarray(values), deep=True)
    array.SetName(name)
    attributes.AddArray(array)


def bar(begin: float) -> Any:
    """Two unit cells along x; the vectors of the cells point along y in the first and along z in the second."""
    made = vtkImageData()
    made.SetDimensions(3, 2, 2)
    made.SetOrigin(begin, 0, 0)
    add(made.GetCellData(), "flow", np.array([[0, 1.0, 0], [0, 0, 1.0]]))
    add(made.GetPointData(), "weight", np.full(12, 2.0))
    return made


def glyphs(data: Any, told: list[Message] | None = None, **properties: Any) -> Any:
    made = Pipeline()
    made.create(DATA, "vtkTrivialProducer")
    made.algorithm(DATA).SetOutput(data)
    made.create(FILTER, "Glyph", {**ALL, **properties}, {"Input": [(DATA, 0)]})
    Executor().execute(made, FILTER, on_message=None if told is None else told.append)
    return made, made.output_data(FILTER, 0)


@pytest.mark.parametrize("composite", [False, True])
def test_vectors_of_cells_are_drawn_in_the_middle_of_the_cells(composite: bool) -> None:
    data: Any = bar(0)
    if composite:
        data = vtkMultiBlockDataSet()
        data.SetBlock(0, bar(0))
        data.SetBlock(1, bar(2))
    _, found = glyphs(data, OrientationArray=["CELLS", "flow"])
    for number, block in enumerate(parts(found)):
        vectors = vtk_to_numpy(block.GetPointData().GetArray("flow"))
        count = len(vectors) // 2
        assert len(np.unique(vectors, axis=0)) == 2
        points = vtk_to_numpy(block.GetPoints().GetData())
        for first, direction in ((0, [0, 1, 0]), (count, [0, 0, 1])):
            one = points[first : first + count] - [0.5 + bool(first) + 2 * number, 0.5, 0.5]
            along = one @ np.array(direction)
            assert along.min() == pytest.approx(0, abs=1e-6) and along.max() == pytest.approx(0.5, abs=1e-6)
            assert np.abs(one - np.outer(along, direction)).max() < 0.06


def test_arrays_of_points_beside_those_of_cells_are_averaged() -> None:
    _, found = glyphs(bar(0), OrientationArray=["CELLS", "flow"], ScaleArray=["POINTS", "weight"])
    assert found.GetNumberOfPoints() > 0
    np.testing.assert_array_equal(vtk_to_numpy(found.GetPointData().GetArray("weight")), 2.0)


def test_arrays_of_points_are_drawn_at_the_points_again_when_they_are_chosen() -> None:
    made, found = glyphs(bar(0), OrientationArray=["CELLS", "flow"])
    in_cells = found.GetNumberOfPoints()
    made.modify(FILTER, NONE)
    Executor().execute(made, FILTER)
    assert made.output_data(FILTER, 0).GetNumberOfPoints() == 6 * in_cells  # 12 points, 2 cells


def test_an_array_that_is_not_there_is_named() -> None:
    with pytest.raises(ExecutionFailed, match=r"no CELLS array 'wind'.*It has: .*CELLS flow"):
        glyphs(bar(0), OrientationArray=["CELLS", "wind"])


@pytest.mark.parametrize("chosen", [["CELLS", "flow"], ["POINTS", "weight"]])
def test_blocks_that_lack_the_array_get_no_glyphs_that_point_anywhere(chosen: list[str]) -> None:
    bare = bar(2)
    bare.GetCellData().RemoveArray("flow")
    bare.GetPointData().RemoveArray("weight")
    data = vtkMultiBlockDataSet()
    data.SetBlock(0, bare)
    data.SetBlock(1, bar(0))
    told: list[Message] = []
    which = {"OrientationArray": chosen} if chosen[0] == "CELLS" else {"ScaleArray": chosen, "ScaleFactor": 0.05}
    _, found = glyphs(data, told, **which)
    assert [one.text for one in told] == [
        f"ArrayGlyph: a block does not have {chosen[1]}, while others do: no shapes there"
    ]
    assert max(leaf.GetBounds()[1] for leaf in parts(found) if leaf.GetNumberOfPoints()) < 2.8
    _, found = glyphs(data, told)
    assert len(told) == 1 and max(leaf.GetBounds()[1] for leaf in parts(found)) > 4
