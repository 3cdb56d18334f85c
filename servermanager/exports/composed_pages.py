"""Several pages on one: SVG files of a server at their places, upon paper of one color."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from async_paraview.records import dataclass

SVG: Final = "http://www.w3.org/2000/svg"
XLINK: Final = "http://www.w3.org/1999/xlink"
_REFERENCE: Final = re.compile(r"url\(#([^)]+)\)")


@dataclass(frozen=True)
class Placed:
    """A page, and where its upper left corner is on another one, in points."""

    file: bytes
    left: float
    top: float


def composed(size: tuple[float, float], paper: Sequence[float], pages: Iterable[Placed]) -> bytes:
    """Return an SVG file of a size in points with pages on it; what comes later lies above."""
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", XLINK)
    width, height = size
    look = {"width": f"{width:g}pt", "height": f"{height:g}pt", "viewBox": f"0 0 {width:g} {height:g}"}
    root = Element(f"{{{SVG}}}svg", {"version": "1.1", **look})
    color = "#" + "".join(f"{int(255 * one):02x}" for one in paper)
    SubElement(
        root, f"{{{SVG}}}rect", {"x": "0", "y": "0", "width": f"{width:g}", "height": f"{height:g}", "fill": color}
    )
    for number, one in enumerate(pages):
        inner = ElementTree.fromstring(one.file)
        _name_apart(inner, f"page{number}-")
        wide, high = (inner.get(name, "0").removesuffix("pt") for name in ("width", "height"))
        place = {"x": f"{one.left:g}", "y": f"{one.top:g}", "width": wide, "height": high}
        nested = SubElement(root, f"{{{SVG}}}svg", {**place, "viewBox": f"0 0 {wide} {high}"})
        nested.extend(inner)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _name_apart(page: Element, prefix: str) -> None:
    """Have what is named on a page, and what refers to that, another name than on other pages."""
    for one in page.iter():
        for name, value in one.items():
            if name == "id":
                one.set(name, prefix + value)
            elif name in ("href", f"{{{XLINK}}}href") and value.startswith("#"):
                one.set(name, f"#{prefix}{value[1:]}")
            elif "url(#" in value:
                one.set(name, _REFERENCE.sub(rf"url(#{prefix}\1)", value))
