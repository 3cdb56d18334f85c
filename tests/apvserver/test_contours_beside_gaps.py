"""Contours and clips where some values are no numbers: nothing beside them, and no place at NaN.

The right place is that of the plane x = 4.25 in an image whose values are x.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkFiltersCore import vtkAppendFilter
from vtkmodules.vtkFiltersSources import vtkPlaneSource

from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

DATA, FILTER, AFTER = 1, 2, 3


def image(missing: Any, dtype: Any = np.float64) -> Any:
    made = vtkImageData()
    made.SetDimensions(9, 9, 9)
    places = np.array([made.GetPoint(index) for index in range(729)])
    values = places[:, 0].astype(dtype)
    values[missing(places)] = np.nan
    array = numpy_to_vtk(values, deep=True)
    array.SetName("x")
    made.GetPointData().SetScalars(array)
    return made


def executed(data: Any, *steps: tuple[str, dict[str, Any]]) -> Any:
    made = Pipeline()
    made.create(DATA, "vtkTrivialProducer")
    made.algorithm(DATA).SetOutput(data)
    for id_, (type_name, properties) in enumerate(steps, FILTER):
        made.create(id_, type_name, properties, {"Input": [(id_ - 1, 0)]})
    last = FILTER + len(steps) - 1
    Executor().execute(made, last)
    return made.output_data(last, 0)


CONTOUR: tuple[str, dict[str, Any]] = ("Contour", {"ContourBy": ["POINTS", "x"], "Isosurfaces": [4.25]})


@pytest.mark.parametrize("grid", ["image", "unstructured"])
def test_a_contour_ends_where_values_are_missing(grid: str) -> None:
    data: Any = image(lambda places: places[:, 1] > 5)
    if grid == "unstructured":
        append = vtkAppendFilter()
        append.SetInputData(data)
        append.Update()
        data = append.GetOutput()
    found = executed(data, CONTOUR)
    assert found.GetBounds() == (4.25, 4.25, 0, 5, 0, 8)
    normals = vtk_to_numpy(found.GetPointData().GetNormals())
    np.testing.assert_allclose(np.abs(normals), np.tile([1.0, 0, 0], (len(normals), 1)), atol=1e-6)
    assert np.isfinite(vtk_to_numpy(found.GetPointData().GetArray("x"))).all()


def test_a_contour_of_numbers_only_is_that_of_vtk() -> None:
    data = image(lambda places: np.zeros(len(places), np.bool_))
    ours = executed(data, CONTOUR)
    plain = executed(data, ("vtkContourFilter", {"SelectInputArray": ["POINTS", "x"], "Values": [4.25]}))
    np.testing.assert_array_equal(*(vtk_to_numpy(found.GetPoints().GetData()) for found in (ours, plain)))
    np.testing.assert_array_equal(*(vtk_to_numpy(found.GetPolys().GetConnectivityArray()) for found in (ours, plain)))


def test_nothing_closes_a_contour_at_the_end_of_the_data() -> None:
    """Samples outside of the data are no numbers: with 0 there, a wall would stand around the data."""
    box = {"SamplingDimensions": [13, 13, 13], "UseInputBounds": False, "SamplingBounds": [-2.0, 10.0] * 3}
    data = image(lambda places: np.zeros(len(places), np.bool_))
    found = executed(data, ("ResampleToImage", box), CONTOUR)
    np.testing.assert_allclose(found.GetBounds(), (4.25, 4.25, 0, 8, 0, 8), atol=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_samples_of_any_type_are_taken_by_filters_of_images(dtype: Any) -> None:
    data = image(lambda places: np.zeros(len(places), np.bool_), dtype)
    smooth = ("ImageGaussianSmooth", {"StandardDeviations": [0.5, 0.5, 0.5]})
    found = executed(data, ("ResampleToImage", {"SamplingDimensions": [9, 9, 9]}), smooth)
    values = vtk_to_numpy(found.GetPointData().GetArray("x")).reshape(9, 9, 9)
    np.testing.assert_allclose(values[4, 4, 2:7], np.arange(2, 7), atol=1e-3)
    assert values.dtype == dtype


@pytest.mark.parametrize(
    ("type_name", "properties", "bounds"),
    [
        ("ClipByScalar", {"Scalars": ["POINTS", "x"], "Value": 4.25}, (0, 4.25, 0, 5, 0, 8)),
        ("ClipByScalar", {"Scalars": ["POINTS", "x"], "Value": 4.25, "Invert": False}, (4.25, 8, 0, 5, 0, 8)),
        (
            "IsoVolume",
            {"InputScalars": ["POINTS", "x"], "ThresholdRange": [2.5, 4.25]},
            (2.5, 4.25, 0, 5, 0, 8),
        ),
    ],
)
def test_a_clip_ends_where_values_are_missing(type_name: str, properties: dict[str, Any], bounds: Any) -> None:
    data = image(lambda places: places[:, 1] > 5)
    flags = numpy_to_vtk(np.repeat([0, 1], 256).astype(np.uint8), deep=True)  # the upper half are copies of others
    flags.SetName("copies")
    data.GetCellData().AddArray(flags)
    found = executed(data, (type_name, properties))
    assert found.GetBounds() == bounds
    assert np.isfinite(vtk_to_numpy(found.GetPointData().GetArray("x"))).all()
    assert found.GetCellData().GetArray("vtkGhostType") is None
    assert set(vtk_to_numpy(found.GetCellData().GetArray("copies")).tolist()) == {0, 1}


def test_ghosts_stay_where_other_cells_are_removed() -> None:
    strip = vtkPlaneSource()
    strip.SetResolution(3, 1)
    strip.Update()
    data = strip.GetOutput()
    points = vtk_to_numpy(data.GetPoints().GetData()).copy()
    points[0] = np.nan  # of the first cell only
    data.GetPoints().SetData(numpy_to_vtk(points, deep=True))
    flags = numpy_to_vtk(np.array([0, 0, 1], np.uint8), deep=True)
    flags.SetName("vtkGhostType")
    data.GetCellData().AddArray(flags)
    found = executed(data, ("FinitePoints", {}))
    assert found.GetNumberOfCells() == 2 and np.isfinite(found.GetBounds()).all()
    assert vtk_to_numpy(found.GetCellData().GetArray("vtkGhostType")).tolist() == [0, 1]


@pytest.mark.parametrize("missing", [np.nan, np.inf])
def test_a_coarser_surface_has_its_points_at_those_that_have_a_place(missing: float) -> None:
    sheet = vtkPlaneSource()
    sheet.SetResolution(6, 6)
    sheet.Update()
    data = sheet.GetOutput()
    whole = vtk_to_numpy(data.GetPoints().GetData()).copy()
    points = whole.copy()
    points[0] = missing  # a corner, of one cell only
    data.GetPoints().SetData(numpy_to_vtk(points, deep=True))
    found = executed(data, ("QuadricClustering", {"NumberofDimensions": [3, 3, 1]}))
    places = {tuple(one) for one in vtk_to_numpy(found.GetPoints().GetData()).tolist()}
    assert len(places) == 9 and places <= {tuple(one) for one in whole[1:].tolist()}
    corners = vtk_to_numpy(found.GetPolys().GetConnectivityArray()).reshape(-1, 3)
    a, b, c = (vtk_to_numpy(found.GetPoints().GetData())[corners[:, one]] for one in range(3))
    areas = np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2
    assert len(corners) == 8 and areas.sum() == pytest.approx(1 / 2 * 2 / 3)  # of the rectangle of nine places
