"""A real browser for measurements: what it paints, and when, and what a person does in it."""

from __future__ import annotations

import getpass
import importlib.util
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ..reliability.figures import Absent

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

CHROMIUM: Final = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
WAIT_MS: Final = 60_000.0

WATCH: Final = """
window.apvSeen = [];
window.apvNow = () => performance.timeOrigin + performance.now();
(function watch() {
  const canvas = document.querySelector("canvas.apv-canvas");
  if (!canvas) return setTimeout(watch, 10);
  const note = () => {
    window.apvSeen.push([Number(canvas.dataset.sequence), canvas.dataset.still === "true", window.apvNow()]);
  };
  new MutationObserver(note).observe(canvas, { attributes: true, attributeFilter: ["data-pictures"] });
  canvas.setPointerCapture = () => {};
  window.apvCanvas = canvas;
  window.apvFire = (type, x, y) => {
    const box = canvas.getBoundingClientRect();
    canvas.dispatchEvent(new PointerEvent(type, {
      clientX: box.left + x, clientY: box.top + y, button: type === "pointermove" ? -1 : 0,
      buttons: type === "pointerup" ? 0 : 1, pointerId: 1, isPrimary: true, bubbles: true, cancelable: true }));
  };
  if (canvas.dataset.pictures) note();
})();
"""
"""Notes each picture that the canvas has got: its number, whether it stays, and when, in ms since 1970."""

DRAG: Final = """
async (milliseconds) => {
  const begun = window.apvSeen.length, until = performance.now() + milliseconds;
  let x = 200;
  window.apvFire("pointerdown", x, 150);
  await new Promise((done) => {
    const step = () => {
      window.apvFire("pointermove", 200 + 120 * Math.sin(x++ / 15), 150 + 60 * Math.cos(x / 20));
      if (performance.now() < until) requestAnimationFrame(step); else done();
    };
    requestAnimationFrame(step);
  });
  window.apvFire("pointerup", 200, 150);
  return window.apvSeen.slice(begun).map((one) => one[2]);
}
"""
"""Drags without a pause for a while; returns when pictures were painted meanwhile."""

ONE_MOVE: Final = """
async ([x, y, rest]) => {
  const quiet = () => window.apvNow() - window.apvSeen[window.apvSeen.length - 1][2] > rest;
  while (!quiet()) await new Promise((done) => setTimeout(done, 10));
  const before = window.apvSeen.length, fired = window.apvNow();
  window.apvFire("pointermove", x, y);
  while (window.apvSeen.length === before) {
    if (window.apvNow() - fired > 30000) throw new Error("no picture came for a move within 30 s");
    await new Promise((done) => setTimeout(done, 0));
  }
  const [sequence, , painted] = window.apvSeen[before];
  return [sequence, fired, painted];
}
"""
"""Moves a pointer that is held, once pictures have stopped, and waits for the next one; returns its number, and when
the pointer was moved, and that was painted, in ms since 1970."""


def require_browser() -> None:
    """Raise Absent where pages cannot be shown."""
    if CHROMIUM is None:
        raise Absent("there is no chromium in PATH")
    for name in ("playwright", "trame", "aiohttp"):
        if importlib.util.find_spec(name) is None:
            raise Absent(f"{name} is not installed: pip install --group bench-faces, and the extra web")


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start a browser without a window; root may only start it without its sandbox. Raises Absent."""
    require_browser()
    from playwright.async_api import async_playwright

    arguments = ["--no-sandbox"] if getpass.getuser() == "root" else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        try:
            yield browser
        finally:
            await browser.close()


async def open_page(browser: Browser, link: str, **options: Any) -> Page:
    """Open a page in a context of its own, and wait for its first exact picture."""
    context = await browser.new_context(viewport={"width": 900, "height": 600}, **options)
    page = await context.new_page()
    page.set_default_timeout(WAIT_MS)
    await page.add_init_script(WATCH)
    await page.goto(link)
    await page.wait_for_selector("canvas[data-still=true]")
    await page.wait_for_function("window.apvSeen && window.apvSeen.length > 0")
    return page


async def drag(page: Page, seconds: float) -> list[float]:
    """Drag in a view for a while; returns when pictures were painted, in ms."""
    return list(await page.evaluate(DRAG, 1000.0 * seconds))


@dataclass(frozen=True, slots=True)
class Seen:
    """The picture that came after an event: its number, and when both were, in seconds since 1970."""

    sequence: int
    fired_s: float
    painted_s: float


async def one_move(page: Page, x: float, y: float, *, rest_s: float = 0.5) -> Seen:
    """Move a pointer that is held, when no picture has come for a while, and wait for the next one."""
    sequence, fired, painted = await page.evaluate(ONE_MOVE, [x, y, 1000.0 * rest_s])
    return Seen(int(sequence), fired / 1000.0, painted / 1000.0)
