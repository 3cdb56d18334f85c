"""One consumer's pictures of a view: one under way, the newest next, the last exact; and what becomes of idle ones."""

from __future__ import annotations

import asyncio
from typing import Any

import numpy as np
import pytest

from servermanager import Image, RenderViewProxy, Session, connect
from servermanager.ui.pictures import STALLED_S, FeedState, PictureFeed

from ..harness.apvtest import BACKENDS, Server, in_loop, pixels, poll_async


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class Consumer:
    """Has pictures shown, and paints them when it is told to, or at once."""

    def __init__(self, view: RenderViewProxy, *, at_once: bool = True, **options: Any) -> None:
        self.shown: list[Image] = []
        self.states: list[FeedState] = []
        self.at_once = at_once
        self.feed = PictureFeed(view, self.show, **options)
        self.feed.watch(self.states.append)

    def show(self, image: Image) -> None:
        self.shown.append(image)
        if self.at_once:
            asyncio.get_running_loop().call_soon(self.feed.painted, image.sequence)

    async def gets(self, count: int) -> Image:
        await poll_async(lambda: len(self.shown) >= count, what=f"{count} pictures")
        return self.shown[count - 1]

    async def rests(self, level: int = 8) -> Image:
        """The picture that stays."""
        await poll_async(lambda: self.shown and self.shown[-1].still and self.shown[-1].level == level, what="rest")
        return self.shown[-1]


def cone(session: Session, **properties: object) -> RenderViewProxy:
    view = session.views.RenderView(ViewSize=[80, 60], Background=[0, 0, 1], **properties)
    session.show(session.sources.ConeSource(Resolution=32), view)
    return view


