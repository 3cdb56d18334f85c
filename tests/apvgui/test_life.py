"""The window goes on whatever the session does: filters that execute, processes that die or stand still; it closes."""

from __future__ import annotations

import time

import numpy as np
import psutil
import pytest
from PySide6.QtCore import Qt

from apvgui.memory import Memory
from apvgui.views.picture_view import PictureView
from apvgui.window.main_window import CLOSE_S, NO_SESSION, MainWindow
from apvgui.window.server_choice import ServerChoice
from apvgui.window.session_room import SessionRoom
from servermanager import connect

from ..harness.apvslow import slow_filter
from ..harness.apvtest import Server, is_worker, poll_async
from ..harness.time_limits import scaled
from .driving import Stalls, dragged, first_view, in_window_loop, made, room_of, settled, typed, window

STALL_S = 0.25
"""So long the thread of the window may do one thing while a filter executes, on a machine of two cores."""


def workers() -> list[psutil.Process]:
    """The processes of the built-in sessions of this test."""
    return [one for one in psutil.Process().children(recursive=True) if is_worker(one)]


def worker() -> psutil.Process:
    """The only one of them."""
    (found,) = workers()
    return found


async def executing(shown: MainWindow) -> int:
    """Begin a filter that takes a minute; returns its number once it executes."""
    room = room_of(shown)
    execution = slow_filter(room.session)
    room.workspace.do("run a slow filter", execution, execution.proxy.id)
    slow: int = execution.proxy.id
    await poll_async(lambda: state(shown, slow).startswith("executing"), deadline_s=30, what="its state")
    return slow


def state(shown: MainWindow, proxy: int) -> str:
    """What the pipeline browser says of a proxy, "" as long as it has no row."""
    try:
        return room_of(shown).browser.item_text(proxy)[1]
    except KeyError:
        return ""


async def turned(view: PictureView, row: int) -> None:
    """Drag the scene to the right, and wait for a picture of it; on a slow machine the moves share one."""
    painted, middle = view.painted_count, view.rect().center()
    await dragged(view, [(middle.x() + 5 * step, middle.y() + row) for step in range(30)], Qt.MouseButton.LeftButton)
    await poll_async(lambda: view.painted_count > painted, what="a picture of the turned scene")


@pytest.mark.alone
@in_window_loop
async def test_while_a_filter_executes_everything_goes_on_until_it_is_stopped() -> None:
    async with window() as shown:
        await made(shown, "Wavelet")
        await made(shown, "Contour")
        view, room = first_view(shown), room_of(shown)
        before = await settled(view)
        slow = await executing(shown)
        with Stalls() as stalls:
            for turn in range(4):
                await turned(view, turn)
            room.workspace.browser.activate(room.workspace.browser.rows[1].id)
            await typed(shown, "Opacity", "0.5", place="representation")
        assert stalls.longest_s < scaled(STALL_S), stalls.longest_s
        assert state(shown, slow).startswith("executing")
        room.browser.stop_asked.emit(slow)
        await poll_async(lambda: "executing" not in state(shown, slow), what="that it was stopped")
        assert not np.array_equal(await settled(view), before)


async def closing_took_s(shown: MainWindow) -> float:
    """Close a window; returns how long that took."""
    began = time.monotonic()
    shown.close()
    assert not shown.isVisible()
    await shown.closed.wait()
    return time.monotonic() - began


@pytest.mark.alone
@in_window_loop
async def test_closing_while_a_filter_executes_takes_a_few_seconds_at_most() -> None:
    async with window() as shown:
        await executing(shown)
        assert await closing_took_s(shown) < scaled(CLOSE_S + 1.0)


@pytest.mark.alone
@pytest.mark.deep
@in_window_loop
async def test_closing_while_the_process_of_the_session_stands_still() -> None:
    async with window() as shown:
        await made(shown, "Sphere")
        stopped = worker()
        stopped.suspend()
        try:
            assert await closing_took_s(shown) < scaled(CLOSE_S + 1.0)
        finally:
            if stopped.is_running():
                stopped.resume()


@in_window_loop
async def test_what_ends_the_process_of_the_session_does_not_end_the_window() -> None:
    async with window() as shown:
        await made(shown, "Wavelet")
        await made(shown, "Contour")
        view = first_view(shown)
        before = await settled(view)
        first = worker()
        first.kill()
        await poll_async(
            lambda: [one for one in workers() if one.pid != first.pid], deadline_s=30, what="another process"
        )
        after = await settled(view)
        assert np.array_equal(before, after)
        assert any(one.severity != "information" for one in room_of(shown).workspace.log.entries)


