"""What others have deleted or set back, and nobody has told: who is told again all that there is forgets it, too."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from async_paraview.operations import data, render
from servermanager import ServicesError, Session, connect
from servermanager.following import following
from servermanager.following.following import RemoteChange
from servermanager.model.proxy import SourceProxy
from services_core import ConnectionLost, ServiceEndpoint

from ..harness.apvtest import Server, in_loop
from .test_changes_meet import differences, settled_again
from .test_several_programs import make_scene, pixels, settled, shape

CROWDED = """
from apvserver.followers import Followers
from services_core import Busy, Packet, Service

FULL = {}
MISSED = {}

class NoRoom:
    def __init__(self, stream):
        self._stream = stream

    @property
    def over(self):
        return self._stream.over

    def put(self, packet):
        raise Busy("this stream has no room left")

    def end(self, error):
        self._stream.end(error)

put = Followers._put

def put_if_there_is_room(self, follower, packet):
    client = follower.member.client
    missed = MISSED.get((client, id(self)), 0)
    if missed < FULL.get(client, 0):
        MISSED[client, id(self)] = missed + 1
        follower.stream = NoRoom(follower.stream)
    put(self, follower, packet)

Followers._put = put_if_there_is_room

class Crowded(Service):
    def __init__(self, connect):
        super().__init__("crowded")

    def process(self, incoming):
        FULL[incoming.packet.header["client"]] = incoming.packet.header["times"]
        return Packet({})
"""
"""Has no room left for what a client is told next, so many times, of each service."""


@pytest.fixture
def crowded(tmp_path: Path) -> dict[str, str | None]:
    (tmp_path / "crowded.py").write_text(CROWDED)
    return {"PYTHONPATH": str(tmp_path), "APV_SERVICES": "crowded:Crowded"}


def make_more(session: Session) -> tuple[SourceProxy, SourceProxy]:
    """Make what is deleted and set back by `take_back`."""
    ball, cone = session.sources.Sphere(Radius=2.0), session.sources.Cone(Radius=0.7, Height=3.0)
    shrunk = session.filters.Shrink(Input=ball, ShrinkFactor=0.25)
    view = session.views.RenderView(ViewSize=[60, 40], Background=[0.5, 0.0, 0.0])
    session.show(shrunk, session.all_views()[0])
    session.show(cone, session.all_views()[0], Opacity=0.5)
    session.show(cone, view)
    session.time = 2.0
    return ball, cone


def take_back(session: Session, ball: SourceProxy, cone: SourceProxy) -> None:
    first, second = session.all_views()
    session.delete(ball, dependents=True)
    del cone.Height
    session.proxies.rename(cone, "cone")
    second.delete()
    del first.Background
    (of_cone,) = [one for one in session.all_representations() if one.source.proxy is cone]
    del of_cone.Opacity
    session.all_representations()[0].delete()
    session.time = None


def check_taken_back(session: Session, cone: SourceProxy) -> None:
    """Look at values: both could be wrong in the same way."""
    (first,) = session.all_views()
    assert {one.type_name for one in session.proxies} == {"Wavelet", "Contour", "Slice", "Plane", "Cone"}
    theirs = session.proxies.find_source("cone")
    assert theirs is not None and theirs.id == cone.id and theirs.set_values() == {"Radius": 0.7}
    assert len(session.all_representations()) == 2 and session.time is None
    assert first.Background is None
    (of_cone,) = [one for one in session.all_representations() if one.source.proxy is theirs]
    assert of_cone.Opacity == 1.0


@pytest.mark.parametrize("viewer_is", ["first", "last"])
@in_loop
async def test_a_viewer_ends_with_what_there_is_after_a_death(viewer_is: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It tells a new worker nothing, which nobody tells what the editors had deleted."""
    with Server("zmq") as server:
        async with connect(server.url) as one, connect(server.url, session=await one.invite("viewer")) as viewer:
            make_scene(one)
            ball, cone = make_more(one)
            await settled(one, viewer)
            assert differences(shape(one), shape(viewer)) == []
            gone = {each.id: each for each in viewer.proxies}[ball.id]
            (worker,) = server.workers()
            worker.suspend()  # it takes what it is told, and tells nobody
            take_back(one, ball, cone)
            one.update_vtk_objects()
            early, late = (viewer, one) if viewer_is == "first" else (one, viewer)
            with monkeypatch.context() as patch:
                patch.setattr(late.scene.connection, "_go_on", lambda: None)
                worker.kill()
                await settled_again(early)
            await settled_again(one, viewer)
            check_taken_back(viewer, cone)
            with pytest.raises(ValueError, match="was deleted by another client of this session"):
                viewer.scene.own(gone)
            async with connect(server.url, session=one.token) as fresh:
                await settled(one, viewer, fresh)
                assert differences(shape(one), shape(viewer)) == differences(shape(fresh), shape(viewer)) == []
            assert await pixels(one) == await pixels(viewer)


@in_loop
async def test_a_viewer_keeps_what_there_is_while_nobody_has_told_the_next_worker_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Server("zmq") as server:
        async with connect(server.url) as one, connect(server.url, session=await one.invite("viewer")) as viewer:
            make_scene(one)
            await settled(one, viewer)
            before, proxies, views = shape(viewer), list(viewer.proxies), viewer.all_views()
            (worker,) = server.workers()
            with monkeypatch.context() as patch:
                patch.setattr(one.scene.connection, "_go_on", lambda: None)
                worker.kill()
                await settled_again(viewer)
                assert shape(viewer) == before
            await settled_again(one, viewer)
            assert shape(viewer) == before
            assert list(viewer.proxies) == proxies and viewer.all_views() == views, "the same objects as before"


