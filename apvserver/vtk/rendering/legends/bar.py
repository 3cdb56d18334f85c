"""One legend: arranged, placed and painted anew where something of it has changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..layout.boxes import Box
from ..paper import Color, Paper, mixed
from .arrangement import Arrangement, Piece
from .overlay import Overlay, Pixels


class ScalarBar:
    """What draws one legend is `prop`."""

    def __init__(self) -> None:
        """Draw nothing yet."""
        self._overlay = Overlay()
        self._arranged: Arrangement | None = None
        self._drawn: tuple[Any, ...] = ()

    @property
    def prop(self) -> Any:
        """What the view adds to its renderer."""
        return self._overlay.prop

    def draw(
        self, arranged: Arrangement, place: tuple[int, int], get: Mapping[str, Any], paper: Paper, height: int
    ) -> None:
        """Draw it with the corner of its colors at a place, upon a paper, in a picture of that height."""
        wanted = place, get, paper, height
        if self._arranged is arranged and self._drawn == wanted:
            return
        x, y = place
        box = outer_box(arranged, get)
        pixels = painted(arranged, box, get, Inks(get, paper, y, height))
        self._overlay.show(pixels, x + box.left, y + box.bottom)
        self._arranged, self._drawn = arranged, wanted


def outer_box(arranged: Arrangement, get: Mapping[str, Any]) -> Box:
    """Return what a legend takes, with the box that lies behind it."""
    padding = round(get["BackgroundPadding"] * arranged.scale)
    return arranged.box.grown(padding) if get["DrawBackground"] else arranged.box


class Inks:
    """Which color pieces are drawn in, by what lies behind them."""

    def __init__(self, get: Mapping[str, Any], paper: Paper, bottom: int, height: int) -> None:
        self._get = get
        self._bottom = bottom
        self._height = max(1, height)
        *color, opacity = get["BackgroundColor"] if get["DrawBackground"] else (0.0, 0.0, 0.0, 0.0)
        red, green, blue = color
        behind = (red, green, blue)
        self._paper = Paper(mixed(paper.bottom, behind, opacity), mixed(paper.top, behind, opacity), paper.inks)

    def of(self, piece: Piece) -> tuple[Color, float]:
        """Return the color of a piece, and its opacity."""
        name = "ScalarBarOutlineColor" if piece.what == "Outline" else f"{piece.what}Color"
        color: Color | None = self._get[name]
        middle = self._bottom + (piece.box.bottom + piece.box.top) / 2
        ink = color or self._paper.text_ink(min(1.0, max(0.0, middle / self._height)))
        return ink, 1.0 if piece.what == "Outline" else self._get[f"{piece.what}Opacity"]


def painted(arranged: Arrangement, box: Box, get: Mapping[str, Any], inks: Inks) -> Pixels:
    """Return the picture of a legend within a box, bottom row first, with straight opacities."""
    width, height = box.size
    canvas = np.zeros((height, width, 4), np.float32)
    if get["DrawBackground"]:
        canvas[:] = get["BackgroundColor"]
    for piece in arranged.pieces:
        part = piece.box.moved(-box.left, -box.bottom)
        behind = canvas[part.bottom : part.top, part.left : part.right]
        if piece.colors is not None:
            behind[..., :3], behind[..., 3] = piece.colors.astype(np.float32) / 255, 1.0
            continue
        color, opacity = inks.of(piece)
        alpha = np.full(behind.shape[:2], opacity, np.float32)
        if piece.mask is not None:
            alpha *= piece.mask[::-1].astype(np.float32) / 255
        _lay_over(behind, color, alpha)
    return np.rint(canvas * 255).astype(np.uint8)


def _lay_over(behind: Any, color: Color, alpha: Any) -> None:
    """Lay a color with opacities over pixels with opacities of their own."""
    rest = behind[..., 3] * (1.0 - alpha)
    total = alpha + rest
    safe = np.maximum(total, 1e-9)
    for channel in range(3):
        behind[..., channel] = (color[channel] * alpha + behind[..., channel] * rest) / safe
    behind[..., 3] = total
