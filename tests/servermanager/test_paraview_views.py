"""Properties of views, texts and charts under ParaView's names have the effect that they have there."""

from __future__ import annotations

import numpy as np
import pytest

from servermanager import RemoteError, connect

from ..harness.apvtest import in_loop
from ..harness.unchecked import tell_unchecked
from .test_color_maps import squares
from .test_paraview_looks import BLUE, GREEN, RED, is_of, looking, pixels


@in_loop
async def test_what_is_shown_is_moved_turned_and_scaled() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session)
        box = session.sources.Box(XLength=1.0, YLength=0.5, ZLength=0.5)
        shown = session.show(box, view, Color=[1, 0, 0], Lighting=False)

        async def place() -> tuple[int, int, int, int]:
            rows, columns = np.nonzero(is_of(await pixels(view), RED))
            return int(columns.min()), int(columns.max()), int(rows.min()), int(rows.max())

        assert await place() == pytest.approx((75, 125, 87, 113), abs=2)
        shown.Position = [1, 0, 0]
        assert await place() == pytest.approx((125, 175, 87, 113), abs=2)
        hit = await view.pick(150, 100)
        assert hit is not None and hit.position[0] == pytest.approx(1.0, abs=0.05)
        (selected,) = await view.select_points(120, 80, 180, 120)
        assert len(selected.ids) == 4 or len(selected.ids) == 8
        shown.update(Position=[0, 0, 0], Orientation=[0, 0, 90])
        assert await place() == pytest.approx((87, 113, 75, 125), abs=2)
        shown.update(Orientation=[0, 0, 0], Scale=[2, 1, 1], Origin=[0.5, 0, 0])
        assert await place() == pytest.approx((25, 125, 87, 113), abs=2)
        view.reset_camera()
        assert (await view.camera())["CameraFocalPoint"] == pytest.approx([-0.5, 0, 0])
        shown.Translation = [0.5, 0, 0]
        assert shown.Position == [0.5, 0, 0]


@in_loop
async def test_backgrounds_and_stereo_are_as_they_say() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session, Background2=(0, 0, 1))
        view.Background = [1, 0, 0]
        assert is_of(await pixels(view), RED).all()
        view.BackgroundColorMode = "Gradient"
        seen = await pixels(view)
        assert is_of(seen, BLUE)[3, 100] and is_of(seen, RED)[-3, 100]
        view.update(BackgroundColorMode="Single Color", UseColorPaletteForBackground=1)
        assert (await pixels(view))[100, 100] == pytest.approx([82, 87, 110], abs=1)
        view.update(UseColorPaletteForBackground=0, Background=[0, 0, 0], CameraParallelProjection=False)
        session.show(session.sources.Sphere(), view, Lighting=False, Color=[1, 1, 1], Position=[0, 0, 5])
        plain = await pixels(view)
        view.update(StereoType="Anaglyph", StereoRender=True)
        both = await pixels(view)
        assert (np.ptp(both, axis=2) > 50).sum() > 10 and np.ptp(plain, axis=2).max() < 10
        view.StereoType = "Left"
        left = await pixels(view)
        view.StereoType = "Right"
        assert (left != await pixels(view)).any()
        view.StereoType = "Crystal Eyes"
        with pytest.raises(RemoteError, match="needs a screen of its own"):
            await view.screenshot()
        view.StereoRender = False
        assert np.array_equal(await pixels(view), plain)


@in_loop
async def test_movements_turn_about_the_center_of_rotation() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session, CenterOfRotation=[0, 0, 4])
        session.show(session.sources.Sphere(), view)
        view.orbit(90.0)
        camera = await view.camera()
        assert camera["CameraPosition"] == pytest.approx([6, 0, 4], abs=1e-9)
        assert camera["CameraFocalPoint"] == pytest.approx([-4, 0, 4], abs=1e-9)
        view.CenterOfRotation = None
        view.orbit(90.0)
        camera = await view.camera()
        assert camera["CameraFocalPoint"] == pytest.approx([-4, 0, 4], abs=1e-9)
        assert camera["CameraPosition"] == pytest.approx([-4, 0, -6], abs=1e-9)


