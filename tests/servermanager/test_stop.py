"""What a user stops is interrupted, whoever wanted it, and executes again when it is changed, or asked for anew."""

from __future__ import annotations

import pytest

from servermanager import ProgressObserver, RemoteError, Session, SourceProxy, connect

from ..harness.apvtest import BACKENDS, in_loop, poll_async


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def slow_pipeline(session: Session) -> tuple[SourceProxy, SourceProxy]:
    """Points, and a filter of them that takes a minute."""
    points = session.sources.PointSource(NumberOfPoints=1_000_000, Radius=0.5)
    return points, session.filters.Delaunay3D(Input=points)


@in_loop
async def test_what_a_view_shows_can_be_stopped(backend: str) -> None:
    async with connect(backend=backend) as session, ProgressObserver(session) as progress:
        points, slow = slow_pipeline(session)
        view = session.create_view(ViewSize=[60, 40])
        session.show(slow, view)
        await poll_async(lambda: progress.activity(slow.id), what="it executes for the view")
        slow.stop()
        await poll_async(lambda: not progress.executing, what="it was interrupted")
        assert session.proxies.state(slow) == "modified"
        with pytest.raises(RemoteError, match="it was stopped, and is executed again when"):
            await view.ready()
        assert (await points.update_pipeline()).number_of_points == 1_000_000, "what is upstream goes on"
        points.NumberOfPoints = 100
        assert (await slow.update_pipeline()).number_of_cells > 100, "a change takes it back"
        await view.ready()


@in_loop
async def test_what_is_awaited_can_be_stopped_and_resumed(backend: str) -> None:
    async with connect(backend=backend) as session:
        sphere = session.sources.Sphere()
        clip = session.filters.Clip(Input=sphere)
        sphere.stop()
        with pytest.raises(RemoteError, match=r"Sphere .* was stopped"):
            await clip.update_pipeline()
        clip.resume()
        with pytest.raises(RemoteError, match="was stopped"):
            await clip.update_pipeline()
        sphere.resume()
        assert (await clip.update_pipeline()).number_of_cells > 0
        _, slow = slow_pipeline(session)
        waiting = slow.update_pipeline()
        await poll_async(lambda: session.proxies.state(slow) == "executing", what="it was asked for")
        slow.stop()
        with pytest.raises(Exception, match=r"interrupted|stopped|changed") as told:
            await waiting
        assert type(told.value).__name__ in ("RequestCancelled", "RemoteError")
