"""Live pictures in a notebook: how many are painted while a cell waits for a filter, against idle."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ..reliability.figures import Figure, Measurement, at_least
from .browser import WAIT_MS, chromium
from .lab import jupyter_lab

if TYPE_CHECKING:
    from playwright.async_api import Page

SECONDS: Final = 5.0
QUICK_S: Final = 2.0

SHOWN: Final = """
import asyncio, time
wavelet = session.sources.Wavelet(WholeExtent=[-40, 40] * 3)
contour = session.filters.Contour(Input=wavelet, ContourBy=("POINTS", "RTData"), Isosurfaces=[150.0])
session.show(contour, view)
view
"""
LARGE: Final = """
large = session.sources.Wavelet(WholeExtent=[-64, 64] * 3)
long = session.filters.vtkContourFilter(Input=large, Values=[150.0], FastMode=False)
"""
CELLS: Final = {
    "while a cell awaits a filter": (
        "from servermanager import connect\nsession = await connect(backend='zmq')\n"
        "view = session.views.RenderView(ViewSize=[400, 300], StillSamples=1)\n" + SHOWN,
        LARGE + "await large.update_pipeline(); began = time.time(); await long.update_pipeline()\n"
        "count = max(1, round(5 / (time.time() - began)))\n"
        "long.Values = [100 + 150 * index / count for index in range(count)]",
        "_ = await long.update_pipeline()",
    ),
    "while a cell blocks for one": (
        "from servermanager import sync\nsession = sync.connect(backend='zmq')\n"
        "view = session.views.RenderView(ViewSize=[400, 300], StillSamples=1)\n" + SHOWN,
        LARGE + "large.update_pipeline(); began = time.time(); long.update_pipeline()\n"
        "count = max(1, round(5 / (time.time() - began)))\n"
        "long.Values = [100 + 150 * index / count for index in range(count)]",
        "_ = long.update_pipeline()",
    ),
}
"""By what is measured: a cell that shows a view, one that makes a filter of some 5 s, and one that executes it."""

COUNT: Final = """
window.apvPainted = 0;
for (const name of ["drawImage", "putImageData"]) {  // of an image that was decoded, and of pixels
  const draw = CanvasRenderingContext2D.prototype[name];
  CanvasRenderingContext2D.prototype[name] = function (...given) {
    window.apvPainted += 1;
    return draw.apply(this, given);
  };
}
"""
DRAG: Final = """
async (milliseconds) => {
  const canvas = document.querySelector(".apv-live canvas"), box = canvas.getBoundingClientRect();
  canvas.setPointerCapture = () => {};
  const fire = (type, x, y) => canvas.dispatchEvent(new PointerEvent(type, {
    clientX: box.left + x, clientY: box.top + y, button: type === "pointermove" ? -1 : 0,
    buttons: type === "pointerup" ? 0 : 1, pointerId: 1, isPrimary: true, bubbles: true, cancelable: true }));
  fire("pointerdown", 200, 150);
  const before = window.apvPainted, begun = performance.now();
  let at = 0;
  await new Promise((done) => {
    const step = () => {
      fire("pointermove", 200 + 120 * Math.sin(at++ / 15), 150 + 60 * Math.cos(at / 20));
      if (performance.now() - begun < milliseconds) requestAnimationFrame(step); else done();
    };
    requestAnimationFrame(step);
  });
  fire("pointerup", 200, 150);
  return 1000 * (window.apvPainted - before) / (performance.now() - begun);
}
"""
"""Drags without a pause for a while; returns how many pictures a second were painted meanwhile."""


def measure_notebook(quick: bool) -> Iterator[Figure]:
    """See MEASUREMENTS."""
    yield from asyncio.run(_notebook(QUICK_S if quick else SECONDS))


async def _notebook(seconds: float) -> list[Figure]:
    found = []
    async with jupyter_lab() as lab, chromium() as browser:
        for at, (name, cells) in enumerate(CELLS.items()):
            page = await browser.new_page(viewport={"width": 1100, "height": 900})
            page.set_default_timeout(WAIT_MS)
            await page.add_init_script(COUNT)
            await page.goto(lab.page(f"{at}.ipynb", cells))
            await page.wait_for_selector("text=/Python 3.*Idle/")
            found.append(await _one(page, name, seconds))
            await page.close()
    return found


async def _one(page: Page, name: str, seconds: float) -> Figure:
    await _run(page, 0)
    await page.wait_for_function("window.apvPainted > 0")
    await _run(page, 1)
    await page.evaluate(DRAG, 1000.0)
    idle = await page.evaluate(DRAG, 1000.0 * seconds)
    await _begin(page, 2)
    busy = await page.evaluate(DRAG, 800.0 * min(seconds, SECONDS))
    was_busy = await _number(page, 2) is None
    note = f"{busy:.1f} of {idle:.1f} pictures/s" + ("" if was_busy else "; the filter had finished before")
    return Figure(f"notebook: pictures painted {name}, against idle", busy / idle, "x", 1, at_least(0.6), note)


async def _begin(page: Page, at: int) -> None:
    await page.locator(".jp-Notebook .jp-CodeCell").nth(at).locator(".jp-InputPrompt").click()
    await page.keyboard.press("Control+Enter")


async def _number(page: Page, at: int) -> int | None:
    """Return the number that a cell has got from its run; None while it runs, and before."""
    cell = page.locator(".jp-Notebook .jp-CodeCell").nth(at)
    said = (await cell.locator(".jp-InputArea-prompt").inner_text()).strip("[]: ")
    return int(said) if said.isdecimal() else None


async def _run(page: Page, at: int) -> None:
    await _begin(page, at)
    until = time.monotonic() + WAIT_MS / 1000.0
    while await _number(page, at) is None:
        if time.monotonic() > until:
            raise TimeoutError(f"cell {at} of the notebook did not end")
        await page.wait_for_timeout(50)


MEASUREMENTS: Final = (
    Measurement(
        "notebook",
        "A live picture in JupyterLab is dragged without a pause: idle, and while a cell waits for a filter.",
        measure_notebook,
    ),
)
