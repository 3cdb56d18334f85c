"""Hidden cells, points of no cell, turned images, gaps: where VTK reads what is not there, or writes over the input.

Right values are closed forms: the curl of a linear field is the same everywhere, and in a uniform flow there is none.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkDataSetAttributes, vtkStructuredGrid, vtkTable
from vtkmodules.vtkFiltersCore import vtkAppendFilter

from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness.apvdata import array, executed, image, made_of, numbers, over, places, with_points
from ..harness.sweep_data import HIDDEN_CELL, HIDDEN_POINT, dressed, ghosts, hexahedra, poly, sphere
from ..harness.sweep_data import image as waves
from ..harness.sweep_data import numbers as column

SLOPES = np.array([[0.0, 1.0, -2.0], [3.0, 0.0, 0.5], [1.0, -1.0, 0.0]])
CURL = [SLOPES[2, 1] - SLOPES[1, 2], SLOPES[0, 2] - SLOPES[2, 0], SLOPES[1, 0] - SLOPES[0, 1]]
TURNED = {
    "a quarter about z": (0, -1, 0, 1, 0, 0, 0, 0, 1),
    "36.87 degrees about x": (1, 0, 0, 0, 0.8, -0.6, 0, 0.6, 0.8),
}
GHOSTS = vtkDataSetAttributes.GhostArrayName()


@pytest.mark.parametrize("direction", TURNED.values(), ids=TURNED)
@pytest.mark.parametrize("type_name", ["StreamTracer", "vtkStreamTracer"])
def test_the_vorticity_along_lines_in_a_turned_image_is_the_curl(type_name: str, direction: Any) -> None:
    data = image(6, 6, 6, origin=(1, 2, 3), direction=direction)
    data.GetPointData().SetVectors(array(places(data) @ SLOPES.T, "v"))
    pipeline = over(data)
    middle = np.array(data.GetCenter())
    pipeline.create(3, "Line", {"Point1": list(middle - 0.5), "Point2": list(middle + 0.5), "Resolution": 5})
    if type_name == "StreamTracer":
        pipeline.create(2, type_name, {"IntegrationDirection": "Forward"}, {"Input": [(1, 0)]}, {"SeedType": 3})
    else:
        pipeline.create(2, type_name, {"MaximumPropagation": 5.0}, {"Input": [(1, 0)], "Source": [(3, 0)]})
    found = numbers(executed(pipeline, 2), "Vorticity")
    assert len(found) > 20
    np.testing.assert_allclose(found, np.tile(CURL, (len(found), 1)), atol=1e-6)


def _structured(data: Any) -> Any:
    made = vtkStructuredGrid()
    made.SetExtent(data.GetExtent())
    made.SetPoints(data.GetPoints())
    made.GetPointData().ShallowCopy(data.GetPointData())
    made.GetCellData().ShallowCopy(data.GetCellData())
    return made


def _cells(data: Any) -> Any:
    append = vtkAppendFilter()
    append.AddInputData(data)
    append.Update()
    return append.GetOutput()


@pytest.mark.parametrize("kind", [lambda data: data, _structured, _cells], ids=["image", "structured", "cells"])
def test_lines_end_where_hidden_cells_begin(kind: Any) -> None:
    """A flow along x at speed 1, with p = x; the cells between x = 3 and 4 are hidden."""
    data = image(8, 4, 4)
    where = places(data)
    data.GetPointData().SetVectors(array(np.tile([1.0, 0, 0], (len(where), 1)), "v"))
    with_points(data, p=where[:, 0])
    marks = np.zeros((3, 3, 7), np.uint8)
    marks[:, :, 3] = HIDDEN_CELL
    data.GetCellData().AddArray(array(marks.ravel(), GHOSTS))
    pipeline = over(kind(data))
    pipeline.create(3, "Line", {"Point1": [0.5, 0.4, 0.4], "Point2": [0.5, 2.6, 2.6], "Resolution": 6})
    pipeline.create(2, "StreamTracer", {"IntegrationDirection": "Forward"}, {"Input": [(1, 0)]}, {"SeedType": 3})
    made = executed(pipeline, 2)
    found = places(made)
    assert made.GetNumberOfCells() == 7
    assert found[:, 0].min() == 0.5 and 2.0 < found[:, 0].max() <= 3.0
    np.testing.assert_allclose(numbers(made, "p"), found[:, 0], atol=1e-6)
    np.testing.assert_allclose(numbers(made, "Vorticity"), 0, atol=1e-12)


def test_of_nothing_but_hidden_cells_lines_are_nothing_which_is_told() -> None:
    told: list[Message] = []
    made = made_of("StreamTracer", ghosts(hexahedra(), 0, HIDDEN_CELL, 1), told=told)
    assert made.GetNumberOfPoints() == 0
    assert ["the result is empty" in one.text for one in told] == [True]


@pytest.mark.parametrize("data", [poly(lines=[[0, 1, 2], [4, 5]]), poly(strips=[[0, 1, 4, 5]])], ids=["lines", "strip"])
def test_regions_have_their_numbers_where_points_belong_to_no_cell(data: Any) -> None:
    """VTK packs these numbers with what stands in the memory, and drops the array if that is a large number."""
    made = made_of("Connectivity", data)
    found = made.GetPointData().GetAbstractArray("RegionId")
    assert found.GetClassName() == "vtkIdTypeArray"  # not packed
    regions = vtk_to_numpy(found).tolist()
    assert regions == ([0, 0, 0, 1, 1] if data.GetNumberOfLines() else [0, 0, 0, 0])


@pytest.mark.parametrize("mode", [4, 6])
def test_the_cells_of_one_region_have_its_number(mode: int) -> None:
    """VTK has the numbers of all cells there were, which are not those of the cells that are left."""
    data = poly(lines=[[0, 1], [2, 3], [3, 4]])
    pipeline = over(data)
    pipeline.create(2, "Connectivity", {"ExtractionMode": 5}, {"Input": [(1, 0)]})
    executed(pipeline, 2)
    pipeline.modify(2, {"ExtractionMode": mode, "ClosestPoint": list(data.GetPoint(4))})
    made = executed(pipeline, 2)
    assert made.GetNumberOfCells() == 2
    assert made.GetNumberOfPoints() == 3
    number = 1 if mode == 4 else 0  # of the closest there is no other
    for attributes in (made.GetPointData(), made.GetCellData()):
        assert set(vtk_to_numpy(attributes.GetArray("RegionId")).tolist()) == {number}
        assert attributes.GetArray("RegionId").GetNumberOfTuples() in (2, 3)


@pytest.mark.parametrize("structured", [False, True])
def test_the_marks_of_a_mesh_at_whose_points_values_are_taken_stay(structured: bool) -> None:
    """And what was hidden stays hidden, beside what lies outside of the data."""
    mesh = ghosts(waves(), HIDDEN_POINT, HIDDEN_CELL)
    mesh = _structured(mesh) if structured else mesh
    before = [vtk_to_numpy(one.GetArray(GHOSTS)).copy() for one in (mesh.GetPointData(), mesh.GetCellData())]
    pipeline = Pipeline()
    for id_, data in ((1, hexahedra()), (2, mesh)):
        pipeline.create(id_, "TrivialProducer")
        pipeline.algorithm(id_).SetOutput(data)
    pipeline.create(3, "ResampleWithDataset", {}, {"SourceDataArrays": [(1, 0)], "DestinationMesh": [(2, 0)]})
    made = executed(pipeline, 3)
    after = [vtk_to_numpy(one.GetArray(GHOSTS)) for one in (mesh.GetPointData(), mesh.GetCellData())]
    np.testing.assert_array_equal(after[0], before[0])
    np.testing.assert_array_equal(after[1], before[1])
    np.testing.assert_allclose(numbers(made, "p"), numbers(mesh, "p"), atol=1e-6)  # the same points
    np.testing.assert_array_equal(numbers(made, GHOSTS) & HIDDEN_POINT, before[0])


def test_a_table_without_rows_is_written_as_its_names(tmp_path: Path) -> None:
    data, path = vtkTable(), tmp_path / "a.csv"
    for name in ("x", "y"):
        data.AddColumn(column(name, np.zeros(0)))
    pipeline = over(data)
    pipeline.create(2, "CSVWriter", {"FileName": str(path)}, {"Input": [(1, 0)]})
    Executor().execute(pipeline, 2)
    assert path.read_text() == '"x","y"\n'


def test_where_arrays_are_missing_is_told_by_what_makes_one_of_several() -> None:
    told: list[Message] = []
    pipeline = over(with_points(image(2, 2, 2), f=np.arange(8.0)))
    pipeline.create(3, "TrivialProducer")
    pipeline.algorithm(3).SetOutput(image(2, 2, 2, origin=(5, 0, 0)))
    pipeline.create(2, "AppendDatasets", {}, {"Input": [(1, 0), (3, 0)]})
    found = numbers(executed(pipeline, 2, told=told), "f")
    np.testing.assert_array_equal(found, [*range(8), *[np.nan] * 8])
    assert [one.text for one in told] == [
        "AppendedGrids: not all of the 2 data sets have 'f': NaN, or an empty text, where it is missing"
    ]


def test_arrays_that_all_have_are_nothing_to_tell() -> None:
    told: list[Message] = []
    assert made_of("MergeBlocks", dressed(sphere()), told=told).GetNumberOfPoints() == sphere().GetNumberOfPoints()
    assert told == []
