"""Labels and texts of a session: asked for by properties, kept in states; what is not drawn is told."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import warnings
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pytest

from servermanager import PictureWarning, RemoteError, Session, connect

from ..harness.apvtest import BACKENDS, Server, in_loop


def view_of(session: Session) -> Any:
    return session.views.RenderView(ViewSize=[320, 240], Background=[1, 1, 1])


async def dark(view: Any) -> int:
    """How many pixels are black, of letters: what is shown is bright."""
    return int(((await view.screenshot()).pixels.max(2) < 60).sum())


@in_loop
@pytest.mark.filterwarnings("ignore::servermanager.PictureWarning")  # some have no room
@pytest.mark.parametrize("backend", BACKENDS)
async def test_labels_follow_the_data_and_what_is_asked_for(backend: str) -> None:
    async with connect(backend=backend) as session:
        view, plane = view_of(session), session.sources.Plane(XResolution=2, YResolution=2)
        shown = session.show(plane, view, Color=[1, 1, 1], Lighting=False)
        assert await dark(view) == 0
        shown.CellLabelVisibility = True
        four = await dark(view)
        assert four > 20
        plane.XResolution = plane.YResolution = 4
        assert await dark(view) > 2 * four
        shown.update(CellLabelVisibility=False, PointLabelVisibility=True, PointFieldDataArrayName="Normals")
        assert await dark(view) > 20
        shown.PointFieldDataArrayName = "nothing"
        with pytest.raises(RemoteError, match=r"labels: no point array is called 'nothing'. Known: .*Normals"):
            await view.screenshot()
        shown.PointFieldDataArrayName = None
        assert await dark(view) > 20
        shown.PointLabelVisibility = False
        assert await dark(view) == 0


@in_loop
async def test_what_has_no_room_or_no_letters_is_told() -> None:
    async with connect(backend="inproc") as session:
        view = view_of(session)
        session.show(
            session.sources.Plane(XResolution=9, YResolution=9),
            view,
            PointLabelVisibility=True,
            MaximumNumberOfLabels=5,
        )
        with pytest.warns(PictureWarning, match="RenderView: 5 of 100 points have labels"):
            image = await view.screenshot()
        assert image.remarks == (
            "5 of 100 points have labels: there are at most MaximumNumberOfLabels = 5, none upon another",
        )
        chart = session.views.XYChartView(ChartTitle="中", LeftAxisTitle=r"$\frac{1}$")
        with pytest.warns(PictureWarning) as told:
            await chart.screenshot()
        words = [str(one.message) for one in told]
        assert any("U+4E2D" in one for one in words) and any("as it was typed" in one for one in words)
        chart.update(ChartTitle=r"$\sigma_0$", LeftAxisTitle="σ")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            await chart.screenshot()


@in_loop
async def test_labels_and_texts_are_in_states_and_scripts(tmp_path: Path) -> None:
    async with connect(backend="inproc") as session:
        view = view_of(session)
        view.add_text(
            r"$\sigma_0$ →", WindowLocation="Any Location", Position=[0.05, 0.05], Orientation=30, ShowBorder="Always",
            BackgroundColor=[1, 0.9, 0.5, 1], CornerRadius=0.5,
        )  # fmt: skip
        session.show(session.sources.Plane(), view, CellLabelVisibility=True, CellLabelFontSize=30, CellLabelBold=True)
        before = (await view.screenshot()).pixels
        await session.save_state(str(tmp_path / "state.json"))
        await session.save_script(tmp_path / "state.py")
    async with connect(backend="inproc") as session:
        await session.load_state(str(tmp_path / "state.json"))
        (again,) = session.all_views()
        assert np.array_equal((await again.screenshot()).pixels, before)
    script = (tmp_path / "state.py").read_text(encoding="utf-8")
    assert "CellLabelBold=True" in script and "Orientation=30" in script


@in_loop
async def test_texts_of_data_are_turned_and_have_boxes() -> None:
    async with connect(backend="inproc") as session:
        view = view_of(session)
        shown = session.show(session.sources.AnnotateTime(), view, FontSize=30, Color=[1, 0, 0])
        session.time = 1.5

        async def reach() -> tuple[int, int]:
            pixels = (await view.screenshot()).pixels.astype(int)
            rows, columns = np.nonzero((pixels[:, :, 0] > 200) & (pixels[:, :, 1] < 100))
            return int(np.ptp(columns)), int(np.ptp(rows))

        wide, high = await reach()
        assert wide > 4 * high
        shown.update(WindowLocation="Any Location", Position=[0.5, 0.05], Orientation=90, Justification="Left")
        assert await reach() == pytest.approx((high, wide), abs=3)
        shown.update(ShowBorder="Always", BackgroundColor=[0, 0, 1, 1], Padding=4)
        pixels = (await view.screenshot()).pixels.astype(int)
        blue = (pixels[:, :, 2] > 200) & (pixels[:, :, 0] < 60)
        assert blue.sum() > wide * high


@in_loop
async def test_a_ruler_says_its_length_beside_itself() -> None:
    async with connect(backend="inproc") as session:
        view = view_of(session)
        ruler = session.sources.Ruler(Point1=[0, 0, 0], Point2=[3, 4, 0])
        shown = session.show(ruler, view, Color=[1, 0, 0])
        assert (shown.CellLabelVisibility, shown.CellFieldDataArrayName) == (True, "Distance")
        five = await dark(view)
        assert five > 10
        ruler.Point2 = [30.25, 0, 0]
        await view.ready()
        view.reset_camera()
        assert await dark(view) > 1.5 * five  # 30.25 has more digits than 5
        shown.CellLabelVisibility = False
        assert await dark(view) == 0


@in_loop
async def test_formulas_of_two_sessions_of_one_process_are_drawn_at_once() -> None:
    words = [rf"$\sigma_{{{number}}} + \frac{{{number}}}{{\alpha^{{{number}}}}}$" for number in range(12)]

    async def pictures(session: Session) -> list[Any]:
        view = view_of(session)
        text, found = view.add_text(words[0], FontSize=30), []
        for one in words:
            text.Text = one
            found.append((await view.screenshot()).pixels)
        return found

    async with connect(backend="inproc") as one, connect(backend="inproc") as other:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            here, there = await asyncio.gather(pictures(one), pictures(other))
    for first, second in zip(here, there, strict=True):
        assert np.array_equal(first, second) and (first.max(2) < 128).any()
    assert not any(np.array_equal(a, b) for a, b in itertools.pairwise(here))


@in_loop
async def test_fonts_are_files_below_the_roots(tmp_path: Path) -> None:
    font = tmp_path / "roots" / "font.ttf"
    font.parent.mkdir()
    shutil.copy(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "cmr10.ttf", font)
    shutil.copy(font, tmp_path / "outside.ttf")
    with Server("zmq", "--data-root", str(font.parent)) as server:
        async with connect(server.url) as session:
            view = view_of(session)
            text = view.add_text("abc", FontSize=30, FontFamily="File", FontFile=str(font))
            own = (await view.screenshot()).pixels
            text.FontFamily = "Arial"
            assert not np.array_equal((await view.screenshot()).pixels, own)
            text.FontFile = str(tmp_path / "outside.ttf")
            with pytest.raises(RemoteError, match="this server lets clients use files below"):
                await view.screenshot()
            text.update(FontFamily="File", FontFile=str(font))
            assert np.array_equal((await view.screenshot()).pixels, own)


@in_loop
async def test_paraviews_states_have_the_places_of_texts(tmp_path: Path) -> None:
    async with connect(backend="inproc") as session:
        view = view_of(session)
        view.add_text(
            "a", WindowLocation="Any Location", Position=[0.4, 0.4], Orientation=30, ShowBorder="Always",
            CornerRadius=0.5, BackgroundColor=[1, 0, 0], BorderThickness=2, Padding=4, VerticalJustification="Top",
        )  # fmt: skip
        session.show(
            session.sources.AnnotateTime(Format="now"), view, WindowLocation="Any Location", Position=[0.1, 0.7],
            Orientation=-20, ShowBorder="Always", BackgroundColor=[0, 1, 0, 1], FontSize=24,
        )  # fmt: skip
        before = (await view.screenshot()).pixels
        await session.save_state(tmp_path / "state.pvsm")
    async with connect(backend="inproc") as session:
        loaded = await session.load_state(tmp_path / "state.pvsm")
        assert not loaded.not_understood, loaded.report()
        (again,) = session.all_views()
        assert np.array_equal((await again.screenshot()).pixels, before)
