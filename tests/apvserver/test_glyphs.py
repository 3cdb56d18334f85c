"""Glyphs are scaled and turned by the arrays that were chosen: lengths and ends of lines, against paper."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkMultiBlockDataSet, vtkPolyData, vtkUnstructuredGrid

from apvserver.vtk.algorithms.glyphs import masks
from apvserver.vtk.base.blocks import parts
from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.filling import filled_values
from apvserver.vtk.pipeline.proxies import Pipeline

SCALES = [1, 4, 2]
VECTORS = np.array([[0, 0, 2.0], [0, 3.0, 0], [-6.0, 0, 0]])
GLYPH = 3


def named(values: Any, name: str) -> Any:
    array = numpy_to_vtk(np.ascontiguousarray(values), deep=True)
    array.SetName(name)
    return array


def cloud(scales: Any = SCALES, vectors: Any = VECTORS, *, start: float = 0.0, double: bool = False) -> vtkPolyData:
    made, points = vtkPolyData(), vtkPoints()
    if double:
        points.SetDataTypeToDouble()
    for index in range(3):
        points.InsertNextPoint(start + 10 * index, 0, 0)
    made.SetPoints(points)
    if scales is not None:
        made.GetPointData().AddArray(named(np.asarray(scales), "s"))
    if vectors is not None:
        made.GetPointData().AddArray(named(vectors, "v"))
    return made


def executed(data: Any, **properties: Any) -> Pipeline:
    made = Pipeline()
    made.create(1, "vtkTrivialProducer")
    made.algorithm(1).SetOutput(data)
    made.create(2, "Line", {"Point1": [0, 0, 0], "Point2": [1, 0, 0], "Resolution": 1})
    made.create(GLYPH, "Glyph", properties, {"Input": [(1, 0)]}, {"GlyphType": 2})
    Executor().execute(made, GLYPH)
    return made


NONE = {"ScaleArray": ["POINTS", "No scale array"], "OrientationArray": ["POINTS", "No orientation array"]}
"""As ParaView calls them."""


def arrows(data: Any, **properties: Any) -> Any:
    """From where to where each line goes."""
    found = []
    given = {**NONE, "ScaleFactor": 1.0, "GlyphMode": "All Points", **properties}
    for leaf in parts(executed(data, **given).output_data(GLYPH)):
        if leaf.GetNumberOfPoints():
            ends = vtk_to_numpy(leaf.GetPoints().GetData())
            found.append(ends[1::2].astype(float) - ends[::2])
    return np.concatenate(found)


def lengths(data: Any, **properties: Any) -> Any:
    return np.linalg.norm(arrows(data, **properties), axis=1)


@pytest.mark.parametrize("dtype", ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"])
def test_numbers_of_every_type_scale(dtype: str) -> None:
    found = lengths(cloud(np.array(SCALES, dtype)), ScaleArray=["POINTS", "s"], ScaleFactor=0.5)
    assert found == pytest.approx([0.5, 2, 1])


def test_without_an_array_all_are_alike() -> None:
    assert lengths(cloud()) == pytest.approx([1, 1, 1])
    assert arrows(cloud(), OrientationArray=["POINTS", "v"]) == pytest.approx(
        VECTORS / np.linalg.norm(VECTORS, axis=1)[:, None], abs=1e-6
    )


def test_vectors_scale_by_their_length_and_turn() -> None:
    both = {"ScaleArray": ["POINTS", "v"], "OrientationArray": ["POINTS", "v"]}
    assert arrows(cloud(), **both) == pytest.approx(VECTORS, abs=1e-5)
    assert lengths(cloud(), ScaleArray=["POINTS", "v"]) == pytest.approx([2, 3, 6])
    found = arrows(cloud(), ScaleArray=["POINTS", "s"], OrientationArray=["POINTS", "v"])
    assert found == pytest.approx(VECTORS * (np.array(SCALES) / [2, 3, 6])[:, None], abs=1e-5)


def test_integer_vectors_turn_and_scale() -> None:
    both = {"ScaleArray": ["POINTS", "v"], "OrientationArray": ["POINTS", "v"]}
    assert arrows(cloud(vectors=VECTORS.astype("i4")), **both) == pytest.approx(VECTORS, abs=1e-5)


def test_components_stretch_along_their_axes() -> None:
    vectors = np.array([[2.0, 9, 9], [3, 9, 9], [5, 9, 9]])
    found = arrows(cloud(vectors=vectors), ScaleArray=["POINTS", "v"], VectorScaleMode="Scale by Components")
    assert found == pytest.approx(np.array([[2, 0, 0], [3, 0, 0], [5, 0, 0]]), abs=1e-6)


def test_components_stretch_before_other_vectors_turn() -> None:
    data = cloud(vectors=np.array([[2.0, 9, 9], [3, 9, 9], [5, 9, 9]]))
    data.GetPointData().AddArray(named(VECTORS, "other"))
    both = {"ScaleArray": ["POINTS", "v"], "OrientationArray": ["POINTS", "other"]}
    found = arrows(data, **both, VectorScaleMode="Scale by Components")
    assert found == pytest.approx(np.array([[0, 0, 2], [0, 3, 0], [-5, 0, 0]]), abs=1e-5)


def test_arrays_of_cells_put_shapes_in_their_middle() -> None:
    image = vtkImageData()
    image.SetDimensions(3, 2, 2)
    image.GetCellData().AddArray(named(np.array([2.0, 5.0]), "s"))
    image.GetPointData().AddArray(named(np.arange(12.0), "p"))
    made = executed(image, ScaleArray=["CELLS", "s"], ScaleFactor=1.0).output_data(GLYPH)
    ends = vtk_to_numpy(made.GetPoints().GetData())
    assert ends.tolist() == [[0.5, 0.5, 0.5], [2.5, 0.5, 0.5], [1.5, 0.5, 0.5], [6.5, 0.5, 0.5]]
    assert vtk_to_numpy(made.GetPointData().GetArray("s")).tolist() == [2, 2, 5, 5]


def test_arrays_of_points_beside_those_of_cells_are_averaged() -> None:
    image = vtkImageData()
    image.SetDimensions(3, 2, 2)
    image.GetCellData().AddArray(named(np.array([[0, 0, 1.0], [0, 1.0, 0]]), "v"))
    image.GetPointData().AddArray(named(np.tile([0, 1, 4], 4).astype("u1"), "p"))
    found = arrows(image, ScaleArray=["POINTS", "p"], OrientationArray=["CELLS", "v"])
    assert found == pytest.approx(np.array([[0, 0, 0.5], [0, 2.5, 0]]), abs=1e-6)


def test_points_without_numbers_get_no_shape() -> None:
    assert lengths(cloud([1.0, np.nan, 2.0]), ScaleArray=["POINTS", "s"]) == pytest.approx([1, 2])
    made = executed(cloud([1.0, np.nan, 2.0]), ScaleArray=["POINTS", "s"], ScaleFactor=1.0).output_data(GLYPH)
    assert vtk_to_numpy(made.GetPointData().GetArray("v"))[::2].tolist() == [[0, 0, 2], [-6, 0, 0]]


def test_blocks_with_the_arrays_get_their_own_and_others_none() -> None:
    blocks = vtkMultiBlockDataSet()
    blocks.SetBlock(0, cloud(None))
    blocks.SetBlock(1, cloud(np.array([7, 8, 9], "u1"), None))
    blocks.SetBlock(2, vtkPolyData())
    blocks.SetBlock(3, cloud([1.5, 2.5, 3.5]))
    assert lengths(blocks, ScaleArray=["POINTS", "s"]) == pytest.approx([7, 8, 9, 1.5, 2.5, 3.5])
    assert len(lengths(blocks)) == 9


def test_arrays_are_kept_as_they_are() -> None:
    made = executed(cloud(np.array(SCALES, "u1")), ScaleArray=["POINTS", "s"]).output_data(GLYPH).GetPointData()
    assert (
        {"s", "v"} <= {made.GetArrayName(index) for index in range(made.GetNumberOfArrays())} <= {"s", "v", "TCoords"}
    )
    assert made.GetArray("s").GetDataTypeAsString() == "unsigned char"
    assert vtk_to_numpy(made.GetArray("s")).tolist() == [1, 1, 4, 4, 2, 2]


def test_far_away_points_keep_their_digits() -> None:
    made = executed(
        cloud(start=5_000_000.25, double=True), **NONE, GlyphMode="All Points", ScaleFactor=0.125
    ).output_data(GLYPH)
    ends = vtk_to_numpy(made.GetPoints().GetData())[:, 0]
    assert ends.tolist()[:2] == [5_000_000.25, 5_000_000.375]


def test_places_of_images_that_are_far_away_and_turned_keep_their_digits() -> None:
    image = vtkImageData()
    image.SetExtent(2, 3, 0, 1, 0, 0)
    image.SetOrigin(5_000_000.25, 0, 0)
    image.SetDirectionMatrix(0, -1, 0, 1, 0, 0, 0, 0, 1)
    made = executed(image, GlyphMode="All Points", ScaleFactor=0.125).output_data(GLYPH)
    starts = vtk_to_numpy(made.GetPoints().GetData())[::2]
    assert starts.tolist() == [[5_000_000.25 - y, x, 0] for y in (0, 1) for x in (2, 3)]


def test_the_scale_factor_is_a_tenth_of_the_data_unless_it_is_set() -> None:
    made = executed(cloud(), ScaleArray=["POINTS", "s"])
    assert filled_values(made, made.proxy(GLYPH))["ScaleFactor"] == pytest.approx(20 * 0.1)


def test_points_are_chosen_all_over_the_bounds_of_all_blocks_and_alike_each_time() -> None:
    image = vtkImageData()
    image.SetDimensions(20, 20, 20)
    image.GetPointData().AddArray(named(np.arange(8000.0), "s"))
    options = {"ScaleArray": ["POINTS", "s"], "MaximumNumberOfSamplePoints": 100, "ScaleFactor": 1.0}
    uniform = {**options, "GlyphMode": "Uniform Spatial Distribution (Bounds Based)"}
    first, again, other = lengths(image, **uniform), lengths(image, **uniform), lengths(image, Seed=7, **uniform)
    assert 90 < len(first) <= 100 and first.tolist() == again.tolist() != other.tolist()
    far = vtkImageData()
    far.SetDimensions(2, 2, 2)
    far.SetOrigin(100, 0, 0)
    far.GetPointData().AddArray(named(np.full(8, -1.0), "s"))
    blocks = vtkMultiBlockDataSet()
    blocks.SetBlock(0, image)
    blocks.SetBlock(1, far)
    assert 0 < len(lengths(blocks, **uniform)) < 50, "most places are between the blocks"


@pytest.mark.parametrize("association", ["POINTS", "CELLS"])
@pytest.mark.parametrize("mode", ["All Points", "Every Nth Point", 2, 3, 4])
@pytest.mark.parametrize("empty", [vtkPolyData, vtkImageData, vtkUnstructuredGrid])
def test_empty_blocks_beside_others_get_none_however_points_are_chosen(empty: Any, mode: Any, association: str) -> None:
    """Once the process was ended: VTK's locator was asked for the nearest of no points."""
    image = vtkImageData()
    image.SetDimensions(4, 4, 4)
    image.GetPointData().AddArray(named(np.full(64, 2.0), "s"))
    image.GetCellData().AddArray(named(np.full(27, 2.0), "s"))
    blocks = vtkMultiBlockDataSet()
    blocks.SetBlock(0, empty())
    blocks.SetBlock(1, image)
    found = lengths(blocks, ScaleArray=[association, "s"], MaximumNumberOfSamplePoints=500, GlyphMode=mode)
    assert len(found) > 20 and set(found.tolist()) == {2.0}


