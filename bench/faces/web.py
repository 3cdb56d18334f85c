"""The web client in a real browser: how soon events are seen, and what filters and other browsers do to that."""

from __future__ import annotations

import asyncio
import math
import os
import signal
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise
from statistics import mean, median
from typing import TYPE_CHECKING, Final

import psutil

from ..reliability.figures import Figure, Measurement, at_least, at_most
from ..reliability.soak.holdings import at_rest, holdings
from ..running.sample import percentile
from .browser import chromium, drag, one_move, open_page
from .site import Site, Stalls, execute_for, long_filter, serving

if TYPE_CHECKING:
    from playwright.async_api import Page

MOVES: Final = 40
TRIES: Final = 20
LEAST_REST_S: Final = 0.15
RENDERS: Final = 3.0
"""A view rests when no picture has come for so long, and so many drawings longer."""
DRAG_S: Final = 5.0
SLICE_S: Final = 1.0
"""For so long it is dragged at a time while a filter runs, which ends when it ends."""
STALLED_S: Final = 10.0
QUICK: Final = 0.25
WEB_SERVER: Final = "web server"
MB: Final = 1e6


def _measured(found: list[Figure]) -> Iterator[Figure]:
    yield from found


def measure_events(quick: bool) -> Iterator[Figure]:
    """See MEASUREMENTS."""
    yield from _measured(asyncio.run(_events(QUICK if quick else 1.0)))


async def _events(scale: float) -> list[Figure]:
    async with serving() as site, chromium() as browser:
        page = await open_page(browser, site.link)
        await _held(page)
        idle = [await _beyond(site, page, at) for at in range(round(MOVES * scale))]
        contour = await long_filter(site.session())
        execution = asyncio.ensure_future(execute_for(contour))
        busy: list[float] = []
        while not execution.done():
            busy.append(await _beyond(site, page, len(busy)))
        await execution
    idle_s, busy_s = median(idle), median(busy)
    return [
        Figure("event to painted beyond Render(), idle, median", 1e3 * idle_s, "ms", len(idle), at_most(20)),
        Figure(
            "event to painted beyond Render(), idle, p90",
            1e3 * percentile(sorted(idle), 90),
            "ms",
            len(idle),
            at_most(40),
        ),
        Figure("the same while a 5 s filter runs, median, against idle", busy_s / idle_s, "x", len(busy), at_most(2)),
        Figure("the same while a 5 s filter runs, median", 1e3 * busy_s, "ms", len(busy)),
    ]


async def _held(page: Page) -> None:
    """Press, and move so far that a drag has begun."""
    await page.evaluate("window.apvFire('pointerdown', 200, 150)")
    await one_move(page, 215, 150)


async def _beyond(site: Site, page: Page, at: int) -> float:
    """Return how long an event took to be painted, without the time of the drawing.

    Where the next picture was of before the event, being drawn already, it is tried again.
    """
    for attempt in range(TRIES):
        await asyncio.sleep(0.03 + 0.007 * (at % 7))  # a person is not in step with the screen
        step = at + 1 + 0.1 * attempt
        last = site.feed().last
        rest_s = LEAST_REST_S if last is None else LEAST_REST_S + RENDERS * last.render_s
        seen = await one_move(page, 200 + 60 * math.sin(step), 150 + 40 * math.cos(step), rest_s=rest_s)
        last = site.feed().last
        if last is not None and last.sequence == seen.sequence and last.rendered - last.render_s >= seen.fired_s:
            return seen.painted_s - seen.fired_s - last.render_s
    raise RuntimeError(f"no picture of an event was told from others, {TRIES} times in turn")


def measure_filter(quick: bool) -> Iterator[Figure]:
    """See MEASUREMENTS."""
    yield from _measured(asyncio.run(_beside_a_filter(QUICK if quick else 1.0)))


async def _beside_a_filter(scale: float) -> list[Figure]:
    async with serving() as site, chromium() as browser:
        page = await open_page(browser, site.link)
        await drag(page, 1.0)
        contour = await long_filter(site.session())
        async with Stalls() as stalls:
            idle = _rate(await drag(page, DRAG_S * scale))
        execution = asyncio.ensure_future(execute_for(contour))
        rates = []
        while not execution.done():
            rates.append(_rate(await drag(page, SLICE_S)))
        await execution
    late, busy = sorted(stalls.late_s), mean(rates)
    note = f"{busy:.1f} of {idle:.1f} pictures/s"
    return [
        Figure("pictures painted while a filter runs, against idle", busy / idle, "x", len(rates), at_least(0.6), note),
        Figure(
            "stalls of the web server's loop while dragging, p99",
            1e3 * percentile(late, 99),
            "ms",
            len(late),
            at_most(20),
        ),
    ]


