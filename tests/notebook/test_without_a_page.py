"""What live pictures do without a page: marks, sentences, messages that are refused, followers of controls."""

from __future__ import annotations

import asyncio
import io
import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import ipywidgets
import numpy as np
import pytest
from PIL import Image

from apvnotebook import LiveView, follow
from apvnotebook.cells import page_is_covered
from apvnotebook.link import Link
from apvnotebook.marks import marked, plain_png
from apvnotebook.sentences import said_of_connection, said_of_pick, said_of_state
from servermanager import RenderViewProxy, Session, ViewProxy, connect, sync
from servermanager.live_face import show_live
from servermanager.ui.pictures import FeedState
from servermanager.ui.pointing import chart_moves
from services_core import ConnectionState

from ..harness.apvtest import in_loop, poll, poll_async
from ..harness.time_limits import scaled

MARK = "0123456789abcdef" * 2


class Page:
    """What a page is told, in the order in which it is."""

    def __init__(self) -> None:
        self.told: list[tuple[Mapping[str, Any], list[Any]]] = []
        self.stills: list[bytes] = []
        self.ended = 0

    def tell(self, content: dict[str, Any], buffers: list[Any]) -> None:
        """Take a message."""
        self.told.append((content, buffers))

    def end(self) -> None:
        """Take the end."""
        self.ended += 1

    def pictures(self) -> list[Mapping[str, Any]]:
        """What was said of pictures."""
        return [content for content, _ in self.told if content["kind"] == "picture"]

    def has_more_than(self, count: int) -> bool:
        """Whether it was told of more pictures than so many."""
        return len(self.pictures()) > count

    def said(self) -> list[str]:
        """What is to be written below them."""
        return [content["text"] for content, _ in self.told if content["kind"] == "said"]

    def keeps(self, seen: Any) -> bool:
        """Whether the last picture to keep has these pixels: it may be that of the turn before until it is replaced."""
        if not self.stills:
            return False
        with Image.open(io.BytesIO(self.stills[-1])) as kept:
            return np.array_equal(np.asarray(kept.convert("RGB")), seen)


def scene(session: Session) -> RenderViewProxy:
    """A view of a sphere."""
    view = session.views.RenderView(ViewSize=[120, 90], StillSamples=1)
    session.show(session.sources.SphereSource(ThetaResolution=16), view)
    return view


@contextmanager
def linked(view: ViewProxy) -> Iterator[tuple[Link, Page]]:
    """A view that is shown in a page."""
    page = Page()
    link = Link(view, page.tell, page.stills.append, page.end)
    try:
        yield link, page
    finally:
        link.close()


async def paint_until_still(link: Link, page: Page) -> None:
    """Paint what comes, but for the still picture in the end."""
    for _ in range(100):
        await poll_async(page.pictures, what="a picture")
        last = page.pictures()[-1]
        if last["still"]:
            return
        shown = len(page.pictures())
        link.hear({"kind": "painted", "sequence": last["sequence"]})
        await poll_async(partial(page.has_more_than, shown), what="a picture")
    raise AssertionError("no picture of a hundred was still")


def test_marks_are_in_the_first_bytes_and_change_no_pixel() -> None:
    plain = plain_png(97, 41)
    with Image.open(io.BytesIO(plain)) as picture:
        assert picture.size == (97, 41) and not np.asarray(picture.convert("RGBA"))[..., 3].any()
    colored = io.BytesIO()
    Image.fromarray(np.arange(60, dtype=np.uint8).reshape(4, 5, 3)).save(colored, "PNG")
    png = marked(colored.getvalue(), MARK)
    assert f"apv-live {MARK}".encode() in png[:90]
    with Image.open(io.BytesIO(png)) as picture:
        assert np.asarray(picture).ravel().tolist() == list(range(60))
    with pytest.raises(ValueError, match="put into a PNG"):
        marked(b"GIF89a", MARK)


def test_pages_in_which_outputs_stand_alone() -> None:
    assert page_is_covered({}, {})
    assert not page_is_covered({"VSCODE_PID": "7"}, {})
    assert not page_is_covered({}, {"google.colab": object()})


def test_sentences() -> None:
    assert (
        said_of_state(FeedState("live"))
        == said_of_state(FeedState("paused"))
        == said_of_state(FeedState("waiting"))
        == ""
    )
    assert said_of_state(FeedState("failed", "no OpenGL")) == "No picture: no OpenGL"
    assert said_of_state(FeedState("waiting", "the worker ended")) == "Waiting for the server: the worker ended"
    assert said_of_connection(ConnectionState("connected", 0.0)) == "" == said_of_pick(None)
    assert said_of_connection(ConnectionState("reconnecting", 0.0, "silence")) == "Reconnecting: silence"
    assert said_of_connection(ConnectionState("lost", 0.0, "gone")) == "The server was lost: gone"


