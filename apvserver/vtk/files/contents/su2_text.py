"""Names of the boundaries of SU2, which meshio takes for numbers alone."""

from __future__ import annotations

import re
from typing import Final

from ...base.errors import FileError

_TAG: Final = re.compile(r"^([ \t]*MARKER_TAG[ \t]*=[ \t]*)(\S.*?)([ \t]*\r?)$", re.MULTILINE)
_EMPTY: Final = re.compile(r"^[ \t]*MARKER_ELEMS[ \t]*=[ \t]*0[ \t]*\r?\n?", re.MULTILINE)
_ZONES: Final = re.compile(r"^[ \t]*NZONE[ \t]*=[ \t]*(\d+)", re.MULTILINE)


def with_numbers(path: str, text: str) -> tuple[str, dict[str, int]]:
    """Return text in which boundaries have numbers above 0, and the number of each name; none if numbers they have.

    Raises `FileError` for files of several zones, of which meshio would take the cells of all and the points of one.
    """
    zones = _ZONES.search(text)
    if zones is not None and int(zones[1]) > 1:
        raise FileError(f"{path}: it has {zones[1]} zones (NZONE), which are not read; write each to a file of its own")
    text = _EMPTY.sub("", text)  # meshio reads the next line as an element of it
    names = list(dict.fromkeys(found[2] for found in _TAG.finditer(text)))
    if all(name.isdecimal() and int(name) > 0 for name in names):
        return text, {}
    numbers = {name: number for number, name in enumerate(names, 1)}
    return _TAG.sub(lambda found: f"{found[1]}{numbers[found[2]]}{found[3]}", text), numbers
