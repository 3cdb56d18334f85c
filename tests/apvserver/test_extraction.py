"""What the data service hands over to be drawn: parts, reduced detail, points, volumes, and facts about them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkMultiBlockDataSet, vtkPolyData
from vtkmodules.vtkFiltersCore import vtkElevationFilter, vtkPointDataToCellData, vtkThreshold
from vtkmodules.vtkFiltersGeneral import vtkImageDataToPointSet
from vtkmodules.vtkFiltersSources import vtkSphereSource

from apvserver.vtk.base.associations import GeometryError
from apvserver.vtk.geometry.coarse_surface import CELLS
from apvserver.vtk.geometry.extraction import FULL, REDUCED, Extract, extract, extraction_properties, same_extract
from apvserver.vtk.geometry.level_of_detail import POINTS
from apvserver.vtk.geometry.volumes import SCALAR
from apvserver.vtk.rendering.render_view import RenderView
from apvserver.vtk.rendering.representation import Representation


def ball(resolution: int) -> vtkPolyData:
    """A sphere with the array Elevation, 0 at the bottom to 1 at the top, on points and on cells."""
    source, elevation, cells = vtkSphereSource(), vtkElevationFilter(), vtkPointDataToCellData()
    source.SetThetaResolution(resolution)
    source.SetPhiResolution(resolution)
    elevation.SetInputConnection(source.GetOutputPort())
    elevation.SetLowPoint(0, 0, -0.5)
    elevation.SetHighPoint(0, 0, 0.5)
    cells.SetInputConnection(elevation.GetOutputPort())
    cells.PassPointDataOn()
    cells.Update()
    return cells.GetOutput()


def image(side: int = 4, components: int = 1) -> vtkImageData:
    made = vtkImageData()
    made.SetDimensions(side, side, side)
    values = np.arange(side**3 * components, dtype=np.float32)
    array = numpy_to_vtk(values.reshape(-1, components) if components > 1 else values, deep=True)
    array.SetName("value")
    made.GetPointData().AddArray(array)
    return made


def extracted(data: Any, **properties: Any) -> Extract:
    made = extract(data, extraction_properties(properties))
    return replace(made, parts=made.all_parts(), coarser=None)


def test_small_surfaces_have_no_reduced_form_and_large_ones_one_with_the_same_arrays() -> None:
    assert set(extracted(ball(50)).parts) == {FULL}
    large = ball(300)
    assert large.GetNumberOfCells() > CELLS
    for association in ("POINTS", "CELLS"):
        parts = extracted(large, ColorBy=(association, "Elevation")).parts
        full, reduced = parts[FULL], parts[REDUCED]
        assert 0 < reduced.GetNumberOfCells() < full.GetNumberOfCells() / 2
        np.testing.assert_allclose(reduced.GetBounds(), full.GetBounds(), atol=0.02)
        attributes = reduced.GetPointData() if association == "POINTS" else reduced.GetCellData()
        assert attributes.GetArray("Elevation") is not None


@pytest.mark.parametrize("association", ["POINTS", "CELLS"])
def test_a_reduced_drawing_looks_like_the_whole_one(association: str) -> None:
    camera = {"CameraPosition": (0, -2, 0), "CameraViewUp": (0, 0, 1)}
    view = RenderView({"ViewSize": (160, 120), "UseFXAA": False, **camera})
    shown = Representation({"ColorBy": (association, "Elevation"), "LookupTable": "Grayscale"})
    made = extracted(ball(400), ColorBy=(association, "Elevation"))
    shown.set_data(made.parts, made.to_dict())
    view.add_representation(1, shown)
    assert view.has_level_of_detail
    whole, reduced = view.render().pixels.astype(int), view.render(reduced=True).pixels.astype(int)
    assert (whole != reduced).any()
    background = whole[0, 0]
    silhouettes = (whole != background).any(axis=2) != (reduced != background).any(axis=2)
    assert silhouettes.mean() < 0.01
    assert np.abs(whole - reduced).mean() < 3
    np.testing.assert_array_equal(view.render().pixels, whole)
    view.close()


def test_many_points_have_a_reduced_form_of_some_of_them() -> None:
    made = image(64)
    parts = extracted(made, Representation="Point Gaussian", ColorBy=("POINTS", "value")).parts
    full, reduced = parts[FULL], parts[REDUCED]
    assert full.GetNumberOfPoints() == 64**3 and POINTS / 2 < reduced.GetNumberOfPoints() <= POINTS
    step = vtk_to_numpy(reduced.GetPointData().GetArray("value"))
    np.testing.assert_array_equal(step, np.arange(64**3)[:: -(-(64**3) // POINTS)])
    np.testing.assert_array_equal(reduced.GetPoint(1), full.GetPoint(2))


def test_glyphs_stand_at_no_more_points_than_asked_for() -> None:
    made = extracted(image(10), Representation="3D Glyphs", MaximumNumberOfGlyphs=100, ScaleArray="value")
    values = vtk_to_numpy(made.parts[FULL].GetPointData().GetArray("value"))
    np.testing.assert_array_equal(values, np.arange(0, 1000, 10))


def test_the_range_is_that_of_the_whole_data_not_of_what_is_drawn() -> None:
    made = image(9)
    inside = vtk_to_numpy(made.GetPointData().GetArray("value"))
    inside[4 * 81 + 4 * 9 + 4] = 5000  # in the middle, where no surface is
    assert extracted(made, ColorBy=("POINTS", "value")).color_range == (0, 5000)
    assert extracted(made, Representation="Slice", ColorBy=("POINTS", "value")).color_range == (0, 5000)


def test_a_slice_is_one_layer() -> None:
    made = extracted(image(4), Representation="Slice", SliceMode="YZ Plane", Slice=3, ColorBy=("POINTS", "value"))
    plane = made.parts[FULL]
    values = vtk_to_numpy(plane.GetPointData().GetArray("value"))
    assert sorted(values) == list(range(3, 64, 4)) and plane.GetBounds()[:2] == (3, 3)


def test_a_volume_is_one_array_of_numbers() -> None:
    for component, expected in ((1, np.arange(1, 192, 3)), ("Magnitude", None)):
        made = extracted(image(4, 3), Representation="Volume", ColorBy=("POINTS", "value", component)).parts[FULL]
        array = made.GetPointData().GetScalars()
        assert (array.GetName(), array.GetNumberOfComponents()) == (SCALAR, 1)
        if expected is not None:
            np.testing.assert_array_equal(vtk_to_numpy(array), expected)
        else:
            vectors = np.arange(192, dtype=np.float32).reshape(-1, 3)
            np.testing.assert_allclose(vtk_to_numpy(array), np.linalg.norm(vectors, axis=1), rtol=1e-6)


def test_what_is_no_image_is_sampled_for_a_volume() -> None:
    convert = vtkImageDataToPointSet()
    convert.SetInputData(image(4))
    convert.Update()
    made = extracted(
        convert.GetOutput(), Representation="Volume", ColorBy=("POINTS", "value"), ResampleDimensions=(7, 7, 7)
    ).parts[FULL]
    values = vtk_to_numpy(made.GetPointData().GetScalars()).reshape(7, 7, 7)
    assert made.GetDimensions() == (7, 7, 7)
    np.testing.assert_allclose(values[::2, ::2, ::2].ravel(), np.arange(64), atol=1e-4)


def test_clouds_of_blocks_are_one_cloud_with_nan_where_an_array_is_missing() -> None:
    bare = image(2)
    bare.GetPointData().Initialize()
    blocks = vtkMultiBlockDataSet()
    blocks.SetBlock(0, image(2))
    blocks.SetBlock(1, bare)
    made = extracted(blocks, Representation="Point Gaussian", ColorBy=("POINTS", "value"))
    values = vtk_to_numpy(made.parts[FULL].GetPointData().GetArray("value"))
    assert values[:8].tolist() == list(range(8)) and np.isnan(values[8:]).all() and made.color_range == (0, 7)


def test_what_cannot_be_extracted_says_what_would_work() -> None:
    flat = vtkImageData()
    flat.SetDimensions(4, 4, 1)
    array = numpy_to_vtk(np.arange(16.0), deep=True)
    array.SetName("value")
    flat.GetPointData().AddArray(array)
    for data, properties, words in (
        (flat, {"Representation": "Volume", "ColorBy": ("POINTS", "value")}, "has 2: use Slice"),
        (ball(8), {"Representation": "3D Glyphs", "ColorBy": ("CELLS", "Elevation")}, "use CellDatatoPointData"),
        (ball(8), {"Representation": "Point Gaussian", "ScaleArray": "Elevatio"}, "Did you mean 'Elevation'"),
    ):
        with pytest.raises(GeometryError, match=words):
            extracted(data, **properties)


def test_styles_of_one_surface_are_one_extract() -> None:
    surface = extraction_properties({"Representation": "Surface"})
    assert same_extract(surface, extraction_properties({"Representation": "Wireframe"}))
    assert not same_extract(surface, extraction_properties({"Representation": "Points"}))
    assert not same_extract(surface, extraction_properties({"ColorBy": ("POINTS", "x")}))


def test_the_surface_of_an_image_and_of_hexahedra_has_a_reduced_form_with_its_numbers() -> None:
    made = vtkImageData()
    made.SetDimensions(231, 231, 2)
    values = numpy_to_vtk(np.tile(np.arange(231 * 231, dtype=np.float32), 2), deep=True)
    values.SetName("value")
    made.GetPointData().SetScalars(values)
    threshold = vtkThreshold()
    threshold.SetInputData(made)
    threshold.SetThresholdFunction(vtkThreshold.THRESHOLD_UPPER)
    threshold.SetUpperThreshold(-1.0)
    threshold.Update()
    assert threshold.GetOutput().GetNumberOfCells() == 230**2
    for data in (made, threshold.GetOutput()):
        parts = extracted(data, ColorBy=("POINTS", "value")).parts
        full, reduced = parts[FULL], parts[REDUCED]
        assert full.GetNumberOfCells() == full.GetNumberOfPolys() == 2 * 230**2 + 4 * 230 > CELLS
        assert 10_000 < reduced.GetNumberOfCells() < full.GetNumberOfCells() / 2
        np.testing.assert_allclose(reduced.GetBounds(), full.GetBounds(), atol=230 / 64)
        low, high = reduced.GetPointData().GetArray("value").GetRange()
        first, last = full.GetPointData().GetArray("value").GetRange()
        assert first <= low < first + 0.02 * last and 0.98 * last < high <= last
