"""Recorded pictures through the socket of apvweb and through trame-rca: how soon painted, and at what cost."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from ..reliability.figures import Absent, Figure, Measurement, at_most
from ..reliability.own_server import modules_path
from ..running.sample import percentile
from .browser import WATCH, chromium

if TYPE_CHECKING:
    from playwright.async_api import Browser

SECONDS: Final = 10.0
QUICK_S: Final = 2.0

WATCH_IMAGES: Final = """
window.apvSeen = [];
document.addEventListener("load", async (event) => {
  if (!event.target || event.target.tagName !== "IMG") return;
  const source = event.target.src;
  await event.target.decode().catch(() => {});
  const at = performance.timeOrigin + performance.now();
  const bytes = await (await fetch(source)).arrayBuffer();
  window.apvSeen.push([Number(new DataView(bytes).getBigUint64(bytes.byteLength - 8, true)), false, at]);
}, true);
"""
"""Notes each picture that an element has loaded and decoded, as a canvas has; its number stands behind the file."""


def measure_recorded(quick: bool) -> Iterator[Figure]:
    """See MEASUREMENTS."""
    if importlib.util.find_spec("trame_rca") is None:
        raise Absent("trame-rca is not installed: pip install --group bench-peers")
    yield from asyncio.run(_recorded(QUICK_S if quick else SECONDS))


async def _recorded(seconds: float) -> list[Figure]:
    found: dict[str, list[tuple[list[float], float, int]]] = {"ours": [], "rca": []}
    async with chromium() as browser:
        for _ in range(2):  # in turn: the machine may do something else meanwhile
            for kind, several in found.items():
                several.append(await _one(browser, kind, seconds))
    latency = {kind: sorted(one for each in several for one in each[0]) for kind, several in found.items()}
    cpu = {kind: sum(each[1] for each in several) for kind, several in found.items()}
    frames = {kind: sum(each[2] for each in several) for kind, several in found.items()}
    ms = {kind: median(each) for kind, each in latency.items()}
    each_ms = {kind: 1e3 * cpu[kind] / frames[kind] for kind in cpu}
    painted = {kind: len(each) / frames[kind] for kind, each in latency.items()}
    note = ", ".join(f"{kind} {ms[kind]:.1f} ms (p90 {percentile(latency[kind], 90):.1f})" for kind in ms)
    cpu_note = ", ".join(f"{kind} {each_ms[kind]:.2f} ms" for kind in each_ms)
    return [
        Figure("push to painted, against trame-rca's", ms["ours"] / ms["rca"], "x", frames["ours"], at_most(0.4), note),
        Figure(
            "CPU a frame, against it", each_ms["ours"] / each_ms["rca"], "x", frames["ours"], at_most(0.45), cpu_note
        ),
        Figure(
            "pictures painted, of those pushed", painted["ours"], "", frames["ours"], None, f"rca {painted['rca']:.2f}"
        ),
    ]


async def _one(browser: Browser, kind: str, seconds: float) -> tuple[list[float], float, int]:
    """Push pictures to a page; returns the ms to each that was painted, the CPU time in s, and how many were pushed."""
    async with _host(kind, seconds) as (process, link):
        context = await browser.new_context(viewport={"width": 900, "height": 700})
        page = await context.new_page()
        await page.add_init_script(WATCH if kind == "ours" else WATCH_IMAGES)
        await page.goto(link)
        await page.wait_for_selector("canvas.apv-canvas" if kind == "ours" else "img", state="attached")
        await page.wait_for_load_state("networkidle")
        process.stdin.write(b"go\n")
        told: dict[str, Any] = json.loads(await process.stdout.readline())
        seen = await page.evaluate("window.apvSeen")
        await context.close()
    pushed = {int(sequence): at for sequence, at in told["pushed"].items()}
    first: dict[int, float] = {}
    for sequence, _, at in seen:
        first.setdefault(int(sequence), at)
    return [at - pushed[one] for one, at in first.items() if one in pushed], told["cpu_s"], len(pushed)


@asynccontextmanager
async def _host(kind: str, seconds: float) -> AsyncIterator[tuple[Any, str]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.faces.recorded_host", kind, str(seconds),
        env={**os.environ, "PYTHONPATH": modules_path()},
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**24,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        async with asyncio.timeout(60):
            while not (line := (await process.stdout.readline()).decode()).startswith("ready at "):
                if not line:
                    raise RuntimeError(f"the page of {kind} ended before it was served")
        yield process, line.split()[-1]
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


MEASUREMENTS: Final = (
    Measurement(
        "recorded pictures",
        "JPEGs of 47 kB are pushed 30 times a second to a page, by apvweb's socket and by trame-rca, in turn.",
        measure_recorded,
    ),
)
