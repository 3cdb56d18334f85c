"""Clients of one session that change the same things at once: in the end all have the same, and so does the server."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from typing import Any

import pytest

from servermanager import RemoteError, Session, connect
from servermanager.model.proxy import SourceProxy

from ..harness.apvtest import Server, in_loop
from .test_several_programs import pixels, settled, shape

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


async def at_random(seed: int, backend: str, steps: int) -> None:
    with Server(backend) as server:
        async with AsyncExitStack() as stack:
            first = await stack.enter_async_context(connect(server.url))
            token = await first.invite("editor")
            others = [await stack.enter_async_context(connect(server.url, session=token)) for _ in range(2)]
            everyone = [first, *others]
            chance = random.Random(seed)
            for number in range(steps):
                who = chance.choice(everyone)
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
    await settled(*sessions)
    await settled(*sessions)  # what was said again, since two had set it at once
    shapes = [shape(one) for one in sessions]
    for one in shapes:
        del one["tree"]  # each lists what it has made itself when it made it
    for one in shapes[1:]:
        different = differences(one, shapes[0])
        assert not different, f"seed {seed}, step {number}: {different}"


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


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(10, 30))
@in_loop
async def test_many_more_steps_at_random_end_with_the_same(seed: int) -> None:
    await at_random(seed, ("inproc", "zmq")[seed % 2], 400)
