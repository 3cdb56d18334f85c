"""What is said of inputs that are missing, empty or of the wrong kind, where VTK says nothing or makes something up."""

from __future__ import annotations

from typing import Any

import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkMultiBlockDataSet, vtkUnstructuredGrid

from apvserver.vtk.base.blocks import leaves, parts
from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.pipeline.execution import Executor

from ..harness.apvdata import executed, over
from ..harness.sweep_data import bare_image, grid, hexahedra, image, sphere
from ..harness.sweep_kinds import KINDS, multiblock


def test_what_vtk_does_not_explain_says_what_there_was() -> None:
    made = over(KINDS["blocks"]())
    made.create(2, "AlignImageOrigins", {}, {"Input": [(1, 0)]})
    what = "a vtkMultiBlockDataSet of vtkImageData, vtkUnstructuredGrid"
    with pytest.raises(ExecutionFailed, match=f"cannot work on {what}, and VTK does not say why"):
        Executor().execute(made, 2)


def test_an_input_that_is_missing_is_named() -> None:
    made = over(sphere())
    made.create(2, "Contour")
    made.create(3, "ResampleWithDataset", {}, {"SourceDataArrays": [(1, 0)]})
    for number, why in ((2, "it has no input: set Input"), (3, "it has no input: set DestinationMesh")):
        with pytest.raises(ExecutionFailed, match=why):
            Executor().execute(made, number)


@pytest.mark.parametrize("name", ["Outline", "OutlineCorners"])
def test_an_outline_of_nothing_is_nothing(name: str) -> None:
    made = over(vtkUnstructuredGrid())
    made.create(2, name, {}, {"Input": [(1, 0)]})
    blocks = vtkMultiBlockDataSet()
    blocks.SetBlock(0, vtkUnstructuredGrid())
    made.create(3, "TrivialProducer")
    made.algorithm(3).SetOutput(blocks)
    made.create(4, name, {}, {"Input": [(3, 0)]})
    for number in (2, 4):
        assert sum(one.GetNumberOfPoints() for one in parts(executed(made, number))) == 0
    blocks.SetBlock(1, sphere())
    blocks.Modified()
    made.touch(3)
    (box,) = [one for one in parts(executed(made, 4)) if one.GetNumberOfPoints()]
    assert box.GetBounds() == pytest.approx(sphere().GetBounds()), "empty blocks do not count"


@pytest.mark.parametrize("kind", ["parts", "collection", "levels side by side", "blocks, some empty"])
def test_cells_of_a_region_are_taken_of_all_kinds_of_blocks(kind: str) -> None:
    data = KINDS[kind]()
    made = over(data)
    made.create(5, "objects/Sphere", {"Center": [0, 0, 0], "Radius": 1e6})
    made.create(2, "ExtractCellsByRegion", {}, {"Input": [(1, 0)]}, {"IntersectWith": 5})
    found = executed(made, 2)
    assert sum(one.GetNumberOfCells() for one in leaves(found)) == sum(one.GetNumberOfCells() for one in leaves(data))


def test_particles_over_time_need_several_times() -> None:
    made = over(KINDS["hexahedra"]())
    made.create(2, "ExtractParticlesOverTime", {}, {"Particles": [(1, 0)], "Volume": [(1, 0)]})
    with pytest.raises(ExecutionFailed, match="works on data of several times, and the input has 0"):
        Executor().execute(made, 2)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("AppendAttributes", "Input has 1: it needs two or more"),
        ("ExplodeDataSet", "Scalars needs an array of numbers of cells.* there is: none"),
        ("OctreeImagetoPointSet", "have no array named octree .*; PointSetToOctreeImage makes such images"),
        ("PlotDataOverTime", "works on data of several times, and the input has none; FileSeriesReader"),
        ("TemporalArrayOperator", "works on data of several times, and the input has none; FileSeriesReader"),
    ],
)
def test_what_is_lacking_is_said_with_what_gives_it(name: str, why: str) -> None:
    made = over(bare_image())
    made.create(3, "Calculator", {"Function": "coordsX", "ResultArrayName": "x"}, {"Input": [(1, 0)]})
    made.create(2, name, {}, {"Input": [(3, 0)]})
    with pytest.raises(ExecutionFailed, match=why) as refused:
        Executor().execute(made, 2)
    assert "vtkCompositeDataPipeline" not in str(refused.value)


@pytest.mark.parametrize("name", ["PointInterpolator", "SPHInterpolator"])
def test_interpolators_take_the_points_that_get_values(name: str) -> None:
    made = over(sphere())
    made.create(2, "Plane", {"Origin": [-0.2, -0.2, 0.5], "Point1": [0.2, -0.2, 0.5], "Point2": [-0.2, 0.2, 0.5]})
    made.create(3, name, {}, {"Input": [(1, 0)], "Source": [(2, 0)]})
    assert executed(made, 3).GetNumberOfPoints() == 4
    made.create(4, name, {}, {"Input": [(1, 0)]})
    with pytest.raises(ExecutionFailed, match="it has no input: set Source"):
        Executor().execute(made, 4)


def test_what_is_wrong_with_cells_is_told_of_each_block() -> None:
    """VTK gives all blocks but the last what stands in freed memory."""
    made = over(multiblock(image(), hexahedra(), crossed(), image(10, 14, 0, 3, 0, 3)))
    made.create(2, "ValidateCells", {}, {"Input": [(1, 0)]})
    found = [vtk_to_numpy(one.GetCellData().GetArray("ValidityState")) for one in leaves(executed(made, 2))]
    assert [sorted(set(one.tolist())) for one in found] == [[0], [0], [2 | 16], [0]]


def crossed() -> Any:
    """A quadrilateral whose edges cross."""
    return grid([(9, (0, 1, 2, 3))], [[0, 0, 0], [1, 1, 0], [1, 0, 0], [0, 1, 0]])
