"""Time: what is asked for, and what is shown, is of the time of the session."""

from __future__ import annotations

import pytest

from servermanager import Session, connect

from ..harness.apvtest import BACKENDS, in_loop, poll_async


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def red(session: Session) -> float:
    return float((await session.all_views()[0].screenshot(format="rgb")).pixels[..., 0].mean())


@in_loop
async def test_updates_and_what_is_shown_follow_the_time_of_the_session(backend: str) -> None:
    async with connect(backend=backend) as session:
        source = session.create("TimeSourceExample", Growing=True)
        info = await source.update_pipeline()
        assert len(info.time_steps) > 5
        first, last = info.time_steps[0], info.time_steps[5]
        session.time = last
        grown = await source.update_pipeline()
        session.time = first
        small = await source.update_pipeline()
        assert grown.number_of_cells > small.number_of_cells
        assert (await source.update_pipeline(time=last)).number_of_cells == grown.number_of_cells

        view = session.views.RenderView(ViewSize=(80, 80), Background=(0, 0, 0))
        session.show(source, view, Color=(1, 0, 0))
        view.reset_camera()
        before = await red(session)
        session.time = last
        assert await red(session) != before, "the picture is of the new time"
        session.time = first
        assert abs(await red(session) - before) < 0.5


@in_loop
async def test_times_that_are_none(backend: str) -> None:
    async with connect(backend=backend) as session:
        with pytest.raises((TypeError, ValueError)):
            session.time = "noon"  # type: ignore[assignment]
        assert session.time is None
        faults: list[str] = []
        session.data.add_fault_callback(lambda error: faults.append(str(error)))
        session.data.send_message({"op": "set_time", "time": "noon"})
        await poll_async(lambda: faults, what="the fault")
        assert "needs a field 'time' of type float" in faults[0]
