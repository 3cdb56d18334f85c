"""Gradients of cell arrays at the outer sides of grids: a linear field has its gradient everywhere.

VTK takes means of cells at the points and the differences of those: at sides half of the gradient.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonCore import vtkIdList
from vtkmodules.vtkFiltersCore import vtkAppendFilter
from vtkmodules.vtkFiltersGeneral import vtkDataSetTriangleFilter

from apvserver.vtk.pipeline.execution import Executor

from ..harness.apvdata import Numbers, executed, grid, image, made_of, numbers, over, places, with_cells
from ..harness.sweep_kinds import multiblock

MATRIX = np.array([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0], [2.0, 0.75, -0.5]])


def appended(data: Any) -> Any:
    append = vtkAppendFilter()
    append.AddInputData(data)
    append.Update()
    return append.GetOutput()


def tetrahedra() -> Any:
    divide = vtkDataSetTriangleFilter()
    divide.SetInputData(image(4, 5, 4, spacing=(1, 0.5, 2)))
    divide.Update()
    return divide.GetOutput()


def wedges() -> Any:
    """Two in each cube of a block of 3 x 3 x 3."""
    block = image(4, 4, 4)
    cells, ids = [], vtkIdList()
    for index in range(27):
        block.GetCellPoints(index, ids)
        a, b, c, d, e, f, g, h = (ids.GetId(one) for one in range(8))
        cells += [(13, (a, b, c, e, f, g)), (13, (b, d, c, f, h, g))]
    return grid(places(block), *cells)


def middles(data: Any) -> Numbers:
    return places(made_of("CellCenters", data))


FORMS: dict[str, Callable[[], Any]] = {
    "voxels": lambda: appended(image(5, 4, 4, spacing=(1, 0.5, 2))),
    "two layers": lambda: appended(image(5, 4, 3)),
    "tetrahedra": tetrahedra,
    "wedges": wedges,
}


def dressed(data: Any) -> Any:
    where = middles(data)
    return with_cells(data, s=where @ MATRIX[0], v=where @ MATRIX.T)


@pytest.mark.parametrize("form", FORMS)
def test_a_linear_field_of_cells_has_its_gradient_at_the_sides(form: str) -> None:
    data = dressed(FORMS[form]())
    found = numbers(made_of("Gradient", data, {"ScalarArray": ["CELLS", "s"]}), "Gradient", "Cell")
    np.testing.assert_allclose(found, np.tile(MATRIX[0], (len(found), 1)), atol=1e-5)
    given = {"ComputeDivergence": True, "ComputeVorticity": True, "ComputeQCriterion": True}
    made = made_of("Gradient", data, {"ScalarArray": ["CELLS", "v"], **given})
    found = numbers(made, "Gradient", "Cell")
    np.testing.assert_allclose(found, np.tile(MATRIX.ravel(), (len(found), 1)), atol=1e-5)
    np.testing.assert_allclose(numbers(made, "Divergence", "Cell"), MATRIX.trace(), atol=1e-5)
    curl = [MATRIX[2, 1] - MATRIX[1, 2], MATRIX[0, 2] - MATRIX[2, 0], MATRIX[1, 0] - MATRIX[0, 1]]
    np.testing.assert_allclose(numbers(made, "Vorticity", "Cell"), np.tile(curl, (len(found), 1)), atol=1e-5)


def test_in_one_layer_of_cells_there_is_none_across_it() -> None:
    """As in grids of two-dimensional flows; and a cell by itself has none."""
    layer = dressed(appended(image(5, 4, 2)))
    found = numbers(made_of("Gradient", layer, {"ScalarArray": ["CELLS", "s"]}), "Gradient", "Cell")
    np.testing.assert_allclose(found, np.tile(MATRIX[0] * [1, 1, 0], (12, 1)), atol=1e-9)
    alone = dressed(appended(image(2, 2, 2)))
    assert numbers(made_of("Gradient", alone, {"ScalarArray": ["CELLS", "s"]}), "Gradient", "Cell").tolist() == [
        [0] * 3
    ]


def test_inside_it_is_what_it_was_and_arrays_of_points_are_left_alone() -> None:
    data = appended(image(6, 6, 6))
    where = middles(data)
    with_cells(data, q=(where**2) @ [1.0, 2, 3])
    found = numbers(made_of("Gradient", data, {"ScalarArray": ["CELLS", "q"]}), "Gradient", "Cell")
    pipeline = over(data)
    pipeline.create(2, "vtkGradientFilter", {"SelectInputArray": ["CELLS", "q"]}, {"Input": [(1, 0)]})
    Executor().execute(pipeline, 2)
    bare = numbers(executed(pipeline, 2), "Gradients", "Cell")
    inside = ((where > 1) & (where < 4)).all(axis=1)
    np.testing.assert_array_equal(found[inside], bare[inside])
    wrong, before = (np.abs(one - where * [2, 4, 6])[~inside].max(axis=0) for one in (found, bare))
    assert (wrong < before * 0.8).all()


def test_each_block_has_sides_of_its_own() -> None:
    one, other = dressed(FORMS["voxels"]()), dressed(wedges())
    made = made_of("Gradient", multiblock(one, None, other), {"ScalarArray": ["CELLS", "s"]})
    for index in (0, 2):
        found = numbers(made.GetBlock(index), "Gradient", "Cell")
        np.testing.assert_allclose(found, np.tile(MATRIX[0], (len(found), 1)), atol=1e-5)
