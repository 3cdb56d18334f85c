"""A page with recorded pictures: through the socket of apvweb, or through trame-rca. Started by `recorded`.

It prints its link, waits for a line on standard input, pushes pictures for a while, and prints what it has done.
"""

from __future__ import annotations

import asyncio
import io
import json
import struct
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any, Final

import numpy as np

from servermanager import Image

SIZE: Final = (800, 600)
SIZE_BYTES: Final = 47_000
PICTURES: Final = 16
RATE: Final = 30.0
"""Pictures a second."""


def recorded() -> list[bytes]:
    """Return some JPEGs of about 47 kB, as of a view that turns."""
    from PIL import Image as PillowImage

    width, height = SIZE
    y, x = np.mgrid[0:height, 0:width]
    made = []
    noise = np.random.default_rng(1).normal(0, 7, (height, width, 3))
    for at in range(PICTURES):
        waves = [np.sin(x / (40 + 9 * band) + at / 3) * np.cos(y / (30 + 7 * band)) for band in range(3)]
        pixels = np.clip(128 + 90 * np.stack(waves, axis=2) + noise, 0, 255).astype(np.uint8)
        file = io.BytesIO()
        quality = 80
        while True:
            file = io.BytesIO()
            PillowImage.fromarray(pixels).save(file, "JPEG", quality=quality)
            if file.tell() <= SIZE_BYTES or quality <= 10:
                break
            quality -= 3
        made.append(file.getvalue())
    return made


class RecordedView:
    """What a `PictureFeed` takes for a view: its pictures are those that are pushed, the newest of them."""

    def __init__(self) -> None:
        scene = SimpleNamespace(has_view=lambda view: view is self)
        connection = SimpleNamespace(kind="connected", reason="")
        self.session = SimpleNamespace(
            on_connection=lambda _: lambda: None,
            connection=connection,
            scene=scene,
            undo=SimpleNamespace(paused=nullcontext),
        )
        self.ViewSize = SIZE
        self._newest: Image | None = None
        self._is_there = asyncio.Event()

    def images(self, **_: object) -> RecordedView:
        """Return what gives the pictures."""
        return self

    def push(self, sequence: int, data: bytes) -> None:
        """Have a picture shown next, instead of one that was not taken yet."""
        now = time.time()
        self._newest = Image(
            width=SIZE[0], height=SIZE[1], channels=3, format="jpeg", quality=80, sequence=sequence, level=1,
            still=False, camera={}, camera_placed=True, requested=now, rendered=now, sent=now, update=0, render_s=0.0,
            encode_s=0.0, data=memoryview(data),
        )  # fmt: skip
        self._is_there.set()

    def close(self) -> None:
        """Do nothing: it is for one consumer."""

    async def __aenter__(self) -> RecordedView:
        return self

    async def __aexit__(self, *exception: object) -> None:
        return None

    def __aiter__(self) -> RecordedView:
        return self

    async def __anext__(self) -> Image:
        while self._newest is None:
            self._is_there.clear()
            await self._is_there.wait()
        newest, self._newest = self._newest, None
        return newest


class _Still:
    """An interaction that does nothing."""

    mode = "camera"

    def resize(self, *_: float) -> None:
        """Do nothing."""

    def handle(self, _: object) -> bool:
        """Do nothing."""
        return False

    def watch(self, _: object) -> Callable[[], None]:
        """Tell nothing."""
        return lambda: None

    def close(self) -> None:
        """Do nothing."""


def lay_out_ours(server: Any) -> Callable[[int, bytes], None]:
    """Lay out a page with a view of ours; returns what pushes a picture."""
    from trame.ui.html import DivLayout

    from apvweb.parts.live_view import LiveView
    from apvweb.parts.view_sockets import ViewSockets
    from apvweb.parts.widgets import ViewElement

    view: Any = RecordedView()
    live = LiveView(view, _Still(), quality=80, may_change=False)
    ViewSockets.of(server).add(live)
    with DivLayout(server):
        ViewElement(address=live.address, label="recorded", style="width: 800px; height: 600px; display: block")
    return view.push  # type: ignore[no-any-return]


def lay_out_rca(server: Any) -> Callable[[int, bytes], None]:
    """Lay out a page with a view of trame-rca; returns what pushes a picture."""
    from trame.ui.html import DivLayout
    from trame.widgets import rca

    class Area:
        area_name = "recorded"
        streamer: Any = None

        def set_streamer(self, streamer: Any) -> None:
            self.streamer = streamer

        def update_size(self, *_: object) -> None:
            """Keep the size."""

        def on_interaction(self, *_: object) -> None:
            """Do nothing."""

        def push(self, sequence: int, data: bytes) -> None:
            meta = {"type": "image/jpeg", "codec": "", "w": SIZE[0], "h": SIZE[1], "st": sequence, "key": "key"}
            self.streamer.push_content(self.area_name, meta, data)

    area = Area()
    with DivLayout(server):
        rca.RemoteControlledArea(name="recorded", display="image", style="width: 800px; height: 600px")
    server.controller.on_server_ready.add(lambda **_: server.controller.rc_area_register(area))
    return area.push


async def serve(kind: str, seconds: float) -> None:
    """Serve a page; push pictures when a line was read; tell when each was pushed, and what that took."""
    from trame.app import get_server

    server = get_server(f"recorded-{kind}")
    server.client_type = "vue3"
    push = {"ours": lay_out_ours, "rca": lay_out_rca}[kind](server)
    ready = asyncio.Event()
    server.controller.on_server_ready.add(lambda **_: ready.set())
    running = server.start(
        exec_mode="task", host="127.0.0.1", port=0, open_browser=False, show_connection_info=False,
        disable_logging=True, timeout=0,
    )  # fmt: skip
    await ready.wait()
    print(f"ready at http://127.0.0.1:{server.port}/", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    pictures, loop = recorded(), asyncio.get_running_loop()
    pushed: dict[int, float] = {}
    begun, cpu = loop.time(), time.process_time()
    for sequence in range(1, round(RATE * seconds) + 1):
        await asyncio.sleep(max(0.0, begun + sequence / RATE - loop.time()))
        data = pictures[sequence % PICTURES] + struct.pack("<Q", sequence)
        pushed[sequence] = 1e3 * time.time()
        push(sequence, data)
    await asyncio.sleep(0.5)
    print(json.dumps({"pushed": pushed, "cpu_s": time.process_time() - cpu}), flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    running.cancel()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], float(sys.argv[2])))
