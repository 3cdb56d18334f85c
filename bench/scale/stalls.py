"""How long the client's loop stands still while large data is opened, shown, picked and selected, all in one process.

Built in over inproc the services are threads beside the client's loop: whatever keeps Python's lock stops it.
"""

from __future__ import annotations

import asyncio
import gc
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import numpy as np

from servermanager import RenderViewProxy, Session, connect

from ..reliability.figures import Figure, Measurement, at_most

TICK_S: Final = 0.001
MS: Final = 1000.0
SIZE: Final = (800, 600)
TURNS: Final = 5


class LoopWatch:
    """Sees how long the loop that it is made in does not come to it."""

    def __init__(self) -> None:
        self.longest_s = 0.0
        self._task = asyncio.ensure_future(self._run())

    async def _run(self) -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(TICK_S)
            now = time.perf_counter()
            self.longest_s, last = max(self.longest_s, now - last - TICK_S), now

    async def end(self) -> float:
        """Return the longest time that it stood still, in seconds."""
        await asyncio.sleep(TICK_S)
        self._task.cancel()
        await asyncio.wait([self._task])
        return self.longest_s


@asynccontextmanager
async def _small_things_done() -> AsyncIterator[Session]:
    """Yield a session in which something small was shown, picked and selected: what is loaded once is loaded."""
    async with connect(backend="inproc") as session:
        sphere, view = session.sources.Sphere(), session.create_view(ViewSize=SIZE, StillSamples=1)
        session.show(sphere, view)
        await view.screenshot()
        await view.pick(SIZE[0] // 2, SIZE[1] // 2)
        await view.select_cells(0, 0, *(one - 1 for one in SIZE))
        gc.collect()
        yield session


async def _watched(work: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """Return how long the loop stood still at most while something was done, and how long that took, in seconds."""
    watch, begun = LoopWatch(), time.perf_counter()
    await work()
    took = time.perf_counter() - begun
    return await watch.end(), took


def _written(path: Path, size: int) -> None:
    """Write floats, a number for each of `size` x `size` x `size` points."""
    head = (
        '<?xml version="1.0"?><VTKFile type="ImageData" version="1.0" byte_order="LittleEndian" header_type="UInt64">'
        f'<ImageData WholeExtent="{f"0 {size - 1} " * 3}" Origin="0 0 0" Spacing="1 1 1">'
        f'<Piece Extent="{f"0 {size - 1} " * 3}"><PointData Scalars="f"><DataArray type="Float32" Name="f" '
        'format="appended" offset="0"/></PointData></Piece></ImageData><AppendedData encoding="raw">_'
    )
    along = np.linspace(-1.0, 1.0, size, dtype=np.float32)
    layer = np.square(along)[None, :] + np.square(along)[:, None]
    with path.open("wb") as file:
        file.write(head.encode() + np.uint64(4 * size**3).tobytes())
        for place in along:
            file.write(np.sqrt(layer + place**2).tobytes())
        file.write(b"</AppendedData></VTKFile>")


async def _volume(size: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "floats.vti"
        _written(path, size)
        async with _small_things_done() as session:

            async def open_and_show() -> None:
                reader = await session.open(path)
                view = session.create_view(ViewSize=SIZE, StillSamples=1)
                await reader.update_pipeline()
                session.show(reader, view, Representation="Volume", ColorBy=("POINTS", "f"))
                await view.screenshot()

            return (await _watched(open_and_show))[0]


def _stall_of_a_volume(quick: bool) -> Iterator[Figure]:
    size, times = (192, 2) if quick else (512, 3)
    found = min(asyncio.run(_volume(size)) for _ in range(times))
    yield Figure(
        f"longest stall of the client's loop, built in inproc, {size}^3 float volume opened and shown",
        MS * found,
        "ms",
        times,
        at_most(50.0),
        "1500 to 4300 before",
    )


async def _million(resolution: int) -> dict[str, tuple[float, float]]:
    """Return stall and time of a drawing, a pick and selections of a surface with so many triangles a turn, squared."""
    async with _small_things_done() as session:
        sphere = session.sources.Sphere(ThetaResolution=resolution, PhiResolution=resolution)
        view = session.create_view(ViewSize=SIZE, StillSamples=1, CameraPosition=[3.0, 0.2, 0.1])
        session.show(sphere, view)
        await view.screenshot()
        return {name: await _several(work) for name, work in _works(view).items()}


def _works(view: RenderViewProxy) -> dict[str, Callable[[], Awaitable[object]]]:
    turn = iter(range(1, 1000))

    def move() -> None:
        view.CameraPosition = [3.0, 0.2, 0.1 + 0.01 * next(turn)]

    async def draw() -> None:
        move()
        await view.screenshot()

    async def pick() -> None:
        move()  # nothing that was drawn before helps
        if await view.pick(SIZE[0] // 2, SIZE[1] // 2) is None:
            raise ValueError("nothing was picked in the middle of a sphere")

    async def select(points: bool) -> None:
        move()
        of = view.select_points if points else view.select_cells
        (found,) = await of(100, 100, SIZE[0] - 101, SIZE[1] - 101)
        if len(found) < 10_000:
            raise ValueError(f"only {len(found)} are seen of a sphere")
        found.extracted.session.delete(found.extracted)

    return {"drawing": draw, "picking": pick, "cells": lambda: select(False), "points": lambda: select(True)}


async def _several(work: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """Return the least stall and the median time of several, after one that prepares what is kept."""
    first, *found = [await _watched(work) for _ in range(TURNS)]
    return min(stall for stall, _ in found), statistics.median([first[1], *(took for _, took in found)])


def _picking(quick: bool) -> Iterator[Figure]:
    resolution = 400 if quick else 808
    found = asyncio.run(_million(resolution))
    many = f"{2 * resolution * (resolution - 2) / 1e6:.1f} million triangles"
    drawing = found.pop("drawing")
    for name, (stall, took) in found.items():
        what = "picking" if name == "picking" else f"selecting {name}"
        yield Figure(f"{what} in {many}: stall of the loop", MS * stall, "ms", TURNS, at_most(20.0))
        target = at_most(3.0) if name == "picking" else None
        note = f"{MS * took:.0f} ms, a drawing {MS * drawing[1]:.0f} ms"
        yield Figure(f"{what} in {many}: answer, in times of one drawing", took / drawing[1], "x", TURNS, target, note)


MEASUREMENTS: Final = (
    Measurement("stall of a volume", "A file of 512^3 floats is opened and shown as a volume.", _stall_of_a_volume),
    Measurement("picking", "A pixel is picked, and rectangles selected, of a large surface.", _picking),
)