def test_places_are_found_in_data_that_is_far_away() -> None:
    found = lengths(cloud(start=5_000_000.25, double=True), MaximumNumberOfSamplePoints=500, GlyphMode=2)
    assert found == pytest.approx([1, 1, 1])


@pytest.mark.parametrize("together", [False, True])
def test_of_many_points_the_same_are_chosen_as_of_few(together: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A locator that a filter builds has them where it would have them by itself; also if all are in one place."""
    scattered = np.random.default_rng(1).random((400, 3))
    points, data = vtkPoints(), vtkPolyData()
    points.SetData(numpy_to_vtk(np.ones((400, 3)) if together else scattered, deep=True))
    data.SetPoints(points)
    places = np.vstack([scattered[::3] + 0.01, [[1.0, 1.0, 1.0], [5.0, 5.0, 5.0]]])
    few = masks.points_near(data, places, 0.05)
    monkeypatch.setattr(masks, "_MANY", 1)
    assert masks.points_near(data, places, 0.05).tolist() == few.tolist()
    assert len(few) == 1 if together else len(few) > 100


def test_every_nth_point_gets_a_shape() -> None:
    assert lengths(cloud(), ScaleArray=["POINTS", "s"], GlyphMode="Every Nth Point", Stride=2) == pytest.approx([1, 2])


def test_a_shape_is_transformed_before_it_is_placed() -> None:
    made = Pipeline()
    made.create(1, "vtkTrivialProducer")
    made.algorithm(1).SetOutput(cloud())
    made.create(2, "Line", {"Point1": [0, 0, 0], "Point2": [1, 0, 0], "Resolution": 1})
    made.create(4, "objects/Transform", {"Translate": [0, 5, 0], "Scale": [3, 1, 1]})
    given = {**NONE, "ScaleFactor": 2.0, "GlyphMode": "All Points"}
    made.create(GLYPH, "Glyph", given, {"Input": [(1, 0)]}, {"GlyphType": 2, "GlyphTransform": 4})
    Executor().execute(made, GLYPH)
    ends = vtk_to_numpy(made.output_data(GLYPH).GetPoints().GetData())
    assert ends[:2].tolist() == [[0, 10, 0], [6, 10, 0]]


def test_hidden_points_get_none() -> None:
    data = cloud()
    flags = numpy_to_vtk(np.array([0, 2, 0], np.uint8), deep=True)
    flags.SetName("vtkGhostType")
    data.GetPointData().AddArray(flags)
    assert lengths(data, ScaleArray=["POINTS", "s"]) == pytest.approx([1, 2])


@pytest.mark.parametrize(
    ("type_name", "name"), [("Glyph", "MaximumNumberOfSamplePoints"), ("NormalGlyphs", "GlyphMaxPoints")]
)
def test_shapes_are_looked_for_at_a_million_places_at_most(type_name: str, name: str) -> None:
    pipeline = Pipeline()
    pipeline.create(1, "Sphere")
    pipeline.create(2, type_name, {name: 1_000_001}, {"Input": [(1, 0)]})
    with pytest.raises(ExecutionFailed, match=f"{name} is 1000001 and must be at most 1000000"):
        Executor().execute(pipeline, 2)
    pipeline.modify(2, {name: 1_000_000})
    Executor().execute(pipeline, 2)
