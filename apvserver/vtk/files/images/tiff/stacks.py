"""Stacks of microscopy in TIFF: what ImageJ and OME-XML say that the pages are: slices, channels and times."""

from __future__ import annotations

import math
import re
from typing import Final

from async_paraview.records import dataclass

_OME: Final = re.compile(r"<(?:\w+:)?Pixels\b([^>]*)>")
_ATTRIBUTE: Final = re.compile(r"(\w+)\s*=\s*\"([^\"]*)\"")


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
    spacing = [float(said[f"PhysicalSize{axis}"]) if f"PhysicalSize{axis}" in said else None for axis in "XYZ"]
    order = said.get("DimensionOrder", "XYCZT")[2:]
    if sorted(order) != ["C", "T", "Z"]:
        raise ValueError(order)
    return Stack(
        int(said.get("SizeZ", 1)),
        max(1, int(said.get("SizeC", 1)) // samples),
        int(said.get("SizeT", 1)),
        order,
        (spacing[0], spacing[1], spacing[2]),
        _positive(said.get("TimeIncrement")),
    )


def _positive(text: str | None) -> float:
    number = float(text or 1)
    return number if math.isfinite(number) and number > 0 else 1.0
