"""The property of views that tells how fine the screen is that shows them."""

from __future__ import annotations

from typing import Final

from ..checks import Number
from ..types import SceneProperty

POINTS_PER_INCH: Final = 72
"""What is measured in points, such as fonts, has as many pixels on a screen with so many pixels to an inch."""
LEAST_PPI: Final = 9
MOST_PPI: Final = 4800

PPI: Final = SceneProperty(
    "PPI",
    "how many pixels there are to 72 points, in which texts, lines and handles are measured: 144 on a screen with a "
    "pixel ratio of 2. What shows a view sets it, with ViewSize",
    float(POINTS_PER_INCH),
    Number(LEAST_PPI, MOST_PPI),
)
