"""Functions of PLOT3D are computed from the solution by their numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy

from apvserver.vtk.base.blocks import parts
from apvserver.vtk.base.errors import InvalidProperty
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    """A cube of gas that moves along x: density 2, velocity 1, energy 3 for each volume."""
    points = [(x, y, z) for z in range(2) for y in range(2) for x in range(2)]
    places = " ".join(str(float(point[axis])) for axis in range(3) for point in points)
    (tmp_path / "a.xyz").write_text(f"2 2 2\n{places}\n")
    solution = " ".join(f"{value} " * 8 for value in (2.0, 2.0, 0.0, 0.0, 3.0))
    (tmp_path / "a.q").write_text(f"2 2 2\n0.5 0.0 1000.0 0.0\n{solution}\n")
    made = Pipeline()
    files = {"XYZFileName": str(tmp_path / "a.xyz"), "QFileName": str(tmp_path / "a.q")}
    made.create(1, "vtkMultiBlockPLOT3DReader", {**files, "BinaryFile": False, "AutoDetectFormat": False})
    return made


def arrays(pipeline: Pipeline) -> dict[str, Any]:
    Executor().execute(pipeline, 1)
    (grid,) = parts(pipeline.output_data(1))
    points = grid.GetPointData()
    return {
        points.GetArrayName(index): vtk_to_numpy(points.GetArray(index)) for index in range(points.GetNumberOfArrays())
    }


def test_functions_are_computed_that_were_asked_for(pipeline: Pipeline) -> None:
    assert arrays(pipeline).keys() == {"Density", "Momentum", "StagnationEnergy"}
    pipeline.modify(1, {"Functions": [110, 153]})
    found = arrays(pipeline)
    assert found.keys() == {"Density", "Momentum", "StagnationEnergy", "Pressure", "VelocityMagnitude"}
    assert found["VelocityMagnitude"] == pytest.approx(1.0)
    assert found["Pressure"] == pytest.approx(0.4 * (3.0 - 0.5 * 2.0))  # (gamma - 1) (e - rho v^2 / 2), gamma 1.4
    pipeline.modify(1, {}, {}, ["Functions"])
    assert arrays(pipeline).keys() == {"Density", "Momentum", "StagnationEnergy"}


def test_a_function_that_there_is_none_of_is_refused(pipeline: Pipeline) -> None:
    with pytest.raises(InvalidProperty, match=r"there is no function 99; there are: 100 Density, 110 Pressure"):
        pipeline.modify(1, {"Functions": [110, 99]})