@in_loop
async def test_one_picture_is_under_way_and_the_still_one_is_kept() -> None:
    async with connect(backend="inproc") as session:
        view = scene(session)
        with linked(view) as (link, page):
            assert page.told == []  # nothing before somebody sees it
            link.hear({"kind": "visible", "visible": True, "pixel_ratio": 1})
            await paint_until_still(link, page)
            shown = len(page.pictures())
            view.rotate(0.1, 0.0)
            await view.screenshot()
            assert len(page.pictures()) == shown  # the one before was not painted
            link.hear({"kind": "painted", "sequence": page.pictures()[-1]["sequence"]})
            await poll_async(lambda: len(page.pictures()) > shown, what="the next picture")
            await paint_until_still(link, page)
            seen = (await view.screenshot()).pixels
            await poll_async(lambda: page.keeps(seen), what="the picture to keep that is seen now")


@in_loop
async def test_what_no_page_sends_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    async with connect(backend="inproc") as session:
        with linked(scene(session)) as (link, page):
            wrong: list[dict[str, Any]] = [
                {}, {"kind": "close"}, {"kind": ["visible"]}, {"kind": "painted"}, {"kind": "painted", "sequence": "x"},
                {"kind": "visible"}, {"kind": "visible", "visible": True}, {"kind": "event"},
                {"kind": "event", "event": {"kind": "eval", "x": 1.0}},
                {"kind": "event", "event": {"kind": "move", "x": float("nan")}},
                {"kind": "resize", "width": -1.0, "height": 10.0, "pixel_ratio": 1},
                {"kind": "resize", "width": "1", "height": 10.0, "pixel_ratio": 1},
                {"kind": "resize", "width": 10.0, "height": 10.0},
                {"kind": "resize", "width": 10.0, "height": 10.0, "pixel_ratio": "2"},
            ]  # fmt: skip
            with caplog.at_level(logging.WARNING, "apvnotebook.link"):
                for content in wrong:
                    link.hear(content)
            assert len([one for one in caplog.records if "no page of this package" in one.message]) == len(wrong)
            link.hear({"kind": "resize", "width": 64.4, "height": 0.2, "pixel_ratio": 1})
            assert session.all_views()[0].ViewSize == [64, 1] and not page.ended


@in_loop
async def test_what_can_be_dragged_is_told_under_the_pointer() -> None:
    async with connect(backend="inproc") as session:
        view = session.views.RenderView(ViewSize=[120, 90], StillSamples=1)
        sphere = session.sources.SphereSource()
        session.show(sphere, view)
        with linked(view) as (link, page):
            link.hear({"kind": "visible", "visible": True, "pixel_ratio": 1})
            await paint_until_still(link, page)
            assert page.pictures()[-1]["handles"] is False
            await view.widgets.add(sphere, "Center")
            link.hear({"kind": "painted", "sequence": page.pictures()[-1]["sequence"]})
            shown = len(page.pictures())
            await poll_async(partial(page.has_more_than, shown), what="a picture with a handle")
            await paint_until_still(link, page)
            assert page.pictures()[-1]["handles"] is True
            for x, y in ((60, 45), (5, 5), (6, 5)):
                link.hear({"kind": "event", "event": {"kind": "move", "x": x, "y": y}})
            assert [content["on"] for content, _ in page.told if content["kind"] == "hovered"] == [True, False]


@in_loop
async def test_the_axes_of_a_chart_follow_the_pointer() -> None:
    async with connect(backend="inproc") as session:
        chart = session.create_chart(ViewSize=[200, 150])
        line = session.filters.PlotOverLine(
            Input=session.sources.Wavelet(), Point1=(-10.0, 0.0, 0.0), Point2=(10.0, 0.0, 0.0)
        )
        session.show(line, chart, SeriesVisibility=["RTData"])
        with linked(chart) as (link, page):
            link.hear({"kind": "visible", "visible": True, "pixel_ratio": 1})
            await paint_until_still(link, page)
            (plot,) = await chart.plots()
            x, y = (plot.area[0] + plot.area[2]) / 2, 75.0
            for kind, at in (("press", x), ("move", x + 20), ("release", x + 20)):
                link.hear({"kind": "event", "event": {"kind": kind, "x": at, "y": y, "button": "left"}})
            wanted = chart_moves.panned(plot, (x, y), (x + 20, y))["Bottom"]
            until = time.monotonic() + scaled(20)
            while not np.allclose((await chart.plots())[0].axes["Bottom"], wanted):
                assert time.monotonic() < until, "the axis stays where it is"
            assert wanted != plot.axes["Bottom"] and "failed" not in " ".join(page.said())


@in_loop
async def test_the_end_of_a_view_and_of_a_session_is_told() -> None:
    async with connect(backend="inproc") as session:
        deleted, other = scene(session), scene(session)
        with linked(deleted) as (first, page), linked(other) as (second, closed):
            for link, seen in ((first, page), (second, closed)):
                link.hear({"kind": "visible", "visible": True, "pixel_ratio": 1})
                await paint_until_still(link, seen)
                link.hear({"kind": "painted", "sequence": seen.pictures()[-1]["sequence"]})
            deleted.delete()
            await poll_async(lambda: page.ended, what="the end of a view")
            await session.close()
            await poll_async(lambda: closed.ended, what="the end of a session")
    assert (page.ended, closed.ended) == (1, 1)


