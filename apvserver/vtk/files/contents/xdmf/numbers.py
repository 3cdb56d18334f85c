"""Numbers that stand in an XDMF file itself, of which VTK's reader makes others: looked for as the file passes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

_INTEGERS: Final = frozenset({"INT", "UINT"})
_MOST: Final = 2**53
_LONG: Final = re.compile(r"(?<![\d.eE+])[-+]?\d{16,}(?![\d.eE])")
"""Integers that may be beyond 2^53."""
_WORD: Final = re.compile(r"(?<![^\s,])[-+]?(?:[0-9.]*[a-df-zA-DF-Z]\S*|[eE]\S*)")
"""What is no number in digits: nan, inf, and exponents with a D. XDMF's own parser makes anything of that."""
_PARTS: Final = frozenset({"HYPERSLAB", "COORDINATES"})


@dataclass
class _Item:
    """A DataItem that is open."""

    kind: str
    """What it consists of: UNIFORM is numbers."""
    in_text: bool
    """Whether its numbers stand in the file itself."""
    integers: bool
    children: int = 0


@dataclass
class NumbersInText:
    """Is told of the elements of a file, and keeps what is wrong with numbers in it, once of each kind."""

    found: dict[str, None] = field(default_factory=dict)
    _items: list[_Item] = field(default_factory=list)
    _rest: str = ""

    def begin(self, attributes: dict[str, str]) -> None:
        """Note a DataItem that begins."""
        kind = (attributes.get("ItemType") or attributes.get("Type") or "Uniform").upper()
        form = attributes.get("Format", "XML").upper()
        number = (attributes.get("NumberType") or attributes.get("DataType") or "").upper()
        in_text = kind == "UNIFORM" and form == "XML" and "Reference" not in attributes
        if self._items:
            outer = self._items[-1]
            outer.children += 1
            if outer.kind in _PARTS and outer.children > 1 and in_text:  # the first says which part
                self.found["a part is taken of numbers that stand in the file itself (HyperSlab, Coordinates)"] = None
        self._items.append(_Item(kind, in_text, number in _INTEGERS))
        self._rest = ""

    def characters(self, data: str) -> None:
        """Look at text; a word that may go on is kept."""
        if not self._items or not self._items[-1].in_text:
            return
        text = self._rest + data
        end = max(text.rfind(" "), text.rfind("\n"), text.rfind("\t")) + 1
        self._rest = text[end:] if len(text) - end < _MOST_BYTES else ""
        self._look(text[:end])

    def end(self) -> None:
        """Note that a DataItem ends."""
        self._look(self._rest)
        self._rest = ""
        self._items.pop()

    def _look(self, text: str) -> None:
        if not text or not self._items or not self._items[-1].in_text:
            return
        if self._items[-1].integers:
            for number in _LONG.findall(text):
                if abs(int(number)) > _MOST:
                    self.found.setdefault(f"integers above 2^53, such as {number}", None)
                    break
        if word := _WORD.search(text):
            self.found.setdefault(f"words among the numbers, such as {word[0][:20]!r}", None)


_MOST_BYTES: Final = 4096