@in_loop
async def test_what_stays_is_exact_in_a_format_that_browsers_show(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = cone(session)
        await view.ready()
        consumer = Consumer(view, still_format="png")
        async with consumer.feed:
            still = await consumer.rests()
            assert {one.format for one in consumer.shown} <= {"jpeg", "png"} and still.format == "png"
            np.testing.assert_array_equal(pixels(still.data), (await view.screenshot(samples=8)).pixels)
            assert consumer.feed.state == FeedState("live") and consumer.feed.last is still
        assert consumer.feed.state.kind == "ended"


@in_loop
async def test_one_picture_is_under_way_and_the_newest_is_next(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = cone(session, StillSamples=1)
        await view.ready()
        await view.screenshot()
        consumer = Consumer(view, at_once=False)
        async with consumer.feed:
            first = await consumer.gets(1)
            for _ in range(5):
                view.rotate(0.1, 0.0)
                await view.properties()  # each has been heard of, and most are drawn
            assert consumer.shown == [first]
            consumer.feed.painted(first.sequence + 1000)  # of a picture that it does not have
            await asyncio.sleep(0)
            assert consumer.shown == [first]
            wanted = await view.camera()
            consumer.at_once = True
            consumer.feed.painted(first.sequence)
            still = await consumer.rests(1)
            np.testing.assert_allclose(still.camera["position"], wanted["CameraPosition"])
            assert [one.sequence for one in consumer.shown] == sorted({one.sequence for one in consumer.shown})


@in_loop
async def test_nothing_is_drawn_for_who_does_not_paint_and_others_have_theirs(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = cone(session, StillSamples=1)
        await view.ready()
        stalled = Consumer(view, at_once=False)
        other_view = cone(session, StillSamples=1)
        other = Consumer(other_view)
        async with stalled.feed, other.feed:
            await stalled.gets(1)
            await poll_async(lambda: stalled.feed.state.kind == "stalled", deadline_s=STALLED_S + 10)
            before = (await view.screenshot()).sequence
            for _ in range(5):
                view.rotate(0.1, 0.0)
                await view.properties()
            there = len(other.shown)
            other_view.rotate(0.1, 0.0)
            await poll_async(lambda: len(other.shown) > there)
            await other.rests(1)
            drawn = (await view.screenshot()).sequence - before - 1
            assert drawn <= len(other.shown) - there, "pictures were drawn for who does not paint"
            stalled.at_once = True
            stalled.feed.painted(stalled.shown[0].sequence)
            camera = await view.camera()
            await poll_async(
                lambda: np.allclose(stalled.shown[-1].camera["position"], camera["CameraPosition"]), what="the newest"
            )
            assert stalled.feed.state.kind == "live"


@in_loop
async def test_a_place_of_fractions_is_filled_and_resizing_is_no_step_of_undo(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = cone(session)
        consumer = Consumer(view)
        steps = session.undo.labels
        async with consumer.feed:
            await consumer.gets(1)
            consumer.feed.resize(100.3, 50.25, 1.5)
            await poll_async(lambda: (consumer.shown[-1].width, consumer.shown[-1].height) == (150, 75), what="a size")
            consumer.feed.resize(0.2, 0.0)
            await poll_async(lambda: (consumer.shown[-1].width, consumer.shown[-1].height) == (1, 1), what="a pixel")
        assert session.undo.labels == steps
        with pytest.raises(ValueError, match="width of a place"):
            consumer.feed.resize(-1, 2)


@in_loop
async def test_who_is_not_seen_gets_nothing_and_who_comes_late_gets_the_last(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = cone(session, StillSamples=1)
        await view.ready()
        consumer = Consumer(view)
        async with consumer.feed:
            still = await consumer.rests(1)
            count = len(consumer.shown)
            consumer.feed.again()
            assert consumer.shown[count:] == [still]
            consumer.feed.pause()
            await poll_async(lambda: consumer.feed.state.kind == "paused")
            view.rotate(0.3, 0.0)
            await view.screenshot()
            consumer.feed.again()
            assert len(consumer.shown) == count + 1
            consumer.feed.resume()
            wanted = await view.camera()
            await poll_async(lambda: np.allclose(consumer.shown[-1].camera["position"], wanted["CameraPosition"]))
            consumer.feed.pause()
            consumer.feed.resume()
            view.rotate(0.3, 0.0)
            wanted = await view.camera()
            await poll_async(lambda: np.allclose(consumer.shown[-1].camera["position"], wanted["CameraPosition"]))


@in_loop
async def test_pictures_go_on_when_the_worker_was_replaced() -> None:
    async with connect(backend="zmq") as session:
        view = cone(session, StillSamples=1)
        await view.ready()
        consumer = Consumer(view)
        async with consumer.feed:
            before = await consumer.rests(1)
            count = len(consumer.shown)
            await session.restart()
            await poll_async(
                lambda: len(consumer.shown) > count and consumer.shown[-1].still,
                deadline_s=20,
                what="a picture of the new process",
            )
            for image in consumer.shown[count:]:
                assert not (image.pixels == image.pixels[0, 0]).all(), "never an empty one"
            assert np.array_equal(consumer.shown[-1].pixels, before.pixels)
            assert "waiting" in [one.kind for one in consumer.states] and consumer.feed.state.kind == "live"


@pytest.mark.deep
@in_loop
async def test_a_server_that_is_gone_ends_the_feed_and_says_why() -> None:
    with Server("zmq") as server:
        session = await connect(server.url)
        try:
            consumer = Consumer(cone(session))
            async with consumer.feed:
                await consumer.gets(1)
                server.kill()
                await poll_async(lambda: consumer.feed.state.kind in ("waiting", "ended"), deadline_s=40)
                assert consumer.feed.state.reason
        finally:
            await session.close()


@in_loop
async def test_a_view_that_is_deleted_ends_the_feed(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = cone(session)
        consumer = Consumer(view)
        async with consumer.feed:
            await consumer.gets(1)
            view.delete()
            await poll_async(lambda: consumer.feed.state.kind == "ended")
            assert "was deleted" in consumer.feed.state.reason


@in_loop
async def test_a_session_that_was_closed_meanwhile_ends_a_feed_that_is_resumed() -> None:
    async with connect(backend="inproc") as session:
        consumer = Consumer(cone(session))
        consumer.feed.start()
        await consumer.gets(1)
        consumer.feed.pause()
        await poll_async(lambda: consumer.feed.state.kind == "paused")
    consumer.feed.resume()
    await poll_async(lambda: consumer.feed.state == FeedState("ended", "the session was closed"))
    consumer.feed.close()


@in_loop
async def test_statistics_tell_how_soon_an_event_is_seen(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = cone(session, StillSamples=1)
        consumer = Consumer(view)
        async with consumer.feed:
            await consumer.rests(1)
            assert consumer.feed.statistics.latency_s is None
            for _ in range(3):
                consumer.feed.noticed()
                count = len(consumer.shown)
                view.rotate(0.1, 0.0)
                await poll_async(lambda count=count: len(consumer.shown) > count)  # type: ignore[misc]
            await consumer.rests(1)
            await poll_async(lambda: consumer.feed.statistics.pictures == len(consumer.shown), what="the last painted")
            told = consumer.feed.statistics
        assert told.frames_per_s > 0
        assert told.size_bytes == sum(one.data.nbytes for one in consumer.shown)
        assert told.latency_s is not None and told.latency_p90_s is not None
        assert 0 < told.latency_s <= told.latency_p90_s < 5
        assert told.render_s is not None and told.render_s > 0


@in_loop
async def test_a_consumer_that_raises_is_left_until_it_is_back(caplog: pytest.LogCaptureFixture) -> None:
    async with connect(backend="inproc") as session:
        view, shown = cone(session), []

        def show(image: Image) -> None:
            shown.append(image)
            if len(shown) == 1:
                raise ConnectionResetError("the socket is closed")

        async with PictureFeed(view, show) as feed:
            await poll_async(lambda: shown)
            assert "a picture could not be shown" in caplog.text
            feed.again()
            assert shown[1] is shown[0]
            feed.painted(shown[1].sequence)
            await poll_async(lambda: len(shown) > 2)
