"""Statistics over time keep the marks of hidden points and cells: what is hidden at some time has no numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonDataModel import vtkMultiBlockDataSet
from vtkmodules.vtkIOXML import vtkXMLImageDataWriter, vtkXMLMultiBlockDataWriter

from apvserver.vtk.base.errors import VtkError
from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness.apvdata import executed, image, numbers, with_cells, with_points
from ..harness.sweep_data import GHOSTS, HIDDEN_CELL

VALUES = (0.0, 3.0, 4.0)
RUBBISH = 1000.0
ALWAYS, ONCE, COPY = 1, 2, 3
"""Of four cells: one that is hidden, one that is at the second time, one that is a copy of one of another piece."""
DUPLICATE_CELL, HIDDEN_POINT = 1, 2


def _step(number: int, value: float, *, marked: bool = True) -> Any:
    made = image(5, 2, 1)
    marks = np.array([0, HIDDEN_CELL, HIDDEN_CELL if number == 1 else 0, DUPLICATE_CELL], np.uint8)
    with_cells(made, c=np.where(marks & HIDDEN_CELL, RUBBISH, value), **({GHOSTS: marks} if marked else {}))
    of_points = np.zeros(10, np.uint8)
    of_points[number] = HIDDEN_POINT
    return with_points(made, p=np.full(10, value), **({GHOSTS: of_points} if marked else {}))


def _series(directory: Path, steps: list[Any], blocks: bool = False) -> Pipeline:
    paths = []
    for number, step in enumerate(steps):
        writer = vtkXMLMultiBlockDataWriter() if blocks else vtkXMLImageDataWriter()
        if blocks:
            image, step = step, vtkMultiBlockDataSet()
            step.SetBlock(1, image)
        writer.SetFileName(str(directory / f"step{number}.vt{'m' if blocks else 'i'}"))
        writer.SetInputData(step)
        assert writer.Write()
        paths.append(writer.GetFileName())
    made = Pipeline()
    made.create(1, "FileSeriesReader", {"FileNames": paths})
    return made


@pytest.mark.parametrize("blocks", [False, True])
@pytest.mark.parametrize("maximum", [False, True])
def test_what_is_hidden_at_some_time_is_hidden(blocks: bool, maximum: bool, tmp_path: Path) -> None:
    made = _series(tmp_path, [_step(number, value) for number, value in enumerate(VALUES)], blocks)
    made.create(2, "TemporalStatistics", {"ComputeMaximum": maximum}, {"Input": [(1, 0)]})
    Executor().execute(made, 2)
    found = made.output_data(2).GetBlock(1) if blocks else made.output_data(2)
    np.testing.assert_array_equal(numbers(found, GHOSTS, "Cell"), [0, HIDDEN_CELL, HIDDEN_CELL, DUPLICATE_CELL])
    np.testing.assert_array_equal(numbers(found, GHOSTS) & HIDDEN_POINT, [HIDDEN_POINT] * 3 + [0] * 7)
    assert numbers(found, "c_average", "Cell")[[0, COPY]] == pytest.approx(7 / 3)
    for data, name in ((found.GetPointData(), "p"), (found.GetCellData(), "c")):
        names = {data.GetArrayName(index) for index in range(data.GetNumberOfArrays())}
        wanted = {f"{name}_{one}" for one in ("average", "minimum", "stddev")} | {GHOSTS}
        assert names == wanted | ({f"{name}_maximum"} if maximum else set())
    assert np.asarray(numbers(made.output_data(1).GetBlock(1) if blocks else made.output_data(1), GHOSTS)).size == 10
    assert not (made.output_data(1).GetBlock(1) if blocks else made.output_data(1)).GetCellData().HasArray("apv marks")


def test_where_nothing_is_hidden_nothing_is_marked(tmp_path: Path) -> None:
    made = _series(tmp_path, [_step(0, value, marked=False) for value in VALUES])
    made.create(2, "TemporalStatistics", {}, {"Input": [(1, 0)]})
    Executor().execute(made, 2)
    found = made.output_data(2)
    assert not found.GetCellData().HasArray(GHOSTS) and found.GetCellData().GetNumberOfArrays() == 4
    assert numbers(found, "c_maximum", "Cell")[0] == 4.0


def test_marks_that_come_later_than_the_first_time_are_told(tmp_path: Path) -> None:
    made = _series(tmp_path, [_step(number, value, marked=number > 0) for number, value in enumerate(VALUES)])
    made.create(2, "TemporalStatistics", {}, {"Input": [(1, 0)]})
    told: list[Message] = []
    executed(made, 2, told=told)
    assert [one.text.partition(", and")[0] for one in told] == [
        "some points or cells are hidden at other times than the first"
    ]


def test_the_bare_class_refuses_them(tmp_path: Path) -> None:
    made = _series(tmp_path, [_step(number, value) for number, value in enumerate(VALUES)])
    made.create(2, "vtkTemporalStatistics", {}, {"Input": [(1, 0)]})
    with pytest.raises(VtkError, match=r"cells are hidden.*TemporalStatistics"):
        Executor().execute(made, 2)
