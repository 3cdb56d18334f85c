"""Text with separators as fields: where each of them is in the text, by row, without looking at any of them in Python.

RFC 4180: fields in quotes may hold separators, ends of lines, and quotes, which are doubled there.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import Any, Final

import numpy as np

from async_paraview.records import dataclass

from ....base.errors import FileError
from ....base.values.distinct import counted

_SLICE_BYTES: Final = 1 << 22
_QUOTE: Final = ord('"')
_ENDS: Final = b"\r\n"
_UNIT, _RECORD = "\x1f", "\x1e"
"""Separators of text that was taken apart by the csv module: nothing else in it separates."""
_BOMS: Final = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
BLANKS: Final = " \t"
"""What separates fields where no other separator does: several of them count as one."""
_SAMPLE_ROWS: Final = 100
_SAMPLE_BYTES: Final = 1 << 16
_CANDIDATES: Final = "\t;,|"
_SAID: Final = re.compile(rb'"?sep=([\t ;,|:])"?(?:\r\n?|\n)', re.IGNORECASE)


@dataclass(frozen=True)
class Fields:
    """Fields `text[starts[i]:ends[i]]`, of which those of row r begin at `rows[r]`; the last of `rows` is the end."""

    text: np.ndarray[Any, Any]
    starts: np.ndarray[Any, Any]
    ends: np.ndarray[Any, Any]
    quoted: np.ndarray[Any, Any]
    rows: np.ndarray[Any, Any]

    @property
    def counts(self) -> np.ndarray[Any, Any]:
        """How many fields each row has."""
        return np.diff(self.rows)

    def texts(self, fields: np.ndarray[Any, Any]) -> list[str]:
        """Return the texts of fields by index; those below 0 are missing, and are empty."""
        held = self.text.data
        return [
            "" if field < 0 else str(held[start:end], "utf-8").replace('""', '"' if quoted else '""')
            for field, start, end, quoted in zip(
                fields.tolist(),
                self.starts[fields].tolist(),
                self.ends[fields].tolist(),
                self.quoted[fields].tolist(),
                strict=True,
            )
        ]


def as_utf8(raw: bytes) -> tuple[bytes, str | None]:
    """Return text in UTF-8, without its mark, and what to tell of its encoding. Raises `FileError` if it is no text."""
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            try:
                return raw.decode(encoding).encode(), None
            except UnicodeDecodeError as error:
                raise FileError(f"its mark says {encoding}, and it is not: {error}") from error
    if b"\0" in raw:
        raise FileError("it holds bytes that are 0: this is no text")
    try:
        if not raw.isascii():
            raw.decode("utf-8")
    except UnicodeDecodeError as error:
        text = raw.decode("cp1252", "replace")
        return (
            text.encode(),
            f"the text is not UTF-8 ({error.reason} at byte {error.start}) and was read as Windows-1252",
        )
    return raw, None


def separator_said(text: bytes) -> tuple[str, bytes]:
    """Return the separator that a first line names, as Excel's `sep=;` does, or "", and the rest of the text."""
    found = _SAID.match(text)
    return (found[1].decode(), text[found.end() :]) if found else ("", text)


def separators_of(text: bytes) -> str:
    """Return what separates the fields: a tab, semicolon, comma or bar that occurs as often in most rows, else blanks.

    Of a single column it is a comma.
    """
    sample = text[:_SAMPLE_BYTES].decode("utf-8", "ignore")
    best, found = 0.0, ""
    for candidate in _CANDIDATES:
        rows = [row for row in _split(sample, candidate) if row][:_SAMPLE_ROWS]
        (count, often), *_ = Counter(map(len, rows)).most_common(1) or [(0, 0)]
        if count > 1 and len(rows[0]) > 1 and often / len(rows) > best:
            best, found = often / len(rows), candidate
    if found:
        return found
    words = [len(line.split()) for line in sample.splitlines() if line.strip()][:_SAMPLE_ROWS]
    alike = len(set(words[1:])) == 1 or (len(words) == 1 and all(map(_is_float, sample.split())))
    return BLANKS if words and min(words) > 1 and '"' not in sample and alike else ","


