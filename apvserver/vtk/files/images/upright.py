"""Pictures whose file says that they are to be turned or mirrored (TIFF and EXIF, tag 274)."""

from __future__ import annotations

from .stored import Numbers


def oriented(rows: Numbers, orientation: int) -> Numbers:
    """Return an array of rows, columns and samples as the picture is meant to be seen, the top row first."""
    turned = rows.swapaxes(0, 1) if orientation >= 5 else rows
    if orientation in (3, 4, 7, 8):
        turned = turned[::-1]
    return turned[:, ::-1] if orientation in (2, 3, 6, 7) else turned
