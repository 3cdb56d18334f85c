"""Live pictures in a JupyterLab that a browser shows: what is painted, what a person does, what a notebook keeps."""

from __future__ import annotations

import io
import itertools
from base64 import b64decode
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Browser

from ..harness.apvtest import poll
from ..harness.jupyter_lab import JupyterLab
from ..harness.notebook_page import LIVE, NotebookPage, notebook_page

PIPELINE = """
wavelet = session.sources.Wavelet()
contour = session.filters.Contour(Input=wavelet, ContourBy=("POINTS", "RTData"), Isosurfaces=[157.0])
session.show(contour, view, ColorBy=("POINTS", "RTData"))
view
"""
AWAITING = f"""
from servermanager import connect

session = await connect()
view = session.views.RenderView(ViewSize=[400, 300])
{PIPELINE}"""
BLOCKING = f"""
from servermanager import sync

session = sync.connect()
view = session.views.RenderView(ViewSize=[400, 300])
{PIPELINE}"""
SHOT = "picture = await view.save_screenshot('shot.png', samples=8)"
CAMERA = "print(view.CameraPosition)"


def kept(saved: dict[str, Any], at: int = 0) -> np.ndarray[Any, Any]:
    """The picture that a saved notebook keeps of a cell."""
    (output,) = saved["cells"][at]["outputs"]
    assert output["output_type"] == "display_data" and output["data"]["text/plain"][0].startswith("<RenderView 1: ")
    with Image.open(io.BytesIO(b64decode("".join(output["data"]["image/png"])))) as picture:
        return np.asarray(picture.convert("RGB"))


def test_a_view_is_a_live_picture_that_turns_and_stays(lab: JupyterLab, chromium: Browser) -> None:
    with notebook_page(lab, chromium, "turn.ipynb", [AWAITING, SHOT, "await view.camera()"]) as shown:
        shown.run(0)
        shown.live().wait_for()
        first = shown.still(1)
        assert first.shape == (300, 400, 3) and len(np.unique(first.reshape(-1, 3), axis=0)) > 100
        before = shown.run(2)
        shown.drag(80, 30)
        turned = shown.still(1, unlike=first)
        assert np.mean(np.any(turned != first, axis=2)) > 0.1
        assert shown.run(2) != before
        poll(lambda: np.array_equal(kept(shown.save()), turned), what="the last picture in the notebook")
        assert shown.page.locator(LIVE).count() == 1


def is_on_the_screen(shown: NotebookPage, wanted: np.ndarray[Any, Any]) -> bool:
    """Whether each pixel of a picture is one of the screen, where the live picture is: its edges may be between two."""
    shown.middle()
    with Image.open(io.BytesIO(shown.live().locator("canvas").screenshot())) as picture:
        seen = np.asarray(picture.convert("RGB"))
    height, width = wanted.shape[:2]
    down, across = seen.shape[0] - height, seen.shape[1] - width
    assert 0 <= down <= 2 and 0 <= across <= 2, (seen.shape, wanted.shape)
    places = itertools.product(range(down + 1), range(across + 1))
    return any(np.array_equal(seen[y : y + height, x : x + width], wanted) for y, x in places)


def box(shown: NotebookPage) -> tuple[int, int]:
    """How large the live picture is in the page, in CSS pixels."""
    found = shown.live().locator("canvas").bounding_box()
    assert found is not None
    return round(found["width"]), round(found["height"])


def test_a_picture_has_all_pixels_of_a_screen_that_is_fine(lab: JupyterLab, chromium: Browser) -> None:
    told, smaller = "print(view.ViewSize, view.PPI)", "view.ViewSize = [500, 400]"
    cells = [AWAITING, SHOT, told, smaller, "await view.camera()"]
    with notebook_page(lab, chromium, "fine.ipynb", cells, pixel_ratio=2) as shown:
        shown.run(0)
        shown.live().wait_for()
        first = shown.still(1)
        assert first.shape == (600, 800, 3) and box(shown) == (400, 300)
        assert is_on_the_screen(shown, first)
        assert shown.run(2) == "[800, 600] 144.0"
        before = shown.run(4)
        shown.drag(80, 30)
        turned = shown.still(1, unlike=first)
        assert shown.run(4) != before
        shown.run(3)  # pixels are what ViewSize is of, on every screen
        second = shown.still(1, unlike=turned)
        assert second.shape == (400, 500, 3)
        assert box(shown) == (250, 200)
        assert is_on_the_screen(shown, second)
        poll(lambda: kept(shown.save()).shape == (400, 500, 3), what="the last picture in the notebook")
        (output,) = shown.save()["cells"][0]["outputs"]
        assert output["metadata"]["image/png"] == {"width": 250.0, "height": 200.0}
