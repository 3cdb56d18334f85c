"""A real browser for tests of pages, driven by playwright; where there is none such tests are skipped, saying so."""

from __future__ import annotations

import getpass
import io
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from playwright.async_api import Browser, Page, async_playwright, expect

from .time_limits import scaled

CHROMIUM: Final = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium in PATH to show the page with")
"""Marks tests that show a page."""
PAINTED: Final = "canvas[data-still=true]"
"""A view that has an exact picture."""

expect.set_options(timeout=1000 * scaled(30))  # of what names no time itself: by itself it waits for 5 s


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser without a window; root may only start it without its sandbox."""
    arguments = ["--no-sandbox"] if getpass.getuser() == "root" else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        try:
            yield browser
        finally:
            await browser.close()


async def open_page(browser: Browser, link: str, **options: Any) -> Page:
    """A page in a browser of its own, with its cookies, when it has its first exact picture."""
    context = await browser.new_context(viewport={"width": 900, "height": 600}, **options)
    page = await context.new_page()
    page.set_default_timeout(1000 * scaled(60))
    await page.goto(link)
    await page.wait_for_selector(PAINTED)
    return page


async def canvas_pixels(page: Page) -> npt.NDArray[np.uint8]:
    """The pixels that the canvas of the view has: (height, width, 3)."""
    url: str = await page.evaluate(
        """async () => {
            const canvas = document.querySelector("canvas.apv-canvas");
            const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
            const bytes = new Uint8Array(await blob.arrayBuffer());
            return Array.from(bytes, (one) => String.fromCharCode(one)).join("");
        }"""
    )
    with Image.open(io.BytesIO(url.encode("latin-1"))) as image:
        return np.asarray(image.convert("RGB"))


async def pictures(page: Page) -> int:
    """How many pictures the view has painted."""
    return int(await page.get_attribute("canvas.apv-canvas", "data-pictures") or 0)


async def drag(page: Page, dx: float, dy: float, *, steps: int = 8, button: str = "left") -> None:
    """Drag in the middle of the view."""
    box = await page.locator("canvas.apv-canvas").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await page.mouse.move(x, y)
    await page.mouse.down(button=button)  # type: ignore[arg-type]  # a name of a button
    await page.mouse.move(x + dx, y + dy, steps=steps)
    await page.mouse.up(button=button)  # type: ignore[arg-type]


class Fingers:
    """Fingers on the middle of the view of a page whose browser has a screen to be touched (`has_touch`)."""

    def __init__(self, devices: Any, x: float, y: float) -> None:
        self._devices = devices
        self._x, self._y = x, y

    @classmethod
    async def at(cls, page: Page) -> Fingers:
        """Over the view of a page."""
        box = await page.locator("canvas.apv-canvas").bounding_box()
        assert box is not None
        devices = await page.context.new_cdp_session(page)
        return cls(devices, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    async def drag(
        self, begin: Sequence[tuple[float, float]], end: Sequence[tuple[float, float]], *, steps: int = 6
    ) -> None:
        """Put fingers down, move each to its end, and lift them; places are from the middle, in CSS pixels."""
        for step in range(steps + 1):
            part = step / steps
            places = [
                (a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])) for a, b in zip(begin, end, strict=True)
            ]
            await self._touch("touchMove" if step else "touchStart", places)
        await self._touch("touchEnd", [])

    async def _touch(self, kind: str, places: Sequence[tuple[float, float]]) -> None:
        points = [{"x": self._x + x, "y": self._y + y, "id": at} for at, (x, y) in enumerate(places)]
        await self._devices.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
