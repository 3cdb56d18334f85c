"""Columns of fields as numbers or texts: what is missing is NaN in numbers, and empty in texts, and never 0."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from async_paraview.records import dataclass

from .number_spellings import may_be_numbers, spelled
from .text_fields import Fields

_ROWS: Final = 1 << 14
"""So many at a time: numpy keeps Python's lock while it reads numbers, 9 ms for these."""
_LONGEST_NUMBER: Final = 400
_DIGIT, _SIGN, _OF_FLOATS, _OTHER = 1, 2, 4, 8
_SPACE: Final = 32
_EXACT: Final = 2**53
"""Up to here numbers with fractions hold every integer."""
_WORDS: Final = {
    b"nan": np.nan, b"-nan": np.nan, b"inf": np.inf, b"+inf": np.inf, b"-inf": -np.inf, b"infinity": np.inf,
    b"+infinity": np.inf, b"-infinity": -np.inf, b"na": np.nan, b"n/a": np.nan, b"#n/a": np.nan, b"null": np.nan,
}  # fmt: skip
_COMMA_NUMBER: Final = re.compile(r"\s*[+-]?\d*,(\d+)([eE][+-]?\d+)?\s*")
_POINT_NUMBER: Final = re.compile(r"\s*[+-]?\d*\.\d+([eE][+-]?\d+)?\s*")
_SAMPLE: Final = 4096
_LONG: Final = "integers of more than 53 bits, some missing or of more than 64 bits, were kept as texts: exactly"
_THOUSANDS: Final = 3


@dataclass(frozen=True)
class Column:
    """Numbers as an array, or texts as a list; and what is to be told of it."""

    values: Any
    note: str | None = None
    unit: str = ""


@dataclass(frozen=True)
class _Numbers:
    """Some rows of a column: whether all that are there are integers, and some of them would be rounded."""

    values: np.ndarray[Any, Any]
    whole: bool
    long: bool


@dataclass(frozen=True)
class Writing:
    """How a file writes numbers: whether fractions follow a comma, or a point somewhere; what quotes say of texts."""

    comma: bool
    has_points: bool
    quoted_text: bool
    comma_separates: bool


def column_of(fields: Fields, index: np.ndarray[Any, Any], *, numbers: bool, writing: Writing) -> Column:
    """Return the column that the fields of an index are; those below 0 are missing.

    With `numbers` it becomes one of numbers if all fields are. Where `quoted_text` is said, fields in quotes are texts
    whatever they hold, but for those that need quotes, as numbers with commas between commas do.
    """
    if not numbers:
        return Column(fields.texts(index))
    is_quoted = writing.quoted_text and len(index) and fields.quoted[index].all() and (index >= 0).all()
    found = None if is_quoted else _numbers(fields, index, writing.comma)
    if found is not None:
        joined = _joined(found)
        return Column(joined) if isinstance(joined, np.ndarray) else Column(fields.texts(index), joined)
    texts = fields.texts(index)
    if is_quoted and not (writing.comma_separates and all("," in one for one in texts)):
        return Column(texts)
    return _spelled(texts, writing)


def _spelled(texts: list[str], writing: Writing) -> Column:
    """Return a column whose numbers are spelled otherwise than programs read them; as texts if they are none."""
    if not may_be_numbers(texts):
        return Column(texts)
    words = [one.strip().lower().encode() in _WORDS for one in texts]
    plain = ["" if word else one for one, word in zip(texts, words, strict=True)] if any(words) else texts
    found = spelled(plain, comma=writing.comma, has_points=writing.has_points)
    if found is None or found.plain is None:
        return Column(texts, None if found is None else found.note)
    values = np.array([float(one) if one else np.nan for one in found.plain])
    if all(one.lstrip("+-").isdecimal() for one in found.plain):
        exact = _integers(np.array(found.plain, "S"))
        return Column(texts, _LONG) if exact is None else Column(_small(exact), found.note, found.unit)
    if (np.abs(values) >= _EXACT).any() and not any("." in one or "e" in one.lower() for one in found.plain):
        return Column(texts, _LONG)
    for at in np.flatnonzero(words):
        values[at] = _WORDS[texts[at].strip().lower().encode()]
    return Column(values, found.note, found.unit)


def has_commas(fields: Fields, separators: str) -> bool:
    """Return whether numbers have commas before their fractions: nothing has a point, and it is not of thousands."""
    if "," in separators:
        return False
    sample = fields.texts(np.arange(min(len(fields.starts), _SAMPLE)))
    with_comma = [found for one in sample if (found := _COMMA_NUMBER.fullmatch(one))]
    if any(_POINT_NUMBER.fullmatch(one) for one in sample):
        return False
    sure = ";" in separators or any(len(found[1]) != _THOUSANDS for found in with_comma)
    return bool(with_comma) and sure


