"""A transform along the axes: scaled, turned, moved, in every kind of data, with values and vectors at their points."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonDataModel import vtkMultiBlockDataSet, vtkRectilinearGrid
from vtkmodules.vtkFiltersGeneral import vtkImageDataToPointSet
from vtkmodules.vtkFiltersHyperTree import vtkHyperTreeGridCellCenters

from apvserver.vtk.base.blocks import parts
from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.base.vtk_messages import Message

from ..harness.apvdata import array, image, made_of, numbers, places, with_cells, with_points
from ..harness.kinds_of_data import hyper_tree_grid

SCALE, MOVE = np.array([2.0, -3.0, 0.5]), np.array([10.0, 20.0, 30.0])
QUARTER = {
    "X Axis": np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]]),
    "Y Axis": np.array([[0, 0, 1], [0, 1, 0], [-1, 0, 0]]),
    "Z Axis": np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1]]),
}


def arrays(data: Any) -> Any:
    """Numbers, vectors and tensors of points and cells, all different."""
    points, cells = data.GetNumberOfPoints(), data.GetNumberOfCells()
    random = np.random.default_rng(3)
    with_points(data, id=np.arange(points), v=random.random((points, 3)), t=random.random((points, 6)))
    data.GetPointData().AddArray(array(random.integers(0, 255, (points, 3)).astype(np.uint8), "rgb"))
    data.GetPointData().SetNormals(array(random.normal(size=(points, 3)), "n"))
    return with_cells(data, id=np.arange(cells), v=random.integers(-5, 5, (cells, 3)))


def an_image() -> Any:
    return arrays(image(4, 3, 5, origin=(1, 2, 3), spacing=(0.5, 1, 2), first=(2, 1, 7)))


def rectilinear() -> Any:
    made = vtkRectilinearGrid()
    made.SetDimensions(4, 3, 5)
    for name, count in (("X", 4), ("Y", 3), ("Z", 5)):
        getattr(made, f"Set{name}Coordinates")(array(np.arange(count) ** 1.5, name))
    return arrays(made)


def structured() -> Any:
    convert = vtkImageDataToPointSet()
    convert.SetInputData(an_image())
    convert.Update()
    return convert.GetOutput()


def turned_image() -> Any:
    return arrays(image(4, 3, 5, direction=(0.8, -0.6, 0, 0.6, 0.8, 0, 0, 0, 1)))


KINDS = {"image": an_image, "rectilinear": rectilinear, "structured": structured, "turned image": turned_image}


def centers(data: Any) -> Any:
    """The middles of the boxes around cells."""
    bounds = np.array([data.GetCell(index).GetBounds() for index in range(data.GetNumberOfCells())])
    return bounds.reshape(-1, 3, 2).mean(2)


@pytest.mark.parametrize("axis", QUARTER)
@pytest.mark.parametrize("steps", range(4))
@pytest.mark.parametrize("kind", KINDS)
def test_points_values_and_vectors_are_scaled_turned_and_moved(kind: str, steps: int, axis: str) -> None:
    data = KINDS[kind]()
    chosen = {"Rotation": ("0°", "90°", "180°", "270")[steps], "Axis": axis}
    found = made_of("AxisAlignedTransform", data, {"Scale": SCALE.tolist(), "Translation": MOVE.tolist(), **chosen})
    if kind in ("image", "rectilinear"):
        assert found.GetClassName() == data.GetClassName()
    matrix = np.linalg.matrix_power(QUARTER[axis], steps) @ np.diag(SCALE)
    for association, before, after in (
        ("Point", places(data), places(found)),
        ("Cell", centers(data), centers(found)),
    ):
        ids = numbers(found, "id", association)
        assert sorted(ids) == list(range(len(before)))
        if kind != "turned image" or association == "Point":  # a box around a turned cell is no turned box
            assert after == pytest.approx((before @ matrix.T + MOVE)[ids], abs=1e-9)
        assert numbers(found, "v", association) == pytest.approx((numbers(data, "v", association) @ matrix.T)[ids])
    ids = numbers(found, "id")
    assert (numbers(found, "rgb") == numbers(data, "rgb")[ids]).all()
    normals = numbers(data, "n") @ np.linalg.inv(matrix)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    assert numbers(found, "n") == pytest.approx(normals[ids])
    assert found.GetPointData().GetNormals().GetName() == "n"
    turn = np.linalg.matrix_power(QUARTER[axis], steps) @ np.diag(np.sign(SCALE))
    six = numbers(data, "t")[ids]
    full = six[:, [0, 3, 5, 3, 1, 4, 5, 4, 2]].reshape(-1, 3, 3)
    want = (turn @ full @ turn.T).reshape(-1, 9)[:, [0, 4, 8, 1, 5, 2]]
    assert numbers(found, "t") == pytest.approx(want)


def test_an_image_lies_where_its_points_lie_as_a_grid() -> None:
    given = {"Scale": [2.0, 3.0, 4.0], "Translation": [1.0, 2.0, 3.0], "Rotation": "90°", "Axis": "Z Axis"}
    one, other = (made_of("AxisAlignedTransform", KINDS[kind](), given) for kind in ("image", "structured"))
    assert one.GetBounds() == pytest.approx(other.GetBounds())


def test_blocks_are_moved_each_and_others_stay_as_they_are() -> None:
    blocks = vtkMultiBlockDataSet()
    blocks.SetBlock(0, an_image())
    blocks.SetBlock(2, structured())
    before = [one.GetBounds() for one in parts(blocks)]
    found = made_of("AxisAlignedTransform", blocks, {"Translation": [5.0, 0.0, 0.0]})
    assert [one.GetClassName() for one in parts(found)] == ["vtkImageData", "vtkStructuredGrid"]
    assert [one.GetBounds()[0] for one in parts(found)] == [one[0] + 5 for one in before]
    assert [one.GetBounds() for one in parts(blocks)] == before


@pytest.mark.parametrize("axis", QUARTER)
@pytest.mark.parametrize("steps", range(4))
def test_leaves_of_a_tree_are_turned_with_their_values(steps: int, axis: str) -> None:
    """Of cells that are divided VTK turns no values, which is told."""
    tree, told = hyper_tree_grid(), list[Message]()
    with_cells(tree, v=np.random.default_rng(4).random((tree.GetNumberOfCells(), 3)))
    with_cells(tree, id=np.arange(tree.GetNumberOfCells()))
    before = numbers(tree, "v", "Cell").copy()
    given = {"Scale": SCALE.tolist(), "Translation": MOVE.tolist(), "Axis": axis}
    given["Rotation"] = ("0°", "90°", "180°", "270")[steps]
    found = made_of("AxisAlignedTransform", tree, given, told=told)
    matrix = np.linalg.matrix_power(QUARTER[axis], steps) @ np.diag(SCALE)
    assert found.GetClassName() == "vtkHyperTreeGrid"
    old, new = leaves(tree), leaves(found)
    ids, order = numbers(old, "id"), np.argsort(numbers(new, "id"))
    assert len(ids) > 100 and (np.sort(ids) == numbers(new, "id")[order]).all()
    sorts = np.argsort(ids)
    assert places(new)[order] == pytest.approx((places(old) @ matrix.T + MOVE)[sorts], abs=1e-6)
    assert numbers(new, "v")[order] == pytest.approx((numbers(old, "v") @ matrix.T)[sorts])
    assert (numbers(tree, "v", "Cell") == before).all()
    assert [one.text for one in told if "divided" not in one.text] == [] and len(told) == bool(steps)


def leaves(tree: Any) -> Any:
    """The middles of the leaves, with their values."""
    centers = vtkHyperTreeGridCellCenters()
    centers.SetInputData(tree)
    centers.Update()
    return centers.GetOutput()


def test_a_scale_of_nothing_is_refused() -> None:
    with pytest.raises(ExecutionFailed, match=r"Scale is \[1.0, 0.0, 1.0\]: 0 leaves nothing"):
        made_of("AxisAlignedTransform", an_image(), {"Scale": [1.0, 0.0, 1.0]})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("factor", [math.inf, -math.inf])
def test_to_stretch_without_end_is_refused(kind: str, factor: float) -> None:
    with pytest.raises(ExecutionFailed, match=r"and what is not finite no places"):
        made_of("AxisAlignedTransform", KINDS[kind](), {"Scale": [factor, 1.0, 1.0]})


def test_what_comes_after_knows_the_new_extent() -> None:
    found = made_of("AxisAlignedTransform", an_image(), {"Rotation": "90°", "Axis": "X Axis"})
    assert found.GetDimensions() == (4, 5, 3) and found.GetExtent() == (0, 3, 0, 4, 0, 2)
