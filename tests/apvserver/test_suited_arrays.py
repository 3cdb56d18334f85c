"""Arrays as filters need them: of cells brought to points, without texts, finite, each with the values of its cell."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkDataSetAttributes, vtkMultiBlockDataSet

from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness.sweep_data import bare_image, dressed, ghosts, hexahedra, mixed_poly, numbers, poly, structured, texts
from ..harness.sweep_kinds import multiblock
from ..harness.sweep_worker import digest

DATA, OTHER, FILTER = 1, 2, 10


def made(
    type_name: str, data: Any, properties: dict[str, Any] | None = None, other: Any = None
) -> tuple[Any, list[str]]:
    """What a filter makes of data, and what was told meanwhile."""
    pipeline, told = Pipeline(), list[Message]()
    inputs = {"Input": [(DATA, 0)]}
    for id_, one in ((DATA, data), (OTHER, other)):
        if one is not None:
            pipeline.create(id_, "vtkTrivialProducer")
            pipeline.algorithm(id_).SetOutput(one)
    if type_name == "ResampleWithDataset":
        inputs = {"DestinationMesh": [(DATA, 0)], "SourceDataArrays": [(OTHER, 0)]}
    pipeline.create(FILTER, type_name, properties or {}, inputs)
    Executor().execute(pipeline, FILTER, on_message=told.append)
    return pipeline.output_data(FILTER), [one.text for one in told]


def bar() -> Any:
    """Four cubes in a row along x, whose cells have the values 0, 10, 20, 30."""
    image = bare_image(0, 4, 0, 1, 0, 1)
    image.SetOrigin(0, 0, 0)
    image.SetSpacing(1, 1, 1)
    image.GetCellData().AddArray(numbers("c", [0.0, 10.0, 20.0, 30.0]))
    image.GetCellData().AddArray(numbers("v", [[0.0, 0, 2]] * 4))
    return image


def test_a_contour_of_a_cell_array_lies_where_its_averages_at_points_have_the_value() -> None:
    """At the points x = 0 ... 4 the averages are 0, 5, 15, 25, 30: 10 lies in the middle of 1 and 2."""
    found, _ = made("Contour", bar(), {"ContourBy": ["CELLS", "c"], "Isosurfaces": [10.0]})
    assert found.GetBounds()[:2] == pytest.approx((1.5, 1.5)) and found.GetNumberOfCells()
    found, _ = made("Contour", bar(), {"Isosurfaces": [20.0]})
    assert found.GetBounds()[:2] == pytest.approx((2.5, 2.5)), "the first array that fits"


def test_clips_and_warps_take_cell_arrays() -> None:
    found, _ = made("ClipByScalar", bar(), {"Scalars": ["CELLS", "c"], "Value": 10.0})
    assert found.GetBounds()[:2] == pytest.approx((0.0, 1.5))
    found, _ = made("IsoVolume", bar(), {"ThresholdRange": [10.0, 20.0]})
    assert found.GetBounds()[:2] == pytest.approx((1.0, 3.0)), "whole cells"
    found, _ = made("WarpByVector", bar(), {"Vectors": ["CELLS", "v"]})
    assert found.GetBounds()[4:] == pytest.approx((2.0, 3.0))


def test_the_array_that_was_chosen_counts_not_the_one_that_is_marked() -> None:
    image = bar()
    marked = numbers("marked", np.arange(20.0))
    image.GetPointData().SetScalars(marked)
    found, _ = made("Contour", image, {"ContourBy": ["CELLS", "c"], "Isosurfaces": [10.0]})
    assert found.GetBounds()[:2] == pytest.approx((1.5, 1.5))
    assert image.GetPointData().GetScalars() is marked and image.GetPointData().GetNumberOfArrays() == 1


def test_blocks_without_the_array_give_nothing_and_the_others_what_they_have() -> None:
    blocks = vtkMultiBlockDataSet()
    blocks.SetBlock(0, bare_image(0, 3, 0, 3, 0, 3))
    blocks.SetBlock(1, bar())
    found, _ = made("Contour", blocks, {"ContourBy": ["CELLS", "c"], "Isosurfaces": [10.0]})
    assert found.GetBlock(0).GetNumberOfCells() == 0
    assert found.GetBlock(1).GetBounds()[:2] == pytest.approx((1.5, 1.5))


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        (["POINTS", "t"], r"ContourBy is POINTS t \(texts\), which does not fit; .*there is: POINTS p"),
        (["POINTS", "pv"], r"ContourBy is POINTS pv \(3 component\(s\)\), which does not fit"),
        (["POINTS", "no such"], "the input has no POINTS array 'no such'"),
    ],
)
def test_an_array_that_does_not_fit_is_refused_with_what_there_is(chosen: list[str], words: str) -> None:
    data = hexahedra()
    data.GetPointData().AddArray(texts("t", data.GetNumberOfPoints()))
    with pytest.raises(ExecutionFailed, match=words):
        made("Contour", data, {"ContourBy": chosen})


def test_texts_are_left_out_of_averages_and_that_is_told() -> None:
    data = hexahedra()
    data.GetPointData().AddArray(texts("words", data.GetNumberOfPoints()))
    found, told = made("PointDatatoCellData", data)
    assert told == ["arrays that hold no numbers are left out: words"]
    values = vtk_to_numpy(found.GetCellData().GetArray("p"))
    points = vtk_to_numpy(data.GetPointData().GetArray("p"))
    ids = data.GetCell(0).GetPointIds()
    assert values[0] == pytest.approx(np.mean([points[ids.GetId(i)] for i in range(8)]), abs=1e-5)


def test_a_blur_is_of_the_array_that_was_chosen() -> None:
    """A blur keeps what is the same everywhere; of integers VTK would cut fractions off, and 7 would become 6."""
    image = bare_image(0, 4, 0, 4, 0, 4)
    image.GetPointData().SetScalars(numbers("a", np.arange(125.0)))
    image.GetPointData().AddArray(numbers("b", np.full(125, 7, np.uint8)))
    found, _ = made("ImageGaussianSmooth", image, {"Scalars": ["POINTS", "b"]})
    blurred = found.GetPointData().GetArray("b")
    assert vtk_to_numpy(blurred) == pytest.approx(np.full(125, 7.0))
    assert found.GetPointData().GetScalars() is blurred


def test_cells_without_numbers_are_left_out_of_clips() -> None:
    """Of a bar of 4 cubes with x as its values, and NaN at x = 4, the last cube is left out."""
    image = bar()
    x = np.tile([0.0, 1, 2, 3, np.nan], 4)
    image.GetPointData().AddArray(numbers("x", x))
    found, told = made("ClipByScalar", image, {"Scalars": ["POINTS", "x"], "Value": 0.5, "Invert": False})
    assert found.GetBounds() == pytest.approx((0.5, 3.0, 0, 1, 0, 1))
    assert told == ["x is not finite in 1 cells, which are left out"]
    found, _ = made("IsoVolume", image, {"InputScalars": ["POINTS", "x"], "ThresholdRange": [0.5, 2.5]})
    assert found.GetBounds() == pytest.approx((0.5, 2.5, 0, 1, 0, 1))


@pytest.mark.parametrize(
    "cells",
    [
        {"lines": [[0, 1]], "polys": [[0, 1, 5], [0, 2, 5]]},
        {"verts": [[0]], "polys": [[0, 1, 5]]},
        {"verts": [[0], [1, 2]], "lines": [[0, 1], [1, 2, 3]], "polys": [[0, 1, 5, 4], [0, 1, 5]]},
        {"polys": [[0, 1, 5]], "strips": [[0, 1, 4, 5]]},
        {"verts": [[3]], "lines": [[2, 3]], "polys": [[0, 1, 5, 4]], "strips": [[0, 1, 4, 5], [2, 3, 6]]},
    ],
)
def test_triangles_have_the_values_of_the_cells_that_they_are_of(cells: dict[str, Any]) -> None:
    """Each cell has its number as number and as text; a cell of n points is n, n - 1 or n - 2 in the result."""
    data = poly(**cells)
    count = data.GetNumberOfCells()
    data.GetCellData().SetScalars(numbers("number", np.arange(count)))
    words = texts("words", count)
    for index in range(count):
        words.SetValue(index, str(index))
    data.GetCellData().AddArray(words)
    sizes = [len(cell) - less for less, kind in enumerate(("verts", "lines")) for cell in cells.get(kind, [])]
    sizes += [len(cell) - 2 for kind in ("polys", "strips") for cell in cells.get(kind, [])]
    right = np.repeat(np.arange(count), sizes).tolist()
    found, _ = made("Triangulate", data)
    numbered = found.GetCellData().GetArray("number")
    assert vtk_to_numpy(numbered).tolist() == right and found.GetCellData().GetScalars() is numbered
    names = found.GetCellData().GetAbstractArray("words")
    assert [names.GetValue(i) for i in range(names.GetNumberOfValues())] == list(map(str, right))
    assert found.GetNumberOfCells() == len(right)
    kept = found.GetNumberOfVerts()
    found, _ = made("Triangulate", data, {"PassLines": False, "PassVerts": False})
    assert (
        found.GetNumberOfCells()
        == found.GetNumberOfPolys()
        == len(right) - kept - sum(len(line) - 1 for line in cells.get("lines", []))
    )


def test_what_is_blanked_stays_as_it_was_in_the_input() -> None:
    """VTK would write 0 into the point arrays of the input, and blank what it does not reach."""
    hidden = vtkDataSetAttributes.HIDDENCELL
    data = ghosts(structured(), 0, hidden)
    before = vtk_to_numpy(data.GetPointData().GetArray("p")).copy()
    made("CellDatatoPointData", data)
    assert (vtk_to_numpy(data.GetPointData().GetArray("p")) == before).all()
    mesh = ghosts(dressed(bare_image()), vtkDataSetAttributes.HIDDENPOINT, hidden)
    marks = vtk_to_numpy(mesh.GetCellData().GetArray(vtkDataSetAttributes.GhostArrayName()))
    before = marks.copy()
    made("ResampleWithDataset", mesh, other=structured())
    assert (marks == before).all()


@pytest.mark.parametrize(
    ("type_name", "properties"),
    [
        ("ExtractSelection", {"IDs": [0, 3]}),
        ("SurfaceNormals", {"FlipNormals": True}),
        ("Clip", {}),
        ("Connectivity", {}),
    ],
)
def test_inputs_stay_as_they_are(type_name: str, properties: dict[str, Any]) -> None:
    """VTK's vtkExtractSelection adds arrays to its input, vtkPolyDataNormals turns its polygons around."""
    blocks = multiblock(mixed_poly(), hexahedra())
    for data in (mixed_poly(), hexahedra(), blocks):
        before = digest(data)
        found, _ = made(type_name, data, properties)
        assert digest(data) == before and found is not None


def test_an_empty_result_is_told_once() -> None:
    found, told = made("Threshold", bar(), {"Scalars": ["CELLS", "c"], "LowerThreshold": 50.0, "UpperThreshold": 60.0})
    assert found.GetNumberOfCells() == 0
    assert told == ["the result is empty, and the input, a vtkImageData, is not: it has 4 cells, 20 points"]
    found, told = made("Threshold", bar(), {"Scalars": ["CELLS", "c"]})
    assert found.GetNumberOfCells() == 4 and told == []


def test_a_plane_lies_across_what_is_flat() -> None:
    """Of an image in the plane z = 3 a plane across z would cut nothing; one across x cuts it in the middle."""
    flat = dressed(bare_image(0, 8, 0, 4, 0, 0))
    found, told = made("Slice", flat)
    assert found.GetBounds() == pytest.approx((3.0, 3.0, 2.0, 6.0, 3.0, 3.0)) and told == []
