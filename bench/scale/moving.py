"""Large surfaces while the camera moves: how many images there are, how soon the first, and the exact one at rest."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from servermanager import RenderViewProxy, connect

from ..reliability.figures import Figure, Measurement, at_least
from ..running.sample import percentile

SIDE: Final = 512
QUICK_SIDE: Final = 192
MOVING_S: Final = 2.0
TURNS: Final = 3
STEP_S: Final = 0.01
"""So often the camera is turned: more often than there can be images."""
EXACT_WITHIN_S: Final = 120.0
SIZE: Final = (800, 600)


@dataclass
class _Seen:
    """What a client has seen of a view."""

    arrived: list[float] = field(default_factory=list)
    still: asyncio.Event = field(default_factory=asyncio.Event)

    async def watch(self, view: RenderViewProxy) -> None:
        """Note the images of the view, until this is cancelled."""
        async with view.images() as images:
            async for image in images:
                self.arrived.append(time.monotonic())
                if image.still:
                    self.still.set()

    async def until_still(self) -> float:
        """Return how many seconds pass until there is an exact image."""
        began = time.monotonic()
        self.still.clear()
        async with asyncio.timeout(EXACT_WITHIN_S):
            await self.still.wait()
        return time.monotonic() - began


def measure_moving(quick: bool) -> Iterator[Figure]:
    """See MEASUREMENTS."""
    yield from asyncio.run(_moving(QUICK_SIDE if quick else SIDE))


async def _moving(side: int) -> list[Figure]:
    async with connect(backend="zmq") as session:
        wavelet = session.sources.Wavelet(WholeExtent=[0, side - 1] * 3)
        await wavelet.update_pipeline()
        view = session.views.RenderView(ViewSize=SIZE)
        seen = _Seen()
        watching = asyncio.create_task(seen.watch(view))
        try:
            await seen.until_still()  # of an empty view: the window is there
            began = time.monotonic()
            session.show(wavelet, view, ColorBy=("POINTS", "RTData"))
            rates, gaps, exact = [], [], []
            await view.ready()
            first_s = time.monotonic() - began
            for _ in range(TURNS):
                images = await _turn(view, seen)
                rates.append((len(images) - 1) / MOVING_S)
                gaps += [after - before for before, after in itertools.pairwise(images)]
                exact.append(await seen.until_still())
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
    cells = 6 * (side - 1) ** 2
    return [
        Figure(
            "images while the camera moves, worst of the turns", min(rates), "images/s", TURNS, at_least(8),
            f"{cells} quadrilaterals, first turn {rates[0]:.1f}",
        ),
        Figure("longest time between two of them", 1e3 * max(gaps), "ms", len(gaps), None, f"p90 {_ms(gaps)}"),
        Figure("shown to the first image of it", first_s, "s"),
        Figure("rest to exact image", max(exact), "s", TURNS),
    ]  # fmt: skip


def _ms(gaps: list[float]) -> str:
    return f"{1e3 * percentile(sorted(gaps), 90):.0f} ms"


async def _turn(view: RenderViewProxy, seen: _Seen) -> list[float]:
    """Turn the camera for a while; returns when images came meanwhile, with the time at which it began."""
    began = time.monotonic()
    while time.monotonic() < began + MOVING_S:
        view.rotate(0.01, 0.0)
        await asyncio.sleep(STEP_S)
    return [began, *(at for at in seen.arrived if began < at <= began + MOVING_S)]


MEASUREMENTS: Final = (
    Measurement(
        "large surface while moving",
        "The surface of a 512^3 image is shown, and the camera is turned without a pause, three times, with rests.",
        measure_moving,
    ),
)
