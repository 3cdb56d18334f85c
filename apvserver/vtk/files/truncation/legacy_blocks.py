"""Finds the blocks of numbers, texts and places in a binary legacy .vtk file, of which it reads none."""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator
from typing import Final

from async_paraview.records import dataclass

SIZES: Final = {
    "unsigned_char": 1, "char": 1, "signed_char": 1, "unsigned_short": 2, "short": 2, "unsigned_int": 4, "int": 4,
    "unsigned_long": 8, "long": 8, "float": 4, "double": 8, "vtkidtype": 4, "vtktypeint64": 8, "vtktypeuint64": 8,
    "unsigned_long_long": 8, "long_long": 8,
}  # fmt: skip
"""Bytes of one number, by the name of its type."""

FORM, PLACE, COLOR, TEXT, BIT = "form", "place", "color", "text", "bit"
"""The word BINARY; numbers of a place, which are text in any file; colors of 8 bits; texts; bits."""

_TEXTS: Final = ("string", "utf8_string")
_SPACE: Final = b" \t\r\n"
_HEAD_LINES: Final = 3
_LONGEST_WORD: Final = 4096
_GRAPHS: Final = ("DIRECTED_GRAPH", "UNDIRECTED_GRAPH", "MOLECULE", "TREE")
_LENGTHS: Final = ((8, (1 << 62) - 1), (4, (1 << 30) - 1), (2, (1 << 14) - 1), (1, (1 << 6) - 1))
"""Of a text: the bytes of its length, and the bits that count, by the two highest bits."""


class UnknownWord(Exception):
    """Something that this page does not describe: then nothing can be said of the file."""


