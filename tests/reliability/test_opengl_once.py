"""An apvserver finds out once how to render; its workers need not."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from servermanager import RemoteError, connect

from ..harness.apvtest import Server, in_loop, poll_async

GATE = """
import sys, time
from pathlib import Path

while "--draw" in sys.orig_argv and not Path(__file__).with_name("open").exists():
    time.sleep(0.01)
"""
"""Read by every Python that a server starts: what tries to draw begins when the gate is open."""


@in_loop
async def test_a_worker_is_told_how_to_render() -> None:
    with Server(None, "-v") as server:
        await poll_async(lambda: "rendering with" in server.errors, deadline_s=30, what="the verdict")
        async with connect(server.url) as session:
            view = session.views.RenderView(ViewSize=[32, 32], Background=[0, 0, 1])
            image = await view.screenshot(format="rgb")
            assert image.pixels[16, 16].tolist() == [0, 0, 255]
            assert server.descendants_with("--draw") == []
        assert server.errors.count("rendering with") == 1  # who finds it out says so


@pytest.mark.parametrize("drawn", [True, False], ids=["drawn", "nothing"])
@in_loop
async def test_a_worker_that_is_there_before_the_verdict_is_told_it(drawn: bool, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(GATE)
    window = None if drawn else "vtkOSOpenGLRenderWindow"
    changes = {"PYTHONPATH": str(tmp_path), "VTK_DEFAULT_OPENGL_WINDOW": window}
    with Server(None, "-v", "--data-root", str(tmp_path), **changes) as server:  # a root: where possible, confined
        async with connect(server.url) as session:
            view = session.views.RenderView(ViewSize=[32, 32], Background=[0, 0, 1])
            picture = asyncio.ensure_future(view.screenshot(format="rgb"))
            assert (await session.sources.Sphere().update_pipeline()).number_of_points == 50, "data does not wait"
            (worker,) = server.workers()
            assert not picture.done() and worker.children() == [], "it does not look itself"
            (tmp_path / "open").touch()
            if drawn:
                assert (await picture).pixels[16, 16].tolist() == [0, 0, 255]
                assert server.errors.count("rendering with") == 1
            else:
                with pytest.raises(RemoteError, match=r"(?s)no usable OpenGL.*vtkOSOpenGLRenderWindow: crashed"):
                    await picture
            assert worker.children() == []
