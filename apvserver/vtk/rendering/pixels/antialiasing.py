"""Pictures of several drawings: where each one looks, their mean, and what is common to those upon black and white."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]

_ROWS = 256


def jitter(sample: int) -> tuple[float, float]:
    """Return how far the picture of a sample (1, 2, ...) is shifted, in pixels, from -0.5 to 0.5 in x and y.

    The Halton sequence of bases 2 and 3: however many are taken, they cover the pixel evenly.
    """
    return _radical_inverse(sample, 2) - 0.5, _radical_inverse(sample, 3) - 0.5


def _radical_inverse(number: int, base: int) -> float:
    value, weight = 0.0, 1.0
    while number:
        weight /= base
        number, digit = divmod(number, base)
        value += digit * weight
    return value


class Accumulator:
    """The mean of pictures of one size."""

    def __init__(self) -> None:
        self._only: Pixels | None = None
        """The first picture, until there is a second: nothing is added up of one."""
        self._sum: npt.NDArray[np.uint16] | None = None
        self._count = 0

    def clear(self) -> None:
        """Begin anew."""
        self._only, self._count = None, 0

    def add(self, pixels: Pixels) -> None:
        """Take one more picture; at most 256. The first after `clear` may have another size."""
        if self._count == 0:
            self._only = pixels.copy() if pixels.flags.writeable else pixels
            self._only.setflags(write=False)
        else:
            if self._only is not None:
                self._begin_sum(self._only)
            assert self._sum is not None
            np.add(self._sum, pixels, out=self._sum)
        self._count += 1

    def mean(self) -> Pixels:
        """Return their mean, rounded to the nearest, read-only. Raises ValueError if there were none."""
        if self._only is not None:
            return self._only
        if self._sum is None or self._count == 0:
            raise ValueError("there is no mean of no pictures")
        mean = ((self._sum + self._count // 2) // self._count).astype(np.uint8)  # 256 x 255 + 128 fits
        mean.setflags(write=False)
        return mean

    def _begin_sum(self, only: Pixels) -> None:
        if self._sum is None or self._sum.shape != only.shape:
            self._sum = np.empty(only.shape, np.uint16)
        np.copyto(self._sum, only)
        self._only = None


def without_background(on_black: Pixels, on_white: Pixels) -> Pixels:
    """Return pixels (height, width, 4) with straight alpha: over black and over white they look like these two.

    Over any other color they look as if they were drawn upon that, but for rounding. The result is read-only.
    """
    made = np.empty((*on_black.shape[:2], 4), np.uint8)
    for first in range(0, len(made), _ROWS):  # in parts: they take a multiple of the picture's memory
        rows = slice(first, first + _ROWS)
        black, white = on_black[rows, :, :3].astype(np.float32), on_white[rows, :, :3].astype(np.float32)
        alpha = np.rint(255.0 - (white - black).mean(axis=2)).clip(0.0, 255.0)
        straight = black * (255.0 / np.maximum(alpha, 1.0))[..., None]
        made[rows, :, :3] = np.rint(straight).clip(0.0, 255.0)
        made[rows, :, 3] = alpha
    made.setflags(write=False)
    return made
