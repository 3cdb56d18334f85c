"""Values at places of rectilinear grids: coordinates may go down, as latitudes do, and the upper sides are inside.

VTK finds other cells where coordinates go down, without a word, and none at the upper sides.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonDataModel import vtkMultiBlockDataSet, vtkRectilinearGrid
from vtkmodules.vtkFiltersGeneral import vtkRectilinearGridToPointSet

from apvserver.vtk.algorithms.sampling.ascending import ascending
from apvserver.vtk.base.errors import VtkError

from ..harness.apvdata import array, create, executed, made_of, numbers, over, places, with_cells, with_points
from ..harness.sweep_data import GHOSTS, HIDDEN_CELL, texts

COORDINATES = {"X": [0.5, 1, 3, 4, 4.5], "Y": [-1.0, 2, 3, 5], "Z": [2.0, 5, 6]}
SLOPE = np.array([3.0, 5.0, 7.0])
DOWN = ["", "Y", "XZ", "XYZ"]
INSIDE = (0, 5, 17, 23)


def rectilinear(down: str, kind: str = "float64") -> Any:
    made = vtkRectilinearGrid()
    made.SetDimensions(5, 4, 3)
    for axis, values in COORDINATES.items():
        given = np.array(values, kind)
        getattr(made, f"Set{axis}Coordinates")(array(given[::-1] if axis in down else given, axis))
    where = places(made)
    middles = np.array([made.GetCell(index).GetBounds() for index in range(24)]).reshape(-1, 3, 2).mean(axis=2)
    with_points(made, f=where @ SLOPE, v=np.stack([where[:, 1] - 2, 2 - where[:, 0], 0.2 + 0 * where[:, 0]], 1))
    made.GetPointData().AddArray(texts("words", 60))
    return with_cells(made, c=middles @ SLOPE)


def structured(data: Any) -> Any:
    convert = vtkRectilinearGridToPointSet()
    convert.SetInputData(data)
    convert.Update()
    return convert.GetOutput()


@pytest.mark.parametrize("kind", ["float32", "float64"])
@pytest.mark.parametrize("down", DOWN)
def test_values_along_a_line_are_those_of_their_places(down: str, kind: str) -> None:
    data = rectilinear(down, kind)
    for line in ([[0.5, -1, 2], [4.5, 5, 6]], [[4.5, 5, 2], [0.5, -1, 6]], [[4.5, 0, 3], [4.5, 4, 6]]):
        found = made_of("PlotOverLine", data, {"Point1": line[0], "Point2": line[1], "Resolution": 16})
        assert numbers(found, "vtkValidPointMask").tolist() == [1] * 17
        np.testing.assert_allclose(numbers(found, "f"), places(found) @ SLOPE, rtol=1e-6)


@pytest.mark.parametrize("down", DOWN)
def test_each_point_and_each_middle_finds_its_own_value(down: str) -> None:
    data = rectilinear(down)
    pipeline = over(data)
    pipeline.create(3, "TrivialProducer")
    pipeline.algorithm(3).SetOutput(rectilinear("Z"))
    create(pipeline, 2, "ResampleWithDataset", {}, {"SourceDataArrays": [(1, 0)], "DestinationMesh": [(3, 0)]})
    found = executed(pipeline, 2)
    assert found.IsA("vtkRectilinearGrid") and numbers(found, "vtkValidPointMask").all()
    np.testing.assert_allclose(numbers(found, "f"), places(found) @ SLOPE)
    for index in INSIDE:
        middle = np.array(data.GetCell(index).GetBounds()).reshape(3, 2).mean(axis=1)
        one = made_of("ProbeLocation", data, {"ProbeType.Center": middle.tolist()})
        assert numbers(one, "c").tolist() == pytest.approx([middle @ SLOPE])


@pytest.mark.parametrize("down", DOWN)
def test_streamlines_are_those_of_the_same_points_as_a_structured_grid(down: str) -> None:
    given = {"Vectors": ["POINTS", "v"], "SeedType.Point1": [0.6, 1, 2.5], "SeedType.Point2": [4.5, 4, 2.5]}
    given |= {"SeedType.Resolution": 6, "InitialStepLength": 0.1, "MaximumStepLength": 0.1}
    data = rectilinear(down)
    found, wanted = (made_of("StreamTracer", one, given) for one in (data, structured(data)))
    assert found.GetNumberOfCells() == wanted.GetNumberOfCells() >= 7
    for name in ("f", "v"):
        assert np.isfinite(numbers(found, name)).all()
    np.testing.assert_allclose(numbers(found, "f"), places(found) @ SLOPE, rtol=1e-5)
    np.testing.assert_array_equal(numbers(found, "SeedIds", "Cell"), numbers(wanted, "SeedIds", "Cell"))


def test_marks_and_texts_go_with_their_cells_and_points() -> None:
    data = rectilinear("XY")
    with_cells(data, **{GHOSTS: np.where(np.arange(24) == 5, HIDDEN_CELL, 0).astype(np.uint8)})
    hidden = np.array(data.GetCell(6).GetBounds()).reshape(3, 2).mean(axis=1)
    hidden[0] = np.mean([data.GetPoint(1)[0], data.GetPoint(2)[0]])
    one = made_of("ProbeLocation", data, {"ProbeType.Center": hidden.tolist()})
    assert numbers(one, "vtkValidPointMask").tolist() == [0]
    turned = ascending(data)
    said = {data.GetPoint(i): data.GetPointData().GetAbstractArray("words").GetValue(i) for i in range(60)}
    found = {tuple(turned.GetPoint(i)): turned.GetPointData().GetAbstractArray("words").GetValue(i) for i in range(60)}
    assert len(said) == len(found) == 60
    for place, word in found.items():
        (same,) = [text for other, text in said.items() if np.allclose(place, other)]
        assert word == same


def test_grids_in_blocks_flat_ones_and_empty_ones() -> None:
    blocks = vtkMultiBlockDataSet()
    flat = vtkRectilinearGrid()
    flat.SetDimensions(3, 3, 1)
    flat.SetXCoordinates(array(np.array([5.0, 6, 7]), "x"))
    flat.SetYCoordinates(array(np.array([3.0, 2, 0]), "y"))
    flat.SetZCoordinates(array(np.array([2.0]), "z"))
    with_points(flat, f=places(flat) @ SLOPE)
    blocks.SetBlock(0, rectilinear("Y"))
    blocks.SetBlock(2, flat)
    blocks.SetBlock(3, vtkRectilinearGrid())
    for place in ([1, 1, 4], [6.5, 0.5, 2], [7, 3, 2]):
        found = made_of("ProbeLocation", blocks, {"ProbeType.Center": [float(one) for one in place]})
        assert numbers(found, "f").tolist() == pytest.approx([np.array(place) @ SLOPE])
    assert ascending(vtkRectilinearGrid()).GetNumberOfPoints() == 0


def test_the_bare_class_of_streamlines_refuses_texts() -> None:
    pipeline = over(rectilinear(""))
    pipeline.create(3, "SeedLine")
    pipeline.create(2, "vtkStreamTracer", {}, {"Input": [(1, 0)], "Source": [(3, 0)]})
    with pytest.raises(VtkError, match="'words' holds no numbers"):
        executed(pipeline, 2)