async def _fill(session: Session, client: int, times: int) -> None:
    await session.endpoint("crowded").send_request({"client": client, "times": times})


@pytest.mark.parametrize("role", ["editor", "viewer"])
@in_loop
async def test_who_was_told_too_much_is_told_all_that_there_is(
    role: str, crowded: dict[str, str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Server("inproc", **crowded) as server:
        async with connect(server.url) as one, connect(server.url, session=await one.invite(role)) as other:
            make_scene(one)
            ball, cone = make_more(one)
            await settled(one, other)
            changes: list[RemoteChange] = []
            other.on_change(changes.append)
            gone = {each.id: each for each in other.proxies}[ball.id]
            mine = None
            await _fill(one, other.client, 1)
            go_on, again = asyncio.Event(), following._Line.subscribe_again  # noqa: SLF001

            async def held(*arguments: Any) -> None:
                await go_on.wait()
                await again(*arguments)

            with monkeypatch.context() as patch:
                patch.setattr(following._Line, "subscribe_again", held)  # noqa: SLF001
                take_back(one, ball, cone)
                one.sources.Wavelet()
                await one.synced()
                waits = asyncio.create_task(other.synced())
                if role == "editor":
                    mine = other.sources.Sphere(Radius=4.0)
                    other.show(mine, other.all_views()[0])
                    other.all_views()[0].OrientationAxesVisibility = True
                await asyncio.sleep(0)
                assert not waits.done()
                go_on.set()
                await waits
            await settled(one, other)
            assert gone.standing.deleted_by and [each.operation for each in changes].count("missed") == 2
            async with connect(server.url, session=one.token) as fresh:
                await settled(one, other, fresh)
                assert differences(shape(one), shape(other)) == differences(shape(fresh), shape(other)) == []
            if mine is not None:
                assert mine.id in {each.id for each in one.proxies} and other.all_views()[0].OrientationAxesVisibility
                with pytest.raises(ValueError, match="was deleted by another client of this session"):
                    other.filters.Shrink(Input=gone)
            assert await pixels(one) == await pixels(other)


@in_loop
async def test_who_is_always_too_slow_is_told(crowded: dict[str, str | None]) -> None:
    with Server("inproc", **crowded) as server:
        async with connect(server.url) as one, connect(server.url, session=one.token) as other:
            one.sources.Sphere()
            await settled(one, other)
            await _fill(one, other.client, following.MOST_TRIES + 1)
            one.sources.Cone()
            await one.synced()
            with pytest.raises(ConnectionLost, match="has missed some of it 3 times before it knew all that there is"):
                await other.synced()
            with pytest.raises(ServicesError, match="connect again with the session's token"):
                await other.synced()


@in_loop
async def test_what_comes_late_over_a_connection_that_was_given_up_overrides_nothing() -> None:
    """A connection that was lost before it could be kept is made again, and all told over it; the former may go on."""
    with Server("zmq") as server:
        async with connect(server.url) as one, connect(server.url, session=one.token) as other:
            ball = one.sources.Sphere(Radius=1.0)
            view = one.views.RenderView(ViewSize=[60, 40], Background=[0.1, 0.0, 0.0])
            shown = one.show(ball, view, Opacity=0.1)
            await settled(one, other)
            connection = one.scene.connection
            late, now = (connection.next_number() for _ in range(2))
            old = one.data, one.render
            new = await connected_again(one)
            for (to_data, to_render), number, value in ((new, now, 0.5), (old, late, 0.25)):
                state = {"id": ball.id, "properties": {"Radius": value}}
                to_data.send_message(data.Update(proxies=(state,), number=number).packet())
                to_data.send_message(data.SetTime(time=value, number=number).packet())
                count = 1000 + number
                background = {"Background": [value, 0.0, 0.0]}
                to_render.send_message(render.UpdateView(view=view.id, number=count, properties=background).packet())
                opacity = render.UpdateRepresentation(
                    representation=shown.id, view=view.id, number=count, properties={"Opacity": value}
                )
                to_render.send_message(opacity.packet())
                await to_data.send_request(data.Sync().packet())
                await to_render.send_request(render.Sync().packet())
            one.data.send_message(data.Delete(ids=(ball.id,), number=late).packet())
            await settled(other)
            theirs = {each.id: each for each in other.proxies}[ball.id]
            assert isinstance(theirs, SourceProxy) and theirs.Radius == 0.5 and other.time == 0.5
            assert list(other.all_views()[0].Background) == [0.5, 0.0, 0.0]
            assert other.all_representations()[0].Opacity == 0.5
            bounds = (await theirs.update_pipeline()).bounds
            assert bounds is not None and bounds[5] == pytest.approx(0.5)
            assert (await other.all_views()[0].properties())["Background"] == [0.5, 0.0, 0.0]
            for endpoint in new:
                endpoint.close()


async def connected_again(session: Session) -> tuple[ServiceEndpoint, ServiceEndpoint]:
    """Return further connections of the same program to both services."""
    open_endpoint = session.scene.connection._open_endpoint  # noqa: SLF001
    made = open_endpoint("data", None), open_endpoint("render", None)
    await asyncio.gather(*[endpoint.connected() for endpoint in made])
    return made
