"""Surfaces look as their knobs say: sides, materials, outlines, light, order; pixels are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import VTK_QUADRATIC_TRIANGLE, vtkUnstructuredGrid

from servermanager import RenderViewProxy, Session, connect

from ..harness.apvtest import in_loop
from .test_paraview_looks import looking, pixels

MIDDLE = (100, 100)


def sheet(session: Session, z: float, **more: Any) -> Any:
    """A square of side 2 across the z axis, which looks to +z."""
    return session.sources.Plane(Origin=(-1, -1, z), Point1=(1, -1, z), Point2=(-1, 1, z), **more)


def at(seen: Any, place: tuple[int, int] = MIDDLE) -> list[int]:
    return [int(one) for one in seen[place]]


async def middle(view: RenderViewProxy) -> list[int]:
    return at(await pixels(view))


@in_loop
async def test_all_layers_before_an_opaque_surface_are_seen() -> None:
    """What VTK leaves out by itself: it draws the nearest layer alone, if all of them are before something opaque."""
    async with connect(backend="inproc") as session:
        view = looking(session)
        for z, color in ((0.0, (1, 0, 0)), (0.1, (0, 1, 0))):
            session.show(sheet(session, z), view, Color=color, Opacity=0.5, Lighting=False)
        page = await middle(view)
        assert page == pytest.approx([64, 127, 0], abs=2)
        wall = session.show(sheet(session, -1.0), view, Color=(0, 0, 1), Lighting=False)
        expected = pytest.approx([64, 127, 64], abs=2)
        assert await middle(view) == expected
        assert at((await view.screenshot(samples=4)).pixels) == expected
        view.UseFXAA = True
        assert await middle(view) == expected
        view.UseFXAA = False
        wall.Visibility = False
        assert await middle(view) == page
        wall.Visibility = True
        view.DepthPeeling = False  # both evenly, before a quarter of the wall
        assert await middle(view) == pytest.approx([96, 96, 64], abs=2)


@in_loop
async def test_as_many_layers_are_in_order_as_asked() -> None:
    colors = ((1, 1, 0), (0, 1, 1), (1, 0, 0), (0, 1, 0), (1, 1, 1))
    async with connect(backend="inproc") as session:
        view = looking(session)
        session.show(sheet(session, -1.0), view, Color=(0, 0, 1), Lighting=False)
        for layer, color in enumerate(colors):  # the nearest first
            session.show(sheet(session, 1.0 - layer / 10), view, Color=color, Opacity=0.5, Lighting=False)
        expected = np.array([0.0, 0.0, 255.0])
        for color in colors[::-1]:
            expected = 0.5 * expected + 127.5 * np.array(color)
        found = {most: await _with(view, MaximumNumberOfPeels=most) for most in (0, 1, 8)}
        assert found[0] == found[8] == pytest.approx(expected.tolist(), abs=3)
        assert max(np.abs(np.subtract(found[1], expected))) > 8
        unordered = await _with(view, DepthPeeling=False)
        evenly = np.mean(colors, axis=0) * 255 * 31 / 32 + np.array([0.0, 0.0, 255.0]) / 32
        assert unordered == pytest.approx(evenly.tolist(), abs=3)


async def _with(view: RenderViewProxy, **properties: Any) -> list[int]:
    view.update(**properties)
    return await middle(view)


@in_loop
async def test_backs_of_surfaces_have_a_look_of_their_own() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session)
        shown = session.show(sheet(session, 0.0), view, Color=(1, 0, 0), Lighting=False)
        shown.update(BackfaceRepresentation="Surface", BackfaceDiffuseColor=(0, 1, 0))
        assert await middle(view) == [255, 0, 0]
        view.CameraPosition = (0, 0, -10)
        assert await middle(view) == [0, 255, 0]
        assert (await view.pick(*MIDDLE)) is not None
        shown.BackfaceOpacity = 0.5
        assert await middle(view) == pytest.approx([0, 127, 0], abs=1)
        shown.update(BackfaceOpacity=1.0, BackfaceDiffuseColor=None)
        assert await middle(view) == [255, 0, 0]
        shown.update(BackfaceRepresentation="Wireframe", BackfaceAmbientColor=(0, 0, 1))
        seen = await pixels(view)
        blue = (seen[..., 2] > 128).sum()
        assert 300 < blue < 3000 and not (seen[..., 0] > 128).any()
        shown.update(BackfaceRepresentation="Points", PointSize=6)
        assert 4 * 25 < (await pixels(view))[..., 2].astype(bool).sum() < blue * 4
        shown.update(
            BackfaceRepresentation="Surface With Edges",
            BackfaceDiffuseColor=(0, 1, 0),
            EdgeColor=(0, 0, 1),
            LineWidth=3,
        )
        seen = await pixels(view)
        assert (seen[..., 1] > 128).sum() > 5000 and (seen[..., 2] > 128).sum() > 300
        shown.BackfaceRepresentation = "Follow Frontface"
        assert (await middle(view))[0] == 255
        shown.update(ColorBy=("POINTS", "Normals", 2), RGBPoints=[0, 0, 0, 0, 1, 1, 1, 0])
        view.CameraPosition = (0, 0, 10)
        shown.BackfaceRepresentation = "Surface"
        front = await middle(view)
        view.CameraPosition = (0, 0, -10)
        assert await middle(view) == front == [255, 255, 0]  # numbers have one color on both sides


def lit(session: Session, **more: Any) -> tuple[Any, Any, Any]:
    """A view, its only light, which comes from the camera, and a ball of a material."""
    view = looking(session, scale=0.6, UseLightKit=False)
    light = view.add_light(Coords="Camera", Position=(0, 0, 1))
    ball = session.sources.Sphere(ThetaResolution=64, PhiResolution=64)
    return view, light, session.show(ball, view, Interpolation="PBR", **more)


@in_loop
async def test_materials_are_lit_as_they_are() -> None:
    async with connect(backend="inproc") as session:
        view, light, shown = lit(session, Color=(1, 0.2, 0.2), Roughness=0.5)
        side = (100, 165)  # where it looks aside
        plain = await pixels(view)
        shown.Metallic = 1.0
        metal = await pixels(view)
        assert at(metal, side)[0] < 0.5 * at(plain, side)[0]  # a metal scatters nothing
        shown.Roughness = 0.1
        sharp = (await pixels(view))[..., 0]
        shown.Roughness = 0.6
        assert (sharp > 128).sum() < 0.5 * ((await pixels(view))[..., 0] > 128).sum()
        light.Intensity = 0.1
        shown.update(Metallic=0.0, Roughness=0.6)
        dull = await pixels(view)
        shown.BaseIOR = 3.0
        assert at(await pixels(view))[1] > at(dull)[1]
        shown.update(BaseIOR=1.5, CoatStrength=1.0, CoatRoughness=0.6)
        coated = await pixels(view)
        assert at(coated)[2] > at(dull)[2]  # a clear coat is lit in the light's own color
        shown.CoatRoughness = 1.0
        assert at(await pixels(view))[2] < at(coated)[2]
        shown.update(CoatRoughness=0.6, CoatIOR=3.5)
        assert at(await pixels(view))[2] > at(coated)[2]
        shown.update(CoatIOR=2.0, CoatColor=(0, 0, 1))
        # What lies below is seen through it.
        assert at(await pixels(view), (100, 130))[0] < at(coated, (100, 130))[0] - 10
        with pytest.raises(ValueError, match="from 1 to 4"):
            shown.BaseIOR = 0.5


@in_loop
async def test_metals_mirror_what_is_around_them(tmp_path: Path) -> None:
    async with connect(backend="inproc") as session:
        view, light, shown = lit(session, Color=(1, 1, 1), Metallic=1.0, Roughness=0.1)
        light.Intensity = 0.0
        assert (await pixels(view)).max() == 0
        view.update(UseEnvironmentLighting=True, EnvironmentalBG=(0, 0.5, 0))
        seen = await middle(view)
        assert seen == pytest.approx([0, 127, 0], abs=14), "a mirror has the color of what it mirrors"
        rim, shown.EdgeTint = (100, 178), (0, 0, 0)
        untinted = at(await pixels(view), rim)[1]
        shown.EdgeTint = (1, 1, 1)
        assert at(await pixels(view), rim)[1] > untinted
        view.update(UseGradientEnvironmentalBG=True, EnvironmentalBG=(1, 0, 0), EnvironmentalBG2=(0, 0, 1))
        both = await pixels(view)
        assert both[60, 100, 2] > both[60, 100, 0] and both[140, 100, 0] > both[140, 100, 2]  # blue above, red below
        picture = np.zeros((64, 128, 3), np.uint8)
        picture[:32] = (0, 255, 0)  # its upper half
        Image.fromarray(picture).save(tmp_path / "around.png")
        view.update(UseTexturedEnvironmentalBG=True, EnvironmentalBGTexture=str(tmp_path / "around.png"))
        both = await pixels(view)
        assert both[60, 100, 1] > 150 > 60 > both[140, 100, 1]
        view.UseEnvironmentLighting = False
        assert (await pixels(view)).max() == 0


@in_loop
async def test_outlines_stand_where_surfaces_turn_away() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session, scale=1.0)
        ball = session.sources.Sphere(ThetaResolution=64, PhiResolution=64)
        shown = session.show(ball, view, Color=(1, 1, 1), Lighting=False)
        shown.update(SilhouetteVisibility=True, SilhouetteColor=(1, 0, 0), SilhouetteLineWidth=4)
        for position in ((0, 0, 10), (0, 10, 0.1), (7, 3, -6)):
            view.CameraPosition = position
            seen = await pixels(view)
            rows, columns = np.nonzero((seen[..., 0] > 128) & (seen[..., 1] < 100))
            away = np.hypot(rows - 99.5, columns - 99.5)
            assert len(away) > 400 and np.abs(away - 50).max() < 4.5, position
        shown.Position = (0.5, 0, 0)
        view.CameraPosition = (0, 0, 10)
        columns = np.nonzero((await pixels(view))[..., 1].any(axis=0))[0]
        assert abs(columns.mean() - 149.5) < 1.0
        shown.SilhouetteVisibility = False
        seen = await pixels(view)
        assert not ((seen[..., 0] > 128) & (seen[..., 1] < 100)).any()


@in_loop
async def test_curved_cells_are_divided_as_often_as_asked() -> None:
    grid, points = vtkUnstructuredGrid(), vtkPoints()
    for place in ((-1, 0, 0), (1, 0, 0), (0, -0.01, 0), (0, 1, 0), (0.5, 0, 0), (-0.5, 0, 0)):
        points.InsertNextPoint(place)
    grid.SetPoints(points)
    grid.InsertNextCell(VTK_QUADRATIC_TRIANGLE, 6, range(6))
    async with connect(backend="inproc") as session:
        view = looking(session, scale=1.2)
        shown = session.show(await session.send_data(grid), view, Color=(1, 1, 1), Lighting=False)
        found = []
        for level in (0, 1, 3):
            shown.NonlinearSubdivisionLevel = level
            found.append(int((await pixels(view))[..., 0].astype(bool).sum()))
        # The parabola over a base of 2, with height 1, has the area 4/3; the triangle and its halves have less of it.
        unit = (100 / 1.2) ** 2
        assert found[0] < 0.05 * unit
        assert found[1] == pytest.approx(1.0 * unit, rel=0.03)
        assert found[2] == pytest.approx(4 / 3 * unit, rel=0.04)


@in_loop
async def test_lines_look_like_tubes_and_points_like_balls() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session, scale=1.0)
        line = session.show(session.sources.Line(Point1=(-0.8, 0, 0), Point2=(0.8, 0, 0)), view, LineWidth=20)
        flat = (await pixels(view))[80:120, 100, 1]
        line.RenderLinesAsTubes = True
        round_ = (await pixels(view))[80:120, 100, 1]
        assert np.ptp(flat[flat > 0]) == 0 and np.ptp(round_[round_ > 0]) > 60
        assert (flat > 0).sum() == pytest.approx((round_ > 0).sum(), abs=2) == pytest.approx(20, abs=2)
        line.Visibility = False
        point = session.show(session.sources.PointSource(NumberOfPoints=1, Radius=0.0), view, PointSize=40)
        square = (await pixels(view))[..., 1]
        point.RenderPointsAsSpheres = True
        ball = (await pixels(view))[..., 1]
        assert (square > 0).sum() == pytest.approx(1600, rel=0.06)
        assert (ball > 0).sum() == pytest.approx(np.pi * 400, rel=0.08) and np.ptp(ball[ball > 0]) > 60


@in_loop
async def test_edges_are_as_opaque_as_asked_and_hidden_lines_are_hidden() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session, scale=1.2)
        box = session.sources.Box()
        shown = session.show(box, view, Representation="Surface With Edges", Color=(0, 0, 0), Lighting=False)
        shown.update(EdgeColor=(1, 0, 0), LineWidth=6)
        column = (slice(95, 106), 58)  # across the left edge of the front
        assert (await pixels(view))[column].max() == 255
        shown.EdgeOpacity = 0.25
        assert (await pixels(view))[column][:, 0].max() == pytest.approx(64, abs=4)
        shown.update(Representation="Wireframe", Color=(1, 1, 1), EdgeOpacity=1.0, LineWidth=1)
        view.CameraPosition = (4, 3, 10)
        through = (await pixels(view))[..., 0].astype(bool).sum()
        view.HiddenLineRemoval = True
        assert (await pixels(view))[..., 0].astype(bool).sum() == pytest.approx(
            0.75 * through, rel=0.12
        )  # 9 of 12 edges


@in_loop
async def test_pictures_are_repeated_or_end(tmp_path: Path) -> None:
    Image.fromarray(np.array([[[255, 0, 0], [0, 255, 0]]], np.uint8)).save(tmp_path / "two.png")
    async with connect(backend="inproc") as session:
        view = looking(session, scale=1.0)
        plane = sheet(session, 0.0)
        wide = session.filters.Calculator(
            Input=plane, ResultArrayName="across", Function="(coordsX + 1) * iHat + (coordsY + 1) * jHat"
        )
        shown = session.show(wide, view, Texture=str(tmp_path / "two.png"), SelectTCoordArray="across", Lighting=False)
        row = (await pixels(view))[100, [25, 75, 125, 175]].tolist()
        assert row == [[255, 0, 0], [0, 255, 0]] * 2
        shown.RepeatTextures = False
        row = (await pixels(view))[100, [25, 75, 125, 175]].tolist()
        assert row == [[255, 0, 0], [0, 255, 0], [0, 255, 0], [0, 255, 0]]


@in_loop
async def test_each_layer_is_seen_once_at_every_pixel() -> None:
    """What VTK's own order, two layers at a time, gets wrong by 9 levels at every sixth pixel of a cone."""
    async with connect(backend="inproc") as session:
        view = looking(session, scale=0.8)
        view.update(CameraPosition=(3, 2, 5), Background=(0.2, 0.4, 0.6))
        shown = session.show(session.sources.Cone(Resolution=24), view, Color=(1, 0.2, 0.1))
        shown.BackfaceRepresentation = "Cull Backface"
        front = await pixels(view)
        shown.BackfaceRepresentation = "Cull Frontface"
        back = await pixels(view)
        page = at(front, (0, 0))
        shown.update(BackfaceRepresentation="Follow Frontface", Opacity=0.4)
        both = (front != page).any(axis=2) & (back != page).any(axis=2)
        expected = 0.4 * front + 0.6 * (0.4 * back + 0.6 * np.array(page))
        assert both.sum() > 1000 and np.abs((await pixels(view)) - expected)[both].max() <= 1.5


@in_loop
async def test_matrices_move_what_is_shown_after_all_else() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session)
        small = session.sources.Plane(Origin=(-0.1, -0.1, 0), Point1=(0.1, -0.1, 0), Point2=(-0.1, 0.1, 0))
        shown = session.show(small, view, Color=(1, 0, 0), Lighting=False, Position=(1, 0, 0))
        turned = [0, -1, 0, 0.5, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]  # (x, y) becomes (0.5 - y, x)
        assert at(await pixels(view), (100, 150)) == [255, 0, 0]
        shown.UserTransform = turned
        seen = await pixels(view)
        assert at(seen, (50, 125)) == [255, 0, 0] and at(seen, (100, 150)) == [0, 0, 0]
        picked = await view.pick(125, 50)
        assert picked is not None and picked.position == pytest.approx((0.5, 1.0, 0.0), abs=0.03)
        view.reset_camera()
        rows, columns = np.nonzero((await pixels(view))[..., 0])
        assert rows.mean() == pytest.approx(99.5, abs=1.5) == columns.mean()
        with pytest.raises(ValueError, match="the last one is 0, 0, 0, 1"):
            shown.UserTransform = [1.0] * 16
