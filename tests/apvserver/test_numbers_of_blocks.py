"""Blocks of one output: which numbers its colours span, and that no array is lost where they are merged."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkIdTypeArray, vtkLongLongArray
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkMultiBlockDataSet, vtkPolyData
from vtkmodules.vtkFiltersSources import vtkPlaneSource

from apvserver.vtk.base.associations import GeometryError
from apvserver.vtk.base.information import describe_data
from apvserver.vtk.base.values.ranges import finite_range
from apvserver.vtk.geometry.extraction import extract, extraction_properties

T = ("POINTS", "T")


def blocks(*members: Any) -> vtkMultiBlockDataSet:
    made = vtkMultiBlockDataSet()
    for index, member in enumerate(members):
        made.SetBlock(index, member)
    return made


def plane(values: Any) -> vtkPolyData:
    """Four points with these numbers; an array of VTK stays what it is."""
    source = vtkPlaneSource()
    source.Update()
    return with_array(source.GetOutput(), values)


def with_array(data: Any, values: Any) -> Any:
    array = numpy_to_vtk(np.asarray(values), deep=True) if not hasattr(values, "GetDataType") else values
    array.SetName("T")
    data.GetPointData().AddArray(array)
    return data


def box(x: float, value: float, dtype: type = np.float64) -> vtkImageData:
    image = vtkImageData()
    image.SetDimensions(4, 4, 4)
    image.SetOrigin(x, 0, 0)
    return with_array(image, np.full(64, value, dtype))


def integers(made: Any) -> Any:
    for value in range(4):
        made.InsertNextValue(value)
    return made


@pytest.mark.parametrize("kind", ["Surface", "Points", "Point Gaussian", "3D Glyphs", "Outline"])
@pytest.mark.parametrize(
    "without", [[], [np.nan] * 4, [np.inf, -np.inf, np.nan, np.inf]], ids=["empty", "NaN", "infinite"]
)
def test_blocks_without_a_number_widen_no_range(kind: str, without: list[float]) -> None:
    other = with_array(vtkPolyData(), np.zeros(0)) if not without else plane(without)
    for members in ((plane([100, 120, 150, 200]), other), (other, plane([100.0, 120, 150, 200]))):
        made = extract(blocks(*members), extraction_properties({"ColorBy": T, "Representation": kind}))
        assert made.color_range == (100.0, 200.0)
    alone = extract(blocks(other), extraction_properties({"ColorBy": T, "Representation": kind}))
    assert alone.color_range is None


def test_information_unites_ranges_of_numbers_only() -> None:
    none = [plane([np.nan] * 4), plane([np.inf, -np.inf, np.nan, np.inf]), with_array(vtkPolyData(), np.zeros(0))]
    for one in ([100.0, 120, 150, 200], [100.0, np.inf, 200.0, -np.inf]):
        described = describe_data(blocks(*none, plane(one), *none))
        (array,) = [one for one in described["arrays"] if one["name"] == "T"]
        assert array["ranges"] == [(100.0, 200.0)]
    large = np.full(1_200_000, np.inf)
    assert finite_range(numpy_to_vtk(large), 0) is None
    large[[7, 700_000]] = 100.0, 200.0
    large[9] = np.nan
    assert finite_range(numpy_to_vtk(large), 0) == (100.0, 200.0)


@pytest.mark.parametrize(
    ("one", "other", "dtype"),
    [
        (np.array([0, 1, 2, 3], np.float32), np.array([4, 5, 6, 7], np.float64), np.float64),
        (np.array([0, 1, 2, 3], np.int16), np.array([4, 5, 6, 7], np.float32), np.float32),
        (np.array([0, 1, 2, 3], np.uint8), np.array([-4, 5, 6, 7], np.int8), np.int16),
        (integers(vtkIdTypeArray()), integers(vtkLongLongArray()), np.int64),  # two types of VTK, one of numpy
    ],
)
def test_blocks_of_two_types_keep_their_numbers(one: Any, other: Any, dtype: type) -> None:
    made = extract(blocks(plane(one), plane(other)), extraction_properties({"ColorBy": T}))
    found = made.parts["full"].GetPointData().GetArray("T")
    numbers = [vtk_to_numpy(values) if hasattr(values, "GetDataType") else values for values in (one, other)]
    np.testing.assert_array_equal(vtk_to_numpy(found), np.concatenate(numbers))
    assert vtk_to_numpy(found).dtype == dtype


def test_vectors_in_some_blocks_and_scalars_in_others_are_refused_unless_there_are_none() -> None:
    vectors = plane(np.arange(12.0).reshape(4, 3))
    with pytest.raises(GeometryError, match=r"\[1, 3\] components in different blocks"):
        extract(blocks(vectors, plane([1.0, 2, 3, 4])), extraction_properties({"ColorBy": T}))
    empty = with_array(vtkPolyData(), np.zeros(0))
    made = extract(blocks(vectors, empty), extraction_properties({"ColorBy": (*T, 2)}))
    assert made.color_range == (2.0, 11.0)


@pytest.mark.parametrize(
    ("other", "numbers"),
    [
        (box(3, 2.0), {1.0, 2.0}),
        (box(3, 2.0, np.float64), {1.0, 2.0}),
        (box(3, 2, np.int16), {1.0, 2.0}),
        (box(3, np.nan), {1.0}),
        (box(3, np.inf), {1.0}),
    ],
    ids=["alike", "double", "integers", "NaN", "infinite"],
)
def test_a_volume_of_blocks_has_the_numbers_of_all_that_have_some(other: Any, numbers: set[float]) -> None:
    properties = {"ColorBy": T, "Representation": "Volume", "ResampleDimensions": [6, 6, 6]}
    made = extract(blocks(box(0, 1.0, np.float32), other), extraction_properties(properties))
    values = vtk_to_numpy(made.parts["full"].GetPointData().GetScalars())
    assert set(values.round(9).tolist()) == numbers
    assert made.color_range == (min(numbers), max(numbers))


def test_what_is_no_number_in_an_image_is_like_the_smallest_in_its_volume() -> None:
    values = np.arange(64.0)
    values[:4] = np.nan, np.inf, -np.inf, 3.0
    image = with_array(box(0, 0), values)
    made = extract(image, extraction_properties({"ColorBy": T, "Representation": "Volume"}))
    found = vtk_to_numpy(made.parts["full"].GetPointData().GetScalars())
    assert found[:4].tolist() == [3.0, 63.0, 3.0, 3.0] and made.color_range == (3.0, 63.0)


def test_normals_of_two_types_stay_normals() -> None:
    members = [plane([1.0, 2, 3, 4]), plane([5.0, 6, 7, 8])]
    for member, dtype in zip(members, (np.float32, np.float64), strict=True):
        normals = numpy_to_vtk(np.tile([0, 0.6, 0.8], (4, 1)).astype(dtype), deep=True)
        normals.SetName(f"of {dtype.__name__}")
        member.GetPointData().SetNormals(normals)
    made = extract(blocks(*members), extraction_properties({"ColorBy": T})).parts["full"]
    found = made.GetPointData().GetNormals()
    assert found is not None and found.GetNumberOfTuples() == 8
    np.testing.assert_allclose(vtk_to_numpy(found), np.tile([0, 0.6, 0.8], (8, 1)), atol=1e-6)
    assert vtk_to_numpy(made.GetPointData().GetArray("T")).tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
