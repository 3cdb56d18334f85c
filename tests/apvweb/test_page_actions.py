"""What a person does on the page: opens, adds, enters, stops, selects, undoes; by mouse and by keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from servermanager import SourceProxy
from tests.harness.apvtest import in_loop, poll_async
from tests.harness.browsers import chromium, drag, needs_browser, open_page, pictures
from tests.harness.saving import sphere
from tests.harness.small_files import written
from tests.harness.time_limits import scaled

from .site import serving, sources_of, view_of

pytestmark = needs_browser


def source(content: Any, name: str) -> SourceProxy:
    """A source on a page by its name."""
    found = content.session.proxies.find_source(name)
    assert isinstance(found, SourceProxy)
    return found


async def add(page: Page, group: str, name: str) -> None:
    """Add a source or a filter by its name, from the menu."""
    await page.click(f"button[aria-label^='Add a {group}']")
    await page.fill(".apv-menu input[type=search]", name)
    await page.click(f".apv-entries button[data-name={name}]")


def line(page: Page, name: str) -> Any:
    """The line of a property in the panel that is open."""
    return page.locator(f".apv-side-panels .apv-line[data-name='{name}']:visible").first


@in_loop
async def test_a_file_is_opened_filtered_changed_and_taken_back(tmp_path: Path) -> None:
    path = written(tmp_path / "ball.vtp", sphere())
    async with serving(path) as site, chromium() as browser:
        page = await open_page(browser, site.link)
        content = site.contents[0]
        await expect(page.locator(".apv-row[data-state=unmodified]")).to_have_count(1, timeout=1000 * scaled(20))
        await add(page, "filter", "Shrink")
        await expect(page.locator(".apv-row.apv-active .apv-name")).to_have_text("Shrink1")
        field = line(page, "ShrinkFactor").locator("input.apv-field")
        await field.fill("0.25")
        await field.press("Enter")
        await poll_async(lambda: source(content, "Shrink1").ShrinkFactor == 0.25, what="the value that was entered")
        await field.fill("a quarter")
        await field.press("Enter")
        error = line(page, "ShrinkFactor").locator(".apv-error")
        await expect(error).to_contain_text("expected a number, not 'a quarter'")
        assert await field.get_attribute("aria-invalid") == "true"
        assert source(content, "Shrink1").ShrinkFactor == 0.25
        await page.keyboard.press("Escape")
        await page.click("button[aria-label^='Undo']")
        await poll_async(lambda: source(content, "Shrink1").ShrinkFactor != 0.25, what="the value before")
        await page.click(".apv-row >> nth=0")
        await page.click("button[aria-label='Delete']")
        await expect(page.locator(".apv-told")).to_contain_text("Shrink1 depend")
        await page.click("button[aria-label^='Delete with']")
        await poll_async(lambda: not sources_of(content), what="nothing in the pipeline")
        await page.keyboard.press("Control+z")
        await poll_async(lambda: len(sources_of(content)) == 2, what="all that was deleted")


@pytest.mark.deep
@in_loop
async def test_a_filter_that_runs_leaves_the_page_usable_and_is_stopped() -> None:
    async with serving() as site, chromium() as browser:
        page = await open_page(browser, site.link)
        content = site.contents[0]
        content.work.add("Sphere")
        await expect(page.locator(".apv-row[data-state=unmodified]")).to_have_count(1, timeout=1000 * scaled(20))
        points = content.session.sources.PointSource(NumberOfPoints=1_000_000, Radius=0.5)
        slow = content.session.filters.Delaunay3D(Input=points)
        content.session.show(slow, view_of(content))
        row = page.locator(f".apv-row[data-id='{slow.id}']")
        await expect(row).to_have_attribute("data-state", "executing", timeout=1000 * scaled(30))
        await expect(row.locator("[role=progressbar]")).to_be_visible()
        before = await pictures(page)
        await drag(page, 60, 30)
        await poll_async(lambda: content.stage.live[0].feed.statistics.pictures > 0, what="pictures")
        await page.wait_for_function(
            "(before) => Number(document.querySelector('canvas.apv-canvas').dataset.pictures) > before", arg=before
        )
        await expect(row).to_have_attribute("data-state", "executing")  # all that was while it runs
        await row.locator("button.apv-stop").click()
        await expect(row).not_to_have_attribute("data-state", "executing", timeout=1000 * scaled(10))
        await poll_async(lambda: not content.work.progress.executing, what="the end that another stream tells of")


@pytest.mark.deep
@in_loop
async def test_what_is_seen_in_a_rectangle_is_selected_with_its_values() -> None:
    async with serving() as site, chromium() as browser:
        page = await open_page(browser, site.link)
        content = site.contents[0]
        content.work.add("Sphere", PhiResolution=12, ThetaResolution=12)
        await expect(page.locator(".apv-row[data-state=unmodified]")).to_have_count(1, timeout=1000 * scaled(20))
        await view_of(content).ready()
        await page.click("button[aria-label='Select cells']")
        await drag(page, 60, 60)
        table = page.locator(".apv-bottom-content .apv-table tbody tr")
        await expect(table.first).to_be_visible(timeout=1000 * scaled(20))
        await expect(page.locator(".apv-bottom-content h3")).to_contain_text("cells selected")
        extracted = content.session.selections.extracted(source(content, "Sphere1"))
        assert extracted is not None
        information = await extracted.update_pipeline()
        assert await table.count() == information.number_of_cells > 0
        await page.click("text=Clear selection")
        await expect(table).to_have_count(0)


@pytest.mark.deep
@in_loop
async def test_the_pipeline_is_walked_by_keys_and_named_for_screen_readers() -> None:
    async with serving() as site, chromium() as browser:
        page = await open_page(browser, site.link)
        content = site.contents[0]
        content.work.add("Sphere")
        await expect(page.locator(".apv-row[data-state=unmodified]")).to_have_count(1, timeout=1000 * scaled(20))
        content.work.add("Cone")
        rows = page.get_by_role("treeitem")
        await expect(rows).to_have_count(2)
        await rows.nth(1).focus()
        await page.keyboard.press("ArrowUp")
        await page.keyboard.press("Enter")
        await poll_async(
            lambda: content.session.proxies.active.source is source(content, "Sphere1"), what="it is active"
        )
        await page.keyboard.press(" ")
        await expect(rows.nth(0).get_by_role("button", name="Show Sphere1")).to_be_visible()
        await page.keyboard.press("F2")
        await page.keyboard.type("ball")
        await page.keyboard.press("Enter")
        await expect(rows.nth(0)).to_contain_text("ball")
        assert sources_of(content) == ["ball", "Cone1"]
        nameless = await page.evaluate(
            """() => [...document.querySelectorAll("button, input, select, textarea, canvas")].filter((one) =>
                one.offsetParent !== null && !one.ariaHidden && !one.getAttribute("aria-label")
                && !one.getAttribute("aria-labelledby")
                && !one.innerText.trim() && !(one.labels && one.labels.length)).map((one) => one.outerHTML)"""
        )
        assert not nameless
