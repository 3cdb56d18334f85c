"""Without lz4 and simplejpeg (the extra `fast`), on one side or on both: the same pictures, by zlib and Pillow."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ..harness.apvtest import BACKENDS, Server, apvpython

LACKING = "import sys\nfor name in ('lz4', 'lz4.block', 'simplejpeg'):\n    sys.modules[name] = None\n"
PROGRAM = """
import asyncio, sys
import numpy as np
from servermanager import connect

async with connect() as session:
    view = session.views.RenderView(ViewSize=[80, 60], Background=[0, 0, 1], UseFXAA=False)
    session.show(session.sources.ConeSource(Resolution=32), view)
    await view.ready()
    formats, moved = set(), 0
    async with view.images() as images:
        async for image in images:
            formats.add((image.still, image.format))
            near = image.pixels
            if image.still and image.level != 1:
                if moved:
                    break
                moved = 1
                view.update(CameraPosition=[0, 0, 9], CameraFocalPoint=[0, 0, 0])
    exact = await view.screenshot(samples=8)
    packed = await view.screenshot(format="lz4", samples=8)
    photo = await view.screenshot(format="jpeg", samples=8)
    assert np.array_equal(near, exact.pixels) and np.array_equal(packed.pixels, exact.pixels)
    assert np.abs(photo.pixels.astype(int) - exact.pixels).mean() < 4
    loaded = sorted(name for name in ("lz4", "simplejpeg") if sys.modules.get(name) is not None)
    print("formats", sorted(formats), packed.format, photo.format, "loaded", loaded)
"""


@pytest.fixture
def lacking(tmp_path: Path) -> str:
    """PYTHONPATH of programs that have neither."""
    (tmp_path / "sitecustomize.py").write_text(LACKING)
    return str(tmp_path)


def looked_at(said: str) -> tuple[str, str]:
    """What the program says: the formats that came, and the packages that it has loaded."""
    found = re.fullmatch(r"formats (.*) loaded (.*)\n", said)
    assert found, said
    return found[1], found[2]


@pytest.mark.parametrize("backend", BACKENDS)
def test_built_in(backend: str, lacking: str) -> None:
    ended = apvpython("-c", PROGRAM, APV_COMMUNICATION_BACKEND=backend, PYTHONPATH=lacking)
    assert ended.code == 0 and ended.errors == "", ended
    assert looked_at(ended.output) == ("[(False, 'jpeg'), (True, 'zlib')] zlib jpeg", "[]")


@pytest.mark.parametrize("who", ["client", "server"])
def test_one_side_alone(who: str, lacking: str) -> None:
    with Server("zmq", PYTHONPATH=lacking if who == "server" else None) as server:
        ended = apvpython("--server-url", server.url, "-c", PROGRAM, PYTHONPATH=lacking if who == "client" else None)
    assert ended.code == 0 and ended.errors == "", ended
    had = "[]" if who == "client" else "['lz4', 'simplejpeg']"
    assert looked_at(ended.output) == ("[(False, 'jpeg'), (True, 'zlib')] zlib jpeg", had)
