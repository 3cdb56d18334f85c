"""Whether what stands beside a scene can be read: boxes in the picture, none upon another, letters that contrast."""

from __future__ import annotations

import itertools
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from async_paraview.contrast import contrast
from servermanager import Composition, RenderViewProxy

Box = tuple[int, int, int, int]
"""Left, top, right, bottom from the upper left corner."""

ENOUGH: Final = 3.0
"""The contrast that large texts need (WCAG 2.1, 1.4.3)."""


async def faults_of_picture(view: RenderViewProxy, **options: Any) -> list[str]:
    """Return what cannot be read in a picture of a view; `options` are those of `screenshot`."""
    image = await view.screenshot(**options)
    of_size = {name: options[name] for name in ("size", "magnification", "dpi") if name in options}
    return faults(await view.composition(**of_size), image.pixels)


def faults(composition: Composition, pixels: npt.NDArray[np.uint8]) -> list[str]:
    """Return what cannot be read in a picture: what is cut off, covered, or drawn in the color that lies behind it."""
    width, height = composition.size
    if pixels.shape[:2] != (height, width):
        return [f"the picture has {pixels.shape[1]} x {pixels.shape[0]} pixels, not {width} x {height}"]
    found = []
    for one in composition.items:
        left, top, right, bottom = one.box
        if left < 0 or top < 0 or right > width or bottom > height:
            found.append(f"{one.kind} {one.name!r} is cut off: {one.box} in {width} x {height}")
            continue
        for letters in one.letters:
            seen = contrast_of(pixels, letters)
            if seen < ENOUGH:
                found.append(f"{one.kind} {one.name!r} has letters with a contrast of {seen:.2f} at {letters}")
    for one, other in itertools.combinations(composition.items, 2):
        if overlap(one.box, other.box):
            found.append(f"{one.kind} {one.name!r} and {other.kind} {other.name!r} cover each other")
    return found


def overlap(one: Box, other: Box) -> bool:
    """Return whether boxes have a pixel in common."""
    across = one[0] < other[2] and other[0] < one[2]
    return across and one[1] < other[3] and other[1] < one[3]


def contrast_of(pixels: npt.NDArray[np.uint8], letters: Box) -> float:
    """Return how much letters in a box differ from what lies behind them, the most frequent color there."""
    left, top, right, bottom = letters
    inside = pixels[top:bottom, left:right, :3].reshape(-1, 3)
    colors, counts = np.unique(inside, axis=0, return_counts=True)
    behind = colors[counts.argmax()]
    return max(contrast(_fractions(one), _fractions(behind)) for one in colors)


def _fractions(color: Any) -> tuple[float, float, float]:
    red, green, blue = (float(one) / 255 for one in color)
    return red, green, blue
