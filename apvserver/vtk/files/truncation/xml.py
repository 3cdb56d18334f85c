"""Whether a file of VTK's XML formats can hold what it announces, as VTK's readers would take it.

They take the memory for all values before they look for any: too much of it ends the process.
"""

from __future__ import annotations

import math
import mmap
import re
from collections.abc import Iterator
from typing import Final

_HEADER_BYTES: Final = 4 * 1024**2
_MINUS_INFINITY: Final = re.compile(rb"[\s>]-inf", re.IGNORECASE)
_PIECE: Final = re.compile(rb"<Piece\b[^>]*>")
_EXTENT: Final = re.compile(rb"\bExtent\s*=\s*[\"']([^\"']*)[\"']")
_NUMBER: Final = re.compile(rb"\bNumberOf\w+\s*=\s*[\"']\s*(\d{1,18})\s*[\"']")
_LARGE: Final = 256 * 1024**2
_MOST_COMPRESSED: Final = 20_000
"""No compression makes more values of one byte."""


def misfit(data: mmap.mmap) -> str | None:
    """Return what is wrong with a file; None if nothing is.

    Where numbers are appended, text can be before them only.
    """
    appended = data.find(b"<AppendedData", 0, _HEADER_BYTES)
    end = len(data) if appended < 0 else appended
    promised = sum(_promised(data, end)) if data.find(b"<DataArray", 0, end) >= 0 else 0
    if promised > max(_LARGE, len(data) * _MOST_COMPRESSED):
        return f"it announces {promised} points and cells, and no file of {len(data)} bytes can hold values of so many"
    if data.find(b'format="ascii"', 0, end) < 0 or (found := _MINUS_INFINITY.search(data, 0, end)) is None:
        return None
    return f"there is -inf as text at byte {found.start()}, which VTK reads as inf; in binary form it is right"


def _promised(data: mmap.mmap, end: int) -> Iterator[int]:
    """Yield how many points, cells or rows each piece announces."""
    for piece in _PIECE.finditer(data, 0, end):
        yield sum(int(one[1]) for one in _NUMBER.finditer(piece[0]))
        words = extent[1].split() if (extent := _EXTENT.search(piece[0])) else []
        if len(words) == 6 and all(re.fullmatch(rb"-?\d{1,18}", word) for word in words):
            low, high = map(int, words[::2]), map(int, words[1::2])
            yield math.prod(max(0, last - first + 1) for first, last in zip(low, high, strict=True))
