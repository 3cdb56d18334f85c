"""No image shows what is past: new streams, sizes that were refused, reads that were cancelled, turns left early."""

from __future__ import annotations

import asyncio
import threading

import numpy as np
import pytest

from servermanager import Image, RenderViewProxy, Session, connect
from servermanager.streams import TypedStream
from servermanager.views.video import VideoStream

from ..harness.apvtest import BACKENDS, in_loop
from ..harness.time_limits import scaled
from ..harness.unchecked import tell_unchecked


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def ball(session: Session, **properties: object) -> RenderViewProxy:
    """A ball of radius 0.5 before black, from a camera that stands still."""
    camera = {"CameraPosition": [0, 0, 3], "CameraFocalPoint": [0, 0, 0]}
    view = session.views.RenderView(ViewSize=[60, 40], Background=[0, 0, 0], StillSamples=1, **camera, **properties)
    session.show(session.sources.SphereSource(), view)
    return view


def stream(view: RenderViewProxy) -> TypedStream[Image]:
    return view.images(format="rgb")


async def first(view: RenderViewProxy) -> Image:
    async with stream(view) as images:
        return await anext(images)


async def still(images: TypedStream[Image]) -> Image:
    async for image in images:
        if image.still:
            return image
    raise AssertionError("the stream ended before a still image came")


def white(image: Image) -> int:
    return int((image.pixels > 0).any(axis=2).sum())


@in_loop
async def test_the_first_image_of_a_new_stream_shows_the_present_camera(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = ball(session)
        await view.ready()
        async with stream(view) as images:
            await still(images)
        view.update(CameraPosition=[0, 0, 99])
        await view.ready()
        image = await first(view)
        assert image.camera["position"] == [0, 0, 99] and white(image) < 20


@in_loop
async def test_the_first_image_of_a_new_stream_shows_what_changed_while_nobody_looked(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = ball(session, UseFXAA=False)
        shown = session.all_representations()[0]
        source = shown.source.proxy

        async def same_as_a_screenshot() -> int:
            await view.ready()
            image = await first(view)
            np.testing.assert_array_equal(image.pixels, (await view.screenshot(format="rgb")).pixels)
            return white(image)

        await view.ready()
        async with stream(view) as images:
            whole = white(await still(images))
        source.Radius = 0.1
        assert 0 < await same_as_a_screenshot() < whole / 10
        shown.update(Visibility=False)
        assert await same_as_a_screenshot() == 0
        source.Radius = 0.3  # while it is hidden
        await view.ready()
        shown.update(Visibility=True)
        assert whole / 10 < await same_as_a_screenshot() < whole
        view.update(ViewSize=[120, 80])
        assert whole < await same_as_a_screenshot()
        shown.delete()
        assert await same_as_a_screenshot() == 0


@in_loop
async def test_who_looks_later_gets_the_same_still_image_and_nothing_is_drawn_for_it() -> None:
    async with connect(backend="inproc") as session:
        view = ball(session)
        await view.ready()
        async with stream(view) as images:
            seen = await still(images)
            later = await first(view)
        assert later.still and later.sequence == seen.sequence


@in_loop
async def test_a_size_that_is_refused_is_not_waited_for() -> None:
    async with connect(backend="inproc") as session:
        view = ball(session)
        await view.ready()
        async with stream(view) as images:
            await still(images)
            tell_unchecked(view, ViewSize=[20_000, 10])
            image = await anext(images)
            assert (image.width, image.height) == (60, 40)
            assert (await view.properties())["ViewSize"] == [60, 40]
            view.update(ViewSize=[30, 20])
            image = await anext(images)
            assert (image.width, image.height) == (30, 20)
        await view.screenshot()  # nothing is refused any more


@pytest.mark.parametrize("cancelled", [3, 0])
@in_loop
async def test_a_video_survives_reads_that_are_cancelled(cancelled: int) -> None:
    pytest.importorskip("av")
    async with connect(backend="inproc") as session:
        view = ball(session)
        await view.ready()
        images = view.images(format="h264")
        assert isinstance(images, VideoStream)
        decode, decoded, given_up = images._decoder.decode, [], threading.Event()

        def slowly(image: Image) -> Image:
            assert given_up.wait(scaled(30))  # stands for a large picture: longer than the reads wait
            decoded.append(image.sequence)
            return decode(image)

        images._decoder.decode = slowly  # type: ignore[method-assign]
        async with images:
            view.start_interaction()
            for _ in range(cancelled):
                view.orbit(3)
                with pytest.raises(TimeoutError):
                    await asyncio.wait_for(anext(images), 0.005)
            given_up.set()
            read = []
            for _ in range(6):
                view.orbit(3)
                read.append((await anext(images)).sequence)
            images.close()
            with pytest.raises(StopAsyncIteration):
                await anext(images)
        assert decoded[: len(read)] == read == sorted(set(read))  # each once, in order


@in_loop
async def test_a_turn_that_is_left_early_is_turned_back() -> None:
    async with connect(backend="inproc") as session:
        view = ball(session)
        async for frame in (frames := view.frames(camera="orbit", count=8)):
            if frame.index == 3:
                break
        await frames.aclose()
        np.testing.assert_allclose((await view.screenshot()).camera["position"], (0, 0, 3), atol=1e-9)


@in_loop
async def test_an_interaction_that_began_before_anybody_looked_is_one() -> None:
    async with connect(backend="inproc") as session:
        view = ball(session, UseFXAA=False)
        await view.ready()
        view.start_interaction()
        async with stream(view) as images:
            assert not (await anext(images)).still
            view.end_interaction()
            assert (await still(images)).still