class CutOff(Exception):
    """A block of data that ends after the file; the message is its keyword."""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a file: what it is of, where it is, and how many values of which kind (in lower case) it has."""

    what: str
    start: int
    size: int
    kind: str
    count: int


def blocks(data: mmap.mmap) -> Iterator[Block]:
    """Yield the blocks of a binary file, in their order. Raises `CutOff`; `UnknownWord`, ValueError, KeyError."""
    walk = _Walk(data)
    while walk.step():
        yield from walk.found
        walk.found.clear()
    yield from walk.found


class _Walk:
    """Goes from keyword to keyword, and over the blocks between them."""

    def __init__(self, data: mmap.mmap) -> None:
        self.found: list[Block] = []
        self._data = data
        self._tuples = 0
        self._components = 1
        self._blank = b""
        self._data_set = ""
        data.seek(0)
        data.readline()
        self._form()

    def step(self) -> bool:
        """Go over what a keyword begins; False at the end."""
        word = self._word()
        keyword = word.upper()
        if word and keyword not in _KEYWORDS:
            raise UnknownWord(word)
        if word:
            _KEYWORDS[keyword](self, keyword)
        return word != ""

    def _form(self) -> None:
        self._data.readline()
        start = self._data.tell()
        line = self._data.readline()
        if line.strip().upper() != b"BINARY":
            raise UnknownWord(line.decode())
        self._blank = b"\n"
        self.found.append(Block("form", start, len(line.rstrip()), FORM, 0))

    def _word(self) -> str:
        """Return the next word, "" at the end; the blank behind it is passed."""
        data = self._data
        while (one := data.read(1)) and one in _SPACE:
            pass
        found = bytearray(one)
        while (one := data.read(1)) and one not in _SPACE:
            found += one
            if len(found) > _LONGEST_WORD:
                raise UnknownWord("a word that is none")
        self._blank = one
        return found.decode("ascii")

    def _number(self) -> int:
        return int(self._word())

    def _line(self) -> bytes:
        """Return what is left of the line."""
        if self._blank == b"\n":
            return b""
        self._blank = b"\n"
        return self._data.readline()

    def _skip(self, what: str, tuples: int, components: int, kind: str) -> None:
        """Go over a block, which begins on the next line."""
        self._line()
        start, kind, count = self._data.tell(), kind.lower(), tuples * components
        self._components = components
        if kind == "variant":  # text in any file
            self.lines(count)
            return
        if kind in _TEXTS:
            self._skip_texts(what, count)
            kind, size = TEXT, self._data.tell() - start
        else:
            size = -(-count // 8) if kind == BIT else count * (1 if kind == COLOR else SIZES[kind])
            self._pass(what, size)
        self.found.append(Block(what, start, size, kind, count))

    def _skip_texts(self, what: str, count: int) -> None:
        for _ in range(count):
            first = self._data[self._data.tell()] if self._data.tell() < len(self._data) else 0
            size, bits = _LENGTHS[first >> 6]
            self._pass(what, int.from_bytes(self._data.read(size), "big") & bits)

    def _pass(self, what: str, size: int) -> None:
        if size < 0 or self._data.tell() + size > len(self._data):
            raise CutOff(what)
        self._data.seek(size, 1)

    # --- keywords

    def head(self) -> None:
        """Read the head that a block of several has of its own."""
        self._line()
        self._form()

    def data_set(self) -> None:
        self._data_set = self._word().upper()

    def rest(self) -> None:
        self._line()

    def words(self, count: int) -> None:
        for _ in range(count):
            self._word()

    def lines(self, count: int) -> None:
        for _ in range(count):
            if not self._data.readline():
                raise CutOff("lines of text")

    def place(self, keyword: str) -> None:
        start = self._data.tell()
        line = self._line().rstrip()
        self.found.append(Block(keyword, start, len(line), PLACE, len(line.split())))

    def levels(self) -> None:
        """Read of each level the number of blocks, and the spacing."""
        for _ in range(self._number()):
            self._number()
            self.place("LEVELS")

    def boxes(self, keyword: str) -> None:
        self._skip(keyword, self._number(), self._number(), "int")

    def assembly(self, keyword: str) -> None:
        self._skip(keyword, self._number(), 1, "string")

    def edges(self) -> None:
        count = self._number()
        self._line()
        self.lines(count)

    def block(self, keyword: str, components: int) -> None:
        count = self._number()
        self._skip(keyword, count, components, self._word())

    def vertices(self, keyword: str) -> None:
        """Read the vertices: of a graph their number; of polygons they are cells."""
        if self._data_set in _GRAPHS:
            self._number()
        else:
            self.cells(keyword)

    def cells(self, keyword: str) -> None:
        """Read cells: since version 5 two arrays with keywords of their own; before, one block of int."""
        first, second = self._number(), self._number()
        here = self._data.tell()
        if not self._data[here : here + 16].lstrip().upper().startswith(b"OFFSETS"):
            self._skip(keyword, second, 1, "int")
            return
        self._word()
        self._skip(f"{keyword} OFFSETS", first, 1, self._word())
        while (word := self._word().upper()) == "METADATA":
            self.metadata()
        if word != "CONNECTIVITY":
            raise UnknownWord("cells without connectivity")
        self._skip(f"{keyword} CONNECTIVITY", second, 1, self._word())

    def types(self, keyword: str) -> None:
        self._skip(keyword, self._number(), 1, "int")

    def attributes(self) -> None:
        self._tuples = self._number()

    def array(self, keyword: str, components: int) -> None:
        name, kind = self._word(), self._word()
        self._skip(f"{keyword} {name}", self._tuples, components, kind)

    def scalars(self) -> None:
        """Read "name type [components]", and on the next line "LOOKUP_TABLE name"."""
        words = self._line().split()
        components = int(words[2]) if len(words) > 2 else 1
        if self._data.readline().split()[:1] != [b"LOOKUP_TABLE"]:
            raise UnknownWord("scalars without a table")
        self._skip(f"SCALARS {words[0].decode()}", self._tuples, components, words[1].decode())

    def table(self) -> None:
        name, count = self._word(), self._number()
        self._skip(f"LOOKUP_TABLE {name}", count, 4, COLOR)

    def colors(self) -> None:
        name, components = self._word(), self._number()
        self._skip(f"COLOR_SCALARS {name}", self._tuples, components, COLOR)

    def texture(self) -> None:
        name, components, kind = self._word(), self._number(), self._word()
        self._skip(f"TEXTURE_COORDINATES {name}", self._tuples, components, kind)

    def field(self) -> None:
        self._word()
        for _ in range(self._number()):
            while (name := self._word()).upper() == "METADATA":
                self.metadata()
            if name != "NULL_ARRAY":
                components, tuples, kind = self._number(), self._number(), self._word()
                self._skip(f"FIELD {name}", tuples, components, kind)

    def metadata(self) -> None:
        """Read names of components, of which any may be empty, then lines up to an empty one."""
        self._line()
        while line := self._data.readline().strip():
            if line == b"COMPONENT_NAMES":
                self.lines(self._components)


_Step = Callable[[_Walk, str], None]
_KEYWORDS: Final[dict[str, _Step]] = {
    "#": lambda walk, _: walk.head(),
    "DATASET": lambda walk, _: walk.data_set(),
    **dict.fromkeys(("CHILDREN", "GRID_DESCRIPTION"), lambda walk, _: walk.words(1)),
    "CHILD": lambda walk, _: walk.rest(),
    "ENDCHILD": lambda walk, _: None,
    "DATAASSEMBLY": lambda walk, keyword: walk.assembly(keyword),
    "LEVELS": lambda walk, _: walk.levels(),
    "AMRBOXES": lambda walk, keyword: walk.boxes(keyword),
    "DIMENSIONS": lambda walk, _: walk.words(3),
    "EXTENT": lambda walk, _: walk.words(6),
    **dict.fromkeys(
        ("SPACING", "ASPECT_RATIO", "ORIGIN", "LATTICE_A", "LATTICE_B", "LATTICE_C", "LATTICE_ORIGIN"), _Walk.place
    ),
    "POINTS": lambda walk, keyword: walk.block(keyword, 3),
    **dict.fromkeys(("X_COORDINATES", "Y_COORDINATES", "Z_COORDINATES"), lambda walk, keyword: walk.block(keyword, 1)),
    "VERTICES": _Walk.vertices,
    **dict.fromkeys(("LINES", "POLYGONS", "TRIANGLE_STRIPS", "CELLS"), _Walk.cells),
    "CELL_TYPES": _Walk.types,
    "EDGES": lambda walk, _: walk.edges(),
    **dict.fromkeys(
        ("POINT_DATA", "CELL_DATA", "ROW_DATA", "VERTEX_DATA", "EDGE_DATA"), lambda walk, _: walk.attributes()
    ),
    "SCALARS": lambda walk, _: walk.scalars(),
    "LOOKUP_TABLE": lambda walk, _: walk.table(),
    "COLOR_SCALARS": lambda walk, _: walk.colors(),
    **dict.fromkeys(("VECTORS", "NORMALS"), lambda walk, keyword: walk.array(keyword, 3)),
    "TENSORS": lambda walk, keyword: walk.array(keyword, 9),
    "TENSORS6": lambda walk, keyword: walk.array(keyword, 6),
    **dict.fromkeys(("GLOBAL_IDS", "PEDIGREE_IDS", "EDGE_FLAGS"), lambda walk, keyword: walk.array(keyword, 1)),
    "TEXTURE_COORDINATES": lambda walk, _: walk.texture(),
    "FIELD": lambda walk, _: walk.field(),
    "METADATA": lambda walk, _: walk.metadata(),
}
"""What follows each keyword."""
