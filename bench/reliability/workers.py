"""Workers: how soon a client has its first picture, what sessions take of the memory, what a kill costs."""

from __future__ import annotations

import asyncio
import itertools
import random
import re
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Final

import psutil

from servermanager import RemoteError, RenderViewProxy, ServiceCrashed, Session, SourceProxy, connect

from .figures import Absent, Figure, Measurement, at_most
from .own_server import own_server

FIRST_PICTURE_S: Final = 0.35
SESSIONS: Final = 20
NEXT_CALL_S: Final = 3.0
LONGEST_GAP_S: Final = 0.5
KILLS_OF_A_SESSION: Final = 4
"""Five within a minute are the end of one."""

COLD: Final = ("--worker-start", "spawn", "--spare-workers", "0")
BETWEEN_S: Final = 2.5
"""For so long a server has nothing to do before the next client comes: the next spare is there by then."""

LINUX: Final = "memory that processes share is told by Linux only"


async def _first_picture(url: str) -> tuple[float, float]:
    """Return when a new client was connected, and when it had a picture, in seconds since it began."""
    begun = time.perf_counter()
    async with connect(url) as session:
        connected = time.perf_counter() - begun
        await _picture(session)
        return connected, time.perf_counter() - begun


async def _picture(session: Session) -> None:
    view = session.views.RenderView(ViewSize=[400, 300])
    session.show(session.sources.Sphere(), view)
    await view.screenshot()


async def _pictures(options: tuple[str, ...], many: int) -> list[tuple[float, float]]:
    async with own_server(*options) as server:
        await asyncio.sleep(BETWEEN_S)
        await _first_picture(server.url)  # of this program: it imports what a client needs
        found = []
        for _ in range(many):
            await asyncio.sleep(BETWEEN_S)
            found.append(await _first_picture(server.url))
        return found


def opening(quick: bool) -> Iterator[Figure]:
    """Yield how long clients wait who come one after the other."""
    many = 3 if quick else 10
    for name, options, target in (("warm", (), at_most(FIRST_PICTURE_S)), ("spawned, no spare", COLD, None)):
        found = asyncio.run(_pictures(options, many))
        yield Figure(f"{name}: connected", statistics.median(one for one, _ in found), "s", many)
        pictures = [one for _, one in found]
        best = f"quickest {min(pictures):.2f} s"
        yield Figure(f"{name}: first picture", statistics.median(pictures), "s", many, target, best)


async def _memory(options: tuple[str, ...], many: int) -> float:
    async with own_server(*options) as server, AsyncExitStack() as sessions:
        for _ in range(many):
            await _picture(await sessions.enter_async_context(connect(server.url)))
        return server.pss_bytes() / 1e6


def memory(quick: bool) -> Iterator[Figure]:
    """Yield what a server with many sessions takes, each with one picture made."""
    if sys.platform != "linux":
        raise Absent(LINUX)
    many = 5 if quick else SESSIONS
    spawned = asyncio.run(_memory(COLD, many))
    forked = asyncio.run(_memory((), many))
    yield Figure(f"{many} sessions, spawned", spawned, "MB")
    yield Figure(f"{many} sessions, forked, with the fork server and a spare", forked, "MB")
    target = None if quick else at_most(0.5)
    yield Figure("ratio", forked / spawned, "x", 1, target)


def kills(quick: bool) -> Iterator[Figure]:
    """Yield what sessions feel of workers that are killed at random moments."""
    many = 8 if quick else 100
    next_call, longest_gap = asyncio.run(_kill(many))
    yield Figure("next call, slowest", max(next_call), "s", many, at_most(NEXT_CALL_S))
    yield Figure("next call, median", statistics.median(next_call), "s", many)
    yield Figure("longest wait of another session", longest_gap, "s", many, at_most(LONGEST_GAP_S))


async def _kill(many: int) -> tuple[list[float], float]:
    chance = random.Random(many)
    took: list[float] = []
    async with own_server("--allow-python") as server, connect(server.url) as other:
        over = asyncio.Event()
        watching = asyncio.create_task(longest_wait(other, over))
        while len(took) < many:
            async with connect(server.url) as session:
                wanted = min(KILLS_OF_A_SESSION, many - len(took))
                took += [await _kill_once(session, chance) for _ in range(wanted)]
        over.set()
        return took, await watching


async def longest_wait(session: Session, over: asyncio.Event) -> float:
    """Return the longest that a session has waited for an update of its own, one after the other until it is over."""
    cone, longest = session.sources.Cone(), 0.0
    await cone.update_pipeline()
    while not over.is_set():
        cone.Height = 1.0 + time.monotonic() % 1.0
        begun = time.monotonic()
        await cone.update_pipeline()
        longest = max(longest, time.monotonic() - begun)
        await asyncio.sleep(0.02)
    return longest


async def _kill_once(session: Session, chance: random.Random) -> float:
    """Return how long it took from the kill to the answer to the next call that is not the one under way."""
    view = session.views.RenderView(ViewSize=[64, 64])
    contour = session.filters.Contour(Input=session.sources.Wavelet(), ContourBy=("POINTS", "RTData"))
    session.show(contour, view)
    await view.screenshot()
    worker = await _worker_of(session)
    working = asyncio.create_task(_work(contour, view))
    await asyncio.sleep(chance.random() * 0.3)
    worker.kill()
    begun = time.monotonic()
    while True:
        contour.Isosurfaces = [157.0]
        try:
            await contour.update_pipeline()
            break
        except ServiceCrashed:
            continue  # it was under way
    took = time.monotonic() - begun
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    view.delete()
    session.delete(contour)
    return took


async def _worker_of(session: Session) -> psutil.Process:
    """Return the process of a session, whose number a script there tells."""
    script = "import os; raise RuntimeError(f'process {os.getpid()} tells')"
    teller = session.filters.ProgrammableFilter(Input=session.sources.Sphere(), Script=script)
    try:
        await teller.update_pipeline()
    except RemoteError as error:
        found = re.search(r"process ([0-9]+) tells", error.message)
        if found is None:
            raise
        return psutil.Process(int(found[1]))
    finally:
        session.delete(teller, dependents=True)
    raise RuntimeError("the script was not executed")


async def _work(contour: SourceProxy, view: RenderViewProxy) -> None:
    for value in itertools.cycle((150.0, 160.0, 170.0)):
        contour.Isosurfaces = [value]
        await contour.update_pipeline()
        await view.screenshot()


MEASUREMENTS: Final = (
    Measurement("workers, opening", "Clients come one after the other; how long each waits for a picture.", opening),
    Measurement("workers, memory", "Sessions with a picture each; the memory of the server's processes.", memory),
    Measurement("workers, kills", "A worker is killed at work; when the next call works, who else waits.", kills),
)
