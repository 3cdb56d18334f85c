"""The page in a real browser: what it shows is what the server has drawn, and what is done to it is done there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.async_api import Page

from servermanager import RenderViewProxy
from tests.harness.apvtest import Program, in_loop, poll_async
from tests.harness.browsers import PAINTED, Fingers, canvas_pixels, chromium, drag, needs_browser, open_page, pictures
from tests.harness.time_limits import scaled

from .site import serving, view_of

pytestmark = needs_browser


async def shows(page: object, view: RenderViewProxy) -> None:
    """Wait until the canvas has, by the pixel, what a screenshot of the view has; moves of a drag come one by one."""
    view.StillSamples = 1  # a screenshot is one drawing
    await view.ready()

    async def same() -> bool:
        truth = (await view.screenshot()).pixels[..., :3]
        return bool(np.array_equal(await canvas_pixels(page), truth))  # type: ignore[arg-type]  # a page

    until = time.monotonic() + scaled(20)
    while not await same():
        assert time.monotonic() < until, "the canvas has other pixels than the view"
        await asyncio.sleep(0.05)


@in_loop
async def test_the_canvas_has_the_pixels_of_a_screenshot_also_after_a_drag_and_a_reload() -> None:
    async with serving() as site, chromium() as browser:
        page = await open_page(browser, site.link, has_touch=True)
        assert "key" not in page.url and page.url.startswith(f"{site.base}s/")
        content = site.contents[0]
        content.work.add("Sphere", PhiResolution=30, ThetaResolution=30)
        await poll_async(lambda: content.session.all_representations(), what="a sphere that is shown")
        await shows(page, view_of(content))
        before, camera = await pictures(page), await view_of(content).camera()
        await drag(page, 90, 40)
        await camera_that(view_of(content), lambda now: now["CameraPosition"] != camera["CameraPosition"])
        await shows(page, view_of(content))
        assert await pictures(page) > before
        answers: list[tuple[int, str]] = []
        page.on("response", lambda one: answers.append((one.status, one.url)))
        await page.reload()
        await page.wait_for_selector(PAINTED)
        await shows(page, view_of(content))
        assert len(site.contents) == 1  # its session, not a new one
        assert answers and [one for one in answers if one[0] >= 400] == []
        await turned_and_spread_by_fingers(page, view_of(content))


async def turned_and_spread_by_fingers(page: Page, view: RenderViewProxy) -> None:
    """Turn the view with one finger, and come nearer with two, each until it is so: moves come one by one."""
    fingers = await Fingers.at(page)
    there = await view.camera()
    await fingers.drag([(0, 0)], [(60, 0)])
    turned = await camera_that(view, lambda now: now["CameraPosition"] != there["CameraPosition"])
    assert distance(turned) == pytest.approx(distance(there), rel=1e-3)
    await fingers.drag([(-30, 0), (30, 0)], [(-60, 0), (60, 0)])
    await camera_that(view, lambda now: distance(now) < 0.8 * distance(there))
    await shows(page, view)


async def camera_that(view: RenderViewProxy, is_so: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The camera, once that is true of it."""
    until = time.monotonic() + scaled(20)
    while not is_so(now := await view.camera()):
        assert time.monotonic() < until, f"the camera stays where it is: {now}"
        await asyncio.sleep(0.05)
    return now


def distance(camera: dict[str, Any]) -> float:
    """From where it is to what it looks at."""
    return float(np.linalg.norm(np.subtract(camera["CameraPosition"], camera["CameraFocalPoint"])))


@pytest.mark.deep
@in_loop
async def test_two_browsers_have_sessions_of_their_own() -> None:
    async with serving() as site, chromium() as browser:
        first = await open_page(browser, site.link)
        second = await open_page(browser, site.link)
        one, other = site.contents
        view_of(one).update(Background=[1.0, 0.0, 0.0], UseColorPaletteForBackground=False)
        view_of(other).update(Background=[0.0, 0.0, 1.0], UseColorPaletteForBackground=False)
        await shows(first, view_of(one))
        await shows(second, view_of(other))
        assert first.url != second.url
        assert tuple((await canvas_pixels(first))[5, 5]) == (255, 0, 0)
        assert tuple((await canvas_pixels(second))[5, 5]) == (0, 0, 255)


def test_the_program_serves_a_file_from_its_command_line() -> None:
    with Program("-m", "apvweb", "--no-browser", "--data", "/nowhere.vtp") as program:
        link = program.wait_for(r"apvweb ready at (http://127\.0\.0\.1:\d+/\?key=\S+)")[1]

        @in_loop
        async def look() -> None:
            async with chromium() as browser:
                page = await open_page(browser, link)
                assert await pictures(page) >= 1

        look()
        program.signal(15)
        assert program.wait() == 0, program.errors
        assert not program.descendants()


MOVES = """
async () => {
  const sent = [], send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (message) {
    if (message.includes('"move"')) sent.push(JSON.parse(message).x);
    return send.call(this, message);
  };
  const canvas = document.querySelector("canvas.apv-canvas"), box = canvas.getBoundingClientRect();
  const fire = (type, x) => canvas.dispatchEvent(new PointerEvent(type, {
    clientX: box.left + x, clientY: box.top + 50, button: type === "pointermove" ? -1 : 0,
    buttons: type === "pointerup" ? 0 : 1, pointerId: 1, isPrimary: true, bubbles: true, cancelable: true }));
  const frame = () => new Promise(requestAnimationFrame);
  canvas.setPointerCapture = () => {};
  fire("pointerdown", 50);
  for (const x of [60, 61, 62]) fire("pointermove", x);
  const atOnce = [...sent];
  await frame();
  await frame();
  const later = [...sent];
  await frame();
  await frame();
  fire("pointermove", 70);
  const again = [...sent];
  fire("pointermove", 71);
  fire("pointerup", 71);
  WebSocket.prototype.send = send;
  return [atOnce, later, again, sent];
}
"""


@in_loop
async def test_a_move_is_sent_at_once_and_of_those_in_one_frame_after_it_the_last() -> None:
    async with serving() as site, chromium() as browser:
        page = await open_page(browser, site.link)
        at_once, later, again, all_of_them = await page.evaluate(MOVES)
        assert at_once == [60]
        assert later == [60, 62]
        assert again == [60, 62, 70]
        assert all_of_them == [60, 62, 70, 71]  # where it was last is told before it is let go
