"""Integers of several times: statistics and what lies between two times have fractions, whatever the type.

The values 0, 3, 4 have the mean 7/3 and the deviation sqrt(26)/3; half way between 0 and 3 is 1.5.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkIOXML import vtkXMLImageDataWriter

from apvserver.vtk.base.information import describe_output
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

TYPES = ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"]
VALUES = (0, 3, 4)


@pytest.fixture
def series(tmp_path: Path) -> list[str]:
    paths = []
    for step, value in enumerate(VALUES):
        image = vtkImageData()
        image.SetDimensions(2, 2, 1)
        for data, count in ((image.GetPointData(), 4), (image.GetCellData(), 1)):
            for dtype in TYPES:
                array = numpy_to_vtk(np.full(count, value, dtype), deep=True)
                array.SetName(dtype)
                data.AddArray(array)
        writer = vtkXMLImageDataWriter()
        writer.SetFileName(str(tmp_path / f"step{step}.vti"))
        writer.SetInputData(image)
        assert writer.Write()
        paths.append(writer.GetFileName())
    return paths


def test_mean_and_deviation_are_those_of_the_numbers(series: list[str]) -> None:
    made = Pipeline()
    made.create(1, "FileSeriesReader", {"FileNames": series})
    made.create(2, "TemporalStatistics", {}, {"Input": [(1, 0)]})
    Executor().execute(made, 2)
    found = made.output_data(2)
    expected = {"average": 7 / 3, "stddev": np.sqrt(26) / 3, "minimum": 0, "maximum": 4}
    for data in (found.GetPointData(), found.GetCellData()):
        for dtype in TYPES:
            seen = {one: vtk_to_numpy(data.GetArray(f"{dtype}_{one}"))[0] for one in expected}
            assert seen == pytest.approx(expected, rel=1e-6), dtype


def test_half_way_between_two_times_is_half_way_between_their_numbers(series: list[str]) -> None:
    made = Pipeline()
    made.create(1, "FileSeriesReader", {"FileNames": series})
    made.create(2, "TemporalInterpolator", {}, {"Input": [(1, 0)]})
    for time, value in ((0.5, 1.5), (1.25, 3.25), (1.0, 3.0), (0.5, 1.5)):
        Executor().execute(made, 2, time=time)
        found = made.output_data(2)
        for data in (found.GetPointData(), found.GetCellData()):
            assert [vtk_to_numpy(data.GetArray(dtype))[0] for dtype in TYPES] == pytest.approx([value] * len(TYPES))
    assert describe_output(*made.output(2))["time_range"] == (0, 2)


@pytest.mark.parametrize(("operator", "value"), [("+", 7.0), ("-", -1.0), ("*", 12.0), ("/", 0.75)])
def test_arithmetic_of_two_times_is_that_of_the_numbers(series: list[str], operator: str, value: float) -> None:
    for dtype in TYPES:
        made = Pipeline()
        made.create(1, "FileSeriesReader", {"FileNames": series})
        given = {"Operator": operator, "FirstTimeStepIndex": 1, "SecondTimeStepIndex": 2}
        made.create(2, "TemporalArrayOperator", {**given, "SelectInputArray": ["POINTS", dtype]}, {"Input": [(1, 0)]})
        Executor().execute(made, 2)
        data = made.output_data(2).GetPointData()
        (name,) = (n for i in range(data.GetNumberOfArrays()) if (n := data.GetArrayName(i)) not in TYPES)
        assert vtk_to_numpy(data.GetArray(name)) == pytest.approx(np.full(4, value)), dtype
