"""Links by which others join: who may change things has a view of their own, who looks on sees that of another."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from servermanager import connect
from tests.harness.apvtest import Server, in_loop, poll_async
from tests.harness.browsers import PAINTED, canvas_pixels, chromium, drag, needs_browser, open_page
from tests.harness.time_limits import scaled

from .site import serving, sources_of, view_of

pytestmark = [needs_browser, pytest.mark.deep]


async def link_for(page: Page, label: str) -> str:
    """The link of the page's session that the dialog shows."""
    await page.click("button[aria-label='Share this session']")
    field = page.get_by_label(label).first
    await expect(field).to_have_value(re.compile("/join/"))
    link = await field.input_value()
    await page.keyboard.press("Escape")
    return link


@in_loop
async def test_who_joins_as_editor_sees_and_changes_the_same_in_a_view_of_their_own() -> None:
    with Server("zmq") as server:
        async with serving(url=server.url) as site, chromium() as browser:
            page = await open_page(browser, site.link)
            site.contents[0].work.add("Sphere")
            await expect(page.locator(".apv-row[data-state=unmodified]")).to_have_count(1, timeout=1000 * scaled(20))
            link = await link_for(page, "May change everything")
            assert "key" not in link
            other = await open_page(browser, link)
            await expect(other.locator(".apv-row .apv-name")).to_have_text("Sphere1", timeout=1000 * scaled(20))
            one, two = site.contents
            assert view_of(one).id != view_of(two).id and two.session.role == "editor"
            two.work.add("Cone")
            await poll_async(lambda: sources_of(one) == ["Sphere1", "Cone1"], what="what the other has made")
            assert not await other.get_by_label("Share this session").count()


@in_loop
async def test_who_looks_on_sees_the_view_and_changes_nothing() -> None:
    with Server("zmq") as server:
        async with serving(url=server.url) as site, chromium() as browser:
            page = await open_page(browser, site.link)
            content = site.contents[0]
            view_of(content).update(Background=[0.0, 1.0, 1.0], UseColorPaletteForBackground=False, StillSamples=1)
            link = await link_for(page, "Looks on")
            looking = await open_page(browser, link)
            await looking.wait_for_selector(PAINTED)
            camera = await view_of(content).camera()
            await drag(looking, 100, 50)
            await poll_async(lambda: content.session.connection.kind == "connected", what="an answer")
            assert await view_of(content).camera() == camera
            assert tuple((await canvas_pixels(looking))[3, 3]) == (0, 255, 255)
            assert (await canvas_pixels(looking)).shape == (await canvas_pixels(page)).shape
            page_id = looking.url.rstrip("/").rpartition("/")[2]
            answer = await looking.request.get(page.url)  # the page of the other
            assert answer.status == 404 and page_id not in page.url


@in_loop
async def test_a_program_joins_the_session_of_a_page_and_both_see_the_same() -> None:
    with Server("zmq") as server:
        async with serving(url=server.url) as site, chromium() as browser:
            page = await open_page(browser, site.link)
            token = await site.contents[0].session.invite("editor")
            async with connect(server.url, session=token) as program:
                program.proxies.rename(program.sources.Sphere(), "from outside")
                program.update_vtk_objects()
                await expect(page.locator(".apv-row .apv-name")).to_have_text("from outside", timeout=1000 * scaled(20))
