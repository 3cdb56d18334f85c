"""Texts in SVG files, as SVG has them: VTK writes places and sizes of texts in words that no program reads."""

from __future__ import annotations

from typing import Final
from xml.etree import ElementTree

_SVG: Final = "http://www.w3.org/2000/svg"
_XLINK: Final = "http://www.w3.org/1999/xlink"
_ANCHORS: Final = {"left": "start", "centered": "middle", "center": "middle", "middle": "middle", "right": "end"}
_BELOW: Final = {"top": "0.72em", "central": "0.36em", "bottom": "-0.2em"}
"""How far below a place the letters stand whose top, middle or bottom is to be there; baselines by name are not read by
all programs."""
_FAMILIES: Final = {
    "URW Gothic L": "Arial, Helvetica, sans-serif",
    "Arial": "Arial, Helvetica, sans-serif",
    "Courier": "Courier, 'Courier New', monospace",
    "Bitstream Charter": "Times, 'Times New Roman', serif",
    "Times": "Times, 'Times New Roman', serif",
}
"""Fonts by the beginnings of the names that VTK's own have."""


def with_readable_texts(file: bytes) -> bytes:
    """Return an SVG file of VTK whose texts have the places, sizes and fonts that they have in pictures.

    VTK 9.7 writes text-anchor="right", which SVG does not know, points in the place of pixels, a third too large, and
    the names of fonts that nobody has.
    """
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", _XLINK)
    root = ElementTree.fromstring(file)
    for text in root.iter(f"{{{_SVG}}}text"):
        anchor = text.get("text-anchor", "")
        text.set("text-anchor", _ANCHORS.get(anchor, "start"))
        below = _BELOW.get(text.attrib.pop("alignment-baseline", ""))
        if below is not None:
            text.set("dy", below)
        text.set("font-size", text.get("font-size", "").replace("pt", "px"))
        text.set("font-family", _family(text.get("font-family", "")))
        text.text = (text.text or "").strip()
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _family(name: str) -> str:
    return next((found for start, found in _FAMILIES.items() if name.startswith(start)), _FAMILIES["Arial"])
