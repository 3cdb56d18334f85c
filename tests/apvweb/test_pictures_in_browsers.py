"""What a browser makes of the files of pictures, and of scripts that come in another order than they stand."""

from __future__ import annotations

import asyncio
import base64
import io
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from servermanager.ui.page import FILES, SCRIPT
from tests.harness.apvtest import in_loop
from tests.harness.browsers import PAINTED, canvas_pixels, chromium, needs_browser, pictures

from .site import serving

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page, Route

pytestmark = needs_browser

PLACE: Final = "http://127.0.0.1:9/"
"""Nothing is asked there: what it has is given to the browser by the test."""
DRAW: Final = """
async ([file, type, without]) => {
  const kept = window.ImageDecoder;
  if (without) delete window.ImageDecoder;
  try {
    window.decoder ||= new window.asyncParaView.Decoder();
    const picture = await window.decoder.decode(Uint8Array.from(atob(file), (one) => one.charCodeAt(0)), type);
    const canvas = document.querySelector("canvas");
    [canvas.width, canvas.height] = [picture.width, picture.height];
    const context = canvas.getContext("2d", { alpha: false });
    picture.draw(context);
    picture.draw(context); // as often as is wanted
    picture.close();
  } finally {
    window.ImageDecoder = kept;
  }
}
"""


def colorful(width: int, height: int) -> npt.NDArray[np.uint8]:
    """A picture with shades, edges, black, white and pure colors."""
    y, x = np.mgrid[0:height, 0:width]
    waves = [128 + 90 * np.sin(x / 40), 128 + 90 * np.cos(y / 30), 128 + 90 * np.sin((x + y) / 50)]
    made = np.stack(waves, axis=2).clip(0, 255).astype(np.uint8)
    made[20:60, 20:60], made[20:60, 80:120], made[80:120, 20:60], made[80:120, 80:120] = (
        (255, 0, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0),
    )  # fmt: skip
    return made


def file_of(pixels: npt.NDArray[np.uint8], name: str, **options: Any) -> bytes:
    """The file of a picture."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, name, **options)
    return file.getvalue()


async def with_decoder(browser: Browser) -> Page:
    """An empty page that has the script."""
    page = await browser.new_page()

    async def give(route: Route) -> None:
        await route.fulfill(body="<canvas class=apv-canvas></canvas>", content_type="text/html")

    await page.route(f"{PLACE}**", give)
    await page.goto(PLACE)
    await page.add_script_tag(path=FILES / SCRIPT)
    return page


async def drawn(page: Page, file: bytes, kind: str, *, without: bool = False) -> npt.NDArray[np.uint8]:
    """The pixels that a canvas has of a file; `without` the decoder of newer browsers."""
    await page.evaluate(DRAW, [base64.b64encode(file).decode(), kind, without])
    return await canvas_pixels(page)


@in_loop
async def test_files_are_on_the_canvas_as_they_are_where_the_way_of_videos_is_not_taken() -> None:
    pixels = colorful(401, 301)
    rough = file_of(pixels, "JPEG", quality=80, subsampling=2)
    async with chromium() as browser:
        page = await with_decoder(browser)
        np.testing.assert_array_equal(await drawn(page, file_of(pixels, "PNG"), "image/png"), pixels)
        seen = await drawn(page, rough, "image/jpeg", without=True)
        np.testing.assert_array_equal(seen, np.asarray(Image.open(io.BytesIO(rough))))
        with pytest.raises(Exception, match=r"(?i)decode|unsupported|invalid|error"):
            await drawn(page, b"no picture", "image/jpeg")
        np.testing.assert_array_equal(await drawn(page, file_of(pixels[::2], "PNG"), "image/png"), pixels[::2])


@in_loop
async def test_a_jpeg_is_on_the_canvas_in_its_own_colors_whatever_its_size() -> None:
    async with chromium() as browser:
        page = await with_decoder(browser)
        assert await page.evaluate("typeof ImageDecoder") == "function"
        for width, height in ((400, 300), (401, 301), (401, 301), (250, 299), (400, 300)):
            pixels = colorful(width, height)
            fine = file_of(pixels, "JPEG", quality=95, subsampling=0)
            truth = np.asarray(Image.open(io.BytesIO(fine))).astype(int)
            seen = await drawn(page, fine, "image/jpeg")
            assert seen.shape == truth.shape
            assert np.abs(seen - truth).max() <= 2  # roundings of YCbCr
            rough = file_of(pixels, "JPEG", quality=95, subsampling=2)
            seen = await drawn(page, rough, "image/jpeg")
            off = np.abs(seen.astype(int) - pixels)
            assert off.mean() < 2.0  # a quarter of the colors is in the file: that is lost at their edges
            for y, x in ((40, 40), (40, 100), (100, 40), (100, 100)):
                assert off[y, x].max() <= 3, (y, x)


@in_loop
async def test_scripts_of_a_page_may_come_in_any_order() -> None:
    async with serving() as site, chromium() as browser:
        page = await browser.new_page()
        failures: list[str] = []
        page.on("pageerror", lambda error: failures.append(str(error)))
        others_came = asyncio.Event()

        async def hold(route: Route) -> None:
            await others_came.wait()
            await route.continue_()

        for late in ("pictures", "view"):
            await page.route(f"**/{late}.js", hold)
        await page.goto(site.link)
        await page.wait_for_function(
            "window.apvweb && 'apv-away' in apvweb.components && 'apv-panel' in apvweb.components"
        )
        assert not await page.evaluate("'apv-view' in apvweb.components")
        others_came.set()
        await page.wait_for_selector(PAINTED)
        assert await pictures(page) >= 1
        assert failures == []
