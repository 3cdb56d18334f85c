"""The applications of examples/web in a real browser: what is dragged and entered there is what the server computes."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import importlib.util
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from playwright.async_api import Page as BrowserPage
from trame.ui.vuetify3 import VAppLayout
from trame.widgets import vuetify3 as v3
from trame_server import Server

from async_paraview.widgets.sight import CameraState, Sight
from servermanager import ProgressStep, RenderViewProxy, Session, SourceProxy, connect
from services_core import RequestCancelled
from tests.harness.apvtest import Program, in_loop, poll_async
from tests.harness.browsers import PAINTED, canvas_pixels, chromium, needs_browser, open_page
from tests.harness.time_limits import scaled

from .site import serving_application

pytestmark = needs_browser
FOLDER = Path(__file__).parents[2] / "examples" / "web"


def example(name: str) -> ModuleType:
    """An application as a module: its file is a program, and nothing that is installed."""
    spec = importlib.util.spec_from_file_location(f"example_{name}", FOLDER / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@asynccontextmanager
async def shown(name: str, **options: Any) -> AsyncIterator[tuple[BrowserPage, Any]]:
    """An application in a browser, and the object that made its page."""
    module, made = example(name), list[Any]()

    async def application(server: Any, session: Session, _: argparse.Namespace) -> Any:
        made.append(await module.page(server, session, argparse.Namespace(**options)))
        return made[0]

    async with serving_application(application) as site, chromium() as browser:
        page = await open_page(browser, site.link)
        yield page, made[0]


async def shows(page: BrowserPage, view: RenderViewProxy) -> None:
    """Wait until the canvas has what a screenshot of the view has then, its widgets included."""
    await view.ready()
    until = time.monotonic() + scaled(20)
    while not np.array_equal((await view.screenshot(widgets=True)).pixels[..., :3], await canvas_pixels(page)):
        assert time.monotonic() < until, "the canvas has other pixels than the view"
        await asyncio.sleep(0.05)


async def drag_center(page: BrowserPage, view: RenderViewProxy, proxy: SourceProxy, dx: float, dy: float) -> None:
    """Drag the center of a proxy by so many pixels of the page, in thirty steps; it lies there when this returns."""
    image, box = view.last_image, await page.locator("canvas.apv-canvas").bounding_box()
    assert image is not None and box is not None
    sight, wide, high = Sight(CameraState.of(image.camera), (image.width, image.height)), box["width"], box["height"]

    def where() -> tuple[float, float]:
        x, y, _ = sight.pixel(proxy.Center)
        return x * wide / image.width, (1 - y / image.height) * high

    x, y = where()
    await page.mouse.move(box["x"] + x, box["y"] + y)
    await page.mouse.down()
    await page.mouse.move(box["x"] + x + dx, box["y"] + y + dy, steps=30)
    await page.mouse.up()
    await poll_async(lambda: np.allclose(where(), (x + dx, y + dy), atol=0.6), what="the end of the drag")


async def fetched_at_rest(proxy: Any) -> Any:
    """What a proxy makes when nothing changes it any more: the last placement of a drag interrupts what goes on."""
    while True:
        with contextlib.suppress(RequestCancelled):
            return await proxy.fetch()


@in_loop
async def test_tubes_follow_the_ball_of_seeds_and_useless_placements_are_not_made() -> None:
    async with shown("streamlines", side=32, seeds=30) as (page, made):
        made.view.StillSamples = 1
        before = list(made.seeds.Center)
        steps: list[ProgressStep] = []
        made.parts.work.progress.watch(steps.append)
        undo = made.view.session.undo
        done = len(undo.labels)
        await drag_center(page, made.view, made.seeds, 80, -40)
        assert len(undo.labels) == done + 1 and made.asked > 3
        after = list(made.seeds.Center)
        assert np.linalg.norm(np.subtract(after, before)) > 1
        lines = await fetched_at_rest(made.lines)
        begins = await fetched_at_rest(made.seeds)
        assert np.abs(begins.points.mean(axis=0) - after).max() < made.seeds.Radius
        ends = {one.proxy for one in steps if one.state == "finished"}
        assert made.lines.id in ends and lines.number_of_points > 0
        assert made.made < made.asked
        await shows(page, made.view)
        assert f"{made.asked} asked for, {made.made} made" in await page.inner_text("p[role=status]")
        made.parts.view.view.session.undo.undo()
        assert list(made.seeds.Center) == before, "all of a drag is one step"


@in_loop
async def test_what_is_entered_beside_a_wavelet_is_computed_or_refused_at_its_line() -> None:
    async with shown("wavelet", extent=10) as (page, made):
        made.view.StillSamples = 1
        entry = page.get_by_label("Isosurfaces").locator("input[type=text], input[type=number]").first
        await entry.fill("200")
        await entry.press("Enter")
        await poll_async(lambda: list(made.contour.Isosurfaces) == [200.0], what="the value")
        found = await made.contour.fetch()
        assert np.allclose(found.point_data["RTData"], 200.0, atol=0.01)
        await entry.fill("many")
        await entry.press("Enter")
        await page.wait_for_selector("text=many")
        assert list(made.contour.Isosurfaces) == [200.0]
        await shows(page, made.view)


@in_loop
async def test_cells_of_a_rock_are_those_in_the_box() -> None:
    async with shown("rock", side=48, data=None, every=None) as (page, made):
        labels = example("rock").rock(48)
        assert sorted(np.unique(labels)) == [0, 1, 2, 3]
        cells = await made.mineral.fetch()
        assert set(np.unique(cells.point_data["values"])) == {3}
        low, high = cells.points.min(axis=0), cells.points.max(axis=0)
        box = made.region.ClipType
        assert (low >= np.array(box.Position) - 1e-4).all()
        assert (high <= np.add(box.Position, box.Length) + 1e-4).all()
        assert await page.locator("canvas[data-still=true]").count() == 1


@in_loop
async def test_an_application_is_a_part_of_a_page_of_somebody_elses() -> None:
    server = Server("somebody else's")
    server.client_type = "vue3"
    async with connect(backend="zmq") as session, chromium() as browser:
        made = await example("wavelet").Wavelet.make(server, session, extent=6)
        made.view.StillSamples = 1
        with VAppLayout(server), v3.VMain(style="height: 100vh"):
            v3.VToolbar(title="Mine")
            with v3.VSheet(style="height: 400px"):
                made.parts.widgets()
        listening = asyncio.create_task(
            server.start(
                exec_mode="coroutine", port=0, open_browser=False, show_connection_info=False, thread=True, timeout=0
            )
        )
        try:
            await poll_async(lambda: server.running, what="trame's server")
            page = await open_page(browser, f"http://localhost:{server.port}/index.html")
            assert await page.get_by_text("Mine").count() == 1
            await shows(page, made.view)
        finally:
            await made.close()
            await server.stop()
            await listening


@pytest.mark.deep
@pytest.mark.timeout(scaled(600))
def test_a_large_rock_is_shown_by_its_program() -> None:
    with Program(str(FOLDER / "rock.py"), "--no-browser") as program:
        link = program.wait_for(r"apvweb ready at (http://127\.0\.0\.1:\d+/\?key=\S+)")[1]

        async def look() -> None:
            async with chromium() as browser:
                page = await (await browser.new_context()).new_page()
                await page.goto(link)
                await page.wait_for_selector(PAINTED, timeout=1000 * scaled(400))
                pixels = await canvas_pixels(page)
                assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 1000

        asyncio.run(look())  # longer than other tests may take
