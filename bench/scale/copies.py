"""What is not copied in one process: fetching a large image built in, beside ParaView's own Fetch and beside memcpy."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from servermanager import Session, connect

from ..reliability.figures import Figure, Measurement, at_least
from ..scripts import pvpython

SIDE: Final = 256
QUICK_SIDE: Final = 128
TURNS: Final = 12
NAME: Final = "built-in fetch of a {0}^3 float image"

_PARAVIEW: Final = """\
import json, sys, time
from paraview import servermanager
from paraview.simple import Wavelet

wavelet = Wavelet(WholeExtent=[0, {side} - 1] * 3)
wavelet.UpdatePipeline()
took = []
for _ in range({turns}):
    began = time.perf_counter()
    data = servermanager.Fetch(wavelet)
    took.append(time.perf_counter() - began)
    assert data.GetNumberOfPoints() == {side} ** 3
with open(sys.argv[1] + "/took.json", "w") as told:
    json.dump(took, told)
"""


def measure_fetch(quick: bool) -> Iterator[Figure]:
    """See MEASUREMENTS."""
    side = QUICK_SIDE if quick else SIDE
    name = NAME.format(side)
    paraview = None if shutil.which(pvpython.PROGRAM) is None else _by_paraview(side)
    first_s, ours_s, sent_s = asyncio.run(_ours(side))
    memcpy_s = min(_memcpy_s(side**3) for _ in range(TURNS))
    if paraview is not None:
        yield Figure(f"{name}, beside ParaView", paraview / ours_s, "x", TURNS, at_least(3.0), pvpython.version())
    target = None if paraview is not None else at_least(20.0)
    yield Figure(f"{name}, beside memcpy", memcpy_s / ours_s, "x", TURNS, target)
    yield Figure(f"{name}, the first", first_s * 1e3, "ms")
    yield Figure(f"{name}, each", ours_s * 1e3, "ms", TURNS)
    yield Figure(f"{name.replace('fetch', 'sending')}, read-only", sent_s * 1e3, "ms", TURNS)


async def _ours(side: int) -> tuple[float, float, float]:
    """Return how many seconds it takes to fetch it the first time, at best later, and to send it at best."""
    async with connect(backend="inproc") as session:
        wavelet = session.sources.Wavelet(WholeExtent=[0, side - 1] * 3)
        await wavelet.update_pipeline()
        took = []
        for _ in range(TURNS):
            began = time.perf_counter()
            values = (await wavelet.fetch()).point_data["RTData"]
            took.append(time.perf_counter() - began)
            assert len(values) == side**3 and not values.flags.writeable
        # After them: what is deleted goes with the next request, and is no part of a fetch.
        sent = [await _send_s(session, values.reshape(side, side, side)) for _ in range(TURNS)]
        return took[0], min(took), min(sent)


async def _send_s(session: Session, values: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> float:
    began = time.perf_counter()
    source = await session.send_data(values)
    took = time.perf_counter() - began
    session.delete(source)
    return took


def _by_paraview(side: int) -> float:
    """Return how many seconds ParaView's own Fetch takes at best, built in."""
    with tempfile.TemporaryDirectory() as directory:
        script = Path(directory) / "fetch.py"
        script.write_text(_PARAVIEW.format(side=side, turns=TURNS))
        ended = pvpython.run(script, Path(directory), "")
        if ended.returncode:
            raise RuntimeError(f"pvpython ended with {ended.returncode}: {ended.stderr[-500:]}")
        took: list[float] = json.loads((Path(directory) / "took.json").read_text())
        return min(took)


def _memcpy_s(count: int) -> float:
    source, target = np.ones(count, np.float32), np.zeros(count, np.float32)
    began = time.perf_counter()
    np.copyto(target, source)
    return time.perf_counter() - began


MEASUREMENTS: Final = (
    Measurement(
        "built-in fetch",
        "An image is fetched within one process, whole and checked, and is sent back.",
        measure_fetch,
    ),
)
