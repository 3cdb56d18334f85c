"""Who subscribes late is told how what was executed before stands, and what the last execution of each has said."""

from __future__ import annotations

import pytest

from async_paraview.operations.data import Sync
from servermanager import ProgressObserver, ProgressStep, RemoteError, Session, connect
from servermanager.streams import Message

from ..harness.apvtest import BACKENDS, in_loop, poll_async


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def steps_so_far(session: Session) -> list[ProgressStep]:
    """Return what a new subscriber is told before a sphere is executed that nobody has asked for before."""
    last = session.sources.Sphere()
    found = []
    session.update_vtk_objects()
    await session.data.send_request(Sync().packet())
    async with session.progress(standing=True) as stream:
        asked = last.update_pipeline()
        async for step in stream:
            if step.proxy == last.id:
                break
            found.append(step)
        await asked
    session.delete(last)
    return found


async def messages_so_far(session: Session) -> list[Message]:
    """Return what a new subscriber is told before a calculator fails."""
    last = session.filters.Calculator(Input=session.sources.Sphere(), Function="none_such", ResultArrayName="r")
    found = []
    async with session.messages(standing=True) as stream:
        with pytest.raises(RemoteError):
            await last.update_pipeline()
        async for message in stream:
            if message.proxy == last.id:
                break
            found.append(message)
    session.delete(last)
    return found


@in_loop
async def test_steps_begin_with_how_all_stands_that_was_executed(backend: str) -> None:
    async with connect(backend=backend) as session:
        wavelet = session.sources.Wavelet()
        contour = session.filters.Contour(Input=wavelet)
        wrong = session.filters.Calculator(Input=wavelet, Function="nix", ResultArrayName="r")
        session.sources.Cone()
        await contour.update_pipeline()
        with pytest.raises(RemoteError, match="nix"):
            await wrong.update_pipeline()
        told = await steps_so_far(session)
        assert [(one.proxy, one.state) for one in told] == [
            (wavelet.id, "finished"),
            (contour.id, "finished"),
            (wrong.id, "failed"),
        ], "the cone was not executed"
        wrong.Function = "RTData"
        contour.Isosurfaces = [150.0]
        assert {one.proxy: one.state for one in await steps_so_far(session)} == {
            wavelet.id: "finished",
            contour.id: "modified",
            wrong.id: "modified",
        }
        await contour.update_pipeline()
        wavelet.Maximum = 300.0
        assert {one.state for one in await steps_so_far(session)} == {"modified"}, "what is downstream of a change"
        session.delete(wrong)
        session.delete(contour)
        assert {one.proxy for one in await steps_so_far(session)} == {wavelet.id}
        async with session.progress() as stream:
            await wavelet.update_pipeline()
            assert (await anext(stream)).state == "started", "nobody is told of before who has not asked for it"


@in_loop
async def test_messages_begin_with_those_of_the_last_execution_of_each(backend: str) -> None:
    async with connect(backend=backend) as session:
        wavelet = session.sources.Wavelet()
        wrong = session.filters.Calculator(Input=wavelet, Function="nix", ResultArrayName="r")
        right = session.filters.Calculator(Input=wavelet, Function="RTData", ResultArrayName="r")
        await right.update_pipeline()
        with pytest.raises(RemoteError, match="nix"):
            await wrong.update_pipeline()
        (told,) = await messages_so_far(session)
        assert (told.proxy, told.severity, told.registered) == (wrong.id, "error", "Calculator1")
        assert "no array is called 'nix'" in told.text
        wrong.Function = "RTData + 1"
        await wrong.update_pipeline()
        assert await messages_so_far(session) == [], "it has come right"


@in_loop
async def test_what_was_set_back_is_as_it_was(backend: str) -> None:
    async with connect(backend=backend) as session, ProgressObserver(session) as observer:
        sphere = session.sources.SphereSource()
        shrink = session.filters.Shrink(Input=sphere)
        wrong = session.filters.Calculator(Input=sphere, Function="nix", ResultArrayName="r")
        view = session.views.RenderView(ViewSize=[64, 48])
        session.show(shrink, view)

        def states() -> tuple[str, ...]:
            return tuple(session.proxies.state(one) for one in (sphere, shrink, wrong))

        async def stand(*wanted: str) -> None:
            await poll_async(lambda: states() == wanted, what=f"{wanted} instead of {states()}")

        with pytest.raises(RemoteError, match="nix"):
            await wrong.update_pipeline()
        await stand("unmodified", "unmodified", "failed")
        sphere.Radius, sphere.Radius = 2.0, 0.5  # the server never has the other value
        session.update_vtk_objects()
        await stand("unmodified", "unmodified", "modified")
        wrong.Function = "nix"
        with pytest.raises(RemoteError, match="nix"):
            await wrong.update_pipeline()
        await stand("unmodified", "unmodified", "failed")
        sphere.Radius = 0.5
        assert session.proxies.state(shrink) == "modified"
        session.update_vtk_objects()
        await view.ready()
        await stand("unmodified", "unmodified", "modified")
        told = {one.proxy: one.state for one in await steps_so_far(session)}
        assert (told[sphere.id], told[shrink.id], told[wrong.id]) == ("finished", "finished", "modified")
        assert not {one.proxy for one in observer.executing} & {sphere.id, shrink.id, wrong.id}
