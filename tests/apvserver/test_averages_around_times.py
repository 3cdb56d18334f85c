"""TemporalSmoothing: averages around a time are those of that time, whatever was asked for before."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from vtkmodules.vtkCommonDataModel import vtkDataObject

from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness.apvdata import image, numbers, with_points, written

VALUES = (0, 10, 11, 30, 41)
INSIDE = {time: sum(VALUES[time - 1 : time + 2]) / 3 for time in (1, 2, 3)}


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    paths = []
    for step, value in enumerate(VALUES):
        data = with_points(image(2, 2, 1), i=np.full(4, value, np.uint8), f=np.full(4, value / 2))
        paths.append(written(data, tmp_path / f"step{step}.vti"))
    made = Pipeline()
    made.create(1, "FileSeriesReader", {"FileNames": paths})
    made.create(2, "TemporalSmoothing", {"TemporalWindowHalfWidth": 1}, {"Input": [(1, 0)]})
    made.create(3, "Elevation", {}, {"Input": [(2, 0)]})
    return made


@pytest.mark.parametrize("times", [(1, 2, 3), (3, 2, 1), (2, 1, 2, 3, 1, 3), (2, 2, 1, 1)], ids=str)
def test_the_order_in_which_times_are_asked_for_does_not_matter(pipeline: Pipeline, times: tuple[int, ...]) -> None:
    for time in times:
        Executor().execute(pipeline, 3, time=float(time))
        for id_ in (2, 3):
            found = pipeline.output_data(id_)
            assert numbers(found, "f") == pytest.approx(np.full(4, INSIDE[time] / 2))
            assert numbers(found, "i") == pytest.approx(np.full(4, INSIDE[time])), "integers have fractions"
            assert found.GetInformation().Get(vtkDataObject.DATA_TIME_STEP()) == time


def test_nothing_is_made_anew_for_the_same_time(pipeline: Pipeline) -> None:
    Executor().execute(pipeline, 3, time=2.0)
    before = pipeline.output_data(3).GetMTime()
    Executor().execute(pipeline, 3, time=2.0)
    assert pipeline.output_data(3).GetMTime() == before


@pytest.mark.parametrize(("time", "taken"), [(0, 1), (4, 3)])
def test_at_the_ends_it_is_the_nearest_average_and_a_message_says_so(pipeline: Pipeline, time: int, taken: int) -> None:
    told: list[Message] = []
    Executor().execute(pipeline, 2, time=float(time), on_message=told.append)
    assert numbers(pipeline.output_data(2), "f") == pytest.approx(np.full(4, INSIDE[taken] / 2))
    assert any("out of available range" in one.text for one in told)
