"""Properties of representations under ParaView's names have the effect that they have there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkPolyData

from servermanager import RenderViewProxy, Session, XYChartViewProxy, connect

from ..harness.apvtest import in_loop
from .test_color_maps import squares

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def looking(session: Session, scale: float = 2.0, **more: Any) -> RenderViewProxy:
    return session.views.RenderView(
        ViewSize=(200, 200),
        Background=(0, 0, 0),
        UseFXAA=False,
        CameraPosition=(0, 0, 10),
        CameraFocalPoint=(0, 0, 0),
        CameraParallelProjection=True,
        CameraParallelScale=scale,
        **more,
    )


async def pixels(view: RenderViewProxy | XYChartViewProxy) -> Any:
    return (await view.screenshot()).pixels[..., :3].astype(int)


def is_of(seen: Any, color: tuple[int, int, int]) -> Any:
    return np.abs(seen - color).max(axis=2) < 120


def row() -> vtkPolyData:
    """Points at x = -1 and 1 with a number, 1 and 4, and a vector along y, or x."""
    made, points = vtkPolyData(), vtkPoints()
    for x in (-1.0, 1.0):
        points.InsertNextPoint(x, 0, 0)
    made.SetPoints(points)
    made.Allocate(2)
    for index in range(2):
        made.InsertNextCell(1, 1, [index])
    for name, values in (("s", [1.0, 4.0]), ("v", [[0.0, 1.0, 0.0], [0.0, 1.0, 0.0]])):
        array = numpy_to_vtk(np.asarray(values), deep=True)
        array.SetName(name)
        made.GetPointData().AddArray(array)
    return made


async def sizes(view: RenderViewProxy) -> list[tuple[int, int]]:
    """Width and height of what is seen in each half of the picture."""
    found = []
    for half in np.split((await pixels(view)).any(axis=2), 2, axis=1):
        rows, columns = np.nonzero(half)
        found.append((int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1) if len(rows) else (0, 0))
    return found


@in_loop
async def test_arrays_and_colors_by_their_names() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session)
        shown = session.show(await session.send_data(squares(0, 5, 10)), view, Lighting=False)
        shown.DiffuseColor = [1, 0, 0]
        assert shown.Color == [1, 0, 0] == shown.DiffuseColor and is_of(await pixels(view), RED)[100, 100]
        shown.ColorArrayName = ["CELLS", "a"]
        shown.LookupTable.RGBPoints = [0, 0, 1, 0, 10, 0, 1, 0]
        assert shown.ColorBy == ["CELLS", "a"] and is_of(await pixels(view), GREEN)[100, 100]
        for nothing in (["POINTS", ""], [None, ""], None, ""):
            shown.ColorArrayName = ["CELLS", "a"]
            shown.ColorArrayName = nothing
            assert shown.ColorArrayName is None and is_of(await pixels(view), RED)[100, 100]
        shown.update(Representation="Wireframe", AmbientColor=[0, 0, 1], LineWidth=3)
        seen = await pixels(view)
        assert is_of(seen, BLUE).any() and not is_of(seen, RED).any()
        del shown.DiffuseColor
        assert "DiffuseColor" in dir(shown) and shown.DiffuseColor is None


@in_loop
async def test_faces_are_culled() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session)
        shown = session.show(await session.send_data(squares(0, 5, 10)), view, Color=[1, 0, 0], Lighting=False)
        for name, is_seen in (("Cull Frontface", False), ("Cull Backface", True), ("Follow Frontface", True)):
            shown.BackfaceRepresentation = name
            assert bool(is_of(await pixels(view), RED)[100, 100]) is is_seen, name
        with pytest.raises(ValueError, match="no backface representation"):
            shown.BackfaceRepresentation = "Outline"


@in_loop
async def test_glyphs_turn_and_scale_as_in_paraview() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session)
        shown = session.show(
            await session.send_data(row()), view, Representation="3D Glyphs", GlyphType="Box", ScaleFactor=0.2,
            SelectScaleArray="s", SelectOrientationVectors=["POINTS", "v"], Lighting=False, Color=[1, 1, 1],
        )  # fmt: skip
        equal = await sizes(view)
        assert equal[0] == equal[1] and equal[0][0] == pytest.approx(10, abs=1)
        shown.update(Scaling=True, ScaleMode="Magnitude")
        small, large = await sizes(view)
        assert small[0] == pytest.approx(10, abs=1) and large[0] == pytest.approx(40, abs=1)
        shown.Scaling = False
        assert await sizes(view) == [(50, 50)] * 2  # of 1, whatever ScaleFactor is
        shown.update(Scaling=None, GlyphType="Arrow", ScaleFactor=0.8)
        wide = (await sizes(view))[0]
        assert wide[0] > 2 * wide[1]
        shown.Orient = True
        high = (await sizes(view))[0]
        assert high[1] > 2 * high[0]
        shown.SelectOrientationVectors = "No orientation array"
        assert shown.SelectOrientationVectors == "No orientation array" and (await sizes(view))[0] == wide


@in_loop
async def test_balls_scale_and_fade_by_functions() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session)
        shown = session.show(
            await session.send_data(row()), view, Representation="Point Gaussian", GaussianRadius=0.1, Lighting=False,
            Color=[1, 1, 1], SetScaleArray=["POINTS", "s"], ScaleTransferFunction="PiecewiseFunction",
        )  # fmt: skip
        equal = await sizes(view)
        assert equal[0] == equal[1] and equal[0][0] > 10
        shown.ScaleByArray = True
        small, large = await sizes(view)
        assert small[0] <= 2 and large == equal[1]  # from 0 at the smallest number to 1 at the largest
        shown.ScaleTransferFunction.Points = [1.0, 0.5, 0.5, 0.0, 4.0, 1.0, 0.5, 0.0]
        small, large = await sizes(view)
        assert small[0] == pytest.approx(large[0] / 2, abs=2) and large == equal[1]
        assert session.undo.undo() == "set Points of PiecewiseFunction" and (await sizes(view))[0][0] <= 2
        shown.update(ScaleByArray=False, OpacityByArray=True, OpacityArray=["POINTS", "s"])
        shown.OpacityTransferFunction.Points = [1.0, 0.2, 0.5, 0.0, 4.0, 1.0, 0.5, 0.0]
        seen = (await pixels(view)).max(axis=2)
        assert seen[:, :100].max() == pytest.approx(0.2 * seen[:, 100:].max(), abs=12)


@in_loop
async def test_grids_of_axes_are_objects(tmp_path: Any) -> None:
    async with connect(backend="inproc") as session:
        view = looking(session, scale=3.0)
        shown = session.show(session.sources.Sphere(), view, Color=[1, 1, 1], Lighting=False)
        alone = await pixels(view)
        view.AxesGrid = "GridAxes3DActor"  # as traces of ParaView have it
        assert np.array_equal(await pixels(view), alone)
        view.AxesGrid.update(
            Visibility=True, GridColor=[1, 0, 0], XTitleColor=[0, 1, 0], XTitle="width", ShowGrid=False
        )
        seen = await pixels(view)
        assert is_of(seen, RED).sum() > 100 and is_of(seen, GREEN).sum() > 10
        assert view.AxesGrid.XTitle == "width" and view.AxesGrid.YTitle is None
        view.AxesGrid.XTitle = ""
        assert not is_of(await pixels(view), GREEN).any()
        view.AxesGrid.update(ShowTicks=False, UseCustomBounds=True, CustomBounds=[-2, 2, -2, 2, -1, 1])
        columns = np.nonzero(is_of(await pixels(view), RED).any(axis=0))[0]
        assert abs(columns.min() - 33) <= 3 and abs(columns.max() - 167) <= 3
        await session.save_state(tmp_path / "scene.json")
        view.AxesGrid.Visibility = False
        assert np.array_equal(await pixels(view), alone)
        shown.DataAxesGrid.GridAxesVisibility = 1
        shown.DataAxesGrid.update(GridColor=[0, 0, 1], ShowTicks=False, AxesToLabel=0)
        seen = await pixels(view)
        columns = np.nonzero(is_of(seen, BLUE).sum(axis=0) > 20)[0]
        assert abs(columns.min() - 83) <= 3 and abs(columns.max() - 117) <= 3
        assert (await view.pick(100, 100)) is not None
        shown.Visibility = False
        assert not (await pixels(view)).any()
        shown.update(Visibility=True, DataAxesGrid={})
        assert np.array_equal(await pixels(view), alone)
        with pytest.raises(ValueError, match="from 0 to 63"):
            view.AxesGrid.FacesToRender = 64
        with pytest.raises(ValueError, match="CustomBounds = 3: expected 6 numbers"):
            view.AxesGrid = {"CustomBounds": 3}
    async with connect(backend="inproc") as session:
        await session.load_state(tmp_path / "scene.json")
        (loaded,) = session.all_views()
        assert isinstance(loaded, RenderViewProxy) and loaded.AxesGrid.CustomBounds == [-2, 2, -2, 2, -1, 1]
        assert is_of(await pixels(loaded), RED).sum() > 100


@in_loop
async def test_polar_axes_stand_around_one_output() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session, scale=1.5)
        shown = session.show(session.sources.Sphere(), view, Color=[1, 1, 1], Lighting=False)
        alone = await pixels(view)
        shown.PolarAxes = "PolarAxesRepresentation"
        shown.PolarAxes.update(Visibility=True, PolarAxisColor=[1, 0, 0], PolarArcsColor=[0, 0, 1], MaximumAngle=360.0)
        seen = await pixels(view)
        assert is_of(seen, RED).any() and is_of(seen, BLUE).sum() > 20
        shown.PolarAxes.Visibility = False
        assert np.array_equal(await pixels(view), alone)


@in_loop
async def test_what_would_change_something_and_cannot_is_refused() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session)
        shown = session.show(session.sources.Sphere(), view)
        before = await pixels(view)
        shown.update(
            OSPRayScaleArray="Normals", OSPRayScaleFunction="PiecewiseFunction", GlyphTableIndexArray="None",
            SelectTCoordArray="None", SelectNormalArray="None", SelectTangentArray="None",
            OpacityArrayName=["POINTS", "Normals"], OSPRayUseScaleArray=0, OSPRayMaterial="None", Texture=None,
            IsosurfaceValues=[157.0],
        )  # fmt: skip
        assert np.array_equal(await pixels(view), before)
        with pytest.raises(ValueError, match="use Point Gaussian"):
            shown.OSPRayUseScaleArray = 1
