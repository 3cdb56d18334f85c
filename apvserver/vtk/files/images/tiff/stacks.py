"""Stacks of microscopy in TIFF: what ImageJ and OME-XML say that the pages are: slices, channels and times."""

from __future__ import annotations

import math
import re
from html import unescape
from typing import Final

from async_paraview.records import dataclass

_OME: Final = re.compile(r"<(?:\w+:)?Pixels\b([^>]*)>")
_ATTRIBUTE: Final = re.compile(r"(\w+)\s*=\s*\"([^\"]*)\"")

_MICROMETRE: Final = "\u00b5m"
"""What sizes are in that have no unit."""
_METRES: Final = {
    "km": 1e3, "m": 1.0, "dm": 1e-1, "cm": 1e-2, "mm": 1e-3, _MICROMETRE: 1e-6, "um": 1e-6, "nm": 1e-9, "pm": 1e-12,
    "\u00c5": 1e-10, "in": 0.0254, "ft": 0.3048, "thou": 2.54e-5, "pt": 0.0254 / 72,
}  # fmt: skip


@dataclass(frozen=True)
class Stack:
    """Numbers of slices, channels and times; `order` says which of Z, C and T changes first from page to page.

    `spacing` are the distances along x, y and z in the unit that the file says; None where it says none.
    """

    slices: int
    channels: int
    times: int
    order: str
    spacing: tuple[float | None, float | None, float | None]
    interval: float
    one_directory: bool = False

    @property
    def pages(self) -> int:
        """How many planes there are."""
        return self.slices * self.channels * self.times

    def page(self, slice_: int, channel: int, time: int) -> int:
        """Return the number of a plane."""
        numbers = {"Z": (slice_, self.slices), "C": (channel, self.channels), "T": (time, self.times)}
        found, stride = 0, 1
        for axis in self.order:
            number, count = numbers[axis]
            found, stride = found + number * stride, stride * count
        return found


def stack_of(description: str, samples: int) -> Stack | None:
    """Return what the description of the first page says; None if it is neither of ImageJ nor of OME."""
    try:
        if description.startswith("ImageJ="):
            return _image_j(description)
        found = _OME.search(description)
        return _ome(dict(_ATTRIBUTE.findall(found[1])), samples) if found else None
    except ValueError:
        return None


def _image_j(text: str) -> Stack:
    said = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    channels, times = int(said.get("channels", 1)), int(said.get("frames", 1))
    images = int(said.get("images", 1))
    slices = int(said.get("slices", max(1, images // (channels * times))))
    between = abs(float(said["spacing"])) if "spacing" in said else 0.0
    return Stack(slices, channels, times, "CZT", (None, None, between or 1.0), _positive(said.get("finterval")), True)


def _ome(said: dict[str, str], samples: int) -> Stack:
    spacing = _sizes(said)
    order = said.get("DimensionOrder", "XYCZT")[2:]
    if sorted(order) != ["C", "T", "Z"]:
        raise ValueError(order)
    return Stack(
        int(said.get("SizeZ", 1)),
        max(1, int(said.get("SizeC", 1)) // samples),
        int(said.get("SizeT", 1)),
        order,
        spacing,
        _positive(said.get("TimeIncrement")),
    )


def _sizes(said: dict[str, str]) -> tuple[float | None, float | None, float | None]:
    """Return the distances along x, y and z, all of them in the unit of the first that is said."""
    found: dict[str, float | None] = dict.fromkeys("XYZ")
    first = None
    for axis in found:
        size = said.get(f"PhysicalSize{axis}")
        if size is not None:
            unit = unescape(said.get(f"PhysicalSize{axis}Unit", _MICROMETRE)).replace("\u03bc", "\u00b5")
            first = first or unit
            same = unit == first or not {unit, first} <= _METRES.keys()
            found[axis] = float(size) * (1.0 if same else _METRES[unit] / _METRES[first])
    return found["X"], found["Y"], found["Z"]


def _positive(text: str | None) -> float:
    number = float(text or 1)
    return number if math.isfinite(number) and number > 0 else 1.0
