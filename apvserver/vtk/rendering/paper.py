"""What a picture is drawn upon, and so which colors are seen there: ink follows paper unless somebody sets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

Color = tuple[float, float, float]

BLACK: Final[Color] = (0.0, 0.0, 0.0)
WHITE: Final[Color] = (1.0, 1.0, 1.0)
_GREY: Final[Color] = (0.75, 0.75, 0.75)
_ENOUGH: Final = 3.0
"""The contrast that large texts need (WCAG 2.1, 1.4.11)."""
_HARDLY: Final = 1.6
"""Below this contrast of its brightest parts, a surface is seen by its shadows only."""
_LINES_OF_A_GRID: Final = 0.12


@dataclass(frozen=True)
class Paper:
    """A background that runs evenly from one color at the bottom to another at the top."""

    bottom: Color
    top: Color

    def at(self, height: float) -> Color:
        """Return its color at a height, from 0 at the bottom to 1."""
        return mixed(self.bottom, self.top, height)

    def ink(self, height: float = 0.5) -> Color:
        """Return black or white, whichever differs more from it at that height."""
        return max((BLACK, WHITE), key=lambda ink: contrast(ink, self.at(height)))

    def hides(self, ink: Color, low: float, high: float) -> bool:
        """Return whether ink can hardly be read somewhere between two heights."""
        return min(contrast(ink, self.at(low)), contrast(ink, self.at(high))) < _ENOUGH

    def surface(self) -> Color:
        """Return white, or gray where white would hardly be seen."""
        return WHITE if contrast(WHITE, self.at(0.5)) >= _HARDLY else _GREY


def paper_of(get: Mapping[str, Any], usual: Color, *, transparent: bool = False) -> Paper:
    """Return the paper of a view; a picture without background is for the same, or for white paper if that is usual."""
    bottom: Color = usual if get.get("UseColorPaletteForBackground") else get["Background"]
    if transparent:
        bottom = WHITE if bottom == usual else bottom
        return Paper(bottom, bottom)
    return Paper(bottom, get["Background2"] if has_gradient(get) else bottom)


def has_gradient(get: Mapping[str, Any]) -> bool:
    """Return whether the background runs from one color to another."""
    return bool(get.get("UseGradientBackground") or get.get("BackgroundColorMode") == "Gradient")


def contrast(one: Color, other: Color) -> float:
    """Return the contrast from 1, none, to 21 (WCAG 2.1)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(one: Color, other: Color, fraction: float) -> Color:
    """Return the color on the way from one color to another."""
    red, green, blue = (a + (b - a) * fraction for a, b in zip(one, other, strict=True))
    return red, green, blue


def faint(paper: Color, ink: Color) -> Color:
    """Return the color of lines that are not to be looked at."""
    return mixed(paper, ink, _LINES_OF_A_GRID)


def _luminance(color: Color) -> float:
    """Return the relative luminance of an sRGB color (IEC 61966-2-1)."""
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
