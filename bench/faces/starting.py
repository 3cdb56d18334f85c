"""How long the programs take from their start to what a person sees first."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Iterator
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from ..reliability.figures import Figure, Measurement, at_most
from ..reliability.own_server import modules_path
from .browser import WAIT_MS, WATCH, chromium

if TYPE_CHECKING:
    from playwright.async_api import Browser

TRIALS: Final = 5
READY_S: Final = 60.0


def measure_start(quick: bool) -> Iterator[Figure]:
    """See MEASUREMENTS."""
    yield from asyncio.run(_starts(2 if quick else TRIALS))


async def _starts(trials: int) -> list[Figure]:
    imports, starts = [], []
    async with chromium() as browser:
        await (await browser.new_page()).goto("about:blank")  # a browser that is there already
        for _ in range(trials + 1):
            imports.append(await _import_vtk())
            starts.append(await _first_picture(browser))
    imports, starts = imports[1:], starts[1:]  # files are in memory from then on
    beyond = [start - alone for start, alone in zip(starts, imports, strict=True)]
    note = f"{median(starts):.2f} s, of which import vtk {median(imports):.2f} s"
    return [
        Figure("apvweb: start to first picture, beyond import vtk", median(beyond), "s", trials, at_most(2.5), note)
    ]


async def _import_vtk() -> float:
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "import vtk")
    assert await process.wait() == 0
    return time.perf_counter() - began


async def _first_picture(browser: Browser) -> float:
    context = await browser.new_context(viewport={"width": 900, "height": 600})
    page = await context.new_page()
    page.set_default_timeout(WAIT_MS)
    await page.add_init_script(WATCH)
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "apvweb", "--no-browser", "--port", "0",
        env={**os.environ, "PYTHONPATH": modules_path(), "PYTHONUNBUFFERED": "1"}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        await page.goto(await _link(process))
        await page.wait_for_function("window.apvSeen && window.apvSeen.length > 0", polling=10)
        return time.perf_counter() - began
    finally:
        await context.close()
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _link(process: Any) -> str:
    async with asyncio.timeout(READY_S):
        while line := (await process.stdout.readline()).decode():
            if "ready at " in line:
                return line.partition("ready at ")[2].split()[0]  # type: ignore[no-any-return]
    raise RuntimeError("apvweb ended before it was ready")


MEASUREMENTS: Final = (
    Measurement(
        "start of apvweb",
        "apvweb is started, its link opened in a browser that is there, and the first picture is painted.",
        measure_start,
    ),
)