def _rate(painted_ms: list[float]) -> float:
    """Return how many pictures a second were painted."""
    if len(painted_ms) < 2:
        return 0.0
    return 1e3 * (len(painted_ms) - 1) / (painted_ms[-1] - painted_ms[0])


def measure_stalled(quick: bool) -> Iterator[Figure]:
    """See MEASUREMENTS."""
    yield from _measured(asyncio.run(_one_that_stops(QUICK if quick else 1.0)))


async def _one_that_stops(scale: float) -> list[Figure]:
    seconds = STALLED_S * scale
    async with serving() as site, chromium() as browser, chromium() as other:
        one, two = await open_page(browser, site.link), await open_page(browser, site.link)
        await open_page(other, site.link)
        rates = []
        grown = []
        for stops in (False, True, False, True):
            async with _stopped_browser(stops), _turning(site, 2):
                before = _memory()
                painted = await asyncio.gather(drag(one, seconds), drag(two, seconds))
                grown.append(max(0, _memory() - before))  # it is given back at any time
                rates.append(sum(map(_rate, painted)))
    reading, stopped = rates[0] + rates[2], rates[1] + rates[3]
    return [
        Figure("pictures of the others, against those while it reads", stopped / reading, "x", 2, at_least(0.95)),
        Figure("growth of the memory of web server and workers", max(grown[1], grown[3]) / MB, "MB", 2, at_most(20)),
    ]


@asynccontextmanager
async def _stopped_browser(stops: bool) -> AsyncIterator[None]:
    """Stop the processes of the browser that was started last meanwhile."""
    processes = _processes_of_the_last() if stops else []
    for one in processes:
        os.kill(one.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for one in processes:
            os.kill(one.pid, signal.SIGCONT)


def _processes_of_the_last() -> list[psutil.Process]:
    """Return the processes of the browser that was started last: those below this program with the newest main one."""
    found = [one for one in psutil.Process().children(recursive=True) if "chrom" in one.name()]
    mains = [one for one in found if "--type=" not in " ".join(one.cmdline())]
    newest = max(mains, key=lambda one: one.create_time())
    return [newest, *newest.children(recursive=True)]


@asynccontextmanager
async def _turning(site: Site, page: int) -> AsyncIterator[None]:
    """Have the view of a page turned 20 times a second."""

    async def turn() -> None:
        while True:
            site.view(page).rotate(0.01, 0.0)
            await asyncio.sleep(0.05)

    task = asyncio.create_task(turn())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _memory() -> int:
    """Return what this program, which has the web server, and the workers have in memory, without files."""
    return sum(holdings(one).own_bytes for one in _web_server_and_workers().values())


def measure_memory(quick: bool) -> Iterator[Figure]:
    """See MEASUREMENTS."""
    yield from _measured(asyncio.run(_memory_of_browsers(2 if quick else 5)))


async def _memory_of_browsers(count: int) -> list[Figure]:
    async with serving() as site, chromium() as browser:
        own, total = [], []
        for _ in range(1 + count):  # what the first brings is there for all
            await open_page(browser, site.link)
            held = await at_rest(_web_server_and_workers)
            own.append(held[WEB_SERVER].own_bytes)
            total.append(sum(one.own_bytes for one in held.values()))
    return [
        Figure("web server, for a further browser", _step(own) / MB, "MB", count),
        Figure("with the worker of its session", _step(total) / MB, "MB", count),
    ]


def _web_server_and_workers() -> dict[str, psutil.Process]:
    """Return this program, which has the web server, and the workers, by name."""
    me = psutil.Process()
    workers = [one for one in me.children(recursive=True) if "apvserver" in " ".join(one.cmdline())]
    return {WEB_SERVER: me} | {f"worker {one.pid}": one for one in workers}


def _step(sizes: Sequence[int]) -> float:
    """Return by how much each is usually larger than the one before."""
    return median(after - before for before, after in pairwise(sizes))


MEASUREMENTS: Final = (
    Measurement(
        "events in the browser",
        "A pointer that is held moves, and the next picture is painted: how long, without the drawing itself.",
        measure_events,
    ),
    Measurement(
        "web: pictures while a filter runs",
        "A view is dragged without a pause, idle and while a filter executes; and how late the web server's loop is.",
        measure_filter,
    ),
    Measurement(
        "one browser that stops reading",
        "Of three browsers one is stopped, while the views of all are turned: what the two others still paint.",
        measure_stalled,
    ),
    Measurement(
        "memory of browsers",
        "Further browsers open the page: what that takes on the server at rest, without files that are mapped.",
        measure_memory,
    ),
)
