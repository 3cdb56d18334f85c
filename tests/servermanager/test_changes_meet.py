"""Clients of one session that change the same things at once: in the end all have the same, and so does the server."""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from typing import Any

import pytest

from servermanager import RemoteError, ServicesError, Session, connect
from servermanager.model.proxy import SourceProxy
from services_core import ConnectionLost, ServiceEndpoint

from ..harness.apvtest import Server, in_loop
from ..harness.time_limits import scaled
from .test_several_programs import loop_callback, make_scene, pixels, settled, shape

Step = Callable[[random.Random, Session], object]


def _any_source(chance: random.Random, session: Session) -> SourceProxy | None:
    sources = session.proxies.sources()
    return chance.choice(sources) if sources else None


def make(chance: random.Random, session: Session) -> None:
    source = _any_source(chance, session)
    if source is None or chance.random() < 0.4:
        session.sources.Sphere(ThetaResolution=chance.randint(3, 9))
    else:
        session.filters.Shrink(Input=source, ShrinkFactor=0.5)


def change(chance: random.Random, session: Session) -> None:
    source = _any_source(chance, session)
    if source is not None:
        name, value = (
            ("ShrinkFactor", chance.random()) if source.type_name == "Shrink" else ("Radius", chance.random() + 0.5)
        )
        if chance.random() < 0.1 and name in source.set_values():
            delattr(source, name)
        else:
            setattr(source, name, value)


def reconnect(chance: random.Random, session: Session) -> None:
    source, other = _any_source(chance, session), _any_source(chance, session)
    if source is not None and other is not None and source.type_name == "Shrink":
        with suppress(ValueError):  # it would depend on itself
            source.Input = other


def delete(chance: random.Random, session: Session) -> None:
    source = _any_source(chance, session)
    if source is not None and len(session.proxies) > 4:
        session.delete(source, dependents=True)


def rename(chance: random.Random, session: Session) -> None:
    source, name = _any_source(chance, session), chance.choice(["a", "b", "c"])
    if source is not None and session.proxies.name_is_free(name):
        session.proxies.rename(source, name)


def look(chance: random.Random, session: Session) -> None:
    views, source = session.all_views(), _any_source(chance, session)
    if not views or (len(views) < 3 and chance.random() < 0.1):
        session.views.RenderView(ViewSize=[60, 40])
    elif source is not None and chance.random() < 0.5:
        session.show(source, chance.choice(views), Opacity=chance.random())
    elif shown := session.all_representations():
        one = chance.choice(shown)
        if chance.random() < 0.5:
            one.delete()
        else:
            one.Color = [chance.random(), 0.5, 0.5]


def repaint(chance: random.Random, session: Session) -> None:
    for view in session.all_views()[:1]:
        view.Background = [chance.random(), 0.0, 0.0]
    for shown in session.all_representations()[:2]:
        shown.ColorBy = chance.choice([None, ("POINTS", "Normals")])
        shown.Representation = chance.choice(["Surface", "Wireframe"])


def go_in_time(chance: random.Random, session: Session) -> None:
    session.time = float(chance.randint(0, 3))


def undo(chance: random.Random, session: Session) -> None:
    with suppress(ValueError):  # another has deleted it
        session.undo.undo() if chance.random() < 0.7 else session.undo.redo()


STEPS: list[Step] = [make, change, change, change, reconnect, delete, rename, look, look, repaint, go_in_time, undo]


async def at_random(seed: int, backend: str, steps: int, kill_at: int | None = None) -> None:
    with Server(backend) as server:
        async with AsyncExitStack() as stack:
            first = await stack.enter_async_context(connect(server.url))
            token = await first.invite("editor")
            others = [await stack.enter_async_context(connect(server.url, session=token)) for _ in range(2)]
            everyone = [first, *others]
            chance = random.Random(seed)
            for number in range(steps):
                who = chance.choice(everyone)
                if number == kill_at:
                    for worker in server.workers():
                        worker.kill()
                with suppress(*([] if kill_at is None else [ServicesError])):
                    chance.choice(STEPS)(chance, who)
                    if chance.random() < 0.5:
                        who.update_vtk_objects()
                    if chance.random() < 0.1:
                        await who.synced()
                if number % 40 == 39:
                    await _are_equal(everyone, seed, number)
            late = await stack.enter_async_context(connect(server.url, session=token))
            await _are_equal([*everyone, late], seed, steps)
            shown = [await _seen(one) for one in everyone]
            assert shown[0] == shown[1] == shown[2], f"seed {seed}: {shown}"


