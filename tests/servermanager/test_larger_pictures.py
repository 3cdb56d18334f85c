"""One meaning of larger: the same composition with more pixels; and pictures without background."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as PillowImage

from servermanager import RemoteError, RenderViewProxy, Session, connect

from ..harness.apvtest import BACKENDS, in_loop

SIZES = r"(?:width|height|font-size)=\S+"
WHITE, BLACK = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)


def outline(session: Session, **look: Any) -> RenderViewProxy:
    view = session.views.RenderView(ViewSize=(200, 160), Background=WHITE, UseFXAA=False)
    session.show(session.sources.CubeSource(), view, Representation="Outline", AmbientColor=BLACK, **look)
    view.reset_camera("-Z")
    return view


def dark(pixels: np.ndarray) -> np.ndarray:
    return pixels[..., :3].max(axis=2) < 128


def runs(row: np.ndarray) -> list[int]:
    """Return how long the runs of True are."""
    edges = np.nonzero(np.diff(np.concatenate([[0], row.astype(int), [0]])))[0]
    return [int(last - first) for first, last in zip(edges[::2], edges[1::2], strict=True)]


@pytest.mark.parametrize("options", [{"magnification": 3}, {"size": (600, 480), "dpi": 216}], ids=str)
@in_loop
async def test_lines_points_and_texts_grow_with_the_picture(options: dict[str, Any]) -> None:
    async with connect(backend="inproc") as session:
        view = outline(session, LineWidth=4)
        for larger, thick in (({}, 4), (options, 12)):
            found = runs(
                dark((await view.screenshot(**larger)).pixels)[len((await view.screenshot(**larger)).pixels) // 2]
            )
            assert len(found) >= 2 and all(abs(one - thick) <= 1 for one in (found[0], found[-1])), found
        text = session.views.RenderView(ViewSize=(200, 160), Background=WHITE)
        text.add_text("H", Color=BLACK, FontSize=24)
        heights = [int(dark((await text.screenshot(**one)).pixels).any(axis=1).sum()) for one in ({}, options)]
        assert abs(heights[1] - 3 * heights[0]) <= 3
        said = session.views.RenderView(ViewSize=(200, 160), Background=WHITE)
        session.show(session.sources.Text(Text="H"), said, Color=BLACK, FontSize=24)  # a text that is data
        heights = [int(dark((await said.screenshot(**one)).pixels).any(axis=1).sum()) for one in ({}, options)]
        assert heights[0] > 10 and abs(heights[1] - 3 * heights[0]) <= 3
        polar = session.views.RenderView(
            ViewSize=(200, 160), Background=WHITE, UseFXAA=False, OrientationAxesVisibility=False,
            CameraPosition=(0, 0, 10), CameraFocalPoint=(0, 0, 0), CameraParallelProjection=True, CameraParallelScale=1,
        )  # fmt: skip
        around = session.show(session.sources.Plane(), polar, Opacity=0.0)
        around.PolarAxes.update(Visibility=True, PolarAxisColor=[1, 0, 0], PolarArcsColor=[0, 0, 1])
        shares = []
        for one in ({}, options):
            pixels = (await polar.screenshot(**one)).pixels[..., :3].astype(int)
            shares.append([float((pixels[..., at] - pixels[..., 1] > 120).mean()) for at in (0, 2)])
        assert min(shares[0]) > 0.0005
        assert np.divide(shares[1], shares[0]) == pytest.approx([1, 1], abs=0.4), shares  # a third each, if none grew
        points = session.views.RenderView(ViewSize=(200, 160), Background=WHITE, UseFXAA=False)
        session.show(
            session.sources.CubeSource(),
            points,
            Representation="Points",
            AmbientColor=BLACK,
            PointSize=6,
            Lighting=False,
        )
        points.reset_camera("-Z")
        inks = [int(dark((await points.screenshot(**one)).pixels).sum()) for one in ({}, options)]
        assert inks[1] == pytest.approx(9 * inks[0], rel=0.15)


@in_loop
async def test_grids_legends_and_axes_have_as_much_ink_with_more_pixels() -> None:
    shown: dict[str, dict[str, Any]] = {
        "grid": {"AxesGridVisibility": True},
        "axes": {"OrientationAxesVisibility": True, "OrientationAxesLabelColor": BLACK},
        "legend": {},
    }
    async with connect(backend="inproc") as session:
        for name, properties in shown.items():
            view = session.views.RenderView(ViewSize=(400, 300), Background=WHITE, **properties)
            look: dict[str, Any] = {"Representation": "Points", "Color": WHITE, "AmbientColor": WHITE}
            if name == "legend":
                look |= {"ColorBy": ("POINTS", "RTData"), "ScalarBarVisibility": True, "PointSize": 0.1}
            session.show(session.sources.Wavelet(), view, **look)
            view.reset_camera("-Z")
            view.orbit(30, 20)
            await view.ready()
            view.reset_camera()
            small = 255 - (await view.screenshot()).pixels[..., :3].astype(float).mean(axis=2)
            for factor in (2, 3):
                large = (await view.screenshot(magnification=factor)).pixels[..., :3].astype(float).mean(axis=2)
                shrunk = 255 - large.reshape(300, factor, 400, factor).mean(axis=(1, 3))
                # The white points of the data cover some of the lines of the grid, which lie beside them.
                assert shrunk.sum() == pytest.approx(small.sum(), rel=0.2 if name == "grid" else 0.15)
                one, other = _blurred(small), _blurred(shrunk)
                assert np.corrcoef(one.ravel(), other.ravel())[0, 1] > 0.93, (name, factor)


def _blurred(picture: np.ndarray) -> np.ndarray:
    kernel = np.ones(7) / 7
    for axis in (0, 1):
        picture = np.apply_along_axis(lambda row: np.convolve(row, kernel, "same"), axis, picture)
    return picture


@in_loop
async def test_size_with_dots_per_inch_is_what_magnification_is(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = outline(session, LineWidth=2)
        chart = session.views.XYChartView(ViewSize=(200, 160))
        session.show(session.filters.PlotOverLine(Input=session.sources.Wavelet()), chart)
        for one in (view, chart):
            wanted = (await one.screenshot(magnification=2)).pixels
            np.testing.assert_array_equal((await one.screenshot(size=(400, 320), dpi=144)).pixels, wanted)
            usual = (await one.screenshot()).pixels
            np.testing.assert_array_equal((await one.screenshot(dpi=72)).pixels, usual)
            odd = await one.screenshot(size=(277, 222), dpi=100)
            assert odd.pixels.shape[:2] == (222, 277) and odd.dots_per_inch == pytest.approx(100)
            with pytest.raises(RemoteError, match="dots per inch"):
                await one.screenshot(dpi=0)
            np.testing.assert_array_equal((await one.screenshot()).pixels, usual)


CHARTS = (
    "XYChartView", "XYPointChartView", "XYBarChartView", "XYHistogramChartView", "BoxChartView",
    "ParallelCoordinatesChartView", "PlotMatrixView", "ImageChartView",
)  # fmt: skip


@pytest.mark.parametrize("kind", CHARTS)
@in_loop
async def test_charts_of_all_kinds_are_drawn_at_any_resolution(kind: str) -> None:
    async with connect(backend="inproc") as session:
        view = getattr(session.views, kind)(ViewSize=(240, 180))
        source = session.sources.Wavelet(WholeExtent=[-5, 5, -5, 5, 0, 0])
        session.show(source if kind == "ImageChartView" else session.filters.PlotOverLine(Input=source), view)
        usual = 255 - (await view.screenshot()).pixels[..., :3].astype(float)
        odd = 255 - (await view.screenshot(size=(600, 450), dpi=180)).pixels[..., :3].astype(float)
        assert usual.sum() > 0 and odd.mean() == pytest.approx(usual.mean(), rel=0.3)


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@in_loop
async def test_files_say_how_large_they_are_on_paper(tmp_path: Any) -> None:
    async with connect(backend="inproc") as session:
        view = outline(session)
        cases: tuple[tuple[dict[str, Any], int], ...] = (({}, 72), ({"dpi": 300}, 300), ({"magnification": 2}, 144))
        for options, dots in cases:
            for name in ("a.png", "a.jpg", "a.tif"):
                image = await view.save_screenshot(tmp_path / name, **options)
                assert image.dots_per_inch == pytest.approx(dots)
                with PillowImage.open(tmp_path / name) as file:
                    assert file.info["dpi"] == pytest.approx((dots, dots), abs=0.02), name
        png = await view.screenshot(format="png", dpi=150)
        with PillowImage.open(io.BytesIO(png.data)) as file:
            assert file.info["dpi"] == pytest.approx((150, 150), abs=0.02)


@pytest.mark.parametrize("paper", [WHITE, BLACK, (0.8, 0.1, 0.5)], ids=str)
@in_loop
async def test_a_picture_without_background_looks_on_any_color_as_if_drawn_on_it(paper: tuple[float, ...]) -> None:
    async with connect(backend="inproc") as session:
        view = session.views.RenderView(ViewSize=(240, 180), Background=paper)
        ball = session.sources.SphereSource(ThetaResolution=32, PhiResolution=32)
        session.show(ball, view, Color=(0.7, 0, 0), Opacity=0.5)  # which no light makes brighter than red
        session.show(ball, view, Representation="Outline", AmbientColor=(0, 0.5, 0), LineWidth=2)
        session.show(
            session.sources.Wavelet(WholeExtent=[-2, 2] * 3), view, Representation="Volume",
            ColorBy=("POINTS", "RTData"), Position=(1.0, 0.0, 0.0), Scale=(0.2, 0.2, 0.2), ScalarBarVisibility=True,
        )  # fmt: skip
        view.scalar_bar("RTData").update(TitleColor=(0, 0, 1), LabelColor=(0, 0, 1))
        view.add_text("A text", Color=(0.2, 0.6, 1.0), FontSize=24)
        view.reset_camera("-Z")
        view.orbit(20, 20)
        clear = (await view.screenshot(format="rgba", transparent=True, samples=4)).pixels.astype(float)
        drawn = (await view.screenshot(format="rgb", samples=4)).pixels[..., :3].astype(float)
        alpha = clear[..., 3:] / 255
        laid = clear[..., :3] * alpha + 255 * np.array(paper) * (1 - alpha)
        assert np.abs(laid - drawn).max() <= 3
        found = np.unique(clear[..., 3])
        assert found[0] == 0 and found[-1] == 255 and len(found) > 20
        once = (await view.screenshot(format="rgba", transparent=True)).pixels
        assert len(np.unique(once[..., 3])) > 20  # edges are partly opaque, though nobody asked for samples


@in_loop
async def test_a_fine_screen_has_the_same_composition_with_more_pixels(tmp_path: Path) -> None:
    async with connect(backend="inproc") as session:
        view, chart = outline(session, LineWidth=4), session.views.XYChartView(ViewSize=(200, 160))
        view.add_text("H", Color=BLACK, FontSize=24)
        session.show(session.filters.PlotOverLine(Input=session.sources.Wavelet()), chart)
        await chart.ready()
        (coarse,) = await chart.plots()
        for one in (view, chart):
            wanted = dark((await one.screenshot(magnification=2)).pixels)
            await one.export(tmp_path / "coarse.svg")
            one.update(ViewSize=(400, 320), PPI=144)
            assert np.mean(dark((await one.screenshot()).pixels) != wanted) < 0.005  # roundings of places
            async for image in one.images(format="rgb"):
                assert image.pixels.shape == (320, 400, 3)
                break
            await one.export(tmp_path / "fine.svg")
            coarse_page, fine_page = (
                re.findall(SIZES, (tmp_path / f"{name}.svg").read_text()) for name in ("coarse", "fine")
            )
            assert len(coarse_page) > 3 and coarse_page == fine_page
        (plot,) = await chart.plots()
        assert plot.axes == coarse.axes
        assert all(abs(now - 2 * before) <= 6 for before, now in zip(coarse.area, plot.area, strict=True))
        with pytest.raises(ValueError, match="PPI"):
            view.PPI = 1.0
