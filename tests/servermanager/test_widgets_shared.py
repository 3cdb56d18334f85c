"""Widgets in a session of several programs, and after a new worker: who sets a property tells the place of them."""

from __future__ import annotations

import asyncio

import pytest

from async_paraview.operations.render import UpdateView
from servermanager import RemoteError, RenderViewProxy, Session, connect
from servermanager.ui.interaction import ViewInteraction
from servermanager.ui.pointing.events import InputEvent
from servermanager.ui.pointing.happenings import Failed
from servermanager.ui.widget_pointer import WidgetPointer

from ..harness.apvtest import BACKENDS, Server, in_loop, poll_async
from ..harness.time_limits import scaled
from .test_widgets import ORANGE, At, drag, from_above, is_handle, seeing, seen, slice_of


async def settled(*sessions: Session) -> None:
    """All have told the server what they changed, and then know what the others have told."""
    for _ in range(2):
        for session in sessions:
            await session.synced()


def view_of(session: Session) -> RenderViewProxy:
    (view,) = session.all_views()
    assert isinstance(view, RenderViewProxy)
    return view


@pytest.mark.parametrize("backend", BACKENDS)
def test_two_programs_drag_the_same_plane(backend: str) -> None:
    with Server(backend) as server:
        asyncio.run(asyncio.wait_for(_two_programs(server.url), scaled(60)))


async def _two_programs(url: str) -> None:
    async with connect(url) as one:
        async with connect(url, session=await one.invite("editor")) as other:
            await _both_drag(one, other)
        async with connect(url, session=await one.invite("viewer")) as viewer:
            await settled(one, viewer)
            view = view_of(viewer)
            assert view.widgets[0].Origin == [2, 4, 0]
            async with seeing(view):
                pointer = WidgetPointer(view)
                assert not pointer.press(At(160, 80)) and not pointer.move(At(160, 80, button="")), "viewers look on"


async def _both_drag(one: Session, other: Session) -> None:
    view = from_above(one)
    cut = await slice_of(one, view)
    widget = await view.widgets.add(cut)
    await settled(one, other)
    theirs = view_of(other)
    (plane,) = theirs.widgets
    assert plane.proxy is not None and plane.proxy.id == cut.id and plane.Origin == [0, 0, 0]
    await plane.known()
    async with seeing(theirs):
        assert drag(WidgetPointer(theirs), (150, 100), (155, 100), (160, 100))
        await settled(other, one)
        assert widget.Origin == [2, 0, 0] == cut.SliceType.Origin and is_handle(await seen(view), (160, 100), ORANGE)
        async with seeing(view):
            pointer = WidgetPointer(view)
            assert pointer.press(At(160, 100))
            for y in (95, 90, 85):
                assert pointer.move(At(160, y))
                await settled(one, other)
            assert pointer.release(At(160, 80))
        await settled(one, other)
        assert plane.Origin == widget.Origin == [2, 4, 0]
        assert (await theirs.properties())["Widgets"][0]["Origin"] == [2, 4, 0], "nobody told an older place"
        other.undo.undo()
        await settled(other, one)
        assert cut.SliceType.Origin == widget.Origin == plane.Origin
        cut.SliceType.Origin = [2, 4, 0]
        await settled(one, other)
    other.delete(plane.proxy)
    await settled(other, one)
    assert len(view.widgets) == 0 and len(theirs.widgets) == 0
    other.undo.undo()
    await settled(other, one)
    assert [one.Origin for one in view.widgets] == [[2, 4, 0]]


@in_loop
async def test_a_new_worker_has_the_widgets_of_the_old_one() -> None:
    async with connect(backend="zmq") as session:
        view = from_above(session)
        cut = await slice_of(session, view)
        widget = await view.widgets.add(cut)
        widget.Origin = [2, 4, 0]
        await session.restart()
        assert is_handle(await seen(view), (160, 80))
        async with seeing(view):
            assert drag(WidgetPointer(view), (160, 80), (150, 100))
            assert cut.SliceType.Origin == pytest.approx([0, 0, 0])
            await poll_async(lambda: session.undo.labels[-1] == "drag Plane of Slice")


@in_loop
async def test_a_pointer_that_moves_on_after_the_session_meets_no_error_and_a_drag_says_so() -> None:
    async with connect() as session:
        view = from_above(session)
        await view.widgets.add(await slice_of(session, view))
        async with seeing(view):
            person = ViewInteraction(view)
            person.resize(300, 200)
            failed: list[Failed] = []
            person.watch(lambda happening: failed.append(happening) if isinstance(happening, Failed) else None)
    assert person.handle(InputEvent("move", 150, 100)) and not person.handle(InputEvent("move", 20, 20))
    assert not failed
    assert person.handle(InputEvent("press", 150, 100, button="left"))
    assert person.handle(InputEvent("move", 170, 100)) and person.handle(InputEvent("move", 180, 100))
    assert failed and "closed" in str(failed[0].error)


@in_loop
async def test_what_is_wrong_with_a_widget_is_said_by_name() -> None:
    async with connect() as session:
        view = from_above(session)
        point = await view.widgets.add("Point")
        with pytest.raises(ValueError, match=r"Widget\.HandleSize = 0: expected a number from 1 to 200"):
            point.HandleSize = 0
        with pytest.raises(AttributeError, match="did you mean Center"):
            point.Centre = [0, 0, 0]
        await view.ready()
        wrong = {"Widgets": [{"Kind": "Disc"}]}
        session.render.send_message(UpdateView(view=view.id, properties=wrong, number=100).packet())
        with pytest.raises(RemoteError, match="Kind = 'Disc': no kind of widget is called 'Disc'"):
            await view.ready()
