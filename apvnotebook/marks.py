"""Marks in pictures: a few bytes of a PNG that say of which live view it is a still picture. Plain functions."""

from __future__ import annotations

import struct
import zlib
from typing import Final

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
AFTER_HEADER: Final = len(SIGNATURE) + 4 + 4 + 13 + 4
"""Where the second chunk of every PNG begins: its first one tells the size, and is as long in all of them."""
WORD: Final = "apv-live"


def marked(png: bytes, mark: str) -> bytes:
    """Return a PNG with a comment that says a mark, right behind its header. Raises ValueError for what is no PNG."""
    if not png.startswith(SIGNATURE):
        raise ValueError(f"a mark is put into a PNG, which does not begin with {png[:8]!r}")
    text = b"Comment\0" + f"{WORD} {mark}".encode("ascii")
    return png[:AFTER_HEADER] + _chunk(b"tEXt", text) + png[AFTER_HEADER:]


def plain_png(width: int, height: int) -> bytes:
    """Return a PNG of so many pixels that is transparent all over."""
    header = struct.pack(">IIBBBBB", width, height, 1, 3, 0, 0, 0)  # one bit for each pixel, of a palette
    row = b"\0" + bytes((width + 7) // 8)
    rows = zlib.compress(row * height)
    chunks = ((b"IHDR", header), (b"PLTE", b"\xff\xff\xff"), (b"tRNS", b"\0"), (b"IDAT", rows), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
