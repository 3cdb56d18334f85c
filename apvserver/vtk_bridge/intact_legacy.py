"""Whether a binary legacy .vtk file is complete: VTK's reader makes up what is missing, and says nothing."""

from __future__ import annotations

import mmap
from collections.abc import Callable
from typing import Final

_SIZES: Final = {
    "unsigned_char": 1, "char": 1, "signed_char": 1, "unsigned_short": 2, "short": 2, "unsigned_int": 4, "int": 4,
    "unsigned_long": 8, "long": 8, "float": 4, "double": 8, "vtkidtype": 4, "vtktypeint64": 8, "vtktypeuint64": 8,
    "unsigned_long_long": 8, "long_long": 8,
}  # fmt: skip
_SPACE: Final = b" \t\r\n"
_HEAD_LINES: Final = 3
_LONGEST_WORD: Final = 4096


class _Unknown(Exception):
    """Something that this page does not describe: then nothing can be said of the file."""


class _CutOff(Exception):
    """A block of data that ends after the file; the message is its keyword."""


def cut_off(data: mmap.mmap) -> str | None:
    """What to say if a block of data is longer than what is left of the file; None if none is, or if it is not known.

    Only binary files are looked at; text that ends early is an error of VTK's own.
    """
    first, _, kind = (data.readline().strip().upper() for _ in range(_HEAD_LINES))
    if not first.startswith(b"# VTK DATAFILE") or kind != b"BINARY":
        return None
    try:
        _Walk(data).to_the_end()
    except _CutOff as error:
        return f"the file is cut off after {len(data)} bytes, inside of {error}"
    except (_Unknown, ValueError, KeyError, UnicodeDecodeError):
        return None
    return None


class _Walk:
    """Goes from keyword to keyword, and over the blocks of numbers between them, of which it reads none."""

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self._tuples = 0
        self._blank = b""

    def to_the_end(self) -> None:
        while (word := self._word()) != "":
            keyword = word.upper()
            if keyword not in _KEYWORDS:
                raise _Unknown(word)
            _KEYWORDS[keyword](self, keyword)

    def _word(self) -> str:
        """The next word, "" at the end; the blank behind it is passed."""
        data = self._data
        while (one := data.read(1)) and one in _SPACE:
            pass
        found = bytearray(one)
        while (one := data.read(1)) and one not in _SPACE:
            found += one
            if len(found) > _LONGEST_WORD:
                raise _Unknown("a word that is none")
        self._blank = one
        return found.decode("ascii")

    def _number(self) -> int:
        return int(self._word())

    def _skip(self, keyword: str, count: int, kind: str) -> None:
        size = count * _SIZES[kind.lower()]
        if self._blank != b"\n":  # numbers begin on the next line
            self._data.readline()
            self._blank = b"\n"
        if count < 0 or self._data.tell() + size > len(self._data):
            raise _CutOff(keyword)
        self._data.seek(size, 1)

    # --- keywords

    def words(self, count: int) -> None:
        for _ in range(count):
            self._word()

    def block(self, keyword: str, components: int) -> None:
        count = self._number()
        self._skip(keyword, count * components, self._word())

    def cells(self, keyword: str) -> None:
        """Since version 5 two arrays with keywords of their own; before, one block of int."""
        first, second = self._number(), self._number()
        place = self._data.tell()
        blank = self._blank
        if self._word().upper() != "OFFSETS":
            self._data.seek(place)
            self._blank = blank
            self._skip(keyword, second, "int")
            return
        self._skip(f"{keyword} OFFSETS", first, self._word())
        if self._word().upper() != "CONNECTIVITY":
            raise _Unknown("cells without connectivity")
        self._skip(f"{keyword} CONNECTIVITY", second, self._word())

    def attributes(self) -> None:
        self._tuples = self._number()

    def array(self, keyword: str, components: int) -> None:
        name, kind = self._word(), self._word()
        self._skip(f"{keyword} {name}", self._tuples * components, kind)

    def scalars(self) -> None:
        """name type [components], and on the next line LOOKUP_TABLE name."""
        words = self._data.readline().split()
        components = int(words[2]) if len(words) > 2 else 1
        if self._data.readline().split()[:1] != [b"LOOKUP_TABLE"]:
            raise _Unknown("scalars without a table")
        self._blank = b"\n"
        self._skip(f"SCALARS {words[0].decode()}", self._tuples * components, words[1].decode())

    def colors(self) -> None:
        name, components = self._word(), self._number()
        self._skip(f"COLOR_SCALARS {name}", self._tuples * components, "unsigned_char")

    def texture(self) -> None:
        name, components, kind = self._word(), self._number(), self._word()
        self._skip(f"TEXTURE_COORDINATES {name}", self._tuples * components, kind)

    def field(self) -> None:
        self._word()
        for _ in range(self._number()):
            while (name := self._word()).upper() == "METADATA":
                self.metadata()
            components, tuples, kind = self._number(), self._number(), self._word()
            self._skip(f"FIELD {name}", components * tuples, kind)

    def metadata(self) -> None:
        """Lines up to an empty one."""
        self._data.readline()
        while self._data.readline().strip():
            pass


_KEYWORDS: Final[dict[str, Callable[[_Walk, str], None]]] = {
    "DATASET": lambda walk, _: walk.words(1),
    "DIMENSIONS": lambda walk, _: walk.words(3),
    "EXTENT": lambda walk, _: walk.words(6),
    "SPACING": lambda walk, _: walk.words(3),
    "ASPECT_RATIO": lambda walk, _: walk.words(3),
    "ORIGIN": lambda walk, _: walk.words(3),
    "POINTS": lambda walk, keyword: walk.block(keyword, 3),
    **dict.fromkeys(("X_COORDINATES", "Y_COORDINATES", "Z_COORDINATES"), lambda walk, keyword: walk.block(keyword, 1)),
    **dict.fromkeys(
        ("VERTICES", "LINES", "POLYGONS", "TRIANGLE_STRIPS", "CELLS"), lambda walk, keyword: walk.cells(keyword)
    ),
    "CELL_TYPES": lambda walk, keyword: walk._skip(keyword, walk._number(), "int"),
    **dict.fromkeys(("POINT_DATA", "CELL_DATA", "ROW_DATA"), lambda walk, _: walk.attributes()),
    "SCALARS": lambda walk, _: walk.scalars(),
    "COLOR_SCALARS": lambda walk, _: walk.colors(),
    **dict.fromkeys(("VECTORS", "NORMALS"), lambda walk, keyword: walk.array(keyword, 3)),
    "TENSORS": lambda walk, keyword: walk.array(keyword, 9),
    "GLOBAL_IDS": lambda walk, keyword: walk.array(keyword, 1),
    "TEXTURE_COORDINATES": lambda walk, _: walk.texture(),
    "FIELD": lambda walk, _: walk.field(),
    "METADATA": lambda walk, _: walk.metadata(),
}
"""What follows each keyword. Numbers begin after the line break behind the last word."""