def _is_float(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _split(text: str, separator: str, *, initial_space: bool = False) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=initial_space))
    except csv.Error as error:
        raise FileError(f"its rows cannot be told apart: {error}") from error


def fields_of(text: bytes, separators: str, *, merge: bool) -> Fields:
    """Return the fields of text in UTF-8.

    With `merge` several separators count as one. Rows without anything are left out.
    """
    if not text.endswith((b"\n", b"\r")):
        text += b"\n"
    held = np.frombuffer(text, np.uint8)
    marks = separators.encode()
    places, quotes = _places(held, marks, with_quotes=separators != _UNIT and b'"' in text)
    if quotes is not None and not _is_regular(held, quotes, marks):
        return fields_of(_straightened(text.decode(), separators), _UNIT, merge=merge)
    ending = np.isin(held[places], np.frombuffer(_record_ends(separators), np.uint8))
    starts = np.concatenate(([0], places[:-1] + 1))
    row_of = np.concatenate(([0], counted(ending)[:-1]))
    ends, quoted = places, np.zeros(len(places), bool)
    if quotes is not None:
        quoted = held[starts] == _QUOTE
        starts, ends = starts + quoted, ends - quoted
    filled = (ends > starts) | quoted
    if not merge:  # a row of one field without anything is an empty line
        alone = np.concatenate(([True], ending[:-1])) & ending
        filled |= ~alone
    starts, ends, quoted, row_of = (one[filled] for one in (starts, ends, quoted, row_of))
    rows = np.flatnonzero(np.concatenate(([True], np.diff(row_of) != 0, [True]))) if len(starts) else np.zeros(1, int)
    return Fields(held, starts, ends, quoted, rows)


def _record_ends(separators: str) -> bytes:
    return _RECORD.encode() if separators == _UNIT else _ENDS


def _places(held: Any, marks: bytes, *, with_quotes: bool) -> tuple[Any, Any]:
    """Return where fields end, outside of quotes; and where the quotes are, None if there are none."""
    wanted = np.zeros(256, bool)
    wanted[list(marks + _record_ends(marks.decode()) + (b'"' if with_quotes else b""))] = True
    found = [
        np.flatnonzero(wanted[held[first : first + _SLICE_BYTES]]) + first
        for first in range(0, len(held), _SLICE_BYTES)
    ]
    places = np.concatenate(found) if found else np.zeros(0, int)
    if not with_quotes:
        return places, None
    of_quotes = held[places] == _QUOTE
    outside = (counted(of_quotes) & 1) == 0
    return places[~of_quotes & outside], places[of_quotes]


def _is_regular(held: Any, quotes: Any, marks: bytes) -> bool:
    """Return whether quotes open at the beginning of fields, close at their ends, and are doubled inside."""
    if len(quotes) % 2:
        return False
    beside = np.zeros(256, bool)
    beside[list(marks + _ENDS + b'"')] = True
    opening, closing = quotes[::2], quotes[1::2]
    before = beside[held[np.maximum(opening - 1, 0)]] | (opening == 0)
    return bool(before.all() and beside[held[closing + 1]].all())


def _straightened(text: str, separators: str) -> bytes:
    """Straighten text whose quotes stand anywhere, by the csv module, which takes them for what is most likely."""
    first = separators[0]
    for other in separators[1:]:
        text = text.replace(other, first)
    rows = _split(text, first, initial_space=True)
    if any(_UNIT in field or _RECORD in field for row in rows for field in row):
        raise FileError("its quotes do not open and close fields, and it holds separators of records (0x1E, 0x1F)")
    return "".join(_UNIT.join(row) + _RECORD for row in rows if row).encode()
