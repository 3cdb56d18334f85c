"""What a picture is drawn upon, and so which colors are seen there: ink follows paper unless somebody sets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Final

from async_paraview.contrast import BLACK as BLACK
from async_paraview.contrast import WHITE as WHITE
from async_paraview.contrast import Color as Color
from async_paraview.contrast import contrast, ink_on
from async_paraview.records import dataclass

_GREY: Final[Color] = (0.75, 0.75, 0.75)
_ENOUGH: Final = 3.0
"""The contrast that large texts need (WCAG 2.1, 1.4.11)."""
_HARDLY: Final = 1.6
"""Below this contrast of its brightest parts, a surface is seen by its shadows only."""
_LINES_OF_A_GRID: Final = 0.12


@dataclass(frozen=True)
class Inks:
    """Colors of what has none of its own; None: one that is seen."""

    lines: Color | None = None
    texts: Color | None = None
    surfaces: Color | None = None


@dataclass(frozen=True)
class Palette:
    """The colors of the pages that a session draws upon, and its inks."""

    background: Color | None = None
    """None: that of the kind of view."""
    top: Color | None = None
    """None: pages of scenes have one color."""
    inks: Inks = field(default_factory=Inks)
    is_of_picture: bool = False
    """Whether it is for one picture alone: that is upon its page, also of a view with a background of its own."""

    @classmethod
    def of(cls, get: Mapping[str, Any], *, is_of_picture: bool = False) -> Palette:
        """Return the palette with properties of the type ColorPalette."""
        inks = Inks(get["ForegroundColor"], get["TextAnnotationColor"], get["SurfaceColor"])
        top = get["BackgroundColor2"] if has_gradient(get) else None
        return cls(get["BackgroundColor"], top, inks, is_of_picture)

    def gives_page(self, get: Mapping[str, Any]) -> bool:
        """Return whether the background of a view with these properties is the palette's."""
        asked = get.get("UseColorPaletteForBackground")
        return bool(asked or (asked is None and (self.is_of_picture or get["Background"] is None)))


@dataclass(frozen=True)
class Paper:
    """A background that runs evenly from one color at the bottom to another at the top, and what is written on it."""

    bottom: Color
    top: Color
    inks: Inks = field(default_factory=Inks)

    def flat(self) -> Paper:
        """Return paper of its color at the bottom alone."""
        return Paper(self.bottom, self.bottom, self.inks)

    def at(self, height: float) -> Color:
        """Return its color at a height, from 0 at the bottom to 1."""
        return mixed(self.bottom, self.top, height)

    def ink(self, height: float = 0.5) -> Color:
        """Return the color of lines: the palette's, else black or white, whichever differs more at that height."""
        return self.inks.lines or ink_on(self.at(height))

    def text_ink(self, height: float = 0.5) -> Color:
        """Return the color of texts, likewise."""
        return self.inks.texts or ink_on(self.at(height))

    def hides(self, ink: Color, low: float, high: float) -> bool:
        """Return whether ink can hardly be read somewhere between two heights."""
        return min(contrast(ink, self.at(low)), contrast(ink, self.at(high))) < _ENOUGH

    def surface(self) -> Color:
        """Return the palette's color of surfaces, else white, or gray where white would hardly be seen."""
        if self.inks.surfaces is not None:
            return self.inks.surfaces
        return WHITE if contrast(WHITE, self.at(0.5)) >= _HARDLY else _GREY


def paper_of(get: Mapping[str, Any], usual: Color, palette: Palette, *, transparent: bool = False) -> Paper:
    """Return the paper of a view; a picture without background is for the same, or for white paper if that is usual."""
    of_palette = palette.gives_page(get)
    bottom: Color = (palette.background if of_palette else get["Background"]) or usual
    if transparent:
        bottom = WHITE if bottom == usual else bottom
        return Paper(bottom, bottom, palette.inks)
    top: Color | None = palette.top if of_palette else None
    if has_gradient(get) and not (of_palette and (palette.is_of_picture or get["UseColorPaletteForBackground"])):
        top = get["Background2"]
    return Paper(bottom, top or bottom, palette.inks)


def has_gradient(get: Mapping[str, Any]) -> bool:
    """Return whether the background runs from one color to another."""
    return bool(get.get("UseGradientBackground") or get.get("BackgroundColorMode") == "Gradient")


def mixed(one: Color, other: Color, fraction: float) -> Color:
    """Return the color on the way from one color to another."""
    red, green, blue = (a + (b - a) * fraction for a, b in zip(one, other, strict=True))
    return red, green, blue


def faint(paper: Color, ink: Color) -> Color:
    """Return the color of lines that are not to be looked at."""
    return mixed(paper, ink, _LINES_OF_A_GRID)
