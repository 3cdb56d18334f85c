"""The picture of the web client in README: `python -m tests.harness.web_picture docs/images/web.png`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from playwright.async_api import expect

from tests.apvweb.site import serving
from tests.harness.browsers import chromium, open_page
from tests.harness.time_limits import scaled


async def make(path: Path) -> None:
    """Show a clip with its plane, a contour and a plot over a line, and write what the browser has."""
    patience = 1000 * scaled(40)
    async with serving() as site, chromium() as browser:
        page = await open_page(browser, site.link, device_scale_factor=1)
        await page.set_viewport_size({"width": 1360, "height": 850})
        content = site.contents[0]
        rows = page.locator(".apv-row[data-state=unmodified]")
        for count, (name, properties) in enumerate(SCENE.items(), 1):
            wavelet = content.session.proxies.find_source("Wavelet1")
            content.work.add(name, None if wavelet is None else wavelet.id, **properties)
            await expect(rows).to_have_count(count, timeout=patience)
        await expect(page.locator("canvas.apv-canvas[data-still=true]")).to_have_count(2, timeout=patience)
        canvas = page.locator("canvas.apv-canvas").first
        await page.locator("[data-view]").first.click(position={"x": 8, "y": 8})
        await page.locator(".apv-row", has_text="Clip1").click()
        for key in ("r", *["ArrowRight"] * 5, *["ArrowDown"] * 4):
            await canvas.press(key)
        for live in content.stage.live:
            await live.view.ready()
        await expect(canvas).to_have_attribute("data-still", "true", timeout=patience)
        before = await canvas.get_attribute("data-sequence")
        await canvas.press("r")
        await page.wait_for_function(
            "(before) => document.querySelector('canvas.apv-canvas').dataset.sequence !== before", arg=before
        )
        await expect(canvas).to_have_attribute("data-still", "true", timeout=patience)
        await page.screenshot(path=path)


SCENE: dict[str, dict[str, object]] = {
    "Wavelet": {"WholeExtent": [-20, 20] * 3},
    "Contour": {"Isosurfaces": [205.0]},
    "Clip": {},
    "PlotOverLine": {},
}
"""What is added, in order, the filters to the source."""


if __name__ == "__main__":
    asyncio.run(make(Path(sys.argv[1])))
