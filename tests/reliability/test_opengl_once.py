"""An apvserver finds out once how to render; its workers need not."""

from __future__ import annotations

import psutil

from servermanager import connect

from ..harness.apvtest import Server, in_loop, poll_async


@in_loop
async def test_a_worker_is_told_how_to_render() -> None:
    with Server(None, "-v") as server:
        await poll_async(lambda: "rendering with" in server.errors, deadline_s=30, what="the verdict")
        told: list[str | None] = []

        async def picture() -> int:
            async with connect(server.url) as session:
                (worker,) = server.workers()
                told.append(psutil.Process(worker.pid).environ().get("APV_OPENGL_WINDOW"))
                view = session.views.RenderView(ViewSize=[32, 32], Background=[0, 0, 1])
                image = await view.screenshot(format="rgb")
                assert image.pixels[16, 16].tolist() == [0, 0, 255]
                return len([one for one in server.descendants() if "--draw" in one.cmdline()])

        assert await picture() == 0
        assert told[0] in ("vtkEGLRenderWindow", "vtkXOpenGLRenderWindow", "vtkOSOpenGLRenderWindow", "vtkRenderWindow")
