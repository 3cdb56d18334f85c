"""A day of a server in short: sessions, requests in either direction and pipelines; what is held stays the same."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import psutil

from servermanager import RenderViewProxy, Session, connect
from services_core import ServiceEndpoint

from ...running.chatter import NAME
from ..figures import Absent, Figure, Measurement, at_least, at_most
from ..own_server import OwnServer, modules_path, own_server
from .holdings import MB, Holdings, at_rest

CLIENT: Final = "client"
PARTS: Final = 10
AT_ONCE: Final = 3
"""So many sessions come and go at the same time, beside the one that lasts."""
STEADY: Final = 2
"""After so many parts there is what is kept for later."""
GROWTH: Final = 5.0
"""Most by which anything may grow from then to the end, in percent."""

OPTIONS: Final[Mapping[str, tuple[str, ...]]] = {"zmq": ("--spare-workers", "1"), "inproc": ()}
"""Backends, and what an apvserver is told beside: none keeps a spare by itself that has services of its own."""


class Wrong(Exception):
    """Something else came than was asked for."""


@dataclass(frozen=True, slots=True)
class Amount:
    """What is done in all. Half of the requests and pipelines in one session that lasts, half in those that end."""

    sessions: int
    requests: int
    """In each direction."""
    pipelines: int

    def part(self, number: int, parts: int) -> Amount:
        """Return one of several equal parts; what is left over is spread over them."""
        whole = (self.sessions, self.requests, self.pipelines)
        return Amount(*(total * (number + 1) // parts - total * number // parts for total in whole))


DAY: Final = Amount(3000, 100_000, 10_000)
LOOK: Final = Amount(60, 2000, 200)


@dataclass(frozen=True, slots=True)
class Used:
    """A session, and what it is used by."""

    session: Session
    endpoint: ServiceEndpoint
    view: RenderViewProxy


@asynccontextmanager
async def used(url: str) -> AsyncIterator[Used]:
    """Open a session."""
    async with connect(url) as session:
        view = session.views.RenderView(ViewSize=[64, 48], StillSamples=1)
        yield Used(session, session.endpoint(NAME), view)


async def shown(by: Used) -> None:
    """Make a pipeline, look at it, and delete it."""
    sphere = by.session.sources.Sphere(ThetaResolution=16)
    by.session.show(by.session.filters.Clip(Input=sphere), by.view)
    red = (await by.view.screenshot()).pixels[..., 0]
    if red.min() == red.max():
        raise Wrong("a picture of a sphere is empty")
    by.session.delete(sphere, dependents=True)


async def fetched(by: Used) -> None:
    """Make a pipeline, fetch what comes of it, and delete it."""
    wavelet = by.session.sources.Wavelet(WholeExtent=[-5, 5] * 3)
    mesh = await by.session.filters.Contour(Input=wavelet, Isosurfaces=[157.0]).fetch()
    if not mesh.number_of_points:
        raise Wrong("a contour has no points")
    by.session.delete(wavelet, dependents=True)


async def executed(by: Used) -> None:
    """Make a pipeline, execute it twice, and delete it."""
    sphere = by.session.sources.SphereSource(PhiResolution=8)
    elevation = by.session.filters.Elevation(Input=sphere)
    for number in (8, 9):
        sphere.ThetaResolution = number
        information = await elevation.update_pipeline()
        if information.number_of_points != 2 + number * 6:
            raise Wrong(f"a sphere of {number} by 8 has {information.number_of_points} points")
    by.session.delete(sphere, dependents=True)


PIPELINES: Final = (shown, fetched, executed)


@dataclass(slots=True)
class Done:
    """What was done so far, each thing with the answer that it was to have."""

    sessions: int = 0
    requests: int = 0
    items: int = 0
    pipelines: int = 0

    async def use(self, by: Used, amount: Amount) -> None:
        """Use a session for so many requests, items of a stream, and pipelines."""
        for number in range(amount.requests):
            if (await by.endpoint.send_request(number, [b"asked"])).header != number:
                raise Wrong(f"the answer to request {number} is that to another")
            self.requests += 1
        expected = iter(range(amount.requests))
        async for item in by.endpoint.subscribe(amount.requests):
            if item.header != next(expected, None):
                raise Wrong(f"item {item.header} of a stream is out of its order")
            self.items += 1
        for _ in range(amount.pipelines):
            await PIPELINES[self.pipelines % len(PIPELINES)](by)
            self.pipelines += 1

    async def come_and_go(self, url: str, amount: Amount) -> None:
        """Use sessions, `AT_ONCE` at a time, each for its part."""
        parts = iter([amount.part(number, amount.sessions) for number in range(amount.sessions)])

        async def one_after_the_other() -> None:
            for part in parts:
                async with used(url) as by:
                    await self.use(by, part)
                self.sessions += 1

        await asyncio.gather(*(one_after_the_other() for _ in range(AT_ONCE)))


Tell = Callable[[str, int, Mapping[str, Holdings]], object]
"""Is told of a backend, a part of its soak, and what each process holds at rest after that."""


async def soak(
    backend: str, amount: Amount, tell: Tell, *, parts: int = PARTS
) -> tuple[Done, list[Mapping[str, Holdings]]]:
    """Return what was done, and what each process held after each of so many parts."""
    await begin_threads()
    done, held = Done(), list[Mapping[str, Holdings]]()
    options = ("--backend", backend, "--service", "bench.running.chatter:Chatter", *OPTIONS[backend])
    async with own_server(*options, PYTHONPATH=modules_path()) as server, used(server.url) as lasting:
        for number in range(parts):
            part = amount.part(number, parts)
            staying, leaving = (
                Amount(part.sessions, *(total // 2 for total in (part.requests, part.pipelines))),
                Amount(part.sessions, *(total - total // 2 for total in (part.requests, part.pipelines))),
            )
            await asyncio.gather(done.use(lasting, staying), done.come_and_go(server.url, leaving))
            held.append(await at_rest(lambda: processes_of(server), held[-1] if held else None))
            tell(backend, number, held[-1])
    return done, held


async def begin_threads() -> None:
    """Begin all threads that this loop lends its callers: they would come one by one, and stay."""
    loop, all_there = asyncio.get_running_loop(), threading.Barrier(AT_ONCE)
    loop.set_default_executor(ThreadPoolExecutor(AT_ONCE))
    await asyncio.gather(*(loop.run_in_executor(None, all_there.wait) for _ in range(AT_ONCE)))


def processes_of(server: OwnServer) -> dict[str, psutil.Process]:
    """Return this process, the client's, and those of the server, by names that mean the same at all times."""
    front, *below = server.processes()
    found = {CLIENT: psutil.Process(), "server": front}
    workers = (name for name in ("worker", *(f"spare {number}" for number in range(1, 100))))
    for process in sorted(below, key=psutil.Process.create_time):
        forks = any(part.endswith("workers.forking") for part in process.cmdline())
        found["fork server" if forks else next(workers)] = process
    return found


