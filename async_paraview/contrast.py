"""How well one color is seen upon another, and which ink is seen: black or white."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

Color = tuple[float, float, float]

BLACK: Final[Color] = (0.0, 0.0, 0.0)
WHITE: Final[Color] = (1.0, 1.0, 1.0)


def contrast(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the contrast of two sRGB colors from 1, none, to 21 (WCAG 2.1)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def ink_on(color: Sequence[float]) -> Color:
    """Return black or white, whichever differs more from a color; it does by at least 4.58."""
    return max((BLACK, WHITE), key=lambda ink: contrast(ink, color))


def _luminance(color: Sequence[float]) -> float:
    """Return the relative luminance of an sRGB color (IEC 61966-2-1)."""
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