async def _are_equal(sessions: list[Session], seed: int, number: int) -> None:
    await settled_again(*sessions)
    await settled(*sessions)  # what was said again, since two had set it at once
    shapes = [shape(one) for one in sessions]
    for one in shapes[1:]:
        different = differences(one, shapes[0])
        assert not different, f"seed {seed}, step {number}: {different}"


async def settled_again(*sessions: Session) -> None:
    """As `settled`, also where a worker has died: what was under way is told so, once or twice for each."""
    for _ in range(4 * len(sessions)):
        with suppress(ServicesError):
            await settled(*sessions)
            return
    await settled(*sessions)


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[Any]:
    found: list[Any] = []
    for key in one:
        if isinstance(one[key], dict):
            ids = one[key].keys() | other[key].keys()
            found += [
                (key, id_, mine, theirs)
                for id_ in ids
                if (mine := one[key].get(id_)) != (theirs := other[key].get(id_))
            ]
        elif one[key] != other[key]:
            found.append((key, one[key], other[key]))
    return found


async def _seen(session: Session) -> dict[int, str] | str:
    try:
        return {id_: hashlib.sha256(one).hexdigest()[:8] for id_, one in (await pixels(session)).items()}
    except RemoteError as error:
        return error.message


@pytest.mark.parametrize("seed", [1, 2])
@in_loop
async def test_three_clients_at_random_end_with_the_same(seed: int) -> None:
    await at_random(seed, "inproc", 120)


@in_loop
async def test_three_clients_at_random_end_with_the_same_after_a_death() -> None:
    await at_random(3, "zmq", 100, kill_at=50)


