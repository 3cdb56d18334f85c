"""Outages: of the visualization server, of the web server, and of a browser that stops reading."""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from playwright.async_api import Page, expect

from apvweb.pages import Page as SessionPage
from tests.harness.apvtest import Program, Server, in_loop, poll_async
from tests.harness.browsers import PAINTED, chromium, drag, needs_browser, open_page, pictures
from tests.harness.time_limits import scaled

from .site import looking, serving, sources_of, view_of

pytestmark = needs_browser


@in_loop
async def test_two_browsers_of_which_one_stops_reading_and_a_server_that_was_killed_and_is_back() -> None:
    with Server("zmq") as server:
        async with serving(url=server.url) as site, looking(site) as stopped, chromium() as browser:
            first = site.contents[0]
            await stopped.say("size", width=200, height=100, pixel_ratio=1)
            view_of(first).update(Background=[0.0, 0.5, 0.0], UseColorPaletteForBackground=False)
            await poll_async(lambda: first.stage.live[0].feed.state.kind == "stalled", what="that one is not painted")
            page = await open_page(browser, site.link)
            second = site.contents[1]
            second.work.add("Sphere", PhiResolution=20)
            view_of(second).UseColorPaletteForBackground = False
            await painted_another(page, lambda: view_of(second).update(Background=[0.0, 0.0, 1.0]))
            ours = site.pages.find(page.url.rstrip("/").rpartition("/")[2])
            assert ours is not None
            await poll_async(lambda: b"Sphere" in (ours.kept or b""), what="a state that is kept")
            server.kill()
            await expect(page.locator(".apv-banner")).to_contain_text("Reconnecting", timeout=1000 * scaled(20))
            with Server("zmq", "--server-port", server.url.rpartition(":")[2]):
                await poll_async(lambda: ours.content is not second, deadline_s=40, what="another session")
                await expect(page.locator(".apv-banner")).to_have_count(0, timeout=1000 * scaled(20))
                await expect(page.locator(".apv-row .apv-name")).to_have_text("Sphere1", timeout=1000 * scaled(20))
                await page.wait_for_selector(PAINTED)
                await painted_another(page, lambda: drag(page, 50, 0))


def views_kept(page: SessionPage) -> list[str]:
    """Return the kinds of the views that the state of a page's session has which was kept last."""
    return sorted(one["kind"] for one in json.loads(page.kept or b'{"views": []}')["views"])


async def painted_another(page: Page, change: Callable[[], object]) -> None:
    """Change something, and wait until a page has painted a picture after it."""
    before = await pictures(page)
    changing = change()
    if inspect.isawaitable(changing):
        await changing
    await page.wait_for_function(
        "(before) => Number(document.querySelector('canvas.apv-canvas').dataset.pictures) > before", arg=before
    )


@pytest.mark.deep
@in_loop
async def test_what_was_in_a_session_is_there_again_when_its_server_was_killed_and_is_back() -> None:
    with Server("zmq") as server:
        port = server.url.rpartition(":")[2]
        async with serving(url=server.url) as site, chromium() as browser:
            page = await open_page(browser, site.link)
            content = site.contents[0]
            content.work.add("Sphere", PhiResolution=20)
            await expect(page.locator(".apv-row[data-state=unmodified]")).to_have_count(1, timeout=1000 * scaled(20))
            view_of(content).update(Background=[0.0, 0.5, 0.0], UseColorPaletteForBackground=False)
            session_page = site.pages.find(page.url.rstrip("/").rpartition("/")[2])
            assert session_page is not None
            await poll_async(lambda: b'"Background"' in (session_page.kept or b""), what="a state that is kept")
            server.kill()
            await expect(page.locator(".apv-banner")).to_contain_text("Reconnecting", timeout=1000 * scaled(20))
            with Server("zmq", "--server-port", port):
                await poll_async(lambda: len(site.contents) == 2, deadline_s=40, what="another session")
                again = site.contents[1]
                await expect(page.locator(".apv-banner")).to_have_count(0, timeout=1000 * scaled(20))
                assert sources_of(again) == ["Sphere1"]
                await page.wait_for_selector(PAINTED)
                assert view_of(again).Background == [0.0, 0.5, 0.0]
                await painted_another(page, lambda: drag(page, 50, 0))


