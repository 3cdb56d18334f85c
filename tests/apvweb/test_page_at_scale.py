"""A page with much on it: hundreds of arrays, a hundred sources, a million rows, a thousand times; and with nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from playwright.async_api import Page, expect
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkPolyData

from tests.harness.apvtest import in_loop, poll_async
from tests.harness.browsers import chromium, needs_browser, open_page
from tests.harness.saving import sphere
from tests.harness.small_files import written

from .site import serving, sources_of

pytestmark = needs_browser

HEIGHT_IN_LINES = """(one) => one.getBoundingClientRect().height / parseFloat(getComputedStyle(one).lineHeight)"""
IS_SEEN = """(one) => {
    const [inner, outer] = [one.getBoundingClientRect(), one.closest(".apv-side-top").getBoundingClientRect()];
    return inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
}"""
FIRST_SEEN = """() => {
    const table = document.querySelector(".apv-table");
    const below = table.querySelector("th").getBoundingClientRect().bottom - 1;
    const rows = [...table.querySelectorAll("tbody tr")];
    const seen = rows.filter((row) => row.getBoundingClientRect().top >= below);
    return Number(seen[0].cells[0].textContent);
}"""


def many_arrays() -> vtkPolyData:
    """A sphere with 200 arrays of numbers."""
    data = sphere()
    for at in range(200):
        array = numpy_to_vtk(np.full(data.GetNumberOfPoints(), float(at)), deep=1)
        array.SetName(f"{'pressure' if at % 2 else 'velocity'}_{at:03d}")
        data.GetPointData().AddArray(array)
    return data


@in_loop
async def test_of_many_arrays_those_that_are_searched_are_switched_at_once(tmp_path: Path) -> None:
    path = written(tmp_path / "many.vtp", many_arrays())
    async with serving(path) as site, chromium() as browser:
        page = await open_page(browser, site.link)
        choice = page.locator(".apv-line[data-name='PointArrayStatus']")
        boxes = choice.locator(".apv-arrays input")
        whole = choice.locator(".apv-all-arrays input")
        await expect(boxes.nth(199)).to_be_attached()
        names = await boxes.count()
        assert names >= 200
        (source,) = site.contents[0].session.proxies.sources()

        def wanted() -> dict[str, bool]:
            return dict(source.PointArrayStatus)

        await expect(choice.locator(".apv-all-arrays")).to_contain_text(f"{names} of {names}")
        await expect(whole).to_be_checked()
        await choice.get_by_placeholder("Search arrays").fill("Pressure")
        await expect(boxes).to_have_count(100)
        await whole.uncheck()
        await poll_async(lambda: sum(wanted().values()) == names - 100, what="those that were found are off")
        assert not any(on for name, on in wanted().items() if "pressure" in name)
        await choice.get_by_placeholder("Search arrays").fill("")
        await expect(choice.locator(".apv-all-arrays")).to_contain_text(f"{names - 100} of {names}")
        assert await whole.evaluate("(one) => one.indeterminate")
        await whole.click()
        await poll_async(lambda: all(wanted().values()) and len(wanted()) == names, what="all are on")


@in_loop
async def test_in_a_long_pipeline_the_active_row_is_seen_and_a_long_name_takes_few_lines() -> None:
    async with serving() as site, chromium() as browser:
        page = await open_page(browser, site.link)
        session = site.contents[0].session
        made = [session.sources.Sphere() for _ in range(100)]
        await expect(page.locator(".apv-row")).to_have_count(100)
        for at in (99, 0, 50):
            session.proxies.active.set_source(made[at])
            row = page.locator(f".apv-row.apv-active[data-id='{made[at].id}']")
            await expect(row).to_have_count(1)
            await poll_seen(page, row)
        await page.locator(".apv-row.apv-active").focus()
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await poll_async(lambda: session.proxies.active.source is made[51], what="the row below, by the keys")
        session.proxies.rename(made[51], "a_name_of_a_file_" * 14)
        name = page.locator(".apv-row.apv-active .apv-name")
        await expect(name).to_have_attribute("title", "a_name_of_a_file_" * 14)
        assert await name.evaluate(HEIGHT_IN_LINES) <= 3.1
        title = page.locator(".apv-title").first
        await expect(title).to_contain_text("a_name_of_a_file_")
        assert await title.evaluate(HEIGHT_IN_LINES) <= 3.6


async def poll_seen(page: Page, row: Any) -> None:
    """Wait until a row is within what is seen of the pipeline."""
    await page.wait_for_function(f"(one) => ({IS_SEEN})(one)", arg=await row.element_handle())


@in_loop
async def test_of_a_million_rows_the_last_ones_and_any_other_are_a_step_away() -> None:
    async with serving() as site, chromium() as browser:
        page = await open_page(browser, site.link)
        await site.contents[0].work.add("Wavelet", WholeExtent=[0, 99] * 3).task
        await page.get_by_role("tab", name="Table").click()
        first = page.locator(".apv-table tbody tr td").first
        await expect(first).to_have_text("0")
        toolbar = page.get_by_role("toolbar", name="Of the table")
        await expect(toolbar).to_contain_text("of 1,000,000, 0 to 99")
        await expect(page.get_by_role("button", name="Rows before")).to_be_disabled()
        await page.get_by_role("button", name="Last rows").click()
        await expect(first).to_have_text("999900")
        await expect(page.locator(".apv-table tbody tr").last).to_contain_text("999999")
        await expect(page.get_by_role("button", name="Rows after")).to_be_disabled()
        row = toolbar.get_by_label("Row", exact=True)
        await row.fill("123456")
        before = await page.locator(".apv-table tbody tr").last.inner_text()
        wavelet = site.contents[0].session.proxies.sources()[-1]
        wavelet.XMag = 20.0
        await wavelet.update_pipeline()
        await expect(page.locator(".apv-table tbody tr").last).not_to_have_text(before)
        assert await row.input_value() == "123456", "what is typed is kept"
        await row.press("Enter")
        await expect(first).to_have_text("123400")
        await page.wait_for_function(f"() => ({FIRST_SEEN})() === 123456")
        await page.get_by_role("button", name="Rows after").click()
        await expect(first).to_have_text("123500")
        await page.wait_for_function(f"() => ({FIRST_SEEN})() === 123500")
        await page.get_by_role("button", name="First rows").click()
        await expect(first).to_have_text("0")


@in_loop
async def test_a_long_list_of_numbers_has_a_part_of_its_fields_and_more_on_demand() -> None:
    async with serving() as site, chromium() as browser:
        page = await open_page(browser, site.link)
        work = site.contents[0].work
        await work.add("Wavelet", WholeExtent=[-3, 3] * 3).task
        await work.add("Contour", Isosurfaces=[float(at) for at in range(1000)]).task
        line = page.locator(".apv-line[data-name='Isosurfaces']")
        fields = line.locator(".apv-grid input[type=text]")
        await expect(fields).to_have_count(60)
        await line.get_by_role("button", name="Show more (60 of 1000)").click()
        await expect(fields).to_have_count(120)
        await line.get_by_role("button", name="Add").click()
        await expect(fields).to_have_count(1001)
        contour = site.contents[0].session.proxies.sources()[-1]
        await poll_async(lambda: len(contour.Isosurfaces) == 1001, what="one more")
        await fields.nth(1000).fill("2000")
        await fields.nth(1000).press("Enter")
        await poll_async(lambda: contour.Isosurfaces[-1] == 2000.0, what="the last value")
        assert sources_of(site.contents[0]) == ["Wavelet1", "Contour1"]


@in_loop
async def test_who_selects_nothing_or_clicks_somewhere_is_told_what_is_there() -> None:
    async with serving() as site, chromium() as browser:
        page = await open_page(browser, site.link, has_touch=True)
        await site.contents[0].work.add("Sphere").task
        box = await page.locator("canvas.apv-canvas").bounding_box()
        assert box is not None
        await page.get_by_role("button", name="Select points").click()
        await page.mouse.move(box["x"] + 4, box["y"] + 4)
        await page.mouse.down()
        await page.mouse.move(box["x"] + 30, box["y"] + 30, steps=4)
        await page.mouse.up()
        await expect(page.get_by_text("nothing: there are no points in the rectangle")).to_be_visible()
        await page.get_by_role("button", name="Clear selection").click()
        await expect(page.get_by_text("nothing: there are no points")).to_have_count(0)
        box = await page.locator("canvas.apv-canvas").bounding_box()
        assert box is not None
        await page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        await expect(page.get_by_role("row", name="Source Sphere1")).to_be_visible()


@in_loop
async def test_the_page_becomes_dark_with_the_system_while_it_is_open() -> None:
    async with serving() as site, chromium() as browser:
        page = await open_page(browser, site.link, color_scheme="light")

        async def looks(scheme: str) -> None:
            await expect(page.locator(f".apv-page.v-theme--{scheme}")).to_have_count(1)

        await looks("light")
        await page.emulate_media(color_scheme="dark")
        await looks("dark")
        button = page.get_by_role("button", name="Dark or light")
        await button.click()
        await looks("light")
        await page.emulate_media(color_scheme="light")
        await looks("light")
        await page.emulate_media(color_scheme="dark")
        await looks("light")
        await button.click()  # as the system again, and with it
        await looks("dark")
        await page.emulate_media(color_scheme="light")
        await looks("light")
