"""Files of the page: pictures and states that the browser saves, states that it gives, files of the server; times."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import numpy as np
import pytest
from playwright.async_api import expect

from servermanager import SourceProxy, connect
from tests.harness.apvtest import in_loop, pixels, poll_async
from tests.harness.browsers import canvas_pixels, chromium, needs_browser, open_page, pictures
from tests.harness.saving import sphere
from tests.harness.small_files import written
from tests.harness.time_limits import scaled

from .site import serving, sources_of, view_of

pytestmark = [needs_browser, pytest.mark.deep]


@in_loop
async def test_a_picture_and_a_state_are_saved_and_the_state_is_loaded_in_another_page(tmp_path: Path) -> None:
    async with serving() as site, chromium() as browser:
        page = await open_page(browser, site.link)
        content = site.contents[0]
        view_of(content).StillSamples = 1
        content.work.add("Cone")
        await expect(page.locator(".apv-row[data-state=unmodified]")).to_have_count(1, timeout=1000 * scaled(20))
        async with page.expect_download() as saving:
            await page.click("button[aria-label='Save a picture of the active view']")
        picture = await saving.value
        await picture.save_as(tmp_path / "picture.png")
        truth = await view_of(content).screenshot()
        assert picture.suggested_filename == "picture.png"
        assert np.array_equal(pixels(tmp_path / "picture.png"), truth.pixels[..., :3])
        await page.click("button[aria-label='Save and load']")
        async with page.expect_download() as saving:
            await page.get_by_text("Save the state", exact=True).click()
        state = await saving.value
        await state.save_as(tmp_path / "state.json")
        other = await open_page(browser, site.link)
        await other.click("button[aria-label='Save and load']")
        async with other.expect_file_chooser() as choosing:
            await other.get_by_text("Load a state").click()
        await (await choosing.value).set_files(tmp_path / "state.json")
        await poll_async(lambda: sources_of(site.contents[1]) == ["Cone1"], what="what was in the state")
        (tmp_path / "wrong.json").write_text("{}")
        await other.click("button[aria-label='Save and load']")
        async with other.expect_file_chooser() as choosing:
            await other.get_by_text("Load a state").click()
        await (await choosing.value).set_files(tmp_path / "wrong.json")
        await expect(other.locator(".apv-told")).to_contain_text("state")


@in_loop
async def test_files_of_the_server_are_found_and_opened_by_keys(tmp_path: Path) -> None:
    written(tmp_path / "one.vtp", sphere())
    (tmp_path / "below").mkdir()
    written(tmp_path / "below" / "two.vtp", sphere())
    (tmp_path / "notes.xyzw").write_text("no data")
    async with serving() as site, chromium() as browser:
        page = await open_page(browser, site.link)
        await page.keyboard.press("Control+o")
        await expect(page.get_by_label("Directory", exact=True)).not_to_have_value("")
        await page.fill(".apv-files input[aria-label=Directory]", str(tmp_path))
        await page.keyboard.press("Enter")
        entries = page.locator(".apv-list li")
        await expect(entries).to_have_count(2)
        await page.get_by_label("all files").check()
        await expect(entries).to_have_count(3)
        await entries.first.focus()
        await page.keyboard.press("Enter")
        await expect(page.locator(".apv-list li .apv-name")).to_have_text(["two.vtp"])
        await entries.first.focus()
        await page.keyboard.press("Enter")
        await expect(page.locator(".apv-row[data-state=unmodified]")).to_have_count(1, timeout=1000 * scaled(20))
        source = site.contents[0].session.proxies.active.source
        assert isinstance(source, SourceProxy) and source.FileName == str(tmp_path / "below" / "two.vtp")


@in_loop
async def test_times_are_gone_through(tmp_path: Path) -> None:
    async with serving() as site, chromium() as browser:
        page = await open_page(browser, site.link)
        content = site.contents[0]
        made = content.session.sources.TimeSource()
        path = str(tmp_path / "run.vtu")
        await content.session.save_data(path, made, WriteTimeSteps=[0.0, 0.5, 1.0])
        content.session.delete(made)
        content.work.open(f"{path}.series")
        bar = page.locator(".apv-times")
        await expect(bar).to_be_visible(timeout=1000 * scaled(20))
        before = await pictures(page)
        await page.click("button[aria-label='Next time']")
        await poll_async(lambda: content.session.time == 0.5, what="the next time")
        await page.click("button[aria-label='Last time']")
        await poll_async(lambda: content.session.time == 1.0, what="the last time")
        await expect(bar.locator(".apv-time")).to_have_text("1")
        await page.wait_for_function(
            "(before) => Number(document.querySelector('canvas.apv-canvas').dataset.pictures) > before", arg=before
        )


@in_loop
async def test_a_chart_stands_beside_the_scene() -> None:
    async with serving() as site, chromium() as browser:
        page = await open_page(browser, site.link)
        content = site.contents[0]
        content.work.add("Wavelet")
        await expect(page.locator(".apv-row[data-state=unmodified]")).to_have_count(1, timeout=1000 * scaled(20))
        wavelet = content.session.proxies.find_source("Wavelet1")
        assert wavelet is not None
        content.work.add("PlotOverLine", source=wavelet.id)
        await expect(page.locator(".apv-row[data-state=unmodified]")).to_have_count(2, timeout=1000 * scaled(20))
        stills = page.locator("canvas.apv-canvas[data-still=true]")
        await expect(stills).to_have_count(2, timeout=1000 * scaled(20))  # what is plotted comes with a chart
        chart = content.stage.live[1].view
        assert [one for one in content.session.all_representations() if one.view is chart]
        await chart.ready()
        shown = (await chart.screenshot()).pixels[..., :3]
        assert len(np.unique(shown.reshape(-1, 3), axis=0)) > 20
        await page.click("button[aria-label='Add a view']")
        await page.get_by_text("Line Chart View").click()
        await expect(stills).to_have_count(3, timeout=1000 * scaled(20))
        await page.locator(".apv-row.apv-active .apv-eye").click()
        other = content.stage.live[2].view
        await poll_async(
            lambda: [one for one in content.session.all_representations() if one.view is other],
            what="it is shown there",
        )
        for left in (2, 1):
            await page.locator(".apv-close").nth(left).click()
            await expect(page.locator("canvas.apv-canvas")).to_have_count(left)


@in_loop
async def test_a_state_at_the_start_is_what_the_page_shows(tmp_path: Path) -> None:
    async with connect(backend="inproc") as session:
        view = session.views.RenderView(Background=[0.0, 1.0, 0.0], UseColorPaletteForBackground=False)
        session.show(session.sources.Cone(), view)
        await session.save_state(tmp_path / "scene.json")
    async with serving(str(tmp_path / "scene.json")) as site, chromium() as browser:
        page = await open_page(browser, site.link)
        await poll_async(lambda: sources_of(site.contents[0]) == ["Cone1"], what="the state is loaded")
        await expect(page.locator("canvas.apv-canvas")).to_have_count(1, timeout=1000 * scaled(20))

        async def green() -> bool:
            return tuple((await canvas_pixels(page))[5, 5]) == (0, 255, 0)

        until = time.monotonic() + scaled(20)
        while not await green():
            assert time.monotonic() < until, "the page does not show the view of the state"
            await asyncio.sleep(0.05)
        assert len(site.contents[0].session.all_views()) == 1