@in_loop
async def test_live_views_are_of_views() -> None:
    async with connect(backend="inproc") as session:
        view = scene(session)
        live = LiveView(view)
        assert (live.width, live.height, live.covers, live.title) == (120, 90, False, f"Render View {view.id}")
        assert len(live.mark) == 32 and live.mark != LiveView(view).mark
        with pytest.raises(TypeError, match="a live picture is one of a view"):
            LiveView(session.sources.SphereSource())
        assert not show_live(view, asyncio.get_running_loop().call_soon_threadsafe, None)  # no cell is run here
        with pytest.raises(NotImplementedError):
            view._ipython_display_()
    with sync.connect(backend="inproc") as blocking:
        shown = blocking.views.RenderView(ViewSize=[64, 48])
        assert LiveView(shown).view is not shown and LiveView(shown).view.ViewSize == [64, 48]
        with pytest.raises(NotImplementedError):
            shown._ipython_display_()


@in_loop
async def test_followers_are_told_the_newest_in_their_loop(caplog: pytest.LogCaptureFixture) -> None:
    slider, told, threads = ipywidgets.IntSlider(0, min=-1), list[int](), set[threading.Thread]()
    go_on = asyncio.Event()

    async def slowly(value: int) -> None:
        told.append(value)
        threads.add(threading.current_thread())
        await go_on.wait()
        if value < 0:
            raise ValueError("below zero")

    end = follow(slider, slowly)
    await asyncio.to_thread(setattr, slider, "value", 1)
    await poll_async(lambda: told == [1], what="the first value")
    for value in (2, 3, 4):
        await asyncio.to_thread(setattr, slider, "value", value)
    go_on.set()
    await poll_async(lambda: told == [1, 4], what="the newest value")
    assert threads == {threading.current_thread()}
    slider.value = -1
    await poll_async(lambda: "below zero" in caplog.text, what="the error in the log")
    slider.value = 5
    await poll_async(lambda: told[-1] == 5, what="a value after an error")
    end()
    slider.value = 6
    await asyncio.sleep(0)
    assert told == [1, 4, -1, 5]


@in_loop
async def test_what_can_be_awaited_can_be_a_task() -> None:
    async with connect(backend="inproc") as session:
        sphere = session.sources.SphereSource()
        view = scene(session)
        executed, drawn = asyncio.create_task(sphere.update_pipeline()), asyncio.create_task(view.screenshot())
        information, image, _ = await asyncio.gather(executed, drawn, view.ready())
        assert information.number_of_points == 50 and (image.width, image.height) == (120, 90)
        assert (await asyncio.wait_for(sphere.update_pipeline(), scaled(30))).number_of_points == 50
        other = await asyncio.create_task(connect(backend="inproc"))
        await asyncio.create_task(other.close())


def test_blocking_calls_go_on_in_the_loop_of_their_session() -> None:
    with sync.connect(backend="inproc") as session:
        view = session.views.RenderView(ViewSize=[64, 48])
        live, page = LiveView(view), Page()
        live.send = page.tell  # there is no page
        live.hear(None, {"kind": "visible", "visible": True, "pixel_ratio": 1}, [])
        poll(page.pictures, what="a picture")
    ended: list[str] = []
    live.when_ended = lambda: ended.append("ended")
    live.hear(None, {"kind": "visible", "visible": True, "pixel_ratio": 1}, [])
    assert ended[-1:] == ["ended"] and live.comm is None


@in_loop
async def test_followers_are_told_at_once_what_the_program_sets_in_the_loop(caplog: pytest.LogCaptureFixture) -> None:
    """What it asks for next, a picture say, is asked for after that."""
    slider, told = ipywidgets.IntSlider(0), list[int]()

    def tell(value: int) -> None:
        told.append(value)
        if value == 1:
            slider.value = 2  # told next, not within
            raise ValueError("of the program")

    end = follow(slider, tell)
    slider.value = 1
    assert told == [1, 2] and "of the program" in caplog.text
    slider.value = 3
    end()
    slider.value = 4
    assert told == [1, 2, 3]


@in_loop
async def test_followers_go_on_after_one_was_cancelled() -> None:
    slider, told = ipywidgets.IntSlider(0), list[int]()

    async def tell(value: int) -> None:
        told.append(value)
        if value == 1:
            raise asyncio.CancelledError

    end = follow(slider, tell)
    for value in (1, 2):
        slider.value = value
        await poll_async(lambda value=value: value in told, what="the value")  # type: ignore[misc]
        await asyncio.sleep(0)
    end()
    assert told == [1, 2]
