"""What a person sees of the page at first: where the keys go, what panels say, numbers as they are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from playwright.async_api import Page, expect

from tests.harness.apvtest import in_loop, pixels, poll_async
from tests.harness.browsers import canvas_pixels, chromium, needs_browser, open_page
from tests.harness.saving import sphere
from tests.harness.small_files import written

from .site import serving, sources_of
from .test_page import shows

pytestmark = needs_browser
LINES_OF_LABEL = """(label) => {
    const words = document.createRange();
    words.selectNodeContents(label);
    return new Set([...words.getClientRects()].map((box) => Math.round(box.top))).size;
}"""

END_IS_SEEN = """() => {
    const field = document.querySelector(".apv-file input.apv-field");
    const hidden = field.scrollWidth - field.clientWidth;
    return hidden > 50 && field.scrollLeft >= hidden - 1;
}"""


def line(page: Page, name: str) -> Any:
    """The line of a panel with the property of that name."""
    return page.locator(f".apv-line[data-name='{name}']").first


@in_loop
async def test_what_a_person_sees_of_the_page_at_first() -> None:
    async with serving() as site, chromium() as browser:
        page = await open_page(browser, site.link)
        assert await page.title() == "ParaView"
        content = site.contents[0]
        await axes_are_switched(page, content)
        await content.work.add("Wavelet", WholeExtent=[-3, 3] * 3).task
        await expect(page.get_by_role("heading", name="Wavelet1", exact=True)).to_be_visible()
        await expect(page.get_by_role("application", name="Render View 1")).to_be_visible()
        await added_by_keys(page, "contour")
        await poll_async(lambda: "Contour1" in sources_of(content), what="the first that is found")
        await numbers_are_read_and_edited(page, content)
        await page.locator("[data-tab=representation], [role=tab]", has_text="Display").first.click()
        await expect(page.locator(".apv-heading").filter(has_text="Coloring")).to_be_visible()
        await expect(line(page, "ScalarBarVisibility").locator("input")).to_be_checked()
        assert await line(page, "Representation").locator(".apv-label").evaluate(LINES_OF_LABEL) == 1
        await expect(line(page, "Color").locator("input.apv-automatic")).to_have_count(1)
        await expect(line(page, "Color")).to_contain_text("automatic")
        await axes_are_folded(page)
        await page.get_by_placeholder("Search properties").fill("")
        await page.locator(".apv-row", has_text="Wavelet1").first.click()
        await added_by_keys(page, "plotoverline")
        await expect(page.locator(".apv-place")).to_have_count(2)
        await expect(page.get_by_text("PlotOverLine1 is not shown in the active view")).to_be_visible()
        await page.locator("canvas.apv-canvas").nth(1).click()
        await expect(page.get_by_text("is not shown in the active view")).to_have_count(0)
        assert [live.view.kind for live in content.stage.live] == ["RenderView", "XYChartView"]


async def axes_are_switched(page: Page, content: Any) -> None:
    """Scenes have orientation axes; the menu of directions hides them, and the picture is the view's."""
    view = content.stage.live[0].view
    await shows(page, view)
    assert view.OrientationAxesVisibility is True
    shown = await canvas_pixels(page)
    await page.get_by_role("button", name="Look along an axis").click()
    await page.get_by_text("Hide orientation axes").click()
    await poll_async(lambda: view.OrientationAxesVisibility is False, what="no axes")
    await shows(page, view)
    seen = await canvas_pixels(page)
    rows, columns, _ = np.nonzero(seen != shown)
    assert len(rows) > 200 and rows.min() > 0.6 * len(seen) and columns.max() < 0.3 * seen.shape[1]


async def added_by_keys(page: Page, text: str) -> None:
    """Open the menu of filters, type what is wanted, and take the first by Enter."""
    await page.locator(".v-btn", has_text="Filter").first.click()
    search = page.get_by_label("Search by name, label or what it does")
    await expect(search).to_be_focused()
    await page.keyboard.type(text)
    await page.keyboard.press("Enter")
    await expect(search).to_be_hidden()


