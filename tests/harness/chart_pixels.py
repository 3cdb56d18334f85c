"""Reading numbers off pictures of charts: where the axes are, and what stands at a pixel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.int_]

LEFT: Final = (1.0, 0.0, 1.0)
BOTTOM: Final = (0.0, 1.0, 1.0)
MARKED: Final = {
    "LeftAxisColor": LEFT, "BottomAxisColor": BOTTOM, "ShowLeftAxisGrid": False, "ShowBottomAxisGrid": False,
    "ShowLegend": False,
}  # fmt: skip
"""Properties of a view with axes whose lines are found by their colors."""


def of_color(pixels: Pixels, color: Any, most: int = 40) -> npt.NDArray[np.bool_]:
    """Return which pixels have a color (0 to 1), nearly."""
    wanted = np.round(np.asarray(color) * 255)
    found: npt.NDArray[np.bool_] = np.abs(pixels[..., :3].astype(int) - wanted).max(axis=-1) <= most
    return found


def mostly(pixels: Pixels, channel: int, more: int = 50) -> npt.NDArray[np.bool_]:
    """Return which pixels are redder (0), greener (1) or bluer (2) than anything else: also those of thin lines."""
    others = [pixels[..., at].astype(int) for at in range(3) if at != channel]
    found: npt.NDArray[np.bool_] = pixels[..., channel] - np.maximum(*others) > more
    return found


@dataclass(frozen=True)
class Axes:
    """The rectangle of a chart in pixels, rows counted from the top, and what it spans."""

    left: int
    right: int
    top: int
    bottom: int
    across: tuple[float, float]
    up: tuple[float, float]

    def x(self, column: float) -> float:
        """Return the number at a column of pixels."""
        return self.across[0] + (column - self.left) / (self.right - self.left) * (self.across[1] - self.across[0])

    def y(self, row: float) -> float:
        """Return the number at a row of pixels."""
        return self.up[0] + (self.bottom - row) / (self.bottom - self.top) * (self.up[1] - self.up[0])

    def column(self, x: float) -> int:
        """Return the column of pixels of a number."""
        share = (x - self.across[0]) / (self.across[1] - self.across[0])
        return round(self.left + share * (self.right - self.left))

    def row(self, y: float) -> int:
        """Return the row of pixels of a number."""
        return round(self.bottom - (y - self.up[0]) / (self.up[1] - self.up[0]) * (self.bottom - self.top))

    @property
    def of_a_pixel(self) -> float:
        """How much one row of pixels is."""
        return (self.up[1] - self.up[0]) / (self.bottom - self.top)


def axes_of(pixels: Pixels, across: tuple[float, float], up: tuple[float, float]) -> Axes:
    """Return where the axes of a view with MARKED are."""
    red, green, blue = (pixels[..., at].astype(int) for at in range(3))
    rows, columns = np.nonzero((np.minimum(red, blue) > 200) & (green < 200))
    left = int(np.bincount(columns).argmax())
    top, last = _ends(rows[columns == left])
    rows, columns = np.nonzero((np.minimum(green, blue) > 200) & (red < 200))
    _, right = _ends(columns)
    return Axes(left, right, top, last, across, up)


def _ends(places: npt.NDArray[np.int_]) -> tuple[int, int]:
    """Return the first and the last of the places of a line."""
    return int(places.min()), int(places.max())


def fixed(across: tuple[float, float], up: tuple[float, float]) -> dict[str, Any]:
    """Return properties of a view whose axes span just this."""
    return {
        "BottomAxisUseCustomRange": True,
        "BottomAxisRangeMinimum": across[0],
        "BottomAxisRangeMaximum": across[1],
        "LeftAxisUseCustomRange": True,
        "LeftAxisRangeMinimum": up[0],
        "LeftAxisRangeMaximum": up[1],
    }