@dataclass(frozen=True, slots=True)
class Growth:
    """What grew most of one kind of holdings, as one process holds it."""

    percent: float
    process: str
    before: float
    after: float

    def __str__(self) -> str:
        return f"{self.process}: {self.before:.4g}, then {self.after:.4g}"


KINDS: Final[Mapping[str, Callable[[Holdings], float]]] = {
    "memory": lambda held: held.own_bytes / MB,
    "descriptors": lambda held: held.descriptors,
    "threads": lambda held: held.threads,
}


def growth(kind: str, before: Mapping[str, Holdings], after: Mapping[str, Holdings]) -> Growth:
    """Return which process grew most; one that is gone has not, one that came has."""
    measure = KINDS[kind]
    grown = []
    for name, held in after.items():
        now, then = measure(held), measure(before[name]) if name in before else 0.0
        grown.append(Growth(100.0 * (now - then) / then if then else 100.0, name, then, now))
    return max(grown, key=lambda one: one.percent)


def figures(backend: str, amount: Amount, done: Done, held: Sequence[Mapping[str, Holdings]]) -> Iterator[Figure]:
    """Yield what was done, and what grew from the first steady part to the end."""
    counted = {
        "sessions opened, used and closed": (done.sessions, amount.sessions),
        "requests answered": (done.requests, amount.requests),
        "items of streams that came": (done.items, amount.requests),
        "pipelines made, executed and deleted": (done.pipelines, amount.pipelines),
    }
    for name, (count, wanted) in counted.items():
        yield Figure(f"{backend}: {name}", count, "", wanted, at_least(wanted))
    steady, end = held[STEADY - 1], held[-1]
    for whose, mine in (("client", [CLIENT]), ("server", [name for name in end if name != CLIENT])):
        for kind in KINDS:
            before, after = ({name: one[name] for name in mine if name in one} for one in (steady, end))
            grown = growth(kind, before, after)
            label = f"{backend}: {kind} of the {whose}, growth"
            yield Figure(label, grown.percent, "%", PARTS - STEADY, at_most(GROWTH), str(grown))


def told(backend: str, number: int, held: Mapping[str, Holdings]) -> None:
    """Print what each process holds."""
    each = (f"{name} {one.own_bytes / MB:.1f} MB {one.descriptors} {one.threads}" for name, one in held.items())
    print(f"{backend}, part {number + 1} of {PARTS}: {'; '.join(each)}", flush=True)


def soaks(quick: bool) -> Iterator[Figure]:
    """Yield what was done, and by how much it let grow what client and server hold."""
    if sys.platform != "linux":
        raise Absent("what a process holds is told by Linux only")
    amount = LOOK if quick else DAY
    for backend in OPTIONS:
        done, held = asyncio.run(soak(backend, amount, told))
        yield from figures(backend, amount, done, held)


MEASUREMENTS: Final = (
    Measurement(
        "soak",
        "A day in short: sessions, requests in either direction, pipelines; by how much what is held grows.",
        soaks,
    ),
)
