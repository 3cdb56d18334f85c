"""Gives triangles of binary STL their attributes, and the colors that these are by one of two conventions.

VTK's reader leaves out the two bytes behind each triangle. VisCAM and SolidView have five bits each for blue, green and
red there, the lowest first, and the highest bit is set; Magics has red first, and the highest bit is set where the
color in the header counts ("COLOR=" and four bytes).
"""

from __future__ import annotations

import os
from typing import Any, Final

import numpy as np

from ...base.data_making import add_array

_HEADER_BYTES: Final = 80
_START: Final = _HEADER_BYTES + 4
_TRIANGLE: Final = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
_COLOR: Final = b"COLOR="
_SPECIAL: Final = 0x8000
_BITS: Final = 31
_WHITE: Final = 255


def add_attributes(reader: Any, data: Any) -> None:
    """Add cell arrays "Attribute" and, where it is sure what they are, "RGB". Raises `OSError`."""
    path = reader.GetFileName()
    if data is None or not path or not os.path.isfile(path):
        return
    with open(path, "rb") as stream:
        head = stream.read(_START)
        count = int.from_bytes(head[_HEADER_BYTES:], "little")
        if len(head) < _START or os.path.getsize(path) != _START + count * _TRIANGLE.itemsize:
            return  # text, or cut off
        triangles = np.fromfile(stream, _TRIANGLE, count)
    if not triangles["attribute"].any():
        return
    corners = triangles["corners"]
    sides = ((corners[:, one] != corners[:, other]).any(axis=1) for one, other in ((0, 1), (1, 2), (2, 0)))
    kept = triangles["attribute"]
    if data.GetNumberOfCells() != count:  # those without an area are left out
        kept = kept[np.logical_and.reduce(list(sides))]
    if len(kept) != data.GetNumberOfCells():
        return
    add_array(data.GetCellData(), "Attribute", kept)
    colors = _colors(head, kept)
    if colors is not None:
        add_array(data.GetCellData(), "RGB", colors)


def _colors(head: bytes, attributes: Any) -> Any:
    """Return red, green and blue of each triangle; None if the attributes are no colors."""
    low, middle, high = ((attributes >> shift) & _BITS for shift in (0, 5, 10))
    special = (attributes & _SPECIAL) != 0
    at = head.find(_COLOR)
    if at >= 0:
        made = _bytes(low, middle, high)
        made[special] = np.frombuffer(head[at + len(_COLOR) :][:3], np.uint8)
        return made
    return _bytes(high, middle, low) if special.all() else None


def _bytes(*channels: Any) -> Any:
    return np.column_stack([(one.astype(np.uint32) * _WHITE + _BITS // 2) // _BITS for one in channels]).astype(
        np.uint8
    )
