"""Tensors turn with their points: S becomes Q S Q^T, so that a bar which was pulled along itself still is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonDataModel import vtkStructuredGrid

from apvserver.vtk.base.vtk_messages import Message

from ..harness.apvdata import executed, image, numbers, over, with_cells, with_points

STRESS = np.array([[3.0, 0.5, 0.25], [0.5, -1.0, 0.125], [0.25, 0.125, 2.0]])
GRADIENT = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 10.0]])
SIX = STRESS[[0, 1, 2, 0, 1, 0], [0, 1, 2, 1, 2, 2]]
HALF = np.sqrt(0.5)
ROTATION = np.array([[HALF, -HALF, 0], [HALF, HALF, 0], [0, 0, 1]]) @ np.array(
    [[1, 0, 0], [0, 0.8, -0.6], [0, 0.6, 0.8]]
)
"""About x by 36.87 degrees, then about z by 45: so does vtkTransform's Rotate."""
ANGLES = [float(np.degrees(np.arctan2(0.6, 0.8))), 0.0, 45.0]
MIRROR = np.diag([-1.0, 1.0, 1.0])


def transformed(
    data: Any, told: list[Message] | None = None, type_name: str = "Transform", all_of_them: bool = True, **how: Any
) -> Any:
    pipeline = over(data)
    pipeline.create(2, "objects/Transform", how or {"Rotate": ANGLES})
    pipeline.create(3, type_name, {"TransformAllInputVectors": all_of_them}, {"Input": [(1, 0)]}, {"Transform": 2})
    return executed(pipeline, 3, told=told)


def with_tensors(**arrays: Any) -> Any:
    data = image(3, 2, 2)
    points = {name: np.tile(np.ravel(value), (12, 1)) for name, value in arrays.items()}
    cells = {name: np.tile(np.ravel(value), (2, 1)) for name, value in arrays.items()}
    return with_cells(with_points(data, **points), **cells)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_tensors_of_points_and_cells_turn_in_their_type(dtype: Any) -> None:
    data = with_tensors(stress=STRESS.astype(dtype), six=SIX.astype(dtype), gradient=GRADIENT.astype(dtype))
    made = transformed(data)
    stress, gradient = ROTATION @ STRESS @ ROTATION.T, ROTATION @ GRADIENT @ ROTATION.T
    for association, count in (("Point", 12), ("Cell", 2)):
        for name, right in (("stress", stress), ("gradient", gradient)):
            found = numbers(made, name, association)
            assert found.dtype == dtype
            np.testing.assert_allclose(found.reshape(-1, 3, 3), np.tile(right, (count, 1, 1)), atol=1e-6)
        six = numbers(made, "six", association)
        np.testing.assert_allclose(six, np.tile(stress[[0, 1, 2, 0, 1, 0], [0, 1, 2, 1, 2, 2]], (count, 1)), atol=1e-6)
    np.testing.assert_array_equal(numbers(data, "stress")[0], STRESS.astype(dtype).ravel())  # the input stays


def test_the_traction_on_the_end_of_a_bar_stays_what_it_was() -> None:
    """The figures of findings/stress_stays.sh: a tension of 3 and a shear of 0.5, turned by a quarter about z."""
    bar = with_tensors(stress=[3.0, 0.5, 0, 0.5, 0, 0, 0, 0, 0])
    made = transformed(bar, Rotate=[0, 0, 90])
    traction = numbers(made, "stress").reshape(-1, 3, 3) @ [0, 1, 0]
    np.testing.assert_allclose(np.linalg.norm(traction, axis=1), np.hypot(3, 0.5))


@pytest.mark.parametrize(
    ("how", "turn", "stretches"),
    [
        ({"Scale": [0.001] * 3}, np.eye(3), False),
        ({"Scale": [-1, 1, 1]}, MIRROR, False),
        ({"Scale": [-2, -2, -2], "Rotate": ANGLES}, -ROTATION, False),
        ({"Scale": [3, 1, 1], "Translate": [9, 9, 9]}, np.eye(3), True),
    ],
    ids=["smaller", "mirrored", "mirrored and turned", "stretched"],
)
def test_a_stress_turns_and_is_not_scaled(how: Any, turn: Any, stretches: bool) -> None:
    told: list[Message] = []
    data = with_tensors(stress=STRESS)
    data.GetPointData().SetActiveTensors("stress")
    data.GetCellData().SetActiveTensors("stress")
    found = numbers(transformed(data, told, **how), "stress")
    np.testing.assert_allclose(found[0].reshape(3, 3), turn @ STRESS @ turn.T, atol=1e-12)
    assert ["not stretched" in one.text for one in told] == [True] * stretches