@pytest.mark.parametrize("first", [0, 1])
@in_loop
async def test_what_one_alone_knew_of_when_the_worker_died_all_know_then(
    first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody was told what another did last; who comes second to the new worker missed what the first told it."""
    with Server("zmq") as server:
        async with connect(server.url) as one, connect(server.url, session=one.token) as other:
            make_scene(one)
            ball = one.sources.Sphere()
            one.show(ball, one.all_views()[0])
            await settled(one, other)
            (worker,) = server.workers()
            worker.suspend()  # it takes what it is told, and tells nobody
            one.delete(ball)
            del one.all_views()[0].Background
            mine, yours = one.sources.Cone(Radius=0.7), other.sources.Wavelet()
            one.show(mine, one.all_views()[0], Color=[0, 1, 0])
            other.all_views()[0].texts[0].Text = "Changed"
            other.show(other.filters.Shrink(Input=yours), other.all_views()[0])
            everyone = [one, other]
            for session in everyone:
                session.update_vtk_objects()
            early, late = everyone[first], everyone[1 - first]
            with monkeypatch.context() as patch:
                patch.setattr(late.scene.connection, "_go_on", lambda: None)
                worker.kill()
                await settled_again(early)
            await settled_again(*everyone)
            async with connect(server.url, session=one.token) as fresh:
                await settled(one, other, fresh)
                assert differences(shape(one), shape(other)) == differences(shape(one), shape(fresh)) == []
                assert {mine.id, yours.id} <= {proxy.id for proxy in fresh.proxies}
                pictures = [await pixels(each) for each in (one, other, fresh)]
                assert pictures[0] == pictures[1] == pictures[2]


@contextmanager
def _not_looking(session: Session) -> Iterator[None]:
    """It does not go on by itself when its worker has died, but when it needs the connection."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session.scene.connection, "_look", lambda: None)
        yield


async def _killed(server: Server, *ended: ServiceEndpoint) -> None:
    """Kill the worker, and wait until these have ended."""
    told: list[asyncio.Future[str]] = [asyncio.get_running_loop().create_future() for _ in ended]
    for endpoint, future in zip(ended, told, strict=True):
        endpoint.add_close_callback(loop_callback(future))
    (worker,) = server.workers()
    worker.kill()
    await asyncio.wait_for(asyncio.gather(*told), scaled(10.0))


@in_loop
async def test_what_was_set_just_when_the_worker_had_died_is_told_once() -> None:
    """It had been made to be told to the former worker, and followed, with an older number, what tells the next all."""
    with Server("zmq") as server:
        async with connect(server.url) as one, connect(server.url, session=one.token) as other:
            view = one.views.RenderView(ViewSize=[60, 40], Background=[0.1, 0.0, 0.0])
            ball = one.sources.Sphere()
            await settled(one, other)
            with _not_looking(one):
                await _killed(server, one.data, one.render)
                await settled_again(other)  # or it may tell after this what things were called before
                view.Background = [0.2, 0.0, 0.0]  # the first that needs the connection
            made = one.views.RenderView(ViewSize=[60, 40])
            one.proxies.rename(ball, "ball")
            one.time = 2.0
            await settled_again(one, other)
            other.all_views()[0].Background = [0.3, 0.0, 0.0]
            theirs = other.proxies.find_source("ball")
            assert theirs is not None
            other.proxies.rename(theirs, "globe")
            other.time = 3.0
            await settled(other, one)
            assert list(view.Background) == [0.3, 0.0, 0.0] and one.time == 3.0
            assert made.id in {each.id for each in other.all_views()}
            assert differences(shape(one), shape(other)) == []


@in_loop
async def test_what_is_shown_just_when_the_worker_had_died_is_shown() -> None:
    """What was not of the scene yet was not told to the next worker, and then never."""
    with Server("zmq") as server:
        async with connect(server.url) as one, connect(server.url, session=one.token) as other:
            ball, view = one.sources.Sphere(), one.views.RenderView(ViewSize=[60, 40])
            await settled(one, other)
            with _not_looking(one):
                await _killed(server, one.data, one.render)
                shown = one.show(ball, view)
            await settled_again(one, other)
            assert [each.id for each in other.all_representations()] == [shown.id]
            assert await pixels(one) == await pixels(other)


@contextmanager
def _held(session: Session) -> Iterator[None]:
    """What others change is told, and not taken over before this ends."""
    held: list[tuple[Any, ...]] = []
    following = session._following  # noqa: SLF001
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(following, "_apply", lambda *told: held.append(told))
        yield
    for told in held:
        following._apply(*told)  # noqa: SLF001


@in_loop
async def test_what_two_delete_and_one_makes_again_both_have() -> None:
    with Server("inproc") as server:
        async with connect(server.url) as one, connect(server.url, session=one.token) as other:
            ball = one.sources.Sphere(Radius=2.0)
            await settled(one, other)
            with _held(one):
                other.delete(*other.proxies.sources())
                await other.synced()
                one.delete(ball)
                one.undo.undo()
                await one.synced()
            await settled(one, other)
            assert [each.id for each in one.proxies] == [each.id for each in other.proxies] == [ball.id]
            assert differences(shape(one), shape(other)) == []
            assert (await ball.update_pipeline()).number_of_points > 0


@in_loop
async def test_two_that_are_connected_with_each_other_are_connected_one_way_for_both() -> None:
    """Who was refused did not take over what the other had connected, which would have made a circle just then."""
    with Server("inproc") as server:
        async with connect(server.url) as one, connect(server.url, session=one.token) as other:
            ball = one.sources.Sphere()
            first, second = one.filters.Shrink(Input=ball), one.filters.Shrink(Input=ball)
            await settled(one, other)
            with _held(one):
                theirs = {each.id: each for each in other.proxies.sources()}
                theirs[first.id].Input = theirs[second.id]
                await other.synced()
                second.Input = first
                await one.synced()
            await settled(one, other)
            assert [port.proxy for port in first.inputs()["Input"]] == [second]
            assert [port.proxy for port in second.inputs()["Input"]] == [ball]
            assert differences(shape(one), shape(other)) == []


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(30, 42))
@in_loop
async def test_many_more_steps_at_random_end_with_the_same_after_a_death(seed: int) -> None:
    await at_random(seed, "zmq", 200, kill_at=20 + 15 * (seed - 30))


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(10, 30))
@in_loop
async def test_many_more_steps_at_random_end_with_the_same(seed: int) -> None:
    await at_random(seed, ("inproc", "zmq")[seed % 2], 400)


@in_loop
async def test_a_name_that_the_server_gives_to_another_leaves_both_with_one() -> None:
    async with connect() as session:
        first, second = session.sources.Sphere(), session.sources.Sphere()
        session.proxies.rename(first, "Sphere3")
        session.proxies.take_name(second, "Sphere3")  # which is also what would be given next
        assert [session.proxies.name(one) for one in (first, second)] == ["Sphere4", "Sphere3"]


@in_loop
async def test_who_could_not_take_a_change_over_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has not what the others have, which must not go unnoticed."""
    with Server("inproc") as server:
        async with connect(server.url) as one, connect(server.url, session=one.token) as other:
            await settled(one, other)

            def refuse(*_: object, **__: object) -> None:
                raise RuntimeError("no room")

            monkeypatch.setattr(other.proxies, "register_told", refuse)
            one.sources.Sphere()
            one.update_vtk_objects()
            await one.synced()
            with pytest.raises(ConnectionLost, match=r"client 1 \(update\) could not be taken over here: no room"):
                await other.synced()
