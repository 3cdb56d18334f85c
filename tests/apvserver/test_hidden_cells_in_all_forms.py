"""Hidden cells do not count, in whatever form data is stored: contours, cuts, gradients and averages.

A block of 4^3 cells, of which those from x = 2 on are hidden; f = x in what is seen, and rubbish behind. Right is what
the cells that are seen give alone. findings/hidden_cells.sh shows what VTK makes of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtkIdTypeArray
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData, vtkRectilinearGrid
from vtkmodules.vtkFiltersCore import vtkAppendFilter, vtkCellCenters
from vtkmodules.vtkFiltersGeneral import vtkDataSetTriangleFilter, vtkImageDataToPointSet

from apvserver.vtk.algorithms.blanking import cells_with, points_with
from apvserver.vtk.base.errors import VtkError

from ..harness.apvdata import array, executed, image, made_of, numbers, over, places, with_cells, with_points
from ..harness.sweep_data import GHOSTS, HIDDEN_CELL

CELLS, BORDER, RUBBISH = 4, 2, 1000.0
TURNED = (0.8, -0.6, 0, 0.6, 0.8, 0, 0, 0, 1)


def _image(direction: Any = None) -> Any:
    side = CELLS + 1
    made = image(side, side, side, direction=direction)
    x = np.tile(np.arange(float(side)), side * side)
    hidden = np.tile(np.arange(CELLS) >= BORDER, CELLS * CELLS)
    with_points(made, x=x, f=np.where(x > BORDER, RUBBISH, x))
    middle = np.tile(np.arange(CELLS) + 0.5, CELLS * CELLS)
    marks = np.where(hidden, HIDDEN_CELL, 0).astype(np.uint8)
    return with_cells(made, q=np.where(hidden, RUBBISH, 1.0), g=np.where(hidden, RUBBISH, middle), **{GHOSTS: marks})


def _structured() -> Any:
    convert = vtkImageDataToPointSet()
    convert.SetInputData(_image())
    convert.Update()
    return convert.GetOutput()


def _rectilinear() -> Any:
    made, like = vtkRectilinearGrid(), _image()
    made.SetDimensions(like.GetDimensions())
    for axis in "XYZ":
        getattr(made, f"Set{axis}Coordinates")(array(np.arange(CELLS + 1.0), axis))
    made.GetPointData().ShallowCopy(like.GetPointData())
    made.GetCellData().ShallowCopy(like.GetCellData())
    return made


def _cells() -> Any:
    append = vtkAppendFilter()
    append.AddInputData(_image())
    append.Update()
    return append.GetOutput()


FORMS: dict[str, Callable[[], Any]] = {
    "image": _image,
    "rectilinear": _rectilinear,
    "structured": _structured,
    "cells": _cells,
}


@pytest.fixture(params=sorted(FORMS))
def data(request: pytest.FixtureRequest) -> Any:
    made = FORMS[request.param]()
    assert made.GetNumberOfCells() == CELLS**3
    return made


@pytest.mark.parametrize(("value", "squares"), [(3.3, 0), (1.5, CELLS * CELLS)])
def test_contours_and_cuts_are_where_cells_are_seen(data: Any, value: float, squares: int) -> None:
    contour = made_of("Contour", data, {"ContourBy": ["POINTS", "x"], "Isosurfaces": [value]})
    pipeline = over(data)
    pipeline.create(3, "objects/Plane", {"Origin": [value, 0, 0], "Normal": [1, 0, 0]})
    pipeline.create(2, "Slice", {}, {"Input": [(1, 0)]}, {"SliceType": 3})
    for made in (contour, executed(pipeline, 2)):
        area = numbers(made_of("CellSize", made), "Area", "Cell").sum() if made.GetNumberOfCells() else 0
        assert area == pytest.approx(squares)
        assert (made.GetNumberOfPoints() > 0) == (squares > 0)  # no points of cells that are left out, either
        if squares:
            np.testing.assert_allclose(numbers(made, "f"), value)


def test_a_contour_through_both_halves_ends_at_the_border(data: Any) -> None:
    """Of y, which goes on behind: only the half of the sheet that is seen, and no points of the other one."""
    with_points(data, y=places(data)[:, 1])
    made = made_of("Contour", data, {"ContourBy": ["POINTS", "y"], "Isosurfaces": [1.5]})
    assert numbers(made_of("CellSize", made), "Area", "Cell").sum() == pytest.approx(BORDER * CELLS)
    assert places(made)[:, 0].max() == BORDER


def test_gradients_take_no_differences_to_what_is_hidden(data: Any) -> None:
    x = places(data)[:, 0]
    found = numbers(made_of("Gradient", data, {"ScalarArray": ["POINTS", "f"]}), "Gradient")
    np.testing.assert_allclose(found[x <= BORDER], np.tile([1.0, 0, 0], (int((x <= BORDER).sum()), 1)), atol=1e-12)
    assert np.isnan(found[x == BORDER + 1]).all()


def test_gradients_of_cells_take_no_part_in_hidden_ones(data: Any) -> None:
    """Beside the border they were half of what they are: the mean of cells at a point has one side there."""
    found = numbers(made_of("Gradient", data, {"ScalarArray": ["CELLS", "g"]}), "Gradient", "Cell")
    x = np.tile(np.arange(CELLS), CELLS * CELLS)
    np.testing.assert_allclose(found[x == BORDER - 1], np.tile([1.0, 0, 0], (CELLS * CELLS, 1)), atol=1e-9)
    assert np.isnan(found[x >= BORDER]).all()


MATRIX = np.array([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0], [2.0, 0.75, -0.5]])


@pytest.mark.parametrize("form", ["image", "structured", "cells", "tetrahedra"])
def test_a_linear_field_of_cells_has_its_gradient_beside_hidden_ones(form: str) -> None:
    """Also divergence, vorticity and Q Criterion; where neighbours do not tell there is no number."""
    data = _sheared(form)
    centers = vtkCellCenters()
    centers.SetInputData(data)
    centers.Update()
    middles = places(centers.GetOutput())
    hidden = np.asarray(np.random.default_rng(5).random(len(middles)) < 0.3)
    marks = np.where(hidden, HIDDEN_CELL, 0).astype(np.uint8)
    data.GetCellData().Initialize()
    with_cells(data, v=np.where(hidden[:, None], RUBBISH, middles @ MATRIX.T), **{GHOSTS: marks})
    wanted = {"ScalarArray": ["CELLS", "v"], "ComputeDivergence": True, "ComputeVorticity": True}
    made = made_of("Gradient", data, {**wanted, "ComputeQCriterion": True})
    beside = cells_with(data, points_with(data, hidden)) & ~hidden
    found = numbers(made, "Gradient", "Cell")[beside]
    told = ~np.isnan(found).any(axis=1)
    assert told.sum() > 0.9 * told.size > 30
    curl = [MATRIX[2, 1] - MATRIX[1, 2], MATRIX[0, 2] - MATRIX[2, 0], MATRIX[1, 0] - MATRIX[0, 1]]
    right = {"Gradient": MATRIX.ravel(), "Divergence": np.trace(MATRIX), "Vorticity": curl}
    for name, value in {**right, "Q Criterion": -np.trace(MATRIX @ MATRIX) / 2}.items():
        values = numbers(made, name, "Cell")[beside][told]
        np.testing.assert_allclose(values, np.broadcast_to(value, values.shape), rtol=1e-4, atol=1e-4, err_msg=name)


def test_where_the_neighbours_of_a_cell_do_not_tell_its_gradient_there_is_no_number() -> None:
    """A cell alone, and one row of cells; a plane of squares has all that it can have."""
    data = image(6, 6, 2)
    column, row = np.tile(np.arange(5), 5), np.repeat(np.arange(5), 5)
    hidden = (row != 0) & ((row != 2) | (column != 2))
    with_cells(data, g=column * 1.0, **{GHOSTS: np.where(hidden, HIDDEN_CELL, 0).astype(np.uint8)})
    assert np.isnan(numbers(made_of("Gradient", data, {"ScalarArray": ["CELLS", "g"]}), "Gradient", "Cell")).all()
    flat = image(6, 6, 1)
    hidden = row > 2
    with_cells(flat, g=column * 1.0, **{GHOSTS: np.where(hidden, HIDDEN_CELL, 0).astype(np.uint8)})
    found = numbers(made_of("Gradient", flat, {"ScalarArray": ["CELLS", "g"]}), "Gradient", "Cell")
    np.testing.assert_allclose(found[row == 2], np.tile([1.0, 0, 0], (5, 1)), atol=1e-9)


def _sheared(form: str) -> Any:
    """A block whose cells are no cubes, of each kind; an image, which can only be turned."""
    made = image(7, 6, 5, direction=TURNED)
    if form == "image":
        return made
    convert = vtkImageDataToPointSet()
    convert.SetInputData(made)
    convert.Update()
    made = convert.GetOutput()
    x, y, z = places(made).T
    made.GetPoints().SetData(array(np.stack([x + 0.5 * y + 0.05 * z**2, y + 0.2 * x * z / 5, 2 * z], axis=1), "p"))
    if form == "structured":
        return made
    if form == "tetrahedra":
        triangulate = vtkDataSetTriangleFilter()
        triangulate.SetInputData(made)
        triangulate.Update()
        return triangulate.GetOutput()
    append = vtkAppendFilter()
    append.AddInputData(made)
    append.Update()
    return append.GetOutput()


def test_the_gradient_in_a_turned_image_is_turned() -> None:
    data = _image(TURNED)
    x = numbers(data, "x")
    found = numbers(made_of("Gradient", data, {"ScalarArray": ["POINTS", "f"]}), "Gradient")
    right = np.tile([0.8, 0.6, 0], (int((x <= BORDER).sum()), 1))
    np.testing.assert_allclose(found[x <= BORDER], right, atol=1e-9)


def test_averages_at_points_are_of_cells_that_are_seen(data: Any) -> None:
    x = places(data)[:, 0]
    found = numbers(made_of("CellDatatoPointData", data), "q")
    np.testing.assert_array_equal(found[x <= BORDER], 1.0)


@pytest.mark.parametrize("type_name", ["vtkGradientFilter", "vtkCellDataToPointData"])
def test_bare_classes_that_would_count_them_are_refused(type_name: str, data: Any) -> None:
    data.GetPointData().SetActiveScalars("f")
    with pytest.raises(VtkError, match=r"cells are hidden, .* VisibleCells leaves them out"):
        made_of_bare(type_name, data)
    seen = made_of("VisibleCells", data)
    seen.GetPointData().SetActiveScalars("f")
    made = made_of_bare(type_name, seen)
    found = numbers(made, "q" if type_name == "vtkCellDataToPointData" else "Gradients")
    np.testing.assert_allclose(found.reshape(len(found), -1)[:, 0], 1.0)


@pytest.mark.parametrize("type_name", ["vtkFlyingEdges3D", "vtkMarchingCubes"])
def test_contours_of_images_that_do_not_look_at_marks_are_refused(type_name: str) -> None:
    data = _image()
    data.GetPointData().SetActiveScalars("x")
    with pytest.raises(VtkError, match="Contour and Slice"):
        made_of_bare(type_name, data, Values=[3.3])


def made_of_bare(type_name: str, data: Any, **properties: Any) -> Any:
    pipeline = over(data)
    pipeline.create(2, type_name, properties, {"Input": [(1, 0)]})
    return executed(pipeline, 2)


def test_cells_without_points_have_none_of_them() -> None:
    """Also the first and the last, and all."""
    for offsets, ids, wanted in (
        ([0, 0, 2, 2, 3, 3], [1, 0, 2], [False, True, False, False, False]),
        ([0, 0, 0], [], [False, False]),
        ([0, 1, 3], [2, 2, 0], [False, True]),
    ):
        cells, data = vtkCellArray(), vtkPolyData()
        cells.SetData(numpy_to_vtkIdTypeArray(np.array(offsets)), numpy_to_vtkIdTypeArray(np.array(ids, np.int64)))
        data.SetPolys(cells)
        assert cells_with(data, np.array([True, False, False])).tolist() == wanted
