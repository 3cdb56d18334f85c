"""Sections of a file of Gmsh (.msh), and the numbers in them, as text or binary."""

from __future__ import annotations

import re
from typing import Any, Final

import numpy as np

from async_paraview.records import dataclass

INT, SIZE, REAL = "i4", "u", "f8"
"""Kinds of numbers; how many bytes a size has is said in the file."""
_FORMAT: Final = re.compile(rb"\$MeshFormat\s+(\S+)\s+(\d)\s+(\d+)\s*?\r?\n")


@dataclass(frozen=True)
class Form:
    """The version of a file, whether it is binary, in which order its bytes are, and how many a size has."""

    version: float
    binary: bool
    order: str
    size_bytes: int


def form_of(data: bytes) -> Form:
    """Return what the first section says. Raises ValueError if there is none."""
    found = _FORMAT.search(data)
    if found is None:
        raise ValueError("it has no $MeshFormat")
    binary = found[2] == b"1"
    order = "<" if not binary or data[found.end() : found.end() + 4] == b"\1\0\0\0" else ">"
    return Form(float(found[1]), binary, order, int(found[3]))


def section(data: bytes, name: bytes) -> bytes:
    """Return what is in a section. Raises ValueError if there is none."""
    start = re.search(rb"^\$" + name + rb"\s*?\r?\n", data, re.MULTILINE)
    if start is None:
        raise ValueError(f"it has no ${name.decode()}")
    end = data.find(b"$End" + name, start.end())
    if end < 0:
        raise ValueError(f"it ends within ${name.decode()}")
    return data[start.end() : end]


class Numbers:
    """The numbers of a section, one after the other."""

    def __init__(self, content: bytes, form: Form) -> None:
        self._form, self._at = form, 0
        self._held: Any = content if form.binary else np.fromstring(content.decode("latin-1"), sep=" ")

    def take(self, kind: str, count: int) -> Any:
        """Return the next numbers as an array. Raises ValueError if there are less."""
        at, form = self._at, self._form
        if not form.binary:
            self._at += count
            found = self._held[at : self._at]
            if len(found) != count:
                raise ValueError(f"a section ends after {len(self._held)} numbers")
            return found if kind == REAL else found.astype(np.int64)
        stored = np.dtype(form.order + (f"u{form.size_bytes}" if kind == SIZE else kind))
        self._at += count * stored.itemsize
        made = np.frombuffer(self._held, stored, count, at)
        return made.astype(np.float64 if kind == REAL else np.int64)

    def one(self, kind: str) -> int:
        """Return the next number, an integer."""
        return int(self.take(kind, 1)[0])
