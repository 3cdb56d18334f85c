"""Vectors turn with their points, whether marked as vectors or not; what is no vector stays as it is.

The right values: a vector v becomes M v, a normal the unit vector along the transposed inverse of M times it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import VTK_DOUBLE, vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkImageData, vtkMultiBlockDataSet, vtkPolyData

from apvserver.vtk.base.blocks import parts
from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness.apvdata import array as numpy_array
from ..harness.apvdata import made_of, numbers, places

ROTATED = np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]]) @ np.diag([2.0, 1, 1])
"""Twice as long along x, then a quarter turn about z."""
VECTOR = (1, 0, 3)
TURNED = ROTATED @ VECTOR
NORMAL = np.linalg.inv(ROTATED).T @ (1, 1, 0)
NORMAL /= np.linalg.norm(NORMAL)


def array(value: Any, count: int, dtype: str, name: str) -> Any:
    made = numpy_to_vtk(np.tile(np.asarray(value), (count, 1)).astype(dtype), deep=True)
    made.SetName(name)
    return made


def square(*names: tuple[str, str], value: Any = VECTOR) -> vtkImageData:
    image = vtkImageData()
    image.SetDimensions(2, 2, 1)
    for data, count in ((image.GetPointData(), 4), (image.GetCellData(), 1)):
        for name, dtype in names:
            data.AddArray(array(value, count, dtype, name))
    return image


def surface(corners: Any, *polygons: tuple[int, ...]) -> vtkPolyData:
    made, points, cells = vtkPolyData(), vtkPoints(), vtkCellArray()
    points.SetDataType(VTK_DOUBLE)
    for one in corners:
        points.InsertNextPoint(one)
    for one in polygons:
        cells.InsertNextCell(len(one), one)
    made.SetPoints(points)
    made.SetPolys(cells)
    return made


def transformed(data: Any, name: str = "Transform", said: list[Message] | None = None, **properties: Any) -> Any:
    made = Pipeline()
    made.create(1, "vtkTrivialProducer")
    made.algorithm(1).SetOutput(data)
    made.create(2, "objects/Transform", {"Rotate": [0, 0, 90], "Scale": [2, 1, 1]})
    held = {"Transform": 2} if name == "Transform" else {}
    made.create(3, name, properties, {"Input": [(1, 0)]}, held)
    Executor().execute(made, 3, on_message=None if said is None else said.append)
    return made.output_data(3)


def first(attributes: Any, name: str) -> Any:
    return vtk_to_numpy(attributes.GetArray(name))[0]


@pytest.mark.parametrize("dtype", ["f4", "f8", "i2", "u2", "i4", "u4", "i8", "u8"])
def test_vectors_of_points_and_cells_turn(dtype: str) -> None:
    found = transformed(square(("U", dtype)))
    for attributes in (found.GetPointData(), found.GetCellData()):
        assert first(attributes, "U") == pytest.approx(TURNED, abs=1e-6)
        assert attributes.GetVectors() is None


def test_integers_have_fractions_when_they_are_turned() -> None:
    made = Pipeline()
    made.create(1, "vtkTrivialProducer")
    made.algorithm(1).SetOutput(square(("U", "i4"), value=(1, 0, 0)))
    made.create(2, "objects/Transform", {"Rotate": [0, 0, 30]})
    made.create(3, "Transform", {}, {"Input": [(1, 0)]}, {"Transform": 2})
    Executor().execute(made, 3)
    seen = first(made.output_data(3).GetPointData(), "U")
    assert seen == pytest.approx((np.cos(np.pi / 6), 0.5, 0))


def test_a_vector_of_bytes_turns_if_it_is_marked_and_is_a_colour_if_not() -> None:
    data = square(("rgb", "u1"), ("marked", "i1"))
    data.GetPointData().SetActiveVectors("marked")
    data.GetPointData().SetActiveScalars("rgb")
    found = transformed(data)
    assert first(found.GetPointData(), "rgb").tolist() == list(VECTOR)
    assert found.GetPointData().GetArray("rgb").GetDataTypeAsString() == "unsigned char"
    assert found.GetPointData().GetScalars().GetName() == "rgb"
    assert first(found.GetPointData(), "marked") == pytest.approx(TURNED)
    assert found.GetPointData().GetVectors().GetName() == "marked"
    assert first(found.GetCellData(), "marked").tolist() == list(VECTOR)


def test_texture_coordinates_stay_and_numbers_of_other_sizes_too() -> None:
    data = square(("U", "f8"))
    data.GetPointData().SetTCoords(array((0.25, 0.5, 0), 4, "f4", "uv"))
    data.GetPointData().AddArray(array((1, 2), 4, "f8", "pair"))
    data.GetPointData().AddArray(array(7, 4, "i4", "number"))
    found = transformed(data).GetPointData()
    assert [found.GetArrayName(index) for index in range(4)] == ["U", "uv", "pair", "number"]
    assert first(found, "uv").tolist() == [0.25, 0.5, 0] and found.GetTCoords().GetName() == "uv"
    assert first(found, "pair").tolist() == [1, 2] and first(found, "number") == 7


@pytest.mark.parametrize("marked", [True, False])
def test_normals_stay_across_their_surface(marked: bool) -> None:
    data = square()
    normals = array((1, 1, 0), 4, "f8", "Normals")
    if marked:
        data.GetPointData().SetNormals(normals)
    else:
        data.GetPointData().AddArray(normals)
    assert first(transformed(data).GetPointData(), "Normals") == pytest.approx(NORMAL, abs=1e-6)


def test_only_the_active_vectors_turn_where_that_is_asked_for() -> None:
    data = square(("U", "f8"), ("B", "f8"))
    data.GetPointData().SetActiveVectors("B")
    found = transformed(data, TransformAllInputVectors=False).GetPointData()
    assert first(found, "U").tolist() == list(VECTOR) and first(found, "B") == pytest.approx(TURNED)


def test_each_block_has_its_own_arrays() -> None:
    blocks = vtkMultiBlockDataSet()
    blocks.SetBlock(0, square(("U", "f4"), ("rgb", "u1")))
    blocks.SetBlock(2, square(("B", "i8")))
    one, other = parts(transformed(blocks))
    assert first(one.GetPointData(), "U") == pytest.approx(TURNED, abs=1e-6)
    assert first(one.GetPointData(), "rgb").tolist() == list(VECTOR)
    assert first(other.GetPointData(), "B") == pytest.approx(TURNED)


@pytest.mark.parametrize("dtype", ["f4", "i2", "u2", "i4", "u4", "i8", "u8", "i1"])
def test_a_mirror_turns_the_vectors_around(dtype: str) -> None:
    found = transformed(square(("U", dtype)), "Reflect", Plane="X Max", CopyInput=False)
    for leaf in parts(found):
        for attributes in (leaf.GetPointData(), leaf.GetCellData()):
            assert first(attributes, "U").tolist() == [-1, 0, 3]


def test_a_mirror_leaves_colours() -> None:
    for leaf in parts(transformed(square(("rgb", "u1")), "Reflect", Plane="X Max")):
        assert first(leaf.GetPointData(), "rgb").tolist() == list(VECTOR)


@pytest.mark.parametrize("dtype", ["f4", "i4"])
def test_vectors_of_a_profile_turn_around_the_axis(dtype: str) -> None:
    made = Pipeline()
    made.create(1, "Line", {"Point1": [1, 0, 0], "Point2": [2, 0, 0], "Resolution": 1})
    Executor().execute(made, 1)
    profile = made.output_data(1)
    for name in ("U", "rgb"):
        profile.GetPointData().AddArray(array((1, 0, 2), 2, dtype if name == "U" else "u1", name))
    made.create(2, "vtkTrivialProducer")
    made.algorithm(2).SetOutput(profile)
    made.create(3, "RotationalExtrusion", {"Resolution": 4, "Angle": 180.0, "Translation": 1.0}, {"Input": [(2, 0)]})
    Executor().execute(made, 3)
    found = made.output_data(3)
    angles = np.radians(np.repeat([0, 45, 90, 135, 180], 2))
    expected = np.column_stack([np.cos(angles), np.sin(angles), np.full(10, 2.0)])
    np.testing.assert_allclose(vtk_to_numpy(found.GetPointData().GetArray("U")), expected, atol=1e-6)
    outwards = vtk_to_numpy(found.GetPoints().GetData())[::2]
    np.testing.assert_allclose(outwards[:, :2], expected[::2, :2], atol=1e-6)
    assert first(found.GetPointData(), "rgb").tolist() == [1, 0, 2]
    made.modify(3, {"RotationAxis": [0.0, 1.0, 0.0], "Angle": 90.0, "Resolution": 1})
    Executor().execute(made, 3)
    seen = vtk_to_numpy(made.output_data(3).GetPointData().GetArray("U"))
    np.testing.assert_allclose(seen, [[1, 0, 2], [1, 0, 2], [2, 0, -1], [2, 0, -1]], atol=1e-6)


@pytest.mark.parametrize(("sweep", "steps"), [(360.0, 4), (-90.0, 3), (120.0, 1)])
def test_vectors_of_a_surface_turn_with_the_solid_that_it_sweeps(sweep: float, steps: int) -> None:
    """Two triangles beside the x axis: each point has the vector from the axis to it, each cell that to its middle."""
    corners = np.array([(0, 1, 0), (2, 1, 0), (2, 3, 0), (0, 4, 0)], float)
    data = surface(corners, (0, 1, 2), (0, 2, 3))
    middles = np.array([corners[[0, 1, 2]].mean(0), corners[[0, 2, 3]].mean(0)])
    for attributes, rows in ((data.GetPointData(), corners), (data.GetCellData(), middles)):
        attributes.AddArray(numpy_array(rows * (0, 1, 1), "out"))
        attributes.AddArray(numpy_array(np.tile([0.0, 1, 0, 0, 0, 0], (len(rows), 1)), "S"))
    found = made_of("VolumeOfRevolution", data, {"SweepAngle": sweep, "Resolution": steps})
    assert numbers(found, "out") == pytest.approx(places(found) * (0, 1, 1), abs=1e-12)
    angles = np.radians((np.arange(steps) + 0.5) * sweep / steps)
    sizes = (middles @ (0, 1, 0))[:, None]
    want = np.stack([np.zeros((2, steps)), sizes * np.cos(angles), sizes * np.sin(angles)], axis=-1).reshape(-1, 3)
    assert numbers(found, "out", "Cell") == pytest.approx(want, abs=1e-12)
    outwards = want / np.linalg.norm(want, axis=1, keepdims=True)
    stress = numbers(found, "S", "Cell")
    assert stress[:, [0, 1, 2]] == pytest.approx(outwards**2, abs=1e-12)
    assert stress[:, 4] == pytest.approx(outwards[:, 1] * outwards[:, 2], abs=1e-12)
