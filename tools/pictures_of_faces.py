"""Make the pictures of README.md: the web client, the desktop client and a notebook, each with something to look at.

    python -m tools.pictures_of_faces [web] [desktop] [notebook]

writes docs/images/face_NAME.png. It needs chromium and Xvfb (packages of the system), and all extras of the project.
Programs, browser and screen are real; what is seen is what a user sees who has opened a file, or run the cells.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageGrab

from servermanager import sync
from tests.harness.jupyter_lab import JupyterLab
from tests.harness.notebook_page import browser, notebook_page

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
SIZE = (1280, 800)
SCREEN = (1600, 1000)
"""The screen that the desktop client is shown on."""
PAGE_OF_NOTEBOOK = (1100, 860)
PAINTED = "canvas[data-still=true]"
DEADLINE_S = 120.0
REST_S = 3.0
"""A screen that has not changed for so long shows what was asked for."""

FIELD = """
wavelet = session.sources.Wavelet(WholeExtent=(-24, 24, -24, 24, -24, 24))
contour = session.filters.Contour(Input=wavelet, ContourBy=("POINTS", "RTData"), Isosurfaces=[80.0, 140.0, 200.0])
half = session.filters.Clip(Input=contour)
slice_ = session.filters.Slice(Input=wavelet)
"""
LOOK = """
shown = session.show(half, view, ColorBy=("POINTS", "RTData"), ScalarBarVisibility=True)
session.show(slice_, view, ColorBy=("POINTS", "RTData"), Opacity=0.4)
shown.LookupTable.Preset = "Viridis"
view.reset_camera("-X")
view.orbit(-35.0, 25.0)
view.reset_camera()
"""
NOTEBOOK = [
    f"from servermanager import connect\n\nsession = await connect()\n{FIELD.strip()}\nawait half.update_pipeline()",
    f"view = session.views.RenderView(ViewSize=[640, 380])\n{LOOK.strip()}\nview",
]


def save_scene(file: Path) -> None:
    """Write streamlines as tubes, for programs that open a file."""
    z, y, x = np.mgrid[0 : 2 * np.pi : 48j, 0 : 2 * np.pi : 48j, 0 : 2 * np.pi : 48j]
    flow = np.stack([np.sin(z) + np.cos(y), np.sin(x) + np.cos(z), np.sin(y) + np.cos(x)], axis=-1)
    with sync.connect(backend="zmq") as session:
        field = session.send_data(flow.astype(np.float32))
        seeds = session.sources.PointCloud(NumberOfPoints=120, Radius=20.0, Center=(24, 24, 24))
        lines = session.filters.StreamTracerWithCustomSource(
            Input=field, SeedSource=seeds, Vectors=("POINTS", "values"), MaximumStreamlineLength=120.0
        )
        tubes = session.filters.Tube(Input=lines, Radius=0.5, NumberofSides=12)
        session.save_data(str(file), tubes)


@contextlib.contextmanager
def program(*arguments: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """Run a program of this project in the block; its standard output is to be read."""
    command = [sys.executable, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **variables}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as started:
        try:
            yield started
        finally:
            started.terminate()


def link_of(started: subprocess.Popen[str]) -> str:
    """Return the link that a web server prints. Raises RuntimeError if it ends without."""
    assert started.stdout is not None
    for line in started.stdout:
        if found := re.search(r"https?://\S+", line):
            return found[0]
    raise RuntimeError("the web server has ended, and printed no link")


def until_at_rest(look: Callable[[], Image.Image | None]) -> Image.Image:
    """Return what is seen when it has not changed for a while. Raises TimeoutError."""
    began, since, before = time.monotonic(), time.monotonic(), None
    while time.monotonic() - began < DEADLINE_S:
        now = look()
        if now is None or before is None or ImageChops.difference(now, before).getbbox():
            before, since = now, time.monotonic()
        elif time.monotonic() - since > REST_S:
            return now
        time.sleep(0.2)
    raise TimeoutError(f"nothing was at rest within {DEADLINE_S:g} s")


def opened(png: bytes) -> Image.Image:
    """Return the picture of a PNG."""
    with Image.open(io.BytesIO(png)) as picture:
        return picture.convert("RGB")


def web(scene: Path) -> Image.Image:
    """Show the scene in a page of apvweb."""
    with program("-m", "apvweb", "--no-browser", "--data", str(scene)) as server, browser() as chromium:
        page = chromium.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
        page.goto(link_of(server))
        page.wait_for_selector(PAINTED, timeout=1000 * DEADLINE_S)
        return until_at_rest(lambda: opened(page.screenshot()) if page.query_selector(PAINTED) else None)


def desktop(scene: Path) -> Image.Image:
    """Show the scene in a window of apvgui, on a screen of its own."""
    with screen() as display, tempfile.TemporaryDirectory() as memory:
        seen = {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "APV_CONFIG_DIR": memory}
        with program("-m", "apvgui", "--fresh", "--theme", "light", str(scene), **seen):
            return until_at_rest(lambda: of_window(ImageGrab.grab(xdisplay=display)))


def of_window(screen_: Image.Image) -> Image.Image | None:
    """Return what of a screen is the window, None where that shows no scene yet: it has few colors before."""
    box = screen_.getbbox()
    if box is None:
        return None
    picture = screen_.crop(box).convert("RGB")
    colors = np.unique(np.asarray(picture).reshape(-1, 3), axis=0)
    return picture if len(colors) > 3000 else None


@contextlib.contextmanager
def screen() -> Iterator[str]:
    """Have a screen of X11 in the block, and yield its name."""
    read, write = os.pipe()
    size = f"{SCREEN[0]}x{SCREEN[1]}x24"
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as server:
        os.close(write)
        try:
            with os.fdopen(read) as told:
                yield f":{told.readline().strip()}"
        finally:
            server.terminate()


def notebook(_scene: Path) -> Image.Image:
    """Show the scene in a notebook of JupyterLab."""
    with JupyterLab() as lab, browser() as chromium, notebook_page(lab, chromium, "scene.ipynb", NOTEBOOK) as shown:
        shown.page.set_viewport_size({"width": PAGE_OF_NOTEBOOK[0], "height": PAGE_OF_NOTEBOOK[1]})
        for at in range(len(NOTEBOOK)):
            shown.run(at)
        shown.live().wait_for()
        shown.drag(30, 10)
        shown.live().scroll_into_view_if_needed()
        return until_at_rest(lambda: opened(shown.page.screenshot()))


FACES: dict[str, Callable[[Path], Image.Image]] = {"web": web, "desktop": desktop, "notebook": notebook}


def main(names: list[str]) -> None:
    """Make the pictures of these faces, or of all."""
    with tempfile.TemporaryDirectory() as folder:
        scene = Path(folder) / "streamlines.vtp"
        save_scene(scene)
        for name in names or FACES:
            file = IMAGES / f"face_{name}.png"
            FACES[name](scene).save(file, optimize=True)
            print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main(sys.argv[1:])
