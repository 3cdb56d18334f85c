"""What is mirrored keeps the places of its texture: they are no vectors. VTK mirrors those of three components."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from apvserver.vtk.base.blocks import leaves
from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.types.catalog import construct

from ..harness.apvdata import array, grid, made_of, numbers, places, with_cells, with_points
from ..harness.sweep_data import poly
from ..harness.sweep_kinds import collection, multiblock, partitioned

TEXTURE = np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6], [0.7, 0.8, 0.9]])


@pytest.mark.parametrize("axis", range(3))
def test_texture_coordinates_stay_and_vectors_turn(axis: int) -> None:
    data = with_points(grid([[0, 0, 0], [1, 0, 0], [0, 1, 2]], (5, (0, 1, 2))), v=np.full((3, 3), 2.0))
    data.GetPointData().SetTCoords(array(TEXTURE, "uvw"))
    found = list(leaves(made_of("Reflect", data, {"Plane": f"{'XYZ'[axis]} Max"})))
    assert len(found) == 2
    mirrored = np.where(np.arange(3) == axis, -2.0, 2.0)
    for one, vector in zip(found, (np.full(3, 2.0), mirrored), strict=True):
        np.testing.assert_array_equal(numbers(one, "uvw"), TEXTURE)
        assert one.GetPointData().GetTCoords().GetName() == "uvw"
        np.testing.assert_array_equal(numbers(one, "v"), np.tile(vector, (3, 1)))
    assert places(found[1])[:, axis].min() == places(data)[:, axis].max()


def textured(height: float) -> Any:
    data = with_points(grid([[0, 0, height], [1, 0, height], [0, 1, height]], (5, (0, 1, 2))), v=np.full((3, 3), 2.0))
    data.GetPointData().SetTCoords(array(TEXTURE + height, "uvw"))
    return data


@pytest.mark.parametrize("copy", [True, False])
@pytest.mark.parametrize(
    "data",
    [
        multiblock(textured(0), None, textured(1)),
        partitioned(textured(0), None, textured(1)),
        collection(partitioned(textured(0)), partitioned(), partitioned(textured(1), None)),
    ],
)
def test_each_block_keeps_its_own(data: Any, copy: bool) -> None:
    found = list(leaves(made_of("Reflect", data, {"Plane": "X Max", "CopyInput": copy})))
    assert len(found) == (4 if copy else 2)
    for index, one in enumerate(found):
        height = places(one)[0, 2]
        np.testing.assert_array_equal(numbers(one, "uvw"), TEXTURE + height)
        mirrored = not copy or index >= 2
        np.testing.assert_array_equal(numbers(one, "v")[0], [-2 if mirrored else 2, 2, 2])
        assert places(one)[:, 0].max() == (2 if mirrored else 1)


@pytest.mark.parametrize("all_arrays", [True, False])
def test_so_it_is_where_only_active_vectors_are_mirrored(all_arrays: bool) -> None:
    data = with_points(textured(0), w=np.full((3, 3), 3.0))
    data.GetPointData().SetActiveVectors("w")
    chosen = {"PlaneMode": "X Max", "ReflectAllInputArrays": all_arrays, "CopyInput": False}
    (found,) = leaves(made_of("AxisAlignedReflect", data, chosen))
    np.testing.assert_array_equal(numbers(found, "uvw"), TEXTURE)
    assert numbers(found, "w")[0].tolist() == [-3, 3, 3]
    assert numbers(found, "v")[0].tolist() == ([-2, 2, 2] if all_arrays else [2, 2, 2])


@pytest.mark.parametrize("type_name", ["Reflect", "AxisAlignedReflect"])
def test_cells_of_several_dimensions_keep_their_arrays(type_name: str) -> None:
    corners = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], float)
    data = poly(verts=[[0]], lines=[[0, 1], [1, 2, 3]], polys=[[0, 1, 2], [0, 2, 3]], places=corners)
    with_cells(data, n=np.arange(5.0))
    told: list[Message] = []
    found = list(leaves(made_of(type_name, multiblock(data), told=told)))
    assert len(found) == 2 and told == []
    for one in found:
        assert numbers(one, "n", "Cell").tolist() == [0, 1, 2, 3, 4]
        assert [one.GetCell(index).GetNumberOfPoints() for index in range(5)] == [1, 2, 3, 3, 3]


def test_so_they_do_where_vtk_makes_a_parallel_class_in_place_of_a_mirror() -> None:
    construct("vtkIntegrateAttributes")  # its module brings parallel classes, which VTK makes from then on
    assert type(construct("vtkAxisAlignedReflectionFilter")).__name__ == "vtkPAxisAlignedReflectionFilter"
    test_cells_of_several_dimensions_keep_their_arrays("Reflect")
