"""Legacy .vtk files with all digits: VTK's binary file, with its places, and where it is to be text its numbers, anew.

VTK 9.7 writes numbers in legacy files with 6 digits (float, places) and 11 (double), which makes others of them.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote_from_bytes

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkIOXML import vtkXMLImageDataWriter

from ....base.errors import FileError
from ...truncation.legacy_blocks import BIT, COLOR, FORM, PLACE, SIZES, TEXT, Block, CutOff, UnknownWord, blocks
from ..places import Place

_MOST_VALUES: Final = 1 << 16
"""At a time, so that Python's lock is never kept for long; a multiple of 8, for bits."""
_COPIED: Final = 1 << 22
_LETTERS: Final = "".join(chr(code) for code in range(33, 127) if chr(code) not in '"%')
"""What stays as it is in a text; VTK writes all other bytes as %XX."""
_REALS: Final = ("float", "double")
_CLOSE: Final = 1e-5
_COLORS: Final = np.arange(256) / 255


def rewrite(source: Path, target: Path, places: Iterator[Place], *, as_text: bool) -> None:
    """Make of a binary file one with all digits of its places, and of all numbers where it is to be text.

    `places` are those of the data, in the order of the file. Raises `FileError` if something is not understood.
    """
    texts = _Texts(places)
    try:
        with (
            source.open("rb") as stream,
            mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data,
            target.open("wb") as written,
        ):
            done = 0
            for block in [*blocks(data)]:
                if as_text or block.kind == PLACE:
                    _copy(data, done, block.start, written.write)
                    written.writelines(texts.of(data, block))
                    done = block.start + block.size
            _copy(data, done, len(data), written.write)
    except (CutOff, UnknownWord, ValueError, KeyError, IndexError) as error:
        raise FileError(f"what VTK wrote is not understood: {type(error).__name__} {error}") from error
    if next(places, None) is not None:
        raise FileError("the data has places that are not in what VTK wrote")


def _copy(data: mmap.mmap, first: int, end: int, write: Callable[[bytes], Any]) -> None:
    for start in range(first, end, _COPIED):
        write(data[start : min(start + _COPIED, end)])


class _Texts:
    """What blocks are as text."""

    def __init__(self, places: Iterator[Place]) -> None:
        self._places = places
        self._digits = _Digits()

    def of(self, data: mmap.mmap, block: Block) -> Iterator[bytes]:
        """Yield the texts. Raises ValueError, `FileError`."""
        if block.kind == FORM:
            yield b"ASCII"
        elif block.kind == PLACE:
            yield self._place(data[block.start : block.start + block.size], block)
        elif block.kind == TEXT:
            yield from _encoded(data, block)
        else:
            for values in _values(data, block):
                yield self._digits.of(values)

    def _place(self, line: bytes, block: Block) -> bytes:
        place = next(self._places, None)
        before = [float(word) for word in line.split()]
        within = _CLOSE * place.scale if place is not None else 0.0
        same = place is not None and len(place.values) == len(before)
        if place is None or not same or any(abs(a - b) > within for a, b in zip(place.values, before, strict=True)):
            raise FileError(f"VTK wrote {block.what} {line.decode()}, which is not the place of the data")
        return " ".join(map(repr, place.values)).encode()


def _encoded(data: mmap.mmap, block: Block) -> Iterator[bytes]:
    """Yield one line for each text. The last line break is the one behind the block."""
    here = block.start
    for index in range(block.count):
        bits = data[here] >> 6
        size = 8 >> bits
        length = int.from_bytes(data[here : here + size], "big") & ((1 << (8 * size - 2)) - 1)
        text = data[here + size : here + size + length]
        here += size + length
        yield quote_from_bytes(text, _LETTERS).encode() + (b"\n" if index < block.count - 1 else b"")


def _values(data: mmap.mmap, block: Block) -> Iterator[Any]:
    """Yield the numbers of a block, some at a time, in the machine's order of bytes."""
    if block.kind == BIT:
        for first in range(0, block.count, _MOST_VALUES):
            count = min(_MOST_VALUES, block.count - first)
            yield np.unpackbits(np.frombuffer(data, np.uint8, -(-count // 8), block.start + first // 8))[:count]
        return
    size = 1 if block.kind == COLOR else SIZES[block.kind]
    stored = np.dtype(f">{_letter(block.kind)}{size}")
    for first in range(0, block.count, _MOST_VALUES):
        count = min(_MOST_VALUES, block.count - first)
        values = np.frombuffer(data, stored, count, block.start + first * size)
        yield _COLORS[values] if block.kind == COLOR else values.astype(stored.newbyteorder("="))


def _letter(kind: str) -> str:
    if kind in _REALS:
        return "f"
    return "u" if kind == COLOR or kind.startswith("unsigned") or kind == "vtktypeuint64" else "i"


class _Digits:
    """Makes text of numbers, as many digits as it takes to read the same number back: by VTK's writer of XML.

    It does so without Python's lock, and several times as fast as Python.
    """

    def __init__(self) -> None:
        self._image = vtkImageData()
        self._writer = vtkXMLImageDataWriter()
        self._writer.SetInputData(self._image)
        self._writer.SetDataModeToAscii()
        self._writer.WriteToOutputStringOn()

    def of(self, values: Any) -> bytes:
        """Return numbers of one of VTK's types, with blanks and line breaks between them and one behind the last."""
        array = numpy_to_vtk(values)
        array.SetName("values")
        self._image.Initialize()
        self._image.SetDimensions(len(values), 1, 1)
        self._image.GetPointData().AddArray(array)
        self._writer.Modified()
        self._writer.Update()
        text = self._writer.GetOutputString()
        first = text.index(">", text.index("<DataArray")) + 1
        lines: str = text[first : text.index("</DataArray", first)]
        return lines.replace("  ", "").strip().encode() + b"\n"