@pytest.mark.deep
@in_loop
async def test_one_browser_that_stops_reading_holds_up_nobody() -> None:
    async with serving() as site, chromium() as browser, chromium() as other:
        stopped_page = await open_page(other, site.link)
        page = await open_page(browser, site.link)
        first, second = site.contents
        pids = await _processes_of(stopped_page)
        process = psutil.Process(os.getpid())
        before = process.memory_info().rss
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            for step in range(30):
                view_of(first).update(Background=[step / 30, 0.0, 0.0], UseColorPaletteForBackground=False)
                view_of(second).update(Background=[0.0, 0.0, step / 30], UseColorPaletteForBackground=False)
                await asyncio.sleep(0.02)  # pictures come all the while
            await painted_another(page, lambda: view_of(second).update(Background=[1.0, 1.0, 0.0]))
            assert process.memory_info().rss - before < 20e6
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)


async def _processes_of(page: object) -> list[int]:
    """The processes of chromium that show pages of the browser of this page."""
    browser = page.context.browser  # type: ignore[attr-defined]  # a page
    session = await browser.new_browser_cdp_session()
    told = await session.send("SystemInfo.getProcessInfo")
    await session.detach()
    return [
        int(one["id"]) for one in told["processInfo"] if one["type"] in ("renderer", "network.mojom.NetworkService")
    ]


@pytest.mark.deep
def test_a_page_says_that_the_web_server_is_away_and_has_again_what_was_in_it(tmp_path: Path) -> None:
    """With the key of a file links and cookies stay right, and the states of pages are beside it."""
    options = ("-m", "apvweb", "--no-browser", "--key-file", str(tmp_path / "key"))
    with Program(*options, "--port", "0") as program:
        link = program.wait_for(r"ready at (http://\S+)")[1]
        port = link.rpartition(":")[2].partition("/")[0]

        @in_loop
        async def look() -> None:
            async with chromium() as browser:
                page = await open_page(browser, link)
                await page.click("button[aria-label^='Add a source']")
                await page.click(".apv-entries button[data-name=Cone]")
                await expect(page.locator(".apv-row[data-state=unmodified] .apv-name")).to_have_text("Cone1")
                await poll_async(lambda: any("Cone" in file.read_text() for file in tmp_path.glob("key.pages/*.json")))
                address = page.url
                program.kill()
                await expect(page.locator(".apv-away .apv-banner")).to_contain_text("Reconnecting")
                with Program(*options, "--port", port):
                    await expect(page.locator(".apv-row .apv-name")).to_have_text("Cone1", timeout=1000 * scaled(40))
                    await page.wait_for_selector(PAINTED)
                    assert page.url == address

        look()


@pytest.mark.deep
@in_loop
async def test_each_page_of_a_session_has_its_own_views_again_after_an_outage() -> None:
    with Server("zmq") as server:
        async with serving(url=server.url) as site, chromium() as browser:
            page = await open_page(browser, site.link)
            host = site.contents[0]
            host.work.add("Sphere", PhiResolution=20)
            await expect(page.locator(".apv-row[data-state=unmodified]")).to_have_count(1, timeout=1000 * scaled(20))
            guest_page = await open_page(browser, f"{site.base}{await site.pages.invite(host.session, 'editor')}")
            await expect(guest_page.locator(".apv-row")).to_have_count(1, timeout=1000 * scaled(20))
            guest = site.contents[1]
            guest.stage.add("XYChartView")
            host.stage.add("XYBarChartView")
            red, blue = {"Background": [0.75, 0.0, 0.0]}, {"Background": [0.0, 0.0, 0.25]}
            for content, look in ((host, red), (guest, blue)):
                content.stage.live[0].view.update(**look, UseColorPaletteForBackground=False)
            kept = site.pages.find(page.url.rstrip("/").rpartition("/")[2])
            assert kept is not None
            await poll_async(lambda: views_kept(kept) == ["RenderView", "RenderView", "XYBarChartView", "XYChartView"])
            await poll_async(
                lambda: b"0.75" in (kept.kept or b"") and b"0.25" in (kept.kept or b""), what="their looks"
            )
            server.kill()
            await expect(page.locator(".apv-banner").first).to_contain_text("Reconnecting", timeout=1000 * scaled(20))
            with Server("zmq", "--server-port", server.url.rpartition(":")[2]):
                await poll_async(lambda: len(site.contents) == 4, deadline_s=40, what="other sessions")
                again = {one.page.is_first: one for one in site.contents[2:]}
                for is_first, look, chart in ((True, red, "XYBarChartView"), (False, blue, "XYChartView")):
                    views = [one.view for one in again[is_first].stage.live]
                    assert [one.kind for one in views] == ["RenderView", chart], is_first
                    assert views[0].Background == look["Background"]
                assert len(again[True].session.all_views()) == 4, "none was made anew"
                for one in (page, guest_page):
                    await expect(one.locator("canvas.apv-canvas")).to_have_count(2, timeout=1000 * scaled(20))
                    await one.wait_for_selector(PAINTED)
