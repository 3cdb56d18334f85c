"""A picture that nobody waits for any more ends before its next sample."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from apvserver.render.service import RenderService
from apvserver.vtk.rendering.render_view import RenderView
from apvserver.vtk.rendering.view import PictureCancelled
from servermanager import RenderViewProxy, Session, connect

from ..harness.apvtest import in_loop, poll_async
from ..harness.time_limits import scaled

SAMPLES = 200


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the samples that were drawn. The third takes until the service has heard that it is unwanted."""
    seen: list[int] = []
    draw = RenderView._draw
    unwanted = threading.Event()

    def drawing(view: RenderView, size: Any, **options: Any) -> float:
        if options.get("sample"):
            seen.append(options["sample"])
            if len(seen) == 3:
                assert unwanted.wait(scaled(10))
        return draw(view, size, **options)

    monkeypatch.setattr(RenderView, "_draw", drawing)
    monkeypatch.setattr(RenderService, "cancelled", lambda service, incoming: unwanted.set())
    return seen


def ball(session: Session) -> RenderViewProxy:
    view = session.views.RenderView(ViewSize=[40, 30])
    session.show(session.sources.SphereSource(), view)
    return view


@pytest.mark.parametrize("how", ["cancelled", "deadline of the caller", "view in an animation"])
@in_loop
async def test_it_ends_before_the_next_sample(drawn: list[int], how: str) -> None:
    async with connect(backend="inproc") as session:
        view, other = ball(session), ball(session)
        await other.ready()
        if how == "view in an animation":
            frames = view.frames(camera="orbit", count=3, samples=SAMPLES)
            task: asyncio.Task[Any] = asyncio.ensure_future(anext(frames))
        else:
            task = asyncio.ensure_future(view.screenshot(samples=SAMPLES))
        await poll_async(lambda: len(drawn) == 3)
        if how == "deadline of the caller":
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(task, 0.001)
        else:
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        await other.screenshot()
        assert drawn == [1, 2, 3]
        await view.screenshot(samples=2)  # and the view goes on
        assert drawn == [1, 2, 3, 1, 2]


@in_loop
async def test_a_session_that_is_closed_waits_for_one_sample(drawn: list[int]) -> None:
    async with connect(backend="inproc") as session:
        task = asyncio.ensure_future(ball(session).screenshot(samples=SAMPLES))
        await poll_async(lambda: len(drawn) == 3)
        await session.close()
        assert drawn == [1, 2, 3] and task.exception() is not None


def test_what_is_unwanted_from_the_beginning_is_not_drawn_at_all() -> None:
    view = RenderView({"ViewSize": (20, 10)})
    with pytest.raises(PictureCancelled, match="before sample 1"):
        view.capture(samples=4, cancelled=lambda: "enough")
    view.close()