async def numbers_are_read_and_edited(page: Page, content: Any) -> None:
    """Numbers have six digits, all of them where they are edited, and stay what they are when nothing was entered."""
    contour = next(one for one in content.session.proxies.sources() if one.type_name == "Contour")
    contour.Isosurfaces = [123.456789012]
    field = line(page, "Isosurfaces").locator("input[type=text]").first
    await expect(field).to_have_value("123.457")
    await expect(field).to_have_attribute("title", "123.456789")
    await field.focus()
    await expect(field).to_have_value("123.456789")
    await field.blur()
    await expect(field).to_have_value("123.457")
    assert list(contour.Isosurfaces) == [123.456789012]


async def axes_are_folded(page: Page) -> None:
    """What is not seen has one line, that which shows it; a search finds all of it."""
    await expect(line(page, "DataAxesGrid.Visibility")).to_have_count(1)
    await expect(line(page, "DataAxesGrid.XTitle")).to_have_count(0)
    await line(page, "DataAxesGrid.Visibility").locator("input").check()
    await expect(line(page, "DataAxesGrid.XTitle")).to_have_count(1)
    await page.get_by_placeholder("Search properties").fill("polar axis title")
    await expect(line(page, "PolarAxes.PolarAxisTitle")).to_have_count(1)


@in_loop
async def test_of_a_path_that_is_too_long_the_name_of_the_file_is_seen(tmp_path: Path) -> None:
    folder = tmp_path / "measurements_of_the_third_series" / "subject_0004_before_and_after"
    folder.mkdir(parents=True)
    path = written(folder / "heart_and_vessels.vtp", sphere())
    async with serving(path) as site, chromium() as browser:
        page = await open_page(browser, site.link)
        await page.locator(".apv-row").first.click()
        field = page.locator(".apv-file input.apv-field").first
        await expect(field).to_have_value(path)
        await page.wait_for_function(END_IS_SEEN)
        await field.focus()
        await page.keyboard.press("Home")
        await page.wait_for_function("() => document.activeElement.scrollLeft === 0")
        await page.locator(".apv-row").first.click()
        await page.wait_for_function(END_IS_SEEN)


async def brightness(page: Page, selector: str) -> float:
    """How bright a part of the page is as it is seen: the median of its pixels, from 0 to 255."""
    return float(np.median(pixels(await page.locator(selector).first.screenshot(animations="disabled"))))


@pytest.mark.parametrize("scheme", ["dark", "light"])
@in_loop
async def test_the_page_is_as_dark_as_the_system_until_its_user_says_otherwise(scheme: Any) -> None:
    async with serving() as site, chromium() as browser:
        page = await open_page(browser, site.link, color_scheme=scheme)
        dark = scheme == "dark"
        await expect(page.locator(f".apv-page.v-theme--{scheme}")).to_have_count(1)
        assert (await brightness(page, ".v-toolbar") < 64) is dark
        await page.get_by_role("button", name="Dark or light").click()
        other = "light" if dark else "dark"
        await expect(page.locator(f".apv-page.v-theme--{other}")).to_have_count(1)
        assert (await brightness(page, ".v-toolbar") < 64) is not dark
        await page.reload()
        await expect(page.locator(f".apv-page.v-theme--{other}")).to_have_count(1)


def blue(image: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Where an image has the color of what is chosen."""
    red, _, blue = np.moveaxis(image.astype(int), 2, 0)
    return blue - red > 80


@in_loop
async def test_a_button_that_has_the_keys_has_a_ring_around_it() -> None:
    async with serving() as site, chromium() as browser:
        page = await open_page(browser, site.link)
        button = page.get_by_role("button", name="Open a file")
        before = pixels(await button.screenshot(animations="disabled"))
        await page.get_by_role("button", name="Pipeline and properties").focus()
        await page.keyboard.press("Tab")
        await expect(button).to_be_focused()
        after = pixels(await button.screenshot(animations="disabled"))
        ring = blue(after)
        rows, columns = np.nonzero(ring)
        assert blue(before).sum() == 0 and ring.sum() > 100
        assert np.ptp(rows) > 0.8 * len(ring) and np.ptp(columns) > 0.8 * ring.shape[1]
