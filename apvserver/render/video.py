"""A stream of pictures as H.264, without delay: every frame depends on those before it. Needs PyAV (extra `video`)."""

from __future__ import annotations

import importlib.util
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from async_paraview.video_colors import mark_colors, video_frame

from .image_formats import UnknownFormat

Pixels = npt.NDArray[np.uint8]

KEY_INTERVAL: Final = 250
"""A frame that depends on no other comes at the latest after so many."""


def require_video() -> None:
    """Raise UnknownFormat, saying what to install, if PyAV is not there."""
    if importlib.util.find_spec("av") is None:
        raise UnknownFormat("images of format 'h264' need PyAV on the server: pip install 'async-paraview[video]'")


class H264Encoder:
    """Takes pictures of one size and gives for each, at once, what a decoder needs to show it."""

    def __init__(self, width: int, height: int, *, frame_rate: float, quality: int) -> None:
        """Make an encoder; `quality` is 1 to 100, as of JPEG. An odd side is encoded without its last row or column."""
        from fractions import Fraction  # late, as PyAV

        import av
        from av.codec import CodecContext

        self.size = (width, height)
        self._av: Any = av
        context: Any = CodecContext.create("libx264", "w")
        context.width, context.height = width // 2 * 2 or 2, height // 2 * 2 or 2
        mark_colors(context)
        context.framerate = Fraction(max(1, round(frame_rate)))
        context.time_base = 1 / context.framerate
        context.gop_size = KEY_INTERVAL
        context.options = {"preset": "ultrafast", "tune": "zerolatency", "crf": str(round(51 - 0.4 * quality))}
        self._context = context
        self._count = 0

    def encode(self, pixels: Pixels) -> bytes:
        """Encode the next picture, (height, width, 3), of the size that was agreed."""
        context = self._context
        frame = video_frame(self._av, pixels[: context.height, : context.width, :3])
        frame.pts = self._count
        self._count += 1
        return b"".join(bytes(packet) for packet in context.encode(frame))
