"""From light to pixels: what was traced, upon the background, with what OpenGL has drawn over it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ..paper import Paper
from .traced_scene import as_shown

Pixels = npt.NDArray[np.uint8]
_STEPS: Final = 4096
_SHOWN: Final = (255.0 * as_shown(np.arange(_STEPS + 1) / _STEPS)).astype(np.float32)
"""How bright a screen shows linear light, by its 4096th parts."""


def background_of(paper: Paper, size: tuple[int, int]) -> Any:
    """Return the colors of paper, row by row from the top: float32, shape (height, 1, 3), 0 to 255."""
    up = (size[1] - 0.5 - np.arange(size[1]))[:, None] / size[1]
    rows = np.array(paper.bottom) + up * np.subtract(paper.top, paper.bottom)
    return (255.0 * rows[:, None, :]).astype(np.float32)


def composed(light: Any, overlay: Pixels, background: Any | None) -> Pixels:
    """Return a picture of the mean light of paths, shape (height, width, 4), read-only.

    `overlay` has straight alpha, and so has the result where `background` is None; else it has no alpha.
    """
    hit = light[..., 3:4].clip(0.0, 1.0)
    straight = light[..., :3] / np.maximum(hit, 1e-6)
    colors = _shown(straight)
    made: Pixels
    over = overlay[..., 3:4].astype(np.float32) * np.float32(1 / 255)
    above = overlay[..., :3].astype(np.float32)
    if background is not None:
        below = colors * hit + background * (1.0 - hit)
        made = np.rint(below + over * (above - below)).astype(np.uint8)
    else:
        alpha = over + hit * (1.0 - over)
        mixed = (above * over + colors * hit * (1.0 - over)) / np.maximum(alpha, 1e-6)
        made = np.rint(np.concatenate([mixed, 255.0 * alpha], axis=2)).astype(np.uint8)
    made.setflags(write=False)
    return made


def _shown(light: Any) -> Any:
    """Return linear light as screens show it, 0 to 255: to a thousandth of that between two steps of the table."""
    place = np.clip(light, 0.0, 1.0) * np.float32(_STEPS)
    low = np.minimum(place.astype(np.int32), _STEPS - 1)
    return _SHOWN[low] + (place - low) * (_SHOWN[low + 1] - _SHOWN[low])
