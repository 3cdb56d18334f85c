"""Images at an angle in space: every filter gives what it gives of the same points as a structured grid."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonCore import vtkIdList, vtkPoints
from vtkmodules.vtkCommonDataModel import (
    VTK_HEXAHEDRON,
    VTK_PIXEL,
    VTK_VOXEL,
    vtkMultiBlockDataSet,
    vtkPolyData,
    vtkStructuredGrid,
)

from apvserver.vtk.algorithms.turned import Straightened, to_be_made_straight
from apvserver.vtk.base.errors import ExecutionFailed
from servermanager import connect

from ..harness.apvdata import Numbers, executed, grid, image, made_of, numbers, over, places, with_cells, with_points
from ..harness.apvtest import in_loop

SLOPE = np.array([3.0, 5.0, 7.0])
VOLUME = 6 * 10 * 12.0
COS, SIN = math.cos(math.pi / 6), 0.5
DIRECTIONS = {
    "30 degrees": (COS, -SIN, 0, SIN, COS, 0, 0, 0, 1),
    "two axes": (COS, -SIN, 0, SIN * COS, COS * COS, -SIN, SIN * SIN, COS * SIN, COS),
    "swapped": (0, -1, 0, 1, 0, 0, 0, 0, 1),
    "mirrored": (-1, 0, 0, 0, 1, 0, 0, 0, 1),
}


def turned(name: str) -> Any:
    """6 x 5 x 4 cells of 1 x 2 x 3, whose extent begins elsewhere; f is linear, g curved, v linear vectors."""
    made = image(7, 6, 5, origin=(10, 20, 30), spacing=(1, 2, 3), direction=DIRECTIONS[name], first=(2, -1, 3))
    where = places(made)
    with_points(made, f=where @ SLOPE, g=np.sin(where[:, 0]) + np.cos(where[:, 1]), v=where * [1.0, 2.0, -1.0])
    made.GetPointData().SetActiveScalars("f")
    return with_cells(made, c=centres(made) @ SLOPE)


def centres(data: Any) -> Numbers:
    """The mean of the points of each cell."""
    where, ids, found = places(data), vtkIdList(), []
    for cell in range(data.GetNumberOfCells()):
        data.GetCellPoints(cell, ids)
        found.append(where[[ids.GetId(i) for i in range(ids.GetNumberOfIds())]].mean(axis=0))
    return np.array(found)


def structured(data: Any) -> vtkStructuredGrid:
    made, points = vtkStructuredGrid(), vtkPoints()
    points.SetDataType(11)
    for one in places(data):
        points.InsertNextPoint(one)
    made.SetExtent(data.GetExtent())
    made.SetPoints(points)
    made.GetPointData().ShallowCopy(data.GetPointData())
    made.GetCellData().ShallowCopy(data.GetCellData())
    return made


def in_order(data: Any, rows: Numbers) -> Numbers:
    """Rows by the places of the points they belong to."""
    where = places(data).round(4)
    return rows[np.lexsort(where.T[::-1])]


def assert_same(found: Any, wanted: Any) -> None:
    if found.IsA("vtkCompositeDataSet"):
        found, wanted = (made_of("MergeBlocks", one) for one in (found, wanted))
    assert found.GetNumberOfPoints() == wanted.GetNumberOfPoints() > 0
    assert found.GetNumberOfCells() == wanted.GetNumberOfCells()
    np.testing.assert_allclose(in_order(found, places(found)), in_order(wanted, places(wanted)), atol=1e-4)
    for name in ("f", "g", "v", "Gradient"):
        if wanted.GetPointData().GetArray(name) is not None:
            one, other = (in_order(data, numbers(data, name)) for data in (found, wanted))
            np.testing.assert_allclose(one, other, atol=1e-3)


FILTERS: dict[str, dict[str, Any]] = {
    "AppendDatasets": {},
    "CellCenters": {},
    "CellDatatoPointData": {},
    "CleantoGrid": {},
    "Clip": {},
    "ClipByScalar": {"Scalars": ("POINTS", "g"), "Value": 0.3},
    "Connectivity": {},
    "Contour": {"ContourBy": ("POINTS", "g"), "Isosurfaces": [0.3]},
    "Elevation": {},
    "ExtractEdges": {},
    "ExtractGeometryByFunction": {},
    "ExtractSurface": {},
    "FeatureEdges": {},
    "GaussianResampling": {"ResamplingGrid": (7, 7, 7)},
    "Gradient": {"ScalarArray": ("POINTS", "v")},
    "Glyph": {"Seed": 1},
    "IsoVolume": {"InputScalars": ("POINTS", "g"), "ThresholdRange": [0.0, 1.0]},
    "MergeBlocks": {},
    "Outline": {},
    "PlotOverLine": {"Resolution": 20},
    "Reflect": {},
    "ResampleToImage": {"SamplingDimensions": (7, 7, 7)},
    "Shrink": {},
    "Slice": {},
    "Tetrahedralize": {},
    "Threshold": {"Scalars": ("POINTS", "g"), "LowerThreshold": 0.0, "UpperThreshold": 2.0},
    "Transform": {},
    "WarpByScalar": {"Scalars": ("POINTS", "g")},
    "WarpByVector": {},
}


@pytest.mark.parametrize("direction", ["two axes", "mirrored"])
@pytest.mark.parametrize("type_name", FILTERS)
def test_a_turned_image_is_like_the_same_points_as_a_grid(type_name: str, direction: str) -> None:
    data = turned(direction)
    properties = FILTERS[type_name]
    assert_same(made_of(type_name, data, properties), made_of(type_name, structured(data), properties))


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_what_is_made_of_a_turned_image_has_its_volume_and_gradient(direction: str) -> None:
    """Closed forms: a box, and a linear field."""
    data = turned(direction)
    for type_name in ("vtkPassThrough", "Threshold", "AppendDatasets", "Connectivity", "Tetrahedralize"):
        pipeline = over(data)
        limits = {"LowerThreshold": -1e9, "UpperThreshold": 1e9} if type_name == "Threshold" else {}
        pipeline.create(2, type_name, limits, {"Input": [(1, 0)]})
        pipeline.create(3, "CellSize", {}, {"Input": [(2, 0)]})
        pipeline.create(4, "Gradient", {"ScalarArray": ("POINTS", "f")}, {"Input": [(2, 0)]})
        assert abs(numbers(executed(pipeline, 3), "Volume", "Cell").sum()) == pytest.approx(VOLUME)
        gradient = numbers(executed(pipeline, 4), "Gradient")
        np.testing.assert_allclose(gradient, np.tile(SLOPE, (len(gradient), 1)), atol=1e-4)


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_a_contour_lies_where_the_field_has_its_value(direction: str) -> None:
    data = turned(direction)
    middle = float(numbers(data, "f").mean())
    for type_name, properties in (("Contour", {"Isosurfaces": [middle]}), ("vtkContourFilter", {"Values": [middle]})):
        given = {"ContourBy": ("POINTS", "f")} if type_name == "Contour" else {"SelectInputArray": ("POINTS", "f")}
        found = places(made_of(type_name, data, {**properties, **given}))
        assert len(found) > 20
        np.testing.assert_allclose(found @ SLOPE, middle, rtol=1e-5)


def test_blocks_are_made_straight_each() -> None:
    blocks = vtkMultiBlockDataSet()
    blocks.SetBlock(0, turned("30 degrees"))
    blocks.SetBlock(2, image(3, 3, 3))
    inner = vtkMultiBlockDataSet()
    inner.SetBlock(0, turned("swapped"))
    blocks.SetBlock(3, inner)
    found = made_of("MergeBlocks", blocks)
    sizes = numbers(made_of("CellSize", found), "Volume", "Cell")
    assert sizes.sum() == pytest.approx(2 * VOLUME + 8)


def test_an_input_that_is_turned_back_is_used_as_it_is() -> None:
    data = turned("30 degrees")
    pipeline = over(data)
    pipeline.create(2, "vtkAppendFilter", {}, {"Input": [(1, 0)]})
    assert executed(pipeline, 2).GetCellType(0) != VTK_VOXEL
    straight = image(3, 3, 3)
    pipeline.algorithm(1).SetOutput(straight)
    assert executed(pipeline, 2).GetCellType(0) == VTK_VOXEL
    assert not isinstance(pipeline.algorithm(2).GetInputConnection(0, 0).GetProducer(), Straightened)
    pipeline.algorithm(1).SetOutput(data)
    assert executed(pipeline, 2).GetNumberOfCells() == data.GetNumberOfCells()


@pytest.mark.parametrize("turn", [0.0, 0.4, math.pi])
def test_voxels_and_pixels_that_are_turned_are_measured_right(turn: float) -> None:
    """From a file or a client, say. 1 x 2 x 3 and 1 x 2, whatever the angle about the first axis."""
    corners = np.array([(x, y, z) for z in (0, 3.0) for y in (0, 2.0) for x in (0, 1.0)])
    matrix = np.array([[1, 0, 0], [0, math.cos(turn), -math.sin(turn)], [0, math.sin(turn), math.cos(turn)]])
    spun = np.array([[math.cos(turn), -math.sin(turn), 0], [math.sin(turn), math.cos(turn), 0], [0, 0, 1]])
    for kind, count, name, wanted in ((VTK_VOXEL, 8, "Volume", 6.0), (VTK_PIXEL, 4, "Area", 2.0)):
        data = grid(corners[:count] @ matrix @ spun, (kind, range(count)))
        with_points(data, f=places(data) @ SLOPE)
        assert to_be_made_straight({"vtkCellSizeFilter"}, data) == bool(turn % math.pi or (turn and kind == VTK_VOXEL))
        assert numbers(made_of("CellSize", data), name, "Cell").tolist() == pytest.approx([wanted])
        if kind == VTK_VOXEL:
            np.testing.assert_allclose(numbers(made_of("Gradient", data), "Gradient"), np.tile(SLOPE, (8, 1)))


def test_images_that_are_made_of_other_data_are_straight_themselves() -> None:
    pipeline = over(turned("two axes"))
    pipeline.create(2, "ExtractSurface", {}, {"Input": [(1, 0)]})
    pipeline.create(3, "GaussianResampling", {"ResamplingGrid": (5, 5, 5)}, {"Input": [(2, 0)]})
    assert executed(pipeline, 3).GetDirectionMatrix().IsIdentity()


def test_what_cannot_work_on_turned_images_says_so() -> None:
    for data, refused in ((turned("30 degrees"), True), (image(3, 3, 3), False)):
        pipeline = over(with_points(data, f=np.arange(float(data.GetNumberOfPoints()))))
        pipeline.create(2, "vtkSynchronizedTemplates3D", {"SelectInputArray": ("POINTS", "f")}, {"Input": [(1, 0)]})
        if refused:
            with pytest.raises(ExecutionFailed, match="is turned"):
                executed(pipeline, 2)
        else:
            assert isinstance(executed(pipeline, 2), vtkPolyData)


@pytest.mark.parametrize("type_name", ["ExtractSubset", "ImageGaussianSmooth"])
def test_images_that_are_made_of_turned_ones_are_turned_alike(type_name: str) -> None:
    data = turned("two axes")
    properties = {"SampleRate": (2, 2, 2)} if type_name == "ExtractSubset" else {"StandardDeviations": (1e-3,) * 3}
    found = made_of(type_name, data, properties)
    np.testing.assert_allclose(numbers(found, "f"), places(found) @ SLOPE, rtol=1e-6)


@in_loop
async def test_a_turned_image_is_drawn_where_it_lies() -> None:
    """Its surface and its volume cover the same pixels."""
    covered = []
    async with connect() as session:
        data = image(13, 9, 6, origin=(3, 4, 5), direction=DIRECTIONS["30 degrees"])
        source = await session.send_data(with_points(data, f=np.linspace(50, 100, 702)))
        for kind in ("Surface", "Volume"):
            view = session.views.RenderView(ViewSize=(100, 100), Background=(0, 0, 0))
            session.show(source, view, Representation=kind, ColorBy=("POINTS", "f"))
            view.reset_camera()
            covered.append((await view.screenshot(format="rgb")).pixels.sum(axis=2, dtype=int) > 12)
    surface, volume = covered
    assert surface.sum() > 3000 and (surface & volume).sum() > 0.95 * (surface | volume).sum()


@pytest.mark.parametrize("type_name", ["AppendDatasets", "MergeBlocks", "CleantoGrid"])
def test_grids_that_are_made_of_turned_images_have_no_voxels(type_name: str) -> None:
    """VTK's formulas for voxels, and those of other programs that read them, take edges for parallel to the axes."""
    blocks = vtkMultiBlockDataSet()
    blocks.SetBlock(0, turned("30 degrees"))
    data = made_of(type_name, turned("30 degrees") if type_name == "CleantoGrid" else blocks)
    leaf = data.GetBlock(0) if data.IsA("vtkMultiBlockDataSet") else data
    assert leaf.GetNumberOfCells() == 120
    assert {leaf.GetCellType(i) for i in range(120)} == {VTK_HEXAHEDRON}


def test_voxels_are_looked_at_again_after_their_points_were_moved() -> None:
    """Whether they are turned is kept in mind for as long as points and cells are the same."""
    data = grid([(x, y, z) for z in (0, 1) for y in (0, 1) for x in (0, 1)], (VTK_VOXEL, range(8)))
    assert not to_be_made_straight((), data)
    data.GetPoints().SetPoint(1, (0.8, 0.6, 0))
    data.GetPoints().Modified()
    assert to_be_made_straight((), data)
