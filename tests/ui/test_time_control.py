"""Going through times: frames are never queued, playing stops at once, and what fails is told."""

from __future__ import annotations

import pytest

from servermanager import connect
from servermanager.ui.editors.time_control import TimeControl

from ..harness.apvtest import BACKENDS, in_loop, poll_async


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@in_loop
async def test_a_toolbar_goes_through_the_times_of_the_data(backend: str) -> None:
    async with connect(backend=backend) as session:
        session.create("TimeSource")
        control = TimeControl(session)
        control.refresh()
        await poll_async(lambda: control.state.mode == "Snap To TimeSteps")
        state = control.state
        assert len(state.times) == 10 and (state.index, state.time, state.can_go_back) == (0, 0.0, False)
        control.next()
        await poll_async(lambda: session.time == pytest.approx(state.times[1]))
        assert control.state.index == 1
        control.last()
        assert control.state.index == 9 and not control.state.can_go_on
        control.next()
        await poll_async(lambda: session.time == pytest.approx(state.times[9]))
        control.set_loops(True)
        control.next()
        await poll_async(lambda: session.time == pytest.approx(state.times[0]))
        control.previous()
        await poll_async(lambda: session.time == pytest.approx(state.times[9]))
        session.time = state.times[4]
        assert control.state.index == 4
        control.go_to_index(400)
        assert control.state.index == 9
        control.close()


@in_loop
async def test_of_times_that_are_asked_for_meanwhile_the_last_is_next(backend: str) -> None:
    async with connect(backend=backend) as session:
        source = session.create("TimeSource")
        view = session.views.RenderView(ViewSize=[40, 30])
        session.show(source, view)
        await view.ready()
        control = TimeControl(session)
        control.refresh()
        await poll_async(lambda: control.state.mode == "Snap To TimeSteps")
        gone_to: list[float | None] = []
        session.watch_time(lambda: gone_to.append(session.time))
        for at in range(1, 10):
            control.go_to_index(at)
        await poll_async(lambda: session.time == pytest.approx(control.state.times[9]))
        assert len(gone_to) <= 2
        control.close()


@in_loop
async def test_playing_shows_each_time_and_stops(backend: str) -> None:
    async with connect(backend=backend) as session:
        session.show(session.create("TimeSource"), session.views.RenderView(ViewSize=[40, 30]))
        control = TimeControl(session)
        control.refresh()
        await poll_async(lambda: control.state.mode == "Snap To TimeSteps")
        shown: list[float | None] = []
        session.watch_time(lambda: shown.append(session.time))
        control.play()
        assert control.state.is_playing
        control.play()
        await poll_async(lambda: not control.state.is_playing)
        assert [round(float(one or 0), 3) for one in shown[-9:]] == [round(one, 3) for one in control.state.times[1:]]
        control.set_loops(True)
        control.toggle()
        await poll_async(lambda: len(shown) > 12)
        control.toggle()
        await poll_async(lambda: not control.state.is_playing)
        assert control.error is None
        control.close()