@in_loop
async def test_linked_views_have_one_camera() -> None:
    async with connect(backend="inproc") as session:
        one, other, third = (looking(session, scale=scale) for scale in (2.0, 3.0, 4.0))
        for view in (one, other, third):
            session.show(session.sources.Sphere(), view)
        one.CameraLink = other.CameraLink = "both"
        assert (await other.camera()) == await one.camera() and (await other.camera())["CameraParallelScale"] == 2.0
        one.orbit(30.0)
        assert (await other.camera()) == await one.camera() and (await third.camera())["CameraPosition"] == [0, 0, 10]
        other.CameraPosition = [0, 7, 7]
        assert (await one.camera())["CameraPosition"] == [0, 7, 7]
        np.testing.assert_array_equal(await pixels(one), await pixels(other))
        other.reset_camera("-X")
        assert (await one.camera()) == await other.camera()
        other.CameraLink = ""
        other.orbit(30.0)
        assert (await one.camera()) != await other.camera()


@in_loop
async def test_what_scripts_write_down_is_kept_and_what_cannot_be_is_refused() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session)
        session.show(session.sources.Sphere(), view)
        before = await pixels(view)
        view.update(
            StereoType="Crystal Eyes", CameraFocalDisk=1.0, RemoteRenderThreshold=1e6, UseTexturedBackground=0,
            LockBounds=0, UseInteractiveRenderingForScreenshots=1, InteractionMode="2D", OSPRayMaterialLibrary=None,
            MaxClipBounds=[0, 1, 0, 1, 0, 1], CenterAxesVisibility=0,
        )  # fmt: skip
        assert np.array_equal(await pixels(view), before)
        for name, why in (("LockBounds", "CustomBounds"), ("UseSkyboxBackground", "not drawn")):
            with pytest.raises(ValueError, match=why):
                setattr(view, name, True)
        tell_unchecked(view, LockBounds=True)
        with pytest.raises(RemoteError, match="CustomBounds"):
            await view.ready()


@in_loop
async def test_texts_stand_anywhere_in_several_fonts() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session)
        session.show(session.sources.Sphere(), view, Visibility=False)
        text = view.add_text("mmmmm", Color=[1, 0, 0], WindowLocation="Any Location", Position=[0.5, 0.75], FontSize=12)
        rows, columns = np.nonzero(is_of(await pixels(view), RED))
        assert 98 <= columns.min() <= 104 and 40 <= rows.max() <= 52
        arial = await pixels(view)
        text.FontFamily = "Times"
        assert (await pixels(view) != arial).any()
        text.update(FontFamily="Arial", Opacity=0.5)
        assert (await pixels(view)).max() == pytest.approx(128, abs=3)
        text.update(Opacity=1.0, Justification="Right")
        assert np.nonzero(is_of(await pixels(view), RED))[1].max() <= 101


@in_loop
async def test_series_have_styles_corners_and_opacity() -> None:
    async with connect(backend="inproc") as session:
        chart = session.create_chart(ViewSize=[300, 200], ShowLegend=False)
        rows = session.filters.DataToTable(Input=await session.send_data(squares(0, 5, 10)), FieldAssociation="Cells")
        look = {
            "XArrayName": None,
            "UseIndexForXAxis": True,
            "SeriesVisibility": ["a"],
            "SeriesLineThickness": ["a", 3],
        }
        shown = session.show(rows, chart, SeriesColor=["a", 1, 0, 0], **look)

        async def seen() -> np.ndarray:
            return (await chart.screenshot()).pixels[..., :3].astype(int)

        whole = is_of(await seen(), RED).sum()
        shown.SeriesLineStyle = ["a", "2"]
        assert 0.3 * whole < is_of(await seen(), RED).sum() < 0.9 * whole
        shown.SeriesLineStyle = ["a", "None"]
        assert not is_of(await seen(), RED).any()
        shown.update(SeriesLineStyle=["a", "Solid"], SeriesOpacity=["a", 0.4])
        faded = await seen()
        assert (
            is_of(faded, RED).sum() < 0.1 * whole
            and ((faded[..., 0] > 240) & (abs(faded[..., 1] - 153) < 20)).sum() > 0.5 * whole
        )
        shown.SeriesOpacity = ["a", 1]
        chart.update(RightAxisTitle="numbers", RightAxisTitleColor=[0, 1, 0], RightAxisColor=[0, 0, 1])
        assert not is_of(await seen(), GREEN).any()
        shown.SeriesPlotCorner = ["a", "1"]
        right = await seen()
        columns = np.nonzero(is_of(right, GREEN).any(axis=0))[0]
        assert columns.min() > 200 and (right[..., 2] - right[..., 0] > 60)[:, 200:].sum() > 50
        chart.update(RightAxisUseCustomRange=True, RightAxisRangeMinimum=0, RightAxisRangeMaximum=100)
        assert (
            np.nonzero(is_of(await seen(), RED).any(axis=1))[0].min()
            > np.nonzero(is_of(right, RED).any(axis=1))[0].min() + 50
        )
