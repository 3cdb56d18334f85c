"""Where legends, texts and axes stand, told to clients; and pictures in which all of them can be read."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from servermanager import PictureWarning, RemoteError, RenderViewProxy, Session, connect

from ..harness.apvtest import BACKENDS, in_loop
from ..harness.legibility import contrast_of, faults, faults_of_picture, overlap

WHITE, SLATE = (1.0, 1.0, 1.0), (0.32, 0.34, 0.43)
SIZES = [(300, 600), (320, 240), (800, 600)]


def figure(session: Session, size: tuple[int, int], background: tuple[float, float, float]) -> RenderViewProxy:
    """Return a view with two legends, texts and axes."""
    view = session.views.RenderView(ViewSize=size, Background=background, OrientationAxesVisibility=True)
    wavelet = session.sources.Wavelet(WholeExtent=[-8, 8, -8, 8, -8, 8])
    session.show(
        wavelet,
        view,
        ColorBy=("POINTS", "RTData"),
        ScalarBarVisibility=True,
        ScalarBarTitle="Temperature of the wall [K]",
    )
    ball = session.filters.Elevation(Input=session.sources.SphereSource(Radius=9))
    session.show(ball, view, ColorBy=("POINTS", "Elevation"), ScalarBarVisibility=True)
    view.add_text("Case 4", WindowLocation="Upper Left Corner")
    view.add_text("t = 3 s", WindowLocation="Upper Left Corner")
    view.add_text("at the axes")
    session.show(session.sources.Text(Text="said by data"), view, WindowLocation="Lower Right Corner")
    view.reset_camera("-Z")
    return view


@pytest.mark.parametrize("size", [(320, 400), (800, 600)], ids=str)
@in_loop
async def test_numbers_of_grids_and_the_scale_bar_have_boxes(size: tuple[int, int]) -> None:
    async with connect(backend="inproc") as session:
        view = session.views.RenderView(ViewSize=size, Background=WHITE, AxesGridVisibility=True)
        session.show(session.sources.Wavelet(), view, ColorBy=("POINTS", "RTData"), ScalarBarVisibility=True)
        view.LegendGrid.update(Visibility=True)
        view.reset_camera("-Z")
        view.orbit(30, 20)
        await view.ready()
        view.reset_camera()
        for dpi in (72.0, 144.0 if size[0] > 400 else 90.0):
            found = await view.composition(dpi=dpi)
            names = {kind: [one.name for one in found.items if one.kind == kind] for kind in ("axes grid", "scale bar")}
            assert {"X Axis", "Y Axis", "0", "10"} <= set(names["axes grid"]) and len(names["scale bar"]) == 1
            (bar,) = (one.box for one in found.items if one.kind == "scale bar")
            legend = found.items[0].box
            assert found.scene[3] <= bar[1] and found.scene[2] <= legend[0]
            assert await faults_of_picture(view, dpi=dpi) == []


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_every_kind_has_a_box_in_pixels(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = figure(session, (800, 600), WHITE)
        found = await view.composition()
        assert [(one.kind, one.name) for one in found.items] == [
            ("legend", "RTData"), ("legend", "Elevation"), ("text", "Case 4"), ("text", "t = 3 s"),
            ("text", "at the axes"), ("text", "said by data"), ("orientation axes", "orientation axes"),
        ]  # fmt: skip
        assert found.size == (800, 600) and found.shrunk == 1.0 and found.remarks == ()
        legend, _, case, time, low, data, axes = found.items
        assert legend.box[2] == 794 and len(legend.letters) >= 5  # 6 points beside the edge
        assert case.box[0] == 8 and abs(case.box[1] - 6) <= 1 and time.box[1] > case.box[3]
        assert low.box[3] == pytest.approx(594, abs=1) and data.box[2] == pytest.approx(792, abs=2)
        assert axes.box[0] == 0 and axes.box[3] <= low.box[1]
        twice = await view.composition(magnification=2)
        assert twice.size == (1600, 1200)
        assert np.abs(np.array(twice.items[0].box) - 2 * np.array(legend.box)).max() <= 12
        with pytest.raises(RemoteError, match=r"a picture has 9 to 4800 dots per inch, not 2"):
            await view.composition(dpi=2)
        chart = session.views.XYChartView()
        session.show(session.filters.PlotOverLine(Input=session.sources.Wavelet()), chart)
        assert not hasattr(chart, "composition")
        said = session.sources.Text(Text="more")
        session.show(said, view, WindowLocation="Lower Right Corner")
        more = (await view.composition()).items[6]
        assert more.name == "more" and more.box[3] < data.box[1]
        said.Text = "much more"
        longer = (await view.composition()).items[6]
        assert longer.name == "much more" and longer.box[0] < more.box[0] and longer.box[2] == more.box[2]


@pytest.mark.filterwarnings("ignore:.*there is no place for all legends:servermanager.PictureWarning")
@pytest.mark.parametrize("background", [WHITE, SLATE], ids=["white", "slate"])
@pytest.mark.parametrize("size", SIZES, ids=str)
@in_loop
async def test_all_of_a_picture_can_be_read(size: tuple[int, int], background: tuple[float, float, float]) -> None:
    async with connect(backend="inproc") as session:
        view = figure(session, size, background)
        pictures: list[dict[str, Any]] = [
            {}, {"magnification": 2}, {"dpi": 150}, {"dpi": 300}, {"size": (600, 300), "dpi": 100},
        ]  # fmt: skip
        for options in pictures:
            assert await faults_of_picture(view, **options) == [], options


@pytest.mark.filterwarnings("ignore:.*(cover each other|is cut off):servermanager.PictureWarning")
@in_loop
async def test_what_cannot_be_read_is_found() -> None:
    async with connect(backend="inproc") as session:
        view = figure(session, (800, 600), WHITE)
        assert await faults_of_picture(view) == []
        here = {"WindowLocation": "Any Location", "Position": (0.3, 0.9)}
        view.add_text("hardly", Color=(0.9, 0.9, 0.9), **here)
        (faint,) = await faults_of_picture(view)
        assert faint.startswith("text 'hardly' has letters with a contrast of 1.")
        view.add_text("over it", **here)
        view.add_text("beyond", **{**here, "Position": (0.98, 0.9)})
        said = await faults_of_picture(view)
        assert any(one.startswith("text 'beyond' is cut off: ") for one in said)
        assert "text 'hardly' and text 'over it' cover each other" in said
        remarks = (await view.composition()).remarks
        with pytest.warns(PictureWarning, match=r"RenderView: text 'beyond' is cut off by the edge of the picture"):
            image = await view.screenshot()
        assert image.remarks == remarks
        assert len(remarks) == 2 and remarks[0].startswith("text 'beyond' is cut off by the edge of the picture")
        wrong = faults(await view.composition(), np.zeros((10, 10, 3), np.uint8))
        assert wrong == ["the picture has 10 x 10 pixels, not 800 x 600"]
    pixels = np.full((4, 4, 3), 255, np.uint8)
    assert contrast_of(pixels, (0, 0, 4, 4)) == 1.0
    pixels[1, 1] = 0
    assert contrast_of(pixels, (0, 0, 4, 4)) == 21.0 and contrast_of(pixels, (2, 2, 4, 4)) == 1.0
    assert overlap((0, 0, 2, 2), (1, 1, 3, 3)) and not overlap((0, 0, 2, 2), (2, 0, 3, 3))


@in_loop
async def test_a_legend_is_shown_once_and_as_long_as_something_needs_it() -> None:
    """As ParaView, which hides what is not used any more."""
    async with connect(backend="inproc") as session:
        view = session.views.RenderView(ViewSize=(400, 300))
        wavelet = session.sources.Wavelet()
        pieces = [session.filters.Slice(Input=wavelet) for _ in range(3)]
        shown = [session.show(one, view, ColorBy=("POINTS", "RTData")) for one in pieces]
        for one in shown:
            one.ScalarBarVisibility = True

        async def legends() -> list[str]:
            return [one.name for one in (await view.composition()).items if one.kind == "legend"]

        assert await legends() == ["RTData"]
        shown[0].Visibility = False
        assert await legends() == ["RTData"]
        shown[1].delete()
        assert await legends() == ["RTData"]
        shown[2].Visibility = False
        assert await legends() == []
        shown[0].Visibility = True
        assert await legends() == ["RTData"]
        shown[0].ColorBy = None
        assert await legends() == []