@pytest.mark.alone
@pytest.mark.deep
def test_an_outage_is_told_and_then_everything_is_as_it_was() -> None:
    with Server("zmq") as server:

        @in_window_loop
        async def outlast() -> None:
            async with window(ServerChoice(url=server.url)) as shown:
                await made(shown, "Sphere")
                view = first_view(shown)
                before = await settled(view)
                with server.frozen():
                    await poll_async(lambda: "Reconnecting" in shown.banner.text, deadline_s=60, what="the banner")
                    with Stalls() as stalls:
                        await poll_async(lambda: "for 1 s" in shown.banner.text, what="the seconds")
                    assert stalls.longest_s < scaled(1.0)
                await poll_async(lambda: not shown.banner.text, deadline_s=60, what="the end of the outage")
                assert np.array_equal(await settled(view), before)
                await typed(shown, "Radius", "0.9")
                assert not np.array_equal(await settled(view), before)

        outlast()


def test_what_was_in_a_lost_session_is_there_again_at_a_press() -> None:
    with Server("zmq") as server:

        @in_window_loop
        async def run() -> None:
            async with window(ServerChoice(url=server.url)) as shown:
                lost = await with_a_ball(shown)
                before = await settled(first_view(shown))
                server.kill()
                with Server("zmq", "--server-port", server.url.rpartition(":")[2]):
                    await poll_async(lambda: "session is lost" in shown.banner.text, deadline_s=60, what="the banner")
                    shown.banner.press("Connect Again")
                    await poll_async(lambda: shown.room not in (None, lost), deadline_s=60, what="another session")
                    assert names(shown) == ["Sphere1"]
                    assert [one.Radius for one in room_of(shown).session.proxies.sources()] == [0.7]
                    assert np.array_equal(await settled(first_view(shown)), before), "with its camera"
                    assert not room_of(shown).workspace.log.entries and not shown.banner.text

        run()


def test_who_had_joined_a_session_that_was_ended_goes_on_in_a_new_one() -> None:
    with Server("zmq") as server:

        @in_window_loop
        async def run() -> None:
            owner = await connect(server.url)
            async with window(ServerChoice(url=server.url, session=await owner.invite("editor"))) as shown:
                lost = await with_a_ball(shown)
                await owner.end()
                await poll_async(lambda: "session is lost" in shown.banner.text, deadline_s=60, what="the banner")
                shown.banner.press("Go On in a New Session")
                await poll_async(lambda: shown.room not in (None, lost), deadline_s=60, what="another session")
                assert names(shown) == ["Sphere1"] and room_of(shown).session.role == "owner"

        run()


async def with_a_ball(shown: MainWindow) -> SessionRoom:
    """Make a sphere, look at it from the side, and wait until that would not be lost; returns the session's room."""
    room = room_of(shown)
    await made(shown, "Sphere", Radius=0.7)
    assert room.active_scene is not None
    room.active_scene.reset_camera("+X")
    await settled(first_view(shown))
    await poll_async(lambda: b"Sphere" in (room.kept or b""), what="a state that is kept")
    return room


def names(shown: MainWindow) -> list[str]:
    """What is in the pipeline."""
    return [one.name for one in room_of(shown).workspace.browser.rows]


@in_window_loop
async def test_where_nobody_listens_a_line_says_so_and_the_window_stays() -> None:
    shown = MainWindow(Memory())
    shown.show()
    shown.connect_to(ServerChoice(url="tcp://127.0.0.1:9"))
    told = await poll_async(lambda: shown.banner.text, what="a line above the views")
    assert told.startswith("Connecting to tcp://127.0.0.1:9") and not shown.nothing.text(), "one of them is enough"
    await poll_async(lambda: not shown.banner.text.startswith("Connecting"), deadline_s=30, what="the error")
    assert "127.0.0.1:9" in shown.banner.text and shown.nothing.text() == NO_SESSION
    assert shown.isVisible() and shown.room is None
    shown.connect_to(ServerChoice(backend="zmq"))
    await poll_async(lambda: shown.room is not None, deadline_s=60, what="a session")
    assert shown.banner.text == ""
    shown.close()
    await shown.closed.wait()
