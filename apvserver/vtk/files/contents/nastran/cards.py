"""The entries of bulk data of Nastran: fields of 8 or 16 columns or between commas, in lines that go on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_FIELDS, _WIDE_FIELDS = 8, 4
"""Fields of data in a line of narrow fields, and in one of wide ones."""
_NARROW, _WIDE = 8, 16
_BULK: Final = re.compile(r"^[ \t]*BEGIN\s+BULK\b.*$", re.IGNORECASE | re.MULTILINE)
_EXPONENT: Final = re.compile(r"(?<=[\d.])([+-]\d+)$")


def cards_of(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the name of each entry of bulk data, in capitals, and its fields; those that are left out are empty."""
    start = _BULK.search(text)
    name, fields = "", list[str]()
    for line in text[start.end() if start else 0 :].splitlines():
        plain = line.partition("$")[0].rstrip()
        if not plain:
            continue
        first, found, width = _split(plain)
        if plain[0] in "+* ,\t" and name:
            fields += [""] * (-len(fields) % width) + found
            continue
        if name:
            yield name, fields
        name, fields = first.rstrip("* ").upper(), found
        if name == "ENDDATA":
            return
    if name:
        yield name, fields


def _split(line: str) -> tuple[str, list[str], int]:
    """Return the first field of a line, those of its data, and how many of them a whole line of its kind has."""
    if "," in line:
        first, *rest = (one.strip() for one in line.split(","))
        width = _WIDE_FIELDS if "*" in first else _FIELDS
        return first, rest[:width], width
    if "\t" in line:
        line = line.expandtabs(_NARROW)
    first = line[:_NARROW].strip()
    columns, width = (_WIDE, _WIDE_FIELDS) if "*" in first else (_NARROW, _FIELDS)
    ends = range(_NARROW, min(len(line), _NARROW + columns * width), columns)
    return first, [line[at : at + columns].strip() for at in ends], width


def integer(fields: list[str], at: int) -> int:
    """Return a field as an integer, 0 if it is left out. Raises ValueError."""
    return int(fields[at]) if at < len(fields) and fields[at] else 0


def real(fields: list[str], at: int) -> float:
    """Return a field as a number, 0 if it is left out: "1.5", "1.5E3", "1.5D3" or "1.5+3". Raises ValueError."""
    text = fields[at] if at < len(fields) else ""
    if not text:
        return 0.0
    try:
        return float(text)
    except ValueError:
        return float(_EXPONENT.sub(r"E\1", text.upper().replace("D", "E")))
