"""Several programs in one session: each sees what the others make and change, and may do what its role allows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import pytest

from apvserver.hosting.session_table import ENDED_BY_OWNER
from async_paraview.credentials import find_access
from async_paraview.operations.sessions import Join
from async_paraview.scene.catalog import KINDS_OF_VIEWS
from async_paraview.values import payload_value
from servermanager import RemoteError, Session, connect
from servermanager.following.following import RemoteChange
from servermanager.membership import Membership
from servermanager.views.scene_proxy import SceneProxy
from services_core import ConfigurationError, ConnectionState, Refused, ServicesEngine, ServicesError

from ..harness.apvtest import BACKENDS, Server, in_loop, poll_async
from ..harness.time_limits import scaled


@pytest.fixture(scope="module", params=BACKENDS)
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    with Server(request.param) as server:
        yield server.url


@asynccontextmanager
async def two(url: str, role: str = "editor") -> AsyncIterator[tuple[Session, Session]]:
    """Who has opened a session, and who has joined it with a role."""
    async with connect(url) as one, connect(url, session=await one.invite(role)) as other:
        yield one, other


def as_seen(proxy: SceneProxy) -> dict[str, object]:
    """What is set and is not as it would be by itself: what was set back may be known to others as set to that.

    But for cameras, which pictures compare: who replays sets them as they were seen.
    """
    by_itself = {name: payload_value(name, one.default) for name, one in proxy.scene_type.by_name.items()}
    values = {name: value for name, value in proxy.set_values().items() if not name.startswith("Camera")}
    return {name: value for name, value in values.items() if value != by_itself[name]}


def shape(session: Session) -> dict[str, object]:
    """All that two clients of one session must agree on."""
    proxies = session.proxies
    return {
        "tree": str(proxies).replace("unmodified", "").replace("modified", "").replace("uninitialized", ""),
        "proxies": {one.id: (proxies.name(one), one.plain_state()) for one in proxies},
        "views": {one.id: (one.kind, as_seen(one)) for one in session.all_views()},
        "shown": {
            one.id: (one.source.proxy.id, one.source.port, one.view.id, as_seen(one))
            for one in session.all_representations()
        },
        "color maps": {
            (one.kind, one.name): found for one in session.scene.shared_by_name() if (found := as_seen(one))
        },
        "time": session.time,
    }


def loop_callback(future: asyncio.Future[str]) -> Callable[[ServicesError], None]:
    loop = asyncio.get_running_loop()

    def told(error: ServicesError) -> None:
        loop.call_soon_threadsafe(future.set_result, str(error))

    return told


async def settled(*sessions: Session) -> None:
    """All have told the server what they changed, and then know what the others have told."""
    for _ in range(2):
        for session in sessions:
            await session.synced()


async def pixels(session: Session) -> dict[int, bytes]:
    return {one.id: bytes((await one.screenshot(format="rgb")).data) for one in session.all_views()}


def make_scene(session: Session) -> None:
    wavelet = session.sources.Wavelet()
    contour = session.filters.Contour(Input=wavelet, ContourBy=("POINTS", "RTData"), Isosurfaces=[150.0])
    session.proxies.rename(contour, "skin")
    cut = session.filters.Slice(Input=wavelet, SliceType=session.objects.Plane(Origin=[0, 0, 3], Normal=[0, 0, 1]))
    view = session.views.RenderView(ViewSize=[80, 60], Background=[0.1, 0.2, 0.3])
    view.add_text("Title", FontSize=12)
    session.show(contour, view, Color=[1, 0, 0])
    session.show(cut, view, ColorBy=("POINTS", "RTData"))
    view.reset_camera("-Z")


def test_tokens_are_in_no_text_of_who_is_in_a_session() -> None:
    assert "secret" not in repr(Membership(1, "owner", 1, "secret"))


@in_loop
async def test_who_joins_finds_what_there_is(url: str) -> None:
    async with connect(url) as one:
        make_scene(one)
        before = await pixels(one)
        one.all_views()[0].rotate(0.1, 0.2)
        one.time = 0.0
        await one.synced()  # what is still on its way is told later
        async with connect(url, session=one.token) as other:
            assert (one.role, other.role, one.client, other.client) == ("owner", "owner", 1, 2)
            assert shape(other)["proxies"] == shape(one)["proxies"] and shape(other)["tree"] == shape(one)["tree"]
            assert shape(other)["shown"] == shape(one)["shown"] and other.time == 0.0
            skin = other.proxies.find_source("skin")
            assert skin is not None and skin.Isosurfaces == [150.0]
            turned = await pixels(one)
            assert await pixels(other) == turned != before
            assert other.all_views()[0].texts[0].Text == "Title"
            assert await other.all_views()[0].camera() == await one.all_views()[0].camera()
            made = other.sources.Sphere()
            assert made.id > 2**32 > skin.id


@in_loop
async def test_each_sees_what_the_other_changes(url: str) -> None:
    async with two(url) as (one, other):
        make_scene(one)
        await settled(one, other)
        assert shape(one) == shape(other)
        told: list[RemoteChange] = []
        one.on_change(told.append)
        skin, view = other.proxies.find_source("skin"), other.all_views()[0]
        assert skin is not None
        skin.Isosurfaces = [120.0, 180.0]
        view.Background = [1, 1, 1]
        view.texts[0].Text = "Other"
        other.all_representations()[0].Opacity = 0.5
        other.proxies.rename(skin, "hull")
        other.filters.Shrink(Input=skin, ShrinkFactor=0.7)
        other.time = 1.0
        await settled(other, one)
        assert shape(one) == shape(other)
        mine = one.proxies.find_source("hull")
        assert mine is not None and mine.Isosurfaces == [120.0, 180.0]
        assert {change.by for change in told} == {2}
        assert any(mine in change.things for change in told if change.operation == "update")
        assert (await mine.update_pipeline()).number_of_cells == (await skin.update_pipeline()).number_of_cells
        assert await pixels(one) == await pixels(other)
        view.delete()
        other.delete(skin, dependents=True)
        await settled(other, one)
        assert shape(one) == shape(other) and one.proxies.find_source("hull") is None and not one.all_views()
        with pytest.raises(ValueError, match="was deleted by client 2"):
            await mine.update_pipeline()
        mine_before = one.undo.labels
        with pytest.raises(ValueError, match="was deleted by client 2"):
            one.undo.undo()
        assert one.undo.labels == mine_before


@in_loop
async def test_a_viewer_looks_and_changes_nothing(url: str) -> None:
    async with two(url, "viewer") as (one, viewer):
        make_scene(one)
        await settled(one, viewer)
        before = shape(viewer)
        skin, view, shown = viewer.proxies.find_source("skin"), viewer.all_views()[0], viewer.all_representations()[0]
        assert skin is not None
        for change in (
            lambda: setattr(skin, "Isosurfaces", [1.0]),
            lambda: setattr(view, "Background", [0, 0, 0]),
            lambda: setattr(shown, "Opacity", 0.1),
            lambda: setattr(viewer, "time", 1.0),
            lambda: view.rotate(0.1, 0.1),
            view.reset_camera,
            view.delete,
            shown.delete,
            viewer.sources.Sphere,
            viewer.views.RenderView,
            lambda: viewer.show(skin, view),
            lambda: viewer.delete(skin),
            lambda: viewer.proxies.rename(skin, "mine"),
            lambda: setattr(view.texts[0], "Text", "mine"),
        ):
            with pytest.raises(Refused, match="you are a viewer"):
                change()
        with pytest.raises((Refused, RemoteError), match="viewer"):
            await viewer.save_data("/tmp/never.vtp", skin)
        with pytest.raises((Refused, RemoteError), match="only owners"):
            await viewer.invite("editor")
        with pytest.raises((Refused, RemoteError), match="looks on"):
            await viewer.restart()
        assert shape(viewer) == before == shape(one)
        assert (await skin.update_pipeline()).number_of_cells > 0
        assert (await skin.fetch()).number_of_points > 0
        assert await pixels(viewer) == await pixels(one)
        async with view.images() as images:
            assert (await anext(images)).width == 80


@in_loop
async def test_clients_see_each_other_and_who_leaves(url: str) -> None:
    async with connect(url) as one:
        stream = one.clients()
        assert [(who.client, who.role) for who in await anext(stream)] == [(1, "owner")]
        async with connect(url, session=await one.invite("viewer")):
            while len(now := await anext(stream)) < 2:
                pass
            assert [(who.client, who.role) for who in now] == [(1, "owner"), (2, "viewer")]
            assert now[1].software and now[1].since > 1e9
        while len(now := await anext(stream)) > 1:
            pass
        assert now[0].client == 1


@in_loop
async def test_wrong_tokens_are_refused_and_soon_cut(url: str) -> None:
    with pytest.raises(Refused, match="no such session"):
        await connect(url, session="x" * 32)
    async with connect(url) as one:
        token = one.token
    with pytest.raises(Refused, match="no such session"):
        await connect(url, session=token)
    with ServicesEngine("zmq", name="guesser") as engine:
        guesser = engine.endpoint("sessions", url, token=find_access(url).token)
        guesses = [guesser.send_request(Join(session=f"{number:032}").packet()) for number in range(8)]
        begun = time.monotonic()
        with pytest.raises((RemoteError, ServicesError)):
            await guesses[0]
        with pytest.raises(ServicesError, match="8 tokens in a row were wrong"):
            await guesses[-1]
        assert time.monotonic() - begun < scaled(5)
    with pytest.raises(ConfigurationError, match="APV_SERVER_URL"):
        await connect(session=token)


@in_loop
async def test_a_session_goes_on_without_who_opened_it(url: str) -> None:
    one = await connect(url)
    make_scene(one)
    await one.synced()
    async with connect(url, session=one.token) as other:
        await one.close()
        skin = other.proxies.find_source("skin")
        assert skin is not None and (await skin.update_pipeline()).number_of_cells > 0
        token = other.token
        told: list[ConnectionState] = []
        other.on_connection(told.append)
        async with connect(url, session=token) as third:
            third.on_connection(told.append)
            await third.end()
        await poll_async(lambda: told, what="that the session is lost")
        assert [(one.kind, one.reason) for one in told] == [("lost", ENDED_BY_OWNER)], "of who has not ended it"
        assert other.connection == told[0]
        with pytest.raises(ServicesError, match="one of its owners has ended it"):
            await skin.update_pipeline()
    with pytest.raises(Refused, match="no such session"):
        await connect(url, session=token)


@in_loop
async def test_it_ends_when_only_viewers_are_left(url: str) -> None:
    one = await connect(url)
    async with connect(url, session=await one.invite("viewer")) as viewer:
        await one.close()
        lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        viewer.data.add_close_callback(loop_callback(lost))
        assert "its last owner or editor has left" in await lost


@in_loop
async def test_each_sees_charts_of_all_kinds_that_the_other_makes(url: str) -> None:
    kinds = [name for name in KINDS_OF_VIEWS if name != "RenderView"]
    async with two(url) as (one, other):
        cut = one.filters.ExtractSubset(Input=one.sources.Wavelet(), VOI=[-10, 10, -10, 10, 0, 0])
        for kind in kinds:
            view = getattr(one.views, kind)(ViewSize=[120, 90])
            one.show(cut, view)
            if "LeftAxisLogScale" in view.scene_type.by_name:
                view.LeftAxisLogScale = True
        await settled(one, other)
        assert [view.kind for view in other.all_views()] == kinds
        assert [type(shown) for shown in other.all_representations()] == [
            type(shown) for shown in one.all_representations()
        ]
        assert shape(one) == shape(other)
        for mine, theirs in zip(one.all_views(), other.all_views(), strict=True):
            theirs.update(**{"ChartTitle": theirs.kind} if "ChartTitle" in theirs.scene_type.by_name else {})
            await settled(other, one)
            assert (mine.ChartTitle if "ChartTitle" in mine.scene_type.by_name else mine.kind) == mine.kind
            pictures = [(await view.screenshot(format="rgb")).pixels for view in (mine, theirs)]
            assert (pictures[0] == pictures[1]).all()
