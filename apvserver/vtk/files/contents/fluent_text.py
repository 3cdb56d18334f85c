"""The sections of a FLUENT case, text or binary: zones of faces, which VTK's reader replaces by cells. No VTK here."""

from __future__ import annotations

import re
from typing import Any, Final

import numpy as np

from async_paraview.records import dataclass

from ...base.array_types import repeated
from ...base.errors import FileError

_HEADER: Final = re.compile(rb"\(\s*(\d+)\s*\(([^()]*)\)\s*(\(\s*)?")
_NAMED: Final = re.compile(rb"\(\s*(?:39|45)\s*\(\s*(\d+)\s+(\S+)\s+([^\s()]+)[^()]*\)")
_BINARY_END: Final = b"End of Binary Section"
_FACES: Final = (13, 2013, 3013)
NODES: Final = 10
CELLS: Final = 12
INTERIOR: Final = 2
"""The code of faces inside of the fluid that are nothing else."""
_KINDS_WITH_COUNT: Final = (0, 5)
_LEFT_AND_RIGHT: Final = 2


@dataclass(frozen=True)
class FaceZone:
    """Faces of one zone: the points of all, where each begins (one more than there are), and the cell beside each.

    Numbers of points and cells begin with 0; a cell of -1 is none.
    """

    number: int
    boundary: int
    offsets: Any
    points: Any
    cells: Any


def names_of_zones(data: bytes) -> dict[int, tuple[str, str]]:
    """Return the name and the type of each zone."""
    return {int(one[1]): (one[3].decode("latin-1"), one[2].decode("latin-1")) for one in _NAMED.finditer(data)}


def count_of(data: bytes, section: int) -> int:
    """Return how many nodes or cells there are in all, as the declaration of that section says."""
    found = re.search(rb"\(\s*%d\s*\(\s*0\s+[0-9a-fA-F]+\s+([0-9a-fA-F]+)" % section, data)
    return int(found[1], 16) if found else 0


def face_zones(path: str, data: bytes) -> list[FaceZone]:
    """Return the zones of faces, in the order of the file. Raises `FileError`."""
    found: list[FaceZone] = []
    place = 0
    while (header := _HEADER.search(data, place)) is not None:
        section, place = int(header[1]), header.end()
        if header[3] is None:
            continue
        binary = section >= 2000
        end = data.find(_BINARY_END if binary else b")", place)
        if end < 0:
            raise FileError(f"{path}: section {section} has no end; is the file complete?")
        words = header[2].split()
        if section in _FACES and len(words) == 5:
            try:
                found.append(_zone(words, data[header.end() - _blanks(header) : end], binary=binary))
            except (ValueError, IndexError) as error:
                raise FileError(f"{path}: zone {int(words[0], 16)} of faces cannot be understood: {error}") from error
        place = end
    return found


def _blanks(header: re.Match[bytes]) -> int:
    """Count white space behind the bracket: in a binary section it is the beginning of the numbers."""
    return len(header[3]) - 1


def _zone(words: list[bytes], body: bytes, *, binary: bool) -> FaceZone:
    number, first, last, boundary, kind = (int(word, 16) for word in words)
    count = last - first + 1
    numbers = np.frombuffer(body[: len(body) // 4 * 4], "<i4") if binary else _hexadecimal(body)
    if kind not in _KINDS_WITH_COUNT:
        rows = numbers[: count * (kind + _LEFT_AND_RIGHT)].reshape(count, kind + _LEFT_AND_RIGHT)
        return FaceZone(
            number,
            boundary,
            np.arange(count + 1) * kind,
            rows[:, :kind].ravel().astype(np.int64) - 1,
            _beside(rows[:, kind:]),
        )
    starts = _starts(numbers, count)
    sizes = numbers[starts].astype(np.int64)
    offsets = np.concatenate(([0], np.cumsum(sizes)))
    within = np.arange(offsets[-1]) - repeated(offsets[:-1], sizes)
    points = numbers[repeated(starts + 1, sizes) + within].astype(np.int64) - 1
    ends = starts + 1 + sizes
    return FaceZone(number, boundary, offsets, points, _beside(np.stack((numbers[ends], numbers[ends + 1]), axis=1)))


def _starts(numbers: Any, count: int) -> Any:
    """Return where each face begins: with the number of its points, which its two cells follow."""
    sizes = numbers.tolist()
    place, starts = 0, []
    for _ in range(count):
        starts.append(place)
        place += sizes[place] + 1 + _LEFT_AND_RIGHT
    if place > len(sizes):
        raise ValueError("it is cut off")
    return np.array(starts, np.int64)


def _hexadecimal(text: bytes) -> Any:
    """Return the numbers in a text of hexadecimal numbers."""
    codes = np.frombuffer(text, np.uint8)
    digits = _DIGITS[codes]
    if (digits == _NO_DIGIT).any():
        raise ValueError("there is something else than hexadecimal numbers")
    inside = digits >= 0
    edges = np.diff(inside.astype(np.int8), prepend=0, append=0)
    first, behind = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    lengths = behind - first
    numbers = np.zeros(len(first), np.int64)
    for place in range(int(lengths.max()) if len(lengths) else 0):
        reaches = lengths > place
        numbers[reaches] |= digits[behind[reaches] - 1 - place].astype(np.int64) << (4 * place)
    return numbers


def _table_of_digits() -> Any:
    table = np.full(256, _NO_DIGIT, np.int8)
    table[[*b" \t\r\n"]] = -1
    for value, letters in enumerate((b"0", b"1", b"2", b"3", b"4", b"5", b"6", b"7", b"8", b"9")):
        table[letters[0]] = value
    for value, letters in enumerate((b"aA", b"bB", b"cC", b"dD", b"eE", b"fF"), 10):
        table[[*letters]] = value
    return table


_NO_DIGIT: Final = -2
_DIGITS: Final = _table_of_digits()
"""The value of each byte as a digit, -1 for what is between numbers."""


def _beside(pairs: Any) -> Any:
    """Return the first of the two numbers that is that of a cell."""
    return np.where(pairs[:, 0] > 0, pairs[:, 0], pairs[:, 1]).astype(np.int64) - 1