def has_points(fields: Fields) -> bool:
    """Return whether some number of a file has a point before its fraction."""
    return any(_POINT_NUMBER.fullmatch(one) for one in fields.texts(np.arange(min(len(fields.starts), _SAMPLE))))


def is_number(text: str) -> bool:
    """Return whether a field is a number, written with a point or a comma."""
    if _COMMA_NUMBER.fullmatch(text):
        return True
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text


def _numbers(fields: Fields, index: Any, comma: bool) -> list[_Numbers] | None:
    """Return the column as numbers, some rows after the other; None as soon as something is none."""
    found = []
    for rows in _matrices(fields, index):
        made = None if rows is None else _parsed(rows, comma)
        if made is None:
            return None
        found.append(made)
    return found


def _matrices(fields: Fields, index: Any) -> Iterator[Any]:
    """Yield the bytes of the fields, a row for each, filled up with zeros; None where a field is too long for one."""
    last = len(fields.text) - 1
    for first in range(0, len(index), _ROWS):
        some = index[first : first + _ROWS]
        starts = fields.starts[some]
        lengths = np.where(some < 0, 0, fields.ends[some] - starts)
        width = max(1, int(lengths.max()))
        if width > _LONGEST_NUMBER:
            yield None
            return
        across = np.arange(width)
        made = fields.text[np.minimum(starts[:, None] + across, last)]
        made[across >= lengths[:, None]] = 0
        yield made


def _kinds(comma: bool) -> np.ndarray[Any, Any]:
    kinds = np.full(256, _OTHER, np.uint8)
    kinds[[0, _SPACE, *b"\t"]] = 0
    kinds[list(b"0123456789")] = _DIGIT
    kinds[list(b"+-")] = _SIGN
    kinds[list(b"eE," if comma else b"eE.")] = _OF_FLOATS
    return kinds


def _parsed(rows: Any, comma: bool) -> _Numbers | None:
    kinds = np.bitwise_or.reduce(_kinds(comma)[rows], axis=1)
    if comma:
        rows[rows == ord(",")] = ord(".")
    texts = rows.view(f"S{rows.shape[1]}").ravel()
    missing, words = kinds == 0, (kinds & _OTHER) != 0
    values: Any = np.full(len(texts), np.nan)
    if words.any():
        known = _words(texts[words])
        if known is None:
            return None
        values[words] = known
        missing = missing | words
    plain = ~missing
    whole = bool((kinds[plain] & _OF_FLOATS == 0).all())
    try:
        exact = _integers(texts[plain]) if whole and not words.any() else None
        if exact is not None and plain.all():
            return _Numbers(exact, True, bool((exact > _EXACT).any() or (exact < -_EXACT).any()))
        values[plain] = texts[plain].astype(float)
    except ValueError:
        return None
    return _Numbers(values, whole, whole and bool((np.abs(values[plain]) >= _EXACT).any()))


def _words(texts: Any) -> Any:
    """Return the values of words that stand for numbers, None if one of them does not."""
    if bytes(texts[0]).strip().lower() not in _WORDS:
        return None
    different, where = np.unique(texts, return_inverse=True)
    values = [_WORDS.get(bytes(one).strip().lower()) for one in different]
    return None if None in values else np.array(values, float)[where]


def _integers(texts: Any) -> Any:
    """Return integers of 64 bits, with or without sign; None if they are too long for that. Raises ValueError."""
    for kind in (np.int64, np.uint64):
        try:
            if kind is np.int64 or not any(b"-" in one for one in texts.tolist()):
                return texts.astype(kind)
        except OverflowError:
            continue
    return None


def _joined(found: list[_Numbers]) -> Any:
    """Return one array of all rows, or why there is none: integers with missing ones among them would be rounded."""
    if not found:
        return np.zeros(0)
    whole = all(one.whole for one in found)
    kinds = {one.values.dtype.name for one in found}
    if whole and (len(kinds) == 1 or min(one.values.min() for one in found) >= 0) and "float64" not in kinds:
        return _small(np.concatenate([one.values.astype(max(kinds), copy=False) for one in found]))
    if whole and any(one.long for one in found):
        return _LONG
    return np.concatenate([one.values.astype(float) for one in found])


def _small(values: Any) -> Any:
    """Return integers of 32 bits where that is enough, as VTK's reader makes them."""
    limits = np.iinfo(np.int32)
    fits = not len(values) or (values.min() >= limits.min and values.max() <= limits.max)
    return values.astype(np.int32) if fits else values
