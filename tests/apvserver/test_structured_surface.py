"""The surface of data in rows is found from its sides alone, and is what VTK finds by looking at every point."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints, vtkSMPTools, vtkStringArray
from vtkmodules.vtkCommonDataModel import vtkDataSetAttributes, vtkImageData, vtkRectilinearGrid, vtkStructuredGrid
from vtkmodules.vtkFiltersGeometry import vtkGeometryFilter

from apvserver.vtk.base.precision import choose_precision
from apvserver.vtk.geometry.geometry import extract_geometry
from apvserver.vtk.geometry.structured_surface import structured_surface

Size = tuple[int, int, int]

SIZES: Final = ((3, 4, 5), (2, 2, 2), (5, 2, 4), (2, 3, 2), (7, 6, 2), (20, 15, 10))
RANDOM: Final = np.random.default_rng(7)


@pytest.fixture(autouse=True)
def _with_one_thread() -> Iterator[None]:
    """Of what several find VTK has no order of its own."""
    before = vtkSMPTools.GetBackend(), vtkSMPTools.GetEstimatedNumberOfThreads()
    vtkSMPTools.SetBackend("Sequential")
    yield
    vtkSMPTools.SetBackend(before[0])
    vtkSMPTools.Initialize(before[1])


def dressed(data: Any) -> Any:
    """The same with arrays of several types, for points and for cells, some of them marked."""
    for attributes, count in (
        (data.GetPointData(), data.GetNumberOfPoints()),
        (data.GetCellData(), data.GetNumberOfCells()),
    ):
        for name, values in (
            ("vectors", RANDOM.random((count, 3)).astype(np.float32)),
            ("ids", np.arange(count, dtype=np.int64)),
            ("bytes", np.arange(count).astype(np.uint8)),
            ("normals", RANDOM.random((count, 3))),
        ):
            array = numpy_to_vtk(values, deep=True)
            array.SetName(name)
            attributes.AddArray(array)
    data.GetPointData().SetActiveNormals("normals")
    data.GetPointData().SetActiveScalars("ids")
    return data


def an_image(size: Size) -> Any:
    made = vtkImageData()
    made.SetExtent(3, size[0] + 2, -2, size[1] - 3, 0, size[2] - 1)
    made.SetOrigin(1.0, 2.0, 3.0)
    made.SetSpacing(0.3, 1.0, 2.0)
    return dressed(made)


def a_turned_image(size: Size) -> Any:
    made = an_image(size)
    made.SetDirectionMatrix(*np.linalg.qr(RANDOM.random((3, 3)))[0].ravel())
    return made


def an_image_far_away(size: Size) -> Any:
    made = a_turned_image(size)
    made.SetOrigin(1e6, 0.0, 0.0)
    return made


def a_rectilinear_grid(size: Size) -> Any:
    made = vtkRectilinearGrid()
    made.SetDimensions(*size)
    for axis, count in zip("XYZ", size, strict=True):
        getattr(made, f"Set{axis}Coordinates")(numpy_to_vtk(np.cumsum(RANDOM.random(count)), deep=True))
    return dressed(made)


def a_structured_grid(size: Size) -> Any:
    made, points = vtkStructuredGrid(), vtkPoints()
    made.SetDimensions(*size)
    points.SetData(numpy_to_vtk(RANDOM.random((int(np.prod(size)), 3)), deep=True))
    made.SetPoints(points)
    return dressed(made)


KINDS: Final = (an_image, a_turned_image, an_image_far_away, a_rectilinear_grid, a_structured_grid)


def by_vtk(data: Any) -> Any:
    algorithm = vtkGeometryFilter()
    algorithm.SetInputData(data)
    choose_precision(algorithm)
    algorithm.Update()
    return algorithm.GetOutput()


def told(attributes: Any) -> dict[str, tuple[int, int, bytes]]:
    """Type, what it is marked as, and values of each array."""
    arrays = (attributes.GetArray(index) for index in range(attributes.GetNumberOfArrays()))
    return {
        array.GetName(): (
            array.GetDataType(),
            attributes.IsArrayAnAttribute(index),
            vtk_to_numpy(array).tobytes(),
        )
        for index, array in enumerate(arrays)
    }


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("kind", KINDS)
def test_it_has_the_points_cells_and_arrays_of_vtk_in_the_same_order(kind: Callable[[Size], Any], size: Size) -> None:
    data = kind(size)
    expected, found = by_vtk(data), structured_surface(data, least=0)
    assert found is not None
    assert found.GetNumberOfCells() == found.GetNumberOfPolys() == expected.GetNumberOfCells()
    assert found.GetPoints().GetDataType() == expected.GetPoints().GetDataType()
    places = vtk_to_numpy(expected.GetPoints().GetData())
    rounded = 1e-15 * float(np.abs(places).max())  # of coordinates far away, all three of a point
    np.testing.assert_allclose(vtk_to_numpy(found.GetPoints().GetData()), places, rtol=0, atol=rounded)
    for part in ("GetConnectivityArray", "GetOffsetsArray"):
        expected_ids, found_ids = (vtk_to_numpy(getattr(one.GetPolys(), part)()) for one in (expected, found))
        np.testing.assert_array_equal(found_ids, expected_ids)
    assert told(found.GetPointData()) == told(expected.GetPointData())
    assert told(found.GetCellData()) == told(expected.GetCellData())


@pytest.mark.parametrize("kind", KINDS)
def test_large_data_are_drawn_by_it(kind: Callable[[Size], Any]) -> None:
    data = kind((60, 50, 40))
    assert structured_surface(data) is not None
    assert structured_surface(kind((50, 40, 30))) is None, "of few points VTK finds it at once"
    found, expected = extract_geometry(data), by_vtk(data)
    np.testing.assert_array_equal(
        vtk_to_numpy(found.GetPolys().GetConnectivityArray()), vtk_to_numpy(expected.GetPolys().GetConnectivityArray())
    )
    assert found.GetNumberOfPoints() == expected.GetNumberOfPoints() == 60 * 50 * 40 - 58 * 48 * 38


def flat(_: Size) -> Any:
    return an_image((20, 10, 1))


def with_cells_not_drawn(size: Size) -> Any:
    made = an_image(size)
    made.AllocateCellGhostArray()
    made.GetCellGhostArray().SetValue(5, vtkDataSetAttributes.HIDDENCELL)
    return made


def with_words(size: Size) -> Any:
    made, words = an_image(size), vtkStringArray()
    words.SetName("words")
    words.SetNumberOfValues(made.GetNumberOfPoints())
    made.GetPointData().AddArray(words)
    return made


@pytest.mark.parametrize("kind", [flat, with_cells_not_drawn, with_words, lambda _: vtkImageData()])
def test_what_is_not_such_a_box_is_left_to_vtk(kind: Callable[[Size], Any]) -> None:
    assert structured_surface(kind((6, 5, 4)), least=0) is None


def test_a_cell_that_is_not_drawn_shows_those_behind_it() -> None:
    data = with_cells_not_drawn((60, 50, 40))
    whole, without = extract_geometry(an_image((60, 50, 40))), extract_geometry(data)
    assert without.GetNumberOfCells() == by_vtk(data).GetNumberOfCells() > whole.GetNumberOfCells()
