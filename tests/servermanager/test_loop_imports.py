"""After servermanager was imported, the client's loop imports nothing, whatever is used first."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from ..harness.apvtest import BACKENDS, Program

PROGRAM = """
import asyncio
import importlib.util
import sys
import threading
from pathlib import Path

import numpy as np

from servermanager import PipelineBuilder, ProgressObserver, PropertyManager, RemoteError, connect
from services_core import backend_class

imported = []
here = threading.get_ident()


def note(event, arguments):
    if event == "import" and threading.get_ident() == here:
        imported.append((step, arguments[0]))


async def images(view, format):
    async with view.images(format=format) as stream:
        async for image in stream:
            image.pixels
            if image.still:
                return


async def main(directory, backend):
    global step
    async with connect(backend=backend) as session:
        step = "show"
        view = session.views.RenderView(ViewSize=(48, 32))
        wavelet = session.sources.Wavelet()
        session.show(wavelet, view, Representation="Slice", ColorBy=("POINTS", "RTData"))
        for step in ("auto", "jpeg", "png", "lz4", "rgb", "h264"):
            if step != "h264" or importlib.util.find_spec("av"):
                await images(view, step)
            if step not in ("auto", "h264"):
                (await view.screenshot(format=step)).pixels
        step = "pictures"
        for name in ("a.png", "a.jpg"):
            await view.save_screenshot(directory / name)
        await view.save_animation(directory / "frame_%04d.png", camera="orbit", count=2)
        if importlib.util.find_spec("av"):
            await view.save_animation(directory / "turn.mp4", camera="orbit", count=2)
        step = "data"
        mesh = await wavelet.fetch()
        mesh.point_data["RTData"].sum()
        async for page in session.rows(wavelet):
            break
        await session.send_data(np.zeros((3, 3, 3)))
        await session.save_data(directory / "wavelet.vti", wavelet)
        await (await session.open(directory / "wavelet.vti")).temporal_information()
        await session.files.list(directory)
        step = "states"
        await session.save_state(directory / "scene.json")
        await session.save_script(directory / "scene.py")
        await session.load_state(directory / "scene.json")
        session.undo.undo()
        step = "questions"
        await view.pick(3, 3)
        await view.select_cells(0, 0, 5, 5)
        await view.capabilities()
        await session.definitions.find("contour")
        (await PropertyManager.of(wavelet)).panel()
        await PipelineBuilder(session).add("Contour", wavelet)
        step = "errors"
        try:
            await session.sources.Spere().update_pipeline()
        except RemoteError:
            pass
        try:
            wavelet.Maximun = 1
        except AttributeError:
            pass
        step = "progress"
        async with ProgressObserver(session):
            await wavelet.update_pipeline()
        if backend_class(backend).crosses_processes:
            step = "restart"
            await session.restart()
        step = "close"


step = "connect"
sys.addaudithook(note)
asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
print(imported)
"""


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_loop_imports_nothing(backend: str, tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    with Program(str(script), str(tmp_path), backend) as program:
        assert program.wait(deadline_s=60) == 0, program.errors
        assert ast.literal_eval(program.output) == []
