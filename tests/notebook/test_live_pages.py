"""What happens to live pictures: people, pages that are hidden, loaded again or saved, and kernels that end."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from playwright.sync_api import Browser

from ..harness.apvtest import poll
from ..harness.jupyter_lab import JupyterLab
from ..harness.notebook_page import LIVE, NotebookPage, notebook_page
from ..harness.time_limits import scaled
from .test_live import AWAITING, BLOCKING, SHOT, kept

pytestmark = pytest.mark.deep

CAMERA = "camera = await view.camera()\nprint(camera['CameraPosition'], camera['CameraViewUp'])"
PAINTED = "() => window.painted"
COUNT = """() => {
    window.painted = 0;
    for (const name of ["drawImage", "putImageData"]) {
        const draw = CanvasRenderingContext2D.prototype[name];
        CanvasRenderingContext2D.prototype[name] = function (...given) {
            window.painted += 1;
            return draw.apply(this, given);
        };
    }
}"""


def distance(said: str) -> float:
    """How far from the origin the camera is that a cell has printed."""
    return float(np.linalg.norm([float(one) for one in said.partition("]")[0].strip("[").split(",")]))


def changed(shown: NotebookPage, at: int, before: str) -> str:
    """Wait until a cell prints something else than before, and return it."""
    return poll(lambda: said if (said := shown.run(at)) != before else None, deadline_s=20, what=f"not {before}")


def test_wheel_keys_click_and_corner(lab: JupyterLab, chromium: Browser) -> None:
    with notebook_page(lab, chromium, "person.ipynb", [AWAITING, SHOT, CAMERA, "print(view.ViewSize)"]) as shown:
        shown.run(0)
        shown.live().wait_for()
        first = shown.still(1)
        there = shown.run(2)

        shown.page.mouse.move(*shown.middle())
        shown.page.mouse.wheel(0, -100)  # not clicked yet: it scrolls the notebook
        assert shown.run(2) == there
        x, y = shown.middle()
        shown.page.mouse.click(x, y + 60)  # the middle is empty
        line = shown.live().locator(".apv-said")
        poll(
            lambda: "Contour1: (" in line.inner_text() and "point RTData: 157" in line.inner_text(),
            what="the value that was clicked on",
        )
        assert shown.run(2) == there
        shown.page.mouse.click(*shown.middle())
        shown.page.mouse.wheel(0, -100)
        nearer = changed(shown, 2, there)
        assert distance(nearer) < 0.95 * distance(there)

        shown.page.mouse.click(*shown.middle())
        shown.page.keyboard.press("x")
        aside = changed(shown, 2, nearer)
        assert shown.cell(0).locator(".jp-InputPrompt").count() == 1  # x is the view's, and cuts no cell
        x, y, z = (float(one) for one in aside.partition("]")[0].strip("[").split(","))
        assert x < -10 and abs(y) + abs(z) < 1
        shown.live().focus()
        shown.page.keyboard.press("Escape")
        poll(lambda: shown.page.evaluate("document.activeElement === document.body"), what="a picture without focus")

        shown.middle()
        corner = shown.live().locator(".apv-corner").bounding_box()
        assert corner is not None
        shown.page.mouse.move(corner["x"] + 8, corner["y"] + 8)
        shown.page.mouse.down()
        shown.page.mouse.move(corner["x"] + 108, corner["y"] + 58, steps=5)
        shown.page.mouse.up()
        poll(lambda: shown.run(3) == "[500, 350]", what="the size that the corner was dragged to")
        assert shown.still(1, unlike=first).shape == (350, 500, 3)
        box = shown.live().locator("canvas").bounding_box()
        assert box is not None and (round(box["width"]), round(box["height"])) == (500, 350)


def test_fingers_turn_and_spread(lab: JupyterLab, chromium: Browser) -> None:
    with notebook_page(lab, chromium, "fingers.ipynb", [AWAITING, SHOT, CAMERA]) as shown:
        shown.run(0)
        shown.live().wait_for()
        shown.still(1)
        there = shown.run(2)
        x, y = shown.middle()
        devices = shown.page.context.new_cdp_session(shown.page)

        def touch(kind: str, *places: tuple[float, float]) -> None:
            points = [{"x": one[0], "y": one[1], "id": at} for at, one in enumerate(places)]
            devices.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        touch("touchStart", (x, y))
        for step in range(1, 6):
            touch("touchMove", (x + 12 * step, y))
        touch("touchEnd")
        turned = changed(shown, 2, there)
        assert distance(turned) == pytest.approx(distance(there), rel=1e-3)
        x, y = shown.middle()
        touch("touchStart", (x - 30, y), (x + 30, y))
        for step in range(1, 6):
            touch("touchMove", (x - 30 - 6 * step, y), (x + 30 + 6 * step, y))
        touch("touchEnd")
        poll(lambda: distance(shown.run(2)) < 0.8 * distance(turned), what="the view comes nearer")


def test_nothing_is_drawn_for_pictures_that_nobody_sees(lab: JupyterLab, chromium: Browser) -> None:
    turn = (
        "import asyncio\nfirst = (await view.screenshot()).sequence\n"
        "for _ in range(20):\n    view.rotate(0.01, 0.0)\n    await asyncio.sleep(0.05)\n"
        "print((await view.screenshot()).sequence - first)"
    )
    lines = "\n".join("print()" for _ in range(100))
    with notebook_page(lab, chromium, "hidden.ipynb", [AWAITING, SHOT, turn, lines, turn]) as shown:
        shown.run(0)
        shown.live().wait_for()
        shown.still(1)
        shown.run(3)
        shown.middle()
        shown.begin(2)
        poll(lambda: shown.count(2), deadline_s=30, what="the end of the cell")
        assert int(shown.text(2)) > 5
        shown.cell(4).scroll_into_view_if_needed()
        assert (
            not shown.live()
            .locator("canvas")
            .evaluate("one => one.getBoundingClientRect().bottom > 0 && one.getBoundingClientRect().top < innerHeight")
        )
        poll(lambda: int(shown.run(4)) == 1, deadline_s=20, what="no picture but the screenshot")
        assert int(shown.run(4)) == 1
        shown.middle()
        shown.still(1)


@pytest.mark.alone
def test_pictures_go_on_while_a_cell_blocks(lab: JupyterLab, chromium: Browser) -> None:
    block = (
        "points = session.sources.PointSource(NumberOfPoints=1_000_000, Radius=0.5)\n"
        "slow = session.filters.Delaunay3D(Input=points)\n"
        "try:\n    with sync.timeout(10):\n        slow.update_pipeline()\n"
        "except TimeoutError:\n    print('it took too long')"
    )
    with notebook_page(lab, chromium, "blocks.ipynb", [BLOCKING, SHOT.replace("await ", ""), block]) as shown:
        shown.run(0)
        shown.live().wait_for()
        shown.still(1)
        shown.page.evaluate(COUNT)
        idle = pictures_of_a_drag(shown)
        shown.begin(2)
        blocked = pictures_of_a_drag(shown)
        assert shown.count(2) is None, "the cell has ended too soon"
        poll(lambda: shown.count(2), deadline_s=20, what="the end of the cell")
        assert shown.text(2).strip() == "it took too long"
        assert idle > 10 and blocked >= 0.6 * idle, (idle, blocked)


def pictures_of_a_drag(shown: NotebookPage) -> int:
    """How many pictures are painted in four seconds of dragging back and forth."""
    x, y = shown.middle()
    before = shown.page.evaluate(PAINTED)
    shown.page.mouse.move(x, y)
    shown.page.mouse.down()
    over = threading.Event()
    timer = threading.Timer(4.0, over.set)
    timer.start()
    step = 0
    while not over.is_set():
        step += 1
        shown.page.mouse.move(x + 60 * np.sin(step / 10), y + 20 * np.sin(step / 17))
    shown.page.mouse.up()
    timer.join()
    return int(shown.page.evaluate(PAINTED)) - int(before)


def test_a_drag_goes_on_when_the_page_makes_the_output_anew(lab: JupyterLab, chromium: Browser) -> None:
    anew = """() => {
        const holder = document.querySelector(".apv-live").parentElement;
        const image = holder.querySelector("img").cloneNode();
        image.style.display = "";
        holder.replaceChildren(image);
    }"""
    with notebook_page(lab, chromium, "anew.ipynb", [AWAITING, SHOT, CAMERA]) as shown:
        shown.run(0)
        shown.live().wait_for()
        first = shown.still(1)
        x, y = shown.middle()
        shown.page.mouse.move(x, y)
        shown.page.mouse.down()
        shown.page.mouse.move(x + 30, y, steps=3)
        poll(lambda: not np.array_equal(shown.pixels(), first), what="a picture that has turned")
        shown.page.evaluate(anew)
        assert shown.live().is_visible() and not shown.cell(0).locator("img").is_visible()
        moved = shown.pixels()
        shown.page.mouse.move(x + 90, y, steps=3)
        poll(lambda: not np.array_equal(shown.pixels(), moved), what="a picture that has turned further")
        shown.page.mouse.up()
        assert shown.live().evaluate("one => !one.classList.contains('apv-pressed') && document.activeElement === one")
        shown.still(1, unlike=first)


def test_a_page_that_is_loaded_again_is_live_again(lab: JupyterLab, chromium: Browser) -> None:
    with notebook_page(lab, chromium, "again.ipynb", [AWAITING, SHOT, CAMERA]) as shown:
        shown.run(0)
        shown.live().wait_for()
        first = shown.still(1)
        shown.save()
        shown.page.reload()
        shown.wait_idle()
        shown.live().wait_for(timeout=scaled(30_000))
        poll(lambda: np.array_equal(shown.pixels(), first), deadline_s=20, what="the picture in the page that is new")
        shown.drag(60, 0)
        turned = shown.still(1, unlike=first)
        assert np.mean(np.any(turned != first, axis=2)) > 0.1


def test_a_kernel_that_begins_anew_is_told_and_a_saved_picture_stays(lab: JupyterLab, chromium: Browser) -> None:
    with notebook_page(lab, chromium, "kernel.ipynb", [AWAITING, SHOT]) as shown:
        shown.run(0)
        shown.live().wait_for()
        first = shown.still(1)
        poll(lambda: np.array_equal(kept(shown.save()), first), deadline_s=20, what="the picture in the notebook")
        shown.cell(0).locator(".jp-InputPrompt").click()
        shown.page.keyboard.press("0")
        shown.page.keyboard.press("0")
        shown.page.locator("button:has-text('Restart')").last.click()
        line = shown.live().locator(".apv-said")
        poll(
            lambda: "Run the cell again" in line.inner_text(), deadline_s=30, what="a line that says that it has ended"
        )
        np.testing.assert_array_equal(shown.pixels(), first)
        shown.wait_idle()
        shown.page.reload()
        shown.wait_idle()
        still = shown.cell(0).locator(".jp-OutputArea-output img")
        still.wait_for()
        assert still.evaluate("one => [one.naturalWidth, one.naturalHeight]") == [400, 300] and still.is_visible()
        assert shown.page.locator(LIVE).count() == 0
        assert "NameError" in shown.run(1)  # the new kernel knows nothing
        shown.run(0)
        shown.live().wait_for()
        np.testing.assert_array_equal(shown.still(1), first)


def test_a_session_that_is_closed_leaves_its_picture(lab: JupyterLab, chromium: Browser) -> None:
    cells = [AWAITING, SHOT, "view", "await session.close()"]
    with notebook_page(lab, chromium, "closed.ipynb", cells) as shown:
        shown.run(0)
        shown.live().wait_for()
        shown.still(1)
        shown.run(2)
        poll(lambda: shown.page.locator(LIVE).count() == 2, what="the view at two places")
        shown.drag(60, 0, at=1)
        turned = shown.still(1)
        poll(lambda: np.array_equal(shown.pixels(1), turned), what="the same picture at both places")
        poll(lambda: np.array_equal(kept(shown.save()), turned), deadline_s=20, what="the picture in the notebook")
        shown.run(3)
        poll(lambda: shown.page.locator(LIVE).count() == 0, what="no live picture")
        images = shown.page.locator(".jp-OutputArea-output img")
        assert images.count() == 2 and images.nth(0).is_visible() and images.nth(1).is_visible()
