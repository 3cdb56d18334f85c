"""Handles in the page of a real browser: shown with what is active, dragged by the mouse, seen where they were put."""

from __future__ import annotations

import time

import numpy as np
from playwright.async_api import Page, expect

from async_paraview.widgets.sight import CameraState, Sight
from servermanager import RenderViewProxy, WidgetProxy
from tests.harness.apvtest import in_loop, poll_async
from tests.harness.browsers import canvas_pixels, chromium, needs_browser, open_page
from tests.harness.time_limits import scaled

from .site import serving

pytestmark = needs_browser


def where(view: RenderViewProxy, place: list[float]) -> tuple[float, float]:
    """The pixel, from the top left, of a place in the picture that was seen last."""
    image = view.last_image
    assert image is not None
    x, y, _ = Sight(CameraState.of(image.camera), (image.width, image.height)).pixel(place).tolist()
    return x, image.height - y


async def switched(page: Page, plane: WidgetProxy) -> None:
    """The switch in the panel hides and shows a plane, by keys and by the mouse, and goes where no handles suit."""
    switch = page.get_by_label("Show plane")
    await expect(switch).to_be_checked()
    await switch.focus()
    await page.keyboard.press("Space")
    await poll_async(lambda: not plane.Visibility, what="hidden by the switch")
    await expect(switch).not_to_be_checked()
    await switch.click()
    await poll_async(lambda: plane.Visibility, what="shown again")
    await expect(switch).to_be_checked()
    assert plane.proxy is not None
    plane.proxy.ClipType = "Scalar"
    await expect(switch).to_have_count(0)


@in_loop
async def test_the_plane_of_a_clip_is_dragged_by_the_mouse() -> None:
    async with serving() as site, chromium() as browser:
        page = await open_page(browser, site.link)
        content = site.contents[0]
        await content.work.add("Wavelet").task
        await content.work.add("Clip").task
        plane = await poll_async(lambda: content.work.widgets.widget, what="the plane of the clip")
        clip = plane.proxy
        assert clip is not None and clip.type_name == "Clip"
        view = content.session.proxies.active.view
        assert isinstance(view, RenderViewProxy)
        view.update(StillSamples=1, CameraPosition=[60, 30, 60], CameraFocalPoint=[0, 0, 0], CameraViewUp=[0, 1, 0])
        await view.ready()
        await view.screenshot()  # the camera is known
        box = await page.locator("canvas.apv-canvas").bounding_box()
        assert box is not None and view.ViewSize == [round(box["width"]), round(box["height"])]
        x, y = where(view, plane.Origin)
        await page.mouse.move(box["x"] + x, box["y"] + y)
        await poll_async(lambda: plane.value_set("Active") == "Origin", what="the pointer is over the handle")
        await page.mouse.down()
        await page.mouse.move(box["x"] + x + 40, box["y"] + y - 25, steps=6)
        await page.mouse.up()
        await poll_async(lambda: content.session.undo.labels[-1] == "drag Plane of Clip", what="the drag")
        await poll_async(lambda: np.allclose(where(view, plane.Origin), (x + 40, y - 25), atol=0.6), what="all of it")
        assert clip.ClipType.Origin == plane.Origin and plane.Origin != [0, 0, 0]
        at = [int(one) for one in where(view, plane.Origin)]

        async def orange() -> bool:
            pixels = await canvas_pixels(page)
            return tuple(pixels[at[1], at[0]]) == (255, 166, 0)

        until = time.monotonic() + scaled(20)
        while not await orange():
            assert time.monotonic() < until, "the handle is not seen where the pointer is"
        camera = await view.camera()
        np.testing.assert_allclose(camera["CameraPosition"], [60, 30, 60])
        content.work.undo()
        await poll_async(lambda: plane.Origin == [0, 0, 0], what="the place of before")
        await switched(page, plane)
