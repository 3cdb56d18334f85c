"""PDF and EPS files of pages, written by matplotlib: texts stay texts, in fonts that are in the file."""

from __future__ import annotations

import base64
import io
import re
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final

import numpy as np

from .drawn_pages import Drawn, Letters, Page, Picture, Shape
from .opaque_pages import opaque

POINTS_PER_INCH: Final = 72
_CREATOR: Final = "Async ParaView in Python"
_TRUE_TYPE: Final = 42
"""The kind of fonts in PDF and PostScript from which texts can be copied, and which printers know."""
_FALLBACK: Final = "DejaVu Sans"
"""It comes with matplotlib."""
_ALIKE: Final = {"sans-serif": _FALLBACK, "monospace": "DejaVu Sans Mono", "serif": "DejaVu Serif"}
_PICTURE: Final = re.compile(
    rb"\{\s*currentfile DataString readhexstring pop\s*\} bind\s*(?P<how>false 3 colorimage)\s(?P<pixels>[0-9a-f\s]+)"
)
_COMPRESSION: Final = 6
_COLUMNS: Final = 120
_one_at_a_time = threading.Lock()


def pdf(page: Page) -> bytes:
    """Return a page as a PDF file."""
    return _written(page, "pdf", {"Creator": _CREATOR, "CreationDate": None})


def eps(page: Page) -> bytes:
    """Return a page as an EPS file. Raises NoTransparency."""
    return _PICTURE.sub(_compressed, _written(opaque(page), "eps", {"Creator": _CREATOR}))


def _compressed(found: re.Match[bytes]) -> bytes:
    """Return what draws a picture in PostScript, compressed: matplotlib writes two letters for each byte."""
    pixels = zlib.compress(bytes.fromhex(found["pixels"].decode("ascii")), _COMPRESSION)
    lines = re.sub(rb"^%", b" %", base64.a85encode(pixels, wrapcol=_COLUMNS), flags=re.MULTILINE)  # no comments
    return b"currentfile /ASCII85Decode filter /FlateDecode filter\n" + found["how"] + b"\n" + lines + b"~>\n"


def _written(page: Page, format: str, told: dict[str, Any]) -> bytes:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

    drawn = list(page.drawn)
    width, height = page.size

    class Whole(Artist):
        """Draws a page, the lowest first."""

        def draw(self, renderer: Any) -> None:
            for one in drawn:
                _draw(renderer, one, height)

    figure = Figure(figsize=(width / POINTS_PER_INCH, height / POINTS_PER_INCH), dpi=POINTS_PER_INCH, frameon=False)
    figure.add_artist(Whole())
    file = io.BytesIO()
    try:
        with _fonts_as_true_type():
            figure.savefig(file, format=format, dpi=POINTS_PER_INCH, metadata=told)
    finally:
        drawn.clear()  # a class and a figure are cycles: pictures are not left to Python's collector with them
    return file.getvalue()


@contextmanager
def _fonts_as_true_type() -> Iterator[None]:
    """Have matplotlib put TrueType fonts into files; only these settings are touched: others may plot meanwhile."""
    from matplotlib import rcParams

    with _one_at_a_time:
        before = rcParams["pdf.fonttype"], rcParams["ps.fonttype"]
        rcParams["pdf.fonttype"] = rcParams["ps.fonttype"] = _TRUE_TYPE
        try:
            yield
        finally:
            rcParams["pdf.fonttype"], rcParams["ps.fonttype"] = before


def _draw(renderer: Any, one: Drawn, height: float) -> None:
    from matplotlib.transforms import Bbox, IdentityTransform, TransformedPath

    looks = renderer.new_gc()
    if one.within is not None:
        left, top, right, bottom = one.within
        if right <= left or bottom <= top:
            return
        looks.set_clip_rectangle(Bbox([[left, height - bottom], [right, height - top]]))
    if one.cut is not None:
        looks.set_clip_path(TransformedPath(_path(one.cut, height), IdentityTransform()))
    if isinstance(one.what, Shape):
        _draw_shape(renderer, looks, one.what, height)
    elif isinstance(one.what, Picture):
        _draw_picture(renderer, looks, one.what, height)
    elif one.what.ink.opacity > 0.0 and one.what.text:
        _draw_letters(renderer, looks, one.what, height)
    looks.restore()


