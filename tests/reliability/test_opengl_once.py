"""An apvserver finds out once how to render; its workers need not."""

from __future__ import annotations

from servermanager import connect

from ..harness.apvtest import Server, in_loop, poll_async


@in_loop
async def test_a_worker_is_told_how_to_render() -> None:
    with Server(None, "-v") as server:
        await poll_async(lambda: "rendering with" in server.errors, deadline_s=30, what="the verdict")
        async with connect(server.url) as session:
            view = session.views.RenderView(ViewSize=[32, 32], Background=[0, 0, 1])
            image = await view.screenshot(format="rgb")
            assert image.pixels[16, 16].tolist() == [0, 0, 255]
            assert [one for one in server.descendants() if "--draw" in one.cmdline()] == []
        assert server.errors.count("rendering with") == 1  # who finds it out says so
