"""What a person sees of the page at first: where the keys go, what panels say, numbers as they are read."""

from __future__ import annotations

from typing import Any

import numpy as np
from playwright.async_api import Page, expect

from tests.harness.apvtest import in_loop, poll_async
from tests.harness.browsers import canvas_pixels, chromium, needs_browser, open_page

from .site import serving, sources_of
from .test_page import shows

pytestmark = needs_browser
LINES_OF_LABEL = """(label) => {
    const words = document.createRange();
    words.selectNodeContents(label);
    return new Set([...words.getClientRects()].map((box) => Math.round(box.top))).size;
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