def _draw_shape(renderer: Any, looks: Any, shape: Shape, height: float) -> None:
    from matplotlib.transforms import IdentityTransform

    if not len(shape.points):
        return
    outline = _path(shape, height)
    looks.set_capstyle("butt")
    looks.set_joinstyle("miter")
    if shape.fill is not None and shape.rim is not None and shape.fill == shape.rim.ink and not shape.rim.dashes:
        looks.set_linewidth(shape.rim.width)
        looks.set_alpha(shape.fill.opacity)
        looks.set_foreground(shape.fill.color, isRGBA=False)
        renderer.draw_path(looks, outline, IdentityTransform(), shape.fill.color)
        return
    if shape.fill is not None:
        looks.set_linewidth(0.0)
        looks.set_alpha(shape.fill.opacity)
        renderer.draw_path(looks, outline, IdentityTransform(), shape.fill.color)
    if shape.rim is not None:
        looks.set_linewidth(shape.rim.width)
        looks.set_alpha(shape.rim.ink.opacity)
        looks.set_foreground(shape.rim.ink.color, isRGBA=False)
        looks.set_dashes(0.0, shape.rim.dashes or None)
        renderer.draw_path(looks, outline, IdentityTransform(), None)


def _path(shape: Shape, height: float) -> Any:
    """Return the outline of a shape, from the lower left corner of the page."""
    from matplotlib.path import Path

    return Path(shape.points * (1.0, -1.0) + (0.0, height), shape.codes)


def _draw_picture(renderer: Any, looks: Any, picture: Picture, height: float) -> None:
    from matplotlib.transforms import Affine2D

    flipped = np.array([[1.0, 0.0, 0.0], [0.0, -1.0, height], [0.0, 0.0, 1.0]])
    upright = np.array([[1.0, 0.0, 0.0], [0.0, -1.0, 1.0], [0.0, 0.0, 1.0]])
    place = flipped @ picture.place @ upright
    renderer.draw_image(looks, 0.0, 0.0, picture.pixels[::-1], Affine2D(place))


def _draw_letters(renderer: Any, looks: Any, letters: Letters, height: float) -> None:
    from matplotlib.font_manager import FontProperties

    found = FontProperties(
        family=list(_families(letters.families)),
        size=letters.size,
        weight="bold" if letters.bold else "normal",
        style="italic" if letters.italic else "normal",
    )
    length = _length(renderer, letters.text, found)
    if letters.length is not None and length > letters.length > 0.0:
        found.set_size(letters.size * letters.length / length)
        length = letters.length
    looks.set_foreground(letters.ink.color, isRGBA=False)
    looks.set_alpha(letters.ink.opacity)
    back = {"start": 0.0, "middle": 0.5, "end": 1.0}[letters.anchor] * length
    turned = np.radians(letters.turned)
    x, y = letters.at[0] - back * np.cos(turned), height - letters.at[1] - back * np.sin(turned)
    renderer.draw_text(looks, float(x), float(y), letters.text, found, letters.turned)


def _length(renderer: Any, text: str, found: Any) -> float:
    width, _, _ = renderer.get_text_width_height_descent(text, found, ismath=False)
    return float(width)


@lru_cache(maxsize=64)
def _families(named: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of some families of fonts that are installed here, and last one that always is."""
    from matplotlib.font_manager import fontManager

    there = {one.name for one in fontManager.ttflist}
    wanted = [_ALIKE.get(one, one) for one in named]
    return tuple(dict.fromkeys([*(one for one in wanted if one in there), _FALLBACK]))
