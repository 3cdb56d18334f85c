"""What data says in front of a scene: texts that follow data and time, bars of progress, pictures; by their pixels."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from servermanager import Session, connect, simple
from services_core import RemoteError

from ..harness.apvtest import in_loop, pixels

SIZE = (240, 120)
RED, GREEN, BLUE = range(3)


@pytest.fixture
def logo(tmp_path: Path) -> str:
    """Twice as wide as high: blue on top, transparent below."""
    picture = np.zeros((20, 40, 4), np.uint8)
    picture[:10] = (0, 0, 255, 255)
    Image.fromarray(picture).save(tmp_path / "logo.png")
    return str(tmp_path / "logo.png")


def view_of(session: Session) -> Any:
    return session.views.RenderView(ViewSize=list(SIZE), Background=[0, 0, 0], OrientationAxesVisibility=False)


async def seen(view: Any, path: Path) -> Any:
    await view.save_screenshot(str(path))
    return np.asarray(pixels(path)).astype(int)


def bounds(picture: Any, channel: int) -> tuple[int, int, int, int]:
    """First and last column and row, from the top left, of pixels with that color."""
    rows, columns = np.nonzero((picture[:, :, channel] > 128) & (picture.sum(axis=2) < 400))
    return int(columns.min()), int(columns.max()), int(rows.min()), int(rows.max())


@in_loop
async def test_a_text_follows_the_time_and_stands_where_it_is_told_to(tmp_path: Path) -> None:
    async with connect(backend="inproc") as session:
        view = view_of(session)
        text = session.filters.AnnotateTimeFilter(Input=session.sources.TimeSourceExample(), Format="{time:.1f}")
        shown = session.show(text, view, Color=[1, 0, 0], FontSize=20)
        first = await seen(view, tmp_path / "a.png")
        left, right, top, bottom = bounds(first, RED)
        assert left < 10 and right < 60 and top > 80 and bottom > 100, "in the lower left corner"
        session.time = 1.0
        later = await seen(view, tmp_path / "b.png")
        assert (later != first).any() and bounds(later, RED)[0] < 10
        shown.WindowLocation = "Upper Right Corner"
        left, right, top, bottom = bounds(await seen(view, tmp_path / "c.png"), RED)
        assert left > 180 and right > 225 and top < 15 and bottom < 40
        shown.update(WindowLocation="Any Location", Position=[0.5, 0.5], FontSize=40)
        large = bounds(await seen(view, tmp_path / "d.png"), RED)
        assert large[0] == pytest.approx(120, abs=12) and large[3] == pytest.approx(60, abs=12), "but for empty space"
        assert large[3] - large[2] > 1.7 * (bottom - top)
        shown.Visibility = False
        assert not (await seen(view, tmp_path / "e.png")).any()


@in_loop
async def test_texts_of_values_and_expressions_follow_the_data(tmp_path: Path) -> None:
    async with connect(backend="inproc") as session:
        view, wavelet = view_of(session), session.sources.Wavelet(WholeExtent=[0, 1, 0, 1, 0, 1])
        makers = (
            session.filters.PythonAnnotation(Input=wavelet, Expression="'%g' % max(RTData)", ArrayAssociation=0),
            session.filters.AnnotateAttributeData(Input=wavelet, SelectInputArray=["POINTS", "RTData"]),
        )
        for maker in makers:
            shown = session.show(maker, view, Color=[0, 1, 0])
            first = await seen(view, tmp_path / "a.png")
            assert (first[:, :, GREEN] > 128).sum() > 30
            wavelet.Maximum = 1000.0
            assert (await seen(view, tmp_path / "b.png") != first).any()
            wavelet.Maximum = 255.0
            shown.delete()
            assert not (await seen(view, tmp_path / "c.png")).any()


@in_loop
async def test_a_bar_is_as_full_as_the_time_is_far(tmp_path: Path) -> None:
    async with connect(backend="inproc") as session:
        view = view_of(session)
        bar = session.filters.TimeStepProgressBar(Input=session.sources.TimeSourceExample())
        shown = session.show(bar, view, SecondaryProgressBarColor=[1, 0, 0])
        for time, share in ((0.0, 0.0), (2 / 9, 2 / 9), (1.0, 1.0)):
            session.time = time
            picture = await seen(view, tmp_path / "a.png")
            full = (picture[:, :, GREEN] > 200) & (picture[:, :, RED] < 50)
            assert full.sum() == pytest.approx(share * 120 * 7, abs=90), time
        session.time = 2 / 9
        shown.update(DrawBackground=True, Position=[0.1, 0.5], Position2=[0.8, 0.2])
        picture = await seen(view, tmp_path / "b.png")
        left, right, top, bottom = bounds(picture, GREEN)
        assert [left, right] == pytest.approx([24, 24 + 192 * 2 / 9], abs=3)
        assert [top, bottom] == pytest.approx([36, 60], abs=2)
        assert bounds(picture, RED)[1] == pytest.approx(216, abs=2)


@in_loop
async def test_a_logo_keeps_its_shape_and_lets_the_scene_through(tmp_path: Path, logo: str) -> None:
    async with connect(backend="inproc") as session:
        view = view_of(session)
        view.Background = [1, 0, 0]
        shown = session.show(session.sources.Logo(Texture=logo), view, ImageScale=0.5, WindowLocation="Upper Center")
        picture = await seen(view, tmp_path / "a.png")
        left, right, top, bottom = bounds(picture, BLUE)
        assert [left, right] == pytest.approx([60, 179], abs=2), "60 pixels high, 120 wide"
        assert [top, bottom] == pytest.approx([1, 31], abs=2), "its lower half is transparent"
        assert picture[45, 120].tolist() == [255, 0, 0]
        shown.update(WindowLocation="Any Location", Position=[0.25, 0.25], Opacity=0.5)
        picture = await seen(view, tmp_path / "b.png")
        assert picture[45, 120].tolist() == pytest.approx([128, 0, 128], abs=2)
        assert await view.pick(120, 45) is None, "nothing of it can be picked"


@in_loop
async def test_what_is_no_text_is_refused_and_what_is_shown_comes_back_with_a_state(tmp_path: Path, logo: str) -> None:
    async with connect(backend="inproc") as session:
        view, sphere = view_of(session), session.sources.Sphere()
        wrong = session.show(sphere, view, Representation="Text")
        with pytest.raises(RemoteError, match=r"a text is shown of a table with a column Text.*not of a vtkPolyData"):
            await view.ready()
        wrong.delete()
        time = session.sources.AnnotateTime(Format="{time:.1f}")
        session.show(time, view, Color=[1, 0, 0], WindowLocation="Upper Center", FontSize=30)
        session.show(session.sources.Logo(Texture=logo), view, ImageScale=0.3)
        before = await seen(view, tmp_path / "a.png")
        assert (before[:, :, RED] > 128).any() and (before[:, :, BLUE] > 128).any()
        await session.save_state(tmp_path / "state.json")
        await session.save_state(tmp_path / "state.pvsm", partial=True)
        kept = json.loads((tmp_path / "state.json").read_text(encoding="utf-8"))
        assert {one["properties"]["Representation"] for one in kept["representations"]} == {"Text", "Logo"}
    for name in ("state.json", "state.pvsm"):
        async with connect(backend="inproc") as session:
            await session.load_state(tmp_path / name)
            (view,) = session.all_views()
            again = await seen(view, tmp_path / "b.png")
            assert (again == before).all() or name.endswith("pvsm")
            assert (again[:, :, RED] > 128).sum() == (before[:, :, RED] > 128).sum(), name


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("APV_COMMUNICATION_BACKEND", "inproc")
    yield
    simple.Disconnect()


@pytest.mark.usefixtures("scripts")
def test_scripts_show_them_by_the_names_of_paraview(tmp_path: Path, logo: str) -> None:
    view = simple.CreateRenderView(ViewSize=list(SIZE), OrientationAxesVisibility=0, Background=[0, 0, 0])
    shown = simple.Show(simple.AnnotateTime(Format="now"), view, "TextSourceRepresentation", FontSize=24)
    shown.Color = [1.0, 0.0, 0.0]
    shown.WindowLocation = "Lower Right Corner"
    picture = simple.Logo(Texture=simple.CreateTexture(logo))
    simple.Show(picture, view, "LogoSourceRepresentation", WindowLocation="Upper Left Corner").ImageScale = 0.4
    simple.SaveScreenshot(str(tmp_path / "all.png"), view)
    found = np.asarray(pixels(tmp_path / "all.png")).astype(int)
    assert bounds(found, RED)[0] > 170 and bounds(found, BLUE)[1] < 110
    simple.Hide(picture, view)
    simple.SaveScreenshot(str(tmp_path / "one.png"), view)
    assert not (np.asarray(pixels(tmp_path / "one.png"))[:, :, BLUE] > 128).any()
