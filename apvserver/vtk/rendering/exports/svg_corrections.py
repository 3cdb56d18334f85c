"""SVG files of VTK, put right: texts, what is cut off where, and pictures, as programs understand them."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from async_paraview.records import dataclass

from ..legends.texts import Font, line_of
from .sheet import ARIAL, COURIER, HREF, SVG, TIMES, XLINK

_ANCHORS: Final = {"left": "start", "centered": "middle", "center": "middle", "middle": "middle", "right": "end"}
_BELOW: Final = {"top": "0.72em", "central": "0.36em", "bottom": "-0.2em"}
"""How far below a place the letters stand whose top, middle or bottom is to be there; baselines by name are not read by
all programs."""
_FAMILIES: Final = {
    "URW Gothic L": "Arial",
    "Arial": "Arial",
    "Courier": "Courier",
    "Bitstream Charter": "Times",
    "Times": "Times",
}
"""Fonts by the beginnings of the names that VTK's own have."""
_IN_NO_FILE: Final = bytes(one for one in range(32) if one not in b"\t\n\r")
"""Characters that names of arrays may have, that VTK writes as they are, and that no XML file may hold."""
_NAMES: Final = {"Arial": ARIAL, "Courier": COURIER, "Times": TIMES}
_TURNED: Final = re.compile(r"rotate\((-?[\d.e+-]+)\)")
_EMBEDDED: Final = "#vtkEmbeddedImage"


Rectangle = tuple[float, float, float, float]
"""Left, bottom, right and top, in pixels from the lower left corner."""


@dataclass(frozen=True)
class Picture:
    """A PNG file within a drawing: its rectangle, and that which is seen of it."""

    png: bytes
    place: Rectangle
    seen: Rectangle


def corrected(file: bytes, frames: Sequence[Rectangle], pictures: Sequence[Picture]) -> bytes:
    """Return an SVG file of VTK as it was meant; `pictures` are the images in it, in the order of drawing.

    `frames` are the rectangles beyond which charts are cut off, in that order, too.

    VTK 9.7 writes text-anchor="right", which SVG does not know, points in the place of pixels, a third too large,
    texts that are turned the other way, and the names of fonts that nobody has; rectangles to cut off by from the
    bottom upward, and within the transform of what they cut; and no images, but references to some that are not there.
    Without markers it leaves out all that is referred to. A pixel is written as a point of the page.
    """
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", XLINK)
    root = ElementTree.fromstring(file.translate(None, _IN_NO_FILE))
    width, height = (float(root.get(side, "0")) for side in ("width", "height"))
    root.set("viewBox", f"0 0 {width:g} {height:g}")
    root.set("width", f"{width:g}pt")
    root.set("height", f"{height:g}pt")
    for text in root.iter(_named("text")):
        _correct_text(text)
    defined: dict[str, None] = {}
    for clip in root.iter(_named("clipPath")):
        defined[f"url(#{clip.get('id')})"] = None
        for one in clip.iter(_named("rect")):
            one.set("y", f"{height - float(one.get('y', '0')) - float(one.get('height', '0')):g}")
    _define_clips(root, defined, frames, height)
    _correct_clips(root)
    _put_pictures(root, pictures, height)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _named(name: str) -> str:
    return f"{{{SVG}}}{name}"


def _correct_text(text: Element) -> None:
    text.set("text-anchor", _ANCHORS.get(text.get("text-anchor", ""), "start"))
    below = _BELOW.get(text.attrib.pop("alignment-baseline", ""))
    if below is not None:
        text.set("dy", below)
    size = text.get("font-size", "").removesuffix("pt")
    text.set("font-size", f"{size}px")
    text.set("transform", _TURNED.sub(lambda found: f"rotate({-float(found[1]):g})", text.get("transform", "")))
    name = text.get("font-family", "")
    family = next((found for start, found in _FAMILIES.items() if name.startswith(start)), "Arial")
    text.set("font-family", _NAMES[family])
    text.text = (text.text or "").strip()
    bold, italic = text.get("font-weight") == "bold", text.get("font-style") == "italic"
    if text.text:  # so long it is in pictures, whatever font there is
        text.set("textLength", str(line_of(text.text, Font(round(float(size)), family, bold, italic)).shape[1]))
        text.set("lengthAdjust", "spacingAndGlyphs")


def _define_clips(root: Element, defined: Mapping[str, None], frames: Sequence[Rectangle], height: float) -> None:
    """Define the rectangles that something refers to, and that are not there."""
    used = dict.fromkeys(one.get("clip-path", "") for one in root.iter() if one.get("clip-path"))
    missing = [one for one in used if one not in defined]
    there = list(dict.fromkeys(frames))
    if len(missing) != len(there):
        return
    definitions = Element(_named("defs"))
    root.insert(0, definitions)
    for reference, (left, bottom, right, top) in zip(missing, there, strict=True):
        clip = Element(_named("clipPath"), {"id": reference.removeprefix("url(#").removesuffix(")")})
        place = {"x": f"{left:g}", "y": f"{height - top:g}"}
        clip.append(Element(_named("rect"), {**place, "width": f"{right - left:g}", "height": f"{top - bottom:g}"}))
        definitions.append(clip)


def _correct_clips(root: Element) -> None:
    """Have what is cut off cut off before it is moved."""
    for group in list(root.iter(_named("g"))):
        if group.get("clip-path") is not None and group.get("transform") is not None:
            inner = Element(_named("g"), {"transform": group.attrib.pop("transform")})
            inner.extend(list(group))
            for one in list(group):
                group.remove(one)
            group.append(inner)


def _put_pictures(root: Element, pictures: Sequence[Picture], height: float) -> None:
    left = iter(pictures)
    for group in list(root.iter()):
        uses = [one for one in group if one.tag == _named("use") and one.get(HREF, "").startswith(_EMBEDDED)]
        for use in uses:
            group.remove(use)
            picture = next(left, None)
            if picture is not None:
                group.attrib.pop("transform", None)  # its places are those of the whole drawing
                group.append(_framed(picture, height))


def _framed(picture: Picture, height: float) -> Element:
    x, y, right, top = picture.seen
    size = {"width": f"{right - x:g}", "height": f"{top - y:g}"}
    frame = Element(_named("svg"), {"x": f"{x:g}", "y": f"{height - top:g}", **size})
    left, bottom, far, up = picture.place
    place = {
        "x": f"{left - x:g}",
        "y": f"{top - up:g}",
        "width": f"{far - left:g}",
        "height": f"{up - bottom:g}",
        "preserveAspectRatio": "none",
        "image-rendering": "optimizeSpeed",
    }
    data = base64.b64encode(picture.png).decode("ascii")
    frame.append(Element(_named("image"), {**place, HREF: f"data:image/png;base64,{data}"}))
    return frame
