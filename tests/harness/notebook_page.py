"""A notebook that a browser shows: its cells, outputs, live pictures and kernel."""

from __future__ import annotations

import getpass
import io
import json
import time
from base64 import b64decode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, TimeoutError, sync_playwright

from .apvtest import poll
from .browsers import CHROMIUM
from .jupyter_lab import JupyterLab
from .time_limits import scaled

LIVE: Final = ".apv-live"


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser without a window; root may only start it without its sandbox."""
    arguments = ["--no-sandbox"] if getpass.getuser() == "root" else []
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        try:
            yield opened
        finally:
            opened.close()


def canvas_pixels(canvas: Locator) -> npt.NDArray[np.uint8]:
    """The pixels of a canvas as it has them, whatever size it is shown at: (height, width, 3)."""
    url = canvas.evaluate("one => one.toDataURL('image/png')")
    with Image.open(io.BytesIO(b64decode(url.partition(",")[2]))) as picture:
        return np.asarray(picture.convert("RGB"))


class NotebookPage:
    """A notebook of these cells in a page of its own."""

    def __init__(self, lab: JupyterLab, page: Page, name: str) -> None:
        self.lab = lab
        self.page = page
        self.name = name

    @property
    def file(self) -> Path:
        """The notebook as it was saved."""
        return self.lab.notebooks / self.name

    def open(self) -> None:
        """Show it, and wait for its kernel."""
        self.page.goto(self.lab.url(self.name))
        self.wait_idle()

    def wait_idle(self) -> None:
        """Wait until its kernel does nothing."""
        self.page.wait_for_selector("text=/Python 3.*Idle/", timeout=scaled(60_000))

    def cell(self, at: int) -> Locator:
        """A cell, by its number from 0."""
        return self.page.locator(".jp-Notebook .jp-CodeCell").nth(at)

    def begin(self, at: int) -> None:
        """Have a cell run, and wait for nothing."""
        self.cell(at).locator(".jp-InputPrompt").click()
        self.page.keyboard.press("Control+Enter")

    def count(self, at: int) -> int | None:
        """The number that a cell has got from its last run; None while it runs, and before."""
        said = self.cell(at).locator(".jp-InputArea-prompt").inner_text().strip("[]: ")
        return int(said) if said.isdecimal() else None

    def run(self, at: int, *, deadline_s: float = 60.0) -> str:
        """Run a cell, and return what it has printed."""
        before = self.count(at)
        self.begin(at)
        poll(lambda: self.count(at) not in (None, before), deadline_s=deadline_s, what=f"the end of cell {at}")
        return self.text(at)

    def text(self, at: int) -> str:
        """What stands below a cell, as text."""
        return "\n".join(self.cell(at).locator(".jp-OutputArea-output").all_inner_texts()).strip()

    def live(self, at: int = 0) -> Locator:
        """A live picture, by its number from 0."""
        return self.page.locator(LIVE).nth(at)

    def pixels(self, at: int = 0) -> npt.NDArray[np.uint8]:
        """The pixels of a live picture."""
        return canvas_pixels(self.live(at).locator("canvas"))

    def shot(self, at: int, file: str = "shot.png") -> npt.NDArray[np.uint8]:
        """Run a cell that writes a screenshot to a file, and return its pixels."""
        self.run(at)
        with Image.open(self.lab.notebooks / file) as picture:
            return np.asarray(picture.convert("RGB"))

    def still(self, at: int, *, unlike: npt.NDArray[np.uint8] | None = None) -> npt.NDArray[np.uint8]:
        """Wait until the first live picture is just what a screenshot is, which a cell makes, and return its pixels.

        `unlike` are other pixels: those of before something that the page has asked for, which may still be on its way.
        """

        def same() -> npt.NDArray[np.uint8] | None:
            poll(lambda: self.live().get_attribute("data-apv-still") == "true", deadline_s=20, what="a still picture")
            wanted = self.shot(at)
            there = np.array_equal(self.pixels(), wanted)
            return wanted if there and (unlike is None or not np.array_equal(wanted, unlike)) else None

        until = time.monotonic() + scaled(30)
        while (found := same()) is None:
            assert time.monotonic() < until, "the live picture did not become what a screenshot is"
        return found

    def middle(self, at: int = 0) -> tuple[float, float]:
        """The middle of a live picture in the page, after that was scrolled there."""
        canvas = self.live(at).locator("canvas")
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(self, across: float, down: float, *, steps: int = 10, button: str = "left", at: int = 0) -> None:
        """Drag from the middle of a live picture, by so many pixels."""
        x, y = self.middle(at)
        self.page.mouse.move(x, y)
        self.page.mouse.down(button=button)  # type: ignore[arg-type]
        self.page.mouse.move(x + across, y + down, steps=steps)
        self.page.mouse.up(button=button)  # type: ignore[arg-type]

    def _saved(self) -> bool:
        """Save it; tells whether all was saved: not what a cell shows since."""
        self.page.keyboard.press("Control+s")
        try:
            self.page.locator(".jp-mod-dirty").first.wait_for(state="detached", timeout=scaled(5) * 1000)
        except TimeoutError:
            return False
        return True

    def save(self) -> dict[str, Any]:
        """Save the notebook, and return what is in it."""
        self.page.locator(".jp-Notebook .jp-InputPrompt").first.click()
        poll(self._saved, what="a saved notebook")

        def saved() -> dict[str, Any] | None:
            with suppress(ValueError):  # it is being written
                return dict(json.loads(self.file.read_text()))
            return None

        return poll(saved, what="a notebook that is complete")


@contextmanager
def notebook_page(
    lab: JupyterLab, browser: Browser, name: str, cells: Sequence[str], *, pixel_ratio: float = 1.0
) -> Iterator[NotebookPage]:
    """A notebook of these cells, shown with its kernel idle; errors of the page's scripts fail the test."""
    lab.write(name, cells)
    page = browser.new_page(viewport={"width": 1100, "height": 900}, device_scale_factor=pixel_ratio)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    shown = NotebookPage(lab, page, name)
    try:
        shown.open()
        yield shown
    finally:
        page.close()
    assert not wrong, wrong
