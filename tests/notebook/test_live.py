"""Live pictures in a JupyterLab that a browser shows: what is painted, what a person does, what a notebook keeps."""

from __future__ import annotations

import io
from base64 import b64decode
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Browser

from ..harness.apvtest import poll
from ..harness.jupyter_lab import JupyterLab
from ..harness.notebook_page import LIVE, notebook_page

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
    assert output["output_type"] == "display_data" and output["data"]["text/plain"][0].startswith("<RenderView 1: {")
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
