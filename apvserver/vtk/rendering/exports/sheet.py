"""A sheet of paper that is drawn upon with vectors, texts and pictures, as an SVG file; places are pixels of a view."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from typing import Any, Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import numpy as np

from async_paraview.records import dataclass

from ...base.values.distinct import numbered_rows
from ..fonts.files import name_of
from ..fonts.rasters import Mask
from ..images import png_bytes
from ..legends.texts import Font, Letters, Run

SVG: Final = "http://www.w3.org/2000/svg"
XLINK: Final = "http://www.w3.org/1999/xlink"
HREF: Final = f"{{{XLINK}}}href"
ARIAL: Final = "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif"
TIMES: Final = "Times, 'Times New Roman', 'Liberation Serif', 'DejaVu Serif', serif"
COURIER: Final = "Courier, 'Courier New', 'Liberation Mono', 'DejaVu Sans Mono', monospace"
_FAMILIES: Final = {"Arial": ARIAL, "Times": TIMES, "Courier": COURIER}
_COMPRESSION: Final = 6
_PAGE: Final = "page"

Color = Sequence[float]
Place = tuple[float, float, float, float]
"""Left, bottom, right and top, in pixels from the lower left corner."""


@dataclass(frozen=True)
class Stroke:
    """How lines are drawn: so wide, in points."""

    color: Color
    width: float
    opacity: float = 1.0


class Sheet:
    """A page of a size in points; places on it are those of a picture of another size. What comes later lies above."""

    def __init__(self, page: tuple[float, float], size: tuple[int, int]) -> None:
        """Draw nothing yet."""
        ElementTree.register_namespace("", SVG)
        ElementTree.register_namespace("xlink", XLINK)
        width, height = page
        self._height, self._points = size[1], (width / size[0], height / size[1])
        look = {"width": f"{width:g}pt", "height": f"{height:g}pt", "viewBox": f"0 0 {width:g} {height:g}"}
        self._root = Element(f"{{{SVG}}}svg", {"version": "1.1", **look})
        clip = SubElement(SubElement(self._root, f"{{{SVG}}}defs"), f"{{{SVG}}}clipPath", {"id": _PAGE})
        SubElement(clip, f"{{{SVG}}}rect", {"width": f"{width}", "height": f"{height}"})

    def file(self) -> bytes:
        """Return what was drawn as an SVG file, with points as its units."""
        written: bytes = ElementTree.tostring(self._root, encoding="utf-8", xml_declaration=True)
        return written

    def add_picture(self, pixels: Any, place: Place) -> None:
        """Draw a picture, uint8 of shape (rows, columns, 3 or 4), top row first."""
        data = base64.b64encode(png_bytes(pixels, compression=_COMPRESSION)).decode("ascii")
        self._add("image", place, preserveAspectRatio="none", **{HREF: f"data:image/png;base64,{data}"})

    def add_box(self, place: Place, color: Color, opacity: float = 1.0) -> None:
        """Fill a rectangle."""
        self._add("rect", place, **_fill(color, opacity))

    def add_polygons(self, corners: Any, colors: Any, rim: float) -> None:
        """Fill polygons, n x corners x 2, one after the other, in colors, uint8, n x 3, with rims of so many points."""
        group = self._group(rim)
        for said, color in zip(self._outlines(corners), colors.tolist(), strict=True):
            SubElement(group, f"{{{SVG}}}path", {"d": said, **_painted(color)})

    def add_patches(self, corners: Any, colors: Any, rim: float) -> None:
        """Fill polygons of which none lies upon another: those of one color together."""
        if not len(colors):
            return  # as of a surface that is seen edge on
        group = self._group(rim)
        first, of = numbered_rows(colors)
        outlines = np.array(self._outlines(corners), dtype=object)
        order = np.argsort(of, kind="stable")
        ends = np.cumsum(np.bincount(of, minlength=len(first)))
        for color, said in zip(colors[first].tolist(), np.split(outlines[order], ends[:-1]), strict=True):
            SubElement(group, f"{{{SVG}}}path", {"d": "".join(said), **_painted(color)})

    def _group(self, rim: float) -> Element:
        return SubElement(self._root, f"{{{SVG}}}g", {"stroke-width": f"{rim:.4g}", "clip-path": f"url(#{_PAGE})"})

    def _outlines(self, corners: Any) -> list[str]:
        at = np.stack([corners[..., 0] * self._points[0], (self._height - corners[..., 1]) * self._points[1]], axis=-1)
        return ["M" + "L".join(f"{x:g},{y:g}" for x, y in points) + "Z" for points in np.round(at, 2).tolist()]

    @property
    def points_of_a_pixel(self) -> float:
        """How many points of the page are a pixel."""
        return self._points[0]

    def add_line(self, corners: Iterable[tuple[float, float]], stroke: Stroke) -> None:
        """Draw a line from each corner to the next."""
        said = " ".join(f"{x:.6g},{y:.6g}" for x, y in (self._at(*one) for one in corners))
        look = {"fill": "none", "stroke": hexadecimal(stroke.color), "stroke-width": f"{stroke.width:.4g}"}
        if stroke.opacity < 1.0:
            look["stroke-opacity"] = f"{stroke.opacity:.4g}"
        SubElement(self._root, f"{{{SVG}}}polyline", {"points": said, **look})

    def add_run(self, run: Run, color: Color, opacity: float = 1.0) -> None:
        """Write letters that begin at a place, as long as they are in pictures."""
        x, y = self._at(run.left, run.baseline)
        look = {
            "x": f"{x:.6g}",
            "y": f"{y:.6g}",
            "font-family": _families(run.font),
            "font-size": f"{run.font.size * run.font.scale * self._points[1]:.6g}px",
            "textLength": f"{run.length * self._points[0]:.6g}",
            "lengthAdjust": "spacingAndGlyphs",
            **_fill(color, opacity),
        }
        if run.font.bold:
            look["font-weight"] = "bold"
        if run.font.italic:
            look["font-style"] = "italic"
        if run.turned:
            look["transform"] = f"rotate({-run.turned:g} {x:.6g} {y:.6g})"
        SubElement(self._root, f"{{{SVG}}}text", look).text = run.text

    def add_letters(self, mask: Mask, at: tuple[float, float], color: Color, opacity: float = 1.0) -> None:
        """Write what a raster says whose lower left corner is at a place; draw it where that is not known."""
        runs, (x, y) = mask.runs if isinstance(mask, Letters) else (), at
        for run in runs:
            self.add_run(run.moved(x, y), color, opacity)
        if not runs:
            height, width = mask.shape
            alpha = np.rint(np.asarray(mask) * opacity).astype(np.uint8)
            ink = np.broadcast_to(np.rint(255 * np.asarray(color)).astype(np.uint8), (height, width, 3))
            self.add_picture(np.dstack([ink, alpha]), (x, y, x + width, y + height))

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return x * self._points[0], (self._height - y) * self._points[1]

    def _add(self, name: str, place: Place, **look: str) -> None:
        (left, top), (right, bottom) = self._at(place[0], place[3]), self._at(place[2], place[1])
        size = {"width": f"{right - left:.6g}", "height": f"{bottom - top:.6g}"}
        SubElement(self._root, f"{{{SVG}}}{name}", {"x": f"{left:.6g}", "y": f"{top:.6g}", **size, **look})


def _families(font: Font) -> str:
    """Return the names of a font, and of others in its place."""
    usual = _FAMILIES.get(font.family, ARIAL)
    name = name_of(font.file) if font.file else None
    return usual if name is None else f"'{name}', {usual}"


def hexadecimal(color: Color) -> str:
    """Return a color as SVG has it."""
    return "#" + "".join(f"{round(255 * min(1.0, max(0.0, one))):02x}" for one in color)


def _fill(color: Color, opacity: float) -> dict[str, str]:
    return {"fill": hexadecimal(color), **({"fill-opacity": f"{opacity:.4g}"} if opacity < 1.0 else {})}


def _painted(color: Sequence[int]) -> dict[str, str]:
    red, green, blue = color
    ink = f"#{red:02x}{green:02x}{blue:02x}"
    return {"fill": ink, "stroke": ink}
