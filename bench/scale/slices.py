"""A slice through an image of 1024^3 bytes, shown: the peak memory of the whole program beside the size of the data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from ..reliability.figures import Figure, Measurement, at_most
from .children import folder, room_for, run

SIDE: Final = 1024
QUICK_SIDE: Final = 256
_HEADER: Final = """ObjectType = Image
NDims = 3
BinaryData = True
BinaryDataByteOrderMSB = False
DimSize = {side} {side} {side}
ElementSpacing = 1 1 1
ElementType = MET_UCHAR
ElementDataFile = image.raw
"""


def write_image(at: Path, side: int) -> Path:
    """Write an image of bytes: a wave."""
    along = np.arange(side, dtype=np.float32)
    plane = np.sin(0.02 * along)[:, None] + np.cos(0.03 * along)[None, :]
    with (at / "image.raw").open("wb") as file:
        for layer in along.tolist():
            file.write(((plane + np.sin(0.015 * layer) + 3) * 40).astype(np.uint8).tobytes())
    header = at / "image.mhd"
    header.write_text(_HEADER.format(side=side), encoding="ascii")
    return header


def shown(quick: bool) -> Iterator[Figure]:
    """Show the slice."""
    side = QUICK_SIDE if quick else SIDE
    with folder() as name:
        room_for(name, 1.1 * side**3)
        path = write_image(Path(name), side)
        ended = run(
            ["-m", "bench.scale.programs.slice_shown", str(path), str(Path(name, "slice.png"))],
            APV_COMMUNICATION_BACKEND="inproc",
        )
        if not Path(name, "slice.png").exists() or ended.said["points"] < side**2:
            raise ValueError(f"there is no picture of {side} x {side} points: {ended.said}")
    yield Figure("peak memory of the program", ended.peak_bytes / 1e9, "GB", note=f"{ended.seconds:.1f} s")
    yield Figure(
        "peak memory over the size of the data",
        ended.peak_bytes / side**3,
        "x",
        target=None if quick else at_most(1.4),
        note=f"{side}^3 bytes",
    )


MEASUREMENTS: Final = (
    Measurement(
        "pieces/slice shown",
        "a slice through an image of 1024^3 bytes, drawn by a built-in session of one process",
        shown,
    ),
)