def test_components_stand_where_their_names_say() -> None:
    names = ("S11", "S22", "S33", "S12", "S13", "S23")
    data = with_tensors(s=STRESS[[0, 1, 2, 0, 0, 1], [0, 1, 2, 1, 2, 2]])
    for attributes in (data.GetPointData(), data.GetCellData()):
        for index, name in enumerate(names):
            attributes.GetArray("s").SetComponentName(index, name)
    told: list[Message] = []
    made = transformed(data, told)
    right = (ROTATION @ STRESS @ ROTATION.T)[[0, 1, 2, 0, 0, 1], [0, 1, 2, 1, 2, 2]]
    np.testing.assert_allclose(numbers(made, "s")[0], right)
    assert told == [] and made.GetPointData().GetArray("s").GetComponentName(4) == "S13"


def test_what_is_taken_for_a_tensor_is_told_and_what_says_it_is_none_stays() -> None:
    data = with_tensors(stress=STRESS, species=np.arange(6.0))
    for attributes in (data.GetPointData(), data.GetCellData()):
        for index, name in enumerate(("H2", "O2", "N2", "CO", "OH", "H")):
            attributes.GetArray("species").SetComponentName(index, name)
    told: list[Message] = []
    made = transformed(data, told)
    np.testing.assert_array_equal(numbers(made, "species")[3], np.arange(6.0))
    assert sorted(one.text.partition(":")[0] for one in told) == ["species", "stress"]
    texts = " ".join(one.text for one in told)
    assert "taken for tensors (XX, XY, XZ, YX and so on) and turned" in texts and "that are not turned" in texts


def test_only_the_active_tensors_turn_where_that_is_asked_for() -> None:
    data = with_tensors(one=STRESS, other=STRESS)
    data.GetPointData().SetActiveTensors("other")
    made = transformed(data, all_of_them=False)
    np.testing.assert_array_equal(numbers(made, "one")[0], STRESS.ravel())
    np.testing.assert_allclose(numbers(made, "other")[0].reshape(3, 3), ROTATION @ STRESS @ ROTATION.T)
    assert made.GetPointData().GetTensors().GetName() == "other"


def test_of_a_transform_without_a_matrix_it_is_told_that_tensors_stay() -> None:
    pipeline = over(with_tensors(stress=STRESS))
    pipeline.create(3, "objects/vtkThinPlateSplineTransform")
    pipeline.create(2, "Transform", {}, {"Input": [(1, 0)]}, {"Transform": 3})
    told: list[Message] = []
    np.testing.assert_array_equal(numbers(executed(pipeline, 2, told=told), "stress")[0], STRESS.ravel())
    assert ["stress: tensors are not turned" in one.text for one in told] == [True]


def test_the_bare_class_tells_that_it_leaves_tensors() -> None:
    told: list[Message] = []
    grid = vtkStructuredGrid()
    data = with_tensors(stress=STRESS)
    grid.SetExtent(data.GetExtent())
    grid.SetPoints(data.GetPoints())
    grid.GetPointData().ShallowCopy(data.GetPointData())
    made = transformed(grid, told, "vtkTransformFilter")
    np.testing.assert_array_equal(numbers(made, "stress")[0], STRESS.ravel())
    assert ["stress: vtkTransformFilter leaves tensors in their old axes" in one.text for one in told] == [True]


def test_tensors_of_a_profile_turn_around_the_axis() -> None:
    pipeline = over(image(1, 1, 1))
    pipeline.create(2, "Line", {"Point1": [1, 0, 0], "Point2": [2, 0, 0], "Resolution": 1})
    profile = with_points(executed(pipeline, 2), s=np.tile(SIX, (2, 1)))
    pipeline = over(profile)
    pipeline.create(2, "RotationalExtrusion", {"Resolution": 2, "Angle": 90.0}, {"Input": [(1, 0)]})
    found = numbers(executed(pipeline, 2), "s")
    for step, angle in enumerate(np.radians([0, 45, 90])):
        cos, sin = np.cos(angle), np.sin(angle)
        turn = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
        right = (turn @ STRESS @ turn.T)[[0, 1, 2, 0, 1, 0], [0, 1, 2, 1, 2, 2]]
        np.testing.assert_allclose(found[2 * step : 2 * step + 2], [right, right], atol=1e-12)
