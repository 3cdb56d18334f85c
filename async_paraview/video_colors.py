"""Colors of videos: BT.709 in the range of broadcasting, and marked as that.

A video that says nothing is read as BT.601 by some players and as BT.709 by others, which shifts colors by up to 40 of
255. FFmpeg converts by BT.601, and marks nothing, unless it is told.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

_BT709: Final = 1
_NARROW: Final = 1
"""Numbers of ITU-T H.273: primaries, transfer and matrix of BT.709; of FFmpeg: black is 16, white 235."""


def mark_colors(context: Any) -> None:
    """Have a codec context of PyAV say by what its colors are to be read."""
    context.pix_fmt = "yuv420p"
    context.color_primaries = context.color_trc = context.colorspace = _BT709
    context.color_range = _NARROW


def video_frame(av: Any, pixels: npt.NDArray[np.uint8]) -> Any:
    """Return pixels, (height, width, 3), both even, as a frame for such a context."""
    made = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
    return made.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
