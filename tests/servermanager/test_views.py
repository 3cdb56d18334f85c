"""Views: what the pixels say, images as a stream, and what fire and forget means."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest

from servermanager import RemoteError, RenderViewProxy, RepresentationProxy, Session, connect

from ..harness.apvtest import BACKENDS, in_loop, pixels

BLUE, RED, GREEN = (0, 0, 255), (255, 0, 0), (0, 255, 0)


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def red_sphere(session: Session) -> tuple[RenderViewProxy, RepresentationProxy]:
    """A red sphere in the middle of a blue view."""
    view = session.views.RenderView(ViewSize=[80, 60], Background=[0, 0, 1], UseFXAA=False)
    sphere = session.sources.SphereSource(ThetaResolution=32, PhiResolution=32)
    return view, session.show(sphere, view, Color=[1, 0, 0], Lighting=False)


def middle(image: np.ndarray) -> tuple[int, ...]:
    return tuple(int(value) for value in image[30, 40])


@in_loop
async def test_colours_of_background_and_object(backend: str, tmp_path: Path) -> None:
    async with connect(backend=backend) as session:
        view, shown = red_sphere(session)
        image = await view.screenshot(format="rgb")
        assert image.pixels.shape == (60, 80, 3)
        assert middle(image.pixels) == RED and tuple(image.pixels[0, 0]) == BLUE
        saved = await view.save_screenshot(tmp_path / "view.png")
        assert (saved.width, saved.height, saved.format) == (80, 60, "png")
        np.testing.assert_array_equal(pixels(tmp_path / "view.png"), image.pixels)
        np.testing.assert_array_equal(saved.pixels, image.pixels)

        shown.update(Color=[0, 1, 0])
        assert middle((await view.screenshot(format="rgb")).pixels) == GREEN
        shown.update(Visibility=False)
        assert set(map(tuple, (await view.screenshot(format="rgb")).pixels.reshape(-1, 3))) == {BLUE}
        shown.update(Visibility=True)
        view.update(ViewSize=[40, 30], Background=[1, 1, 1])
        small = (await view.screenshot(format="rgb")).pixels
        assert small.shape == (30, 40, 3) and tuple(small[0, 0]) == (255, 255, 255)
        properties = await view.properties()
        assert list(properties["ViewSize"]) == [40, 30]


@in_loop
async def test_delete(backend: str) -> None:
    async with connect(backend=backend) as session:
        view, shown = red_sphere(session)
        assert middle((await view.screenshot(format="rgb")).pixels) == RED
        shown.delete()
        assert middle((await view.screenshot(format="rgb")).pixels) == BLUE
        view.delete()
        with pytest.raises(RemoteError, match="UnknownView"):
            await view.screenshot()


@in_loop
async def test_a_change_is_shown(backend: str) -> None:
    async with connect(backend=backend) as session:
        view, shown = red_sphere(session)
        before = (await view.screenshot(format="rgb")).pixels
        shown.source.proxy.Radius = 0.1
        session.update_vtk_objects()
        after = (await view.screenshot(format="rgb")).pixels
        assert 0 < count(after, RED) < count(before, RED) / 10


def count(image: np.ndarray, colour: tuple[int, int, int]) -> int:
    return int((image == colour).all(axis=2).sum())


@in_loop
async def test_colour_by_array(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = session.views.RenderView(ViewSize=[80, 60])
        wavelet = session.sources.RTAnalyticSource()
        session.show(
            session.filters.ContourFilter(Input=wavelet, Values=[100.0, 200.0]), view, ColorBy=("POINTS", "RTData")
        )
        assert len(np.unique((await view.screenshot(format="rgb")).pixels.reshape(-1, 3), axis=0)) > 50


@in_loop
async def test_images_of_a_slow_reader_are_the_newest(backend: str) -> None:
    async with connect(backend=backend) as session:
        view, shown = red_sphere(session)
        await view.ready()
        async with view.images(format="rgb") as images:
            first = await anext(images)
            assert middle(first.pixels) == RED
            for step in range(1, 61):  # nobody reads meanwhile
                shown.update(Color=[0, step / 60, 0])
                if step % 20 == 0:
                    await view.screenshot()
            seen = [first.sequence]
            async for image in images:
                seen.append(image.sequence)
                if middle(image.pixels) == GREEN:
                    break
        assert seen == sorted(set(seen))  # none twice, none older than one before
        assert len(seen) < 40  # overtaken ones were dropped


@in_loop
async def test_images_end_with_the_view_and_with_the_session(backend: str) -> None:
    async with connect(backend=backend) as session:
        view, _ = red_sphere(session)
        images = view.images()
        assert (await anext(images)).format == "jpeg"
        view.delete()
        await _drain(images)
        other, _ = red_sphere(session)
        stream = other.images()
        await anext(stream)
        reading = asyncio.create_task(_drain(stream))
        await asyncio.sleep(0)
        await session.close()
        await reading


async def _drain(stream: object) -> None:
    async for _ in stream:  # type: ignore[attr-defined]
        pass


@in_loop
async def test_two_views_of_one_source(backend: str) -> None:
    async with connect(backend=backend) as session:
        sphere = session.sources.SphereSource()
        views = [session.views.RenderView(ViewSize=[80, 60], Background=[0, 0, 1]) for _ in range(2)]
        for view, colour in zip(views, ([1, 0, 0], [0, 1, 0]), strict=True):
            session.show(sphere, view, Color=colour, Lighting=False)
        images = await asyncio.gather(*(view.screenshot(format="rgb") for view in views))
        assert [middle(image.pixels) for image in images] == [RED, GREEN]
