"""Images of a view that travel as a video: decoded in order, the newest for a slow reader."""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from services_core import Subscription

from ..streams import TypedStream
from .images import Image, import_decoder


class VideoDecoder:
    """Frames of H.264, one after the other, to pixels. Needs PyAV (extra `video`)."""

    def __init__(self) -> None:
        if importlib.util.find_spec("av") is None:  # to import it takes long: `decode` does, and never in a loop
            raise ValueError("images of format 'h264' need PyAV: pip install 'async-paraview[video]'")
        self._size: tuple[int, int] | None = None
        self._context: Any = None

    def decode(self, image: Image) -> Image:
        """Return the same image as "rgb"; of an odd side the last row or column is repeated. Blocks."""
        from av import Packet as VideoPacket
        from av.codec import CodecContext

        if self._size != (image.width, image.height):
            self._size, self._context = (image.width, image.height), CodecContext.create("h264", "r")
            self._context.options = {"flags": "low_delay"}
            self._context.thread_count = 1  # more threads would keep frames back
        frames = self._context.decode(VideoPacket(bytes(image.data)))
        pixels = frames[-1].to_ndarray(format="rgb24")
        missing = ((0, image.height - pixels.shape[0]), (0, image.width - pixels.shape[1]), (0, 0))
        return replace(image, format="rgb", data=_bytes(np.pad(pixels, missing, mode="edge")))


class VideoStream(TypedStream[Image]):
    """The images of a view that travel as a video; what `seen` is told of has been decoded.

    A read that is cancelled loses none: the next goes on with what that read had begun to decode.
    """

    def __init__(
        self,
        subscription: Subscription,
        resized: Callable[[], int],
        seen: Callable[[int], None],
        saw: Callable[[Image], None] = lambda _: None,
    ) -> None:
        """Read `subscription`; `resized` and `saw` as of ImageStream.

        `seen` is called with the number of each image that has been decoded.
        """
        super().__init__(subscription, Image.from_packet, lambda: import_decoder("h264"))
        self._resized = resized
        self._seen = seen
        self._saw = saw
        self._decoder = VideoDecoder()
        self._arrived: Image | None = None
        self._decoding: asyncio.Future[Image] | None = None

    async def __anext__(self) -> Image:
        while True:
            image = await self._next_decoded()
            if image.update >= self._resized():
                self._saw(image)
                return image

    async def _next_decoded(self) -> Image:
        if self._arrived is None:
            self._arrived = await super().__anext__()
        if self._arrived.format == "h264" and self._decoding is None:
            loop = asyncio.get_running_loop()
            self._decoding = loop.run_in_executor(None, self._decoder.decode, self._arrived)
        if self._decoding is not None:
            await asyncio.wait([self._decoding])  # which, unlike an await of it, leaves it alone when cancelled
        arrived, decoding, self._arrived, self._decoding = self._arrived, self._decoding, None, None
        self._seen(arrived.sequence)
        return arrived if decoding is None else decoding.result()


def _bytes(pixels: Any) -> memoryview:
    contiguous: Any = np.ascontiguousarray(pixels)
    return memoryview(contiguous).cast("B")
