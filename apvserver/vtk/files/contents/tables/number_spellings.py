"""Columns of numbers that are not spelled as programs read them: thousands apart, Fortran's exponents, percent.

A column becomes numbers where all of its fields agree on one spelling that means one thing only; else it stays text.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from async_paraview.records import dataclass

_SAMPLE: Final = 64
_BLANKS: Final = " \u00a0\u202f"
_BETWEEN_BLANKS: Final = tuple((blank, point) for blank in _BLANKS for point in ",.")
_LIKELY: Final = re.compile(rf"[-+\d.,'\u2019%dDeE$€£¥{_BLANKS}]+")
_FORTRAN: Final = re.compile(r"[+-]?(?:\d+\.\d*|\.\d+)(?:[dDeE][+-]?\d+|[+-]\d{3})?")
_MAYBE_THOUSANDS: Final = re.compile(rf"[+-]?[1-9]\d{{0,2}},\d{{3}}[{_BLANKS}]?%")
_BARE_EXPONENT: Final = re.compile(r"[\d.][+-]\d{3}$")
_LETTER: Final = re.compile(r"[dDeE]")
_PERCENT: Final = re.compile(rf"[+-]?(?:\d+\.?\d*|\.\d+|\d*,\d+)[{_BLANKS}]?%")
_EXPONENT: Final = re.compile(r"(?<=[\d.])[dD]?(?=[+-]\d+$)|(?<=[\d.])[dD](?=\d+$)")
_DECIMAL_COMMA: Final = re.compile(r"[+-]?(?:\d*,\d+(?:[eE][+-]?\d+)?|\d+)")
_MONEY: Final = re.compile(rf"[+-]?[$€£¥][{_BLANKS}]?[\d.,]+|[+-]?[\d.,]+[{_BLANKS}]?[$€£¥]")
_OF_WORDS: Final = "nN#iI"
"""With which words begin that stand for numbers, as NA."""


@dataclass(frozen=True)
class Spelling:
    """Fields as float() and int() read them, empty where one is missing; their unit, or why they stay texts."""

    plain: list[str] | None
    unit: str = ""
    note: str | None = None


def spelled(texts: list[str], *, comma: bool, has_points: bool) -> Spelling | None:
    """Return a column as plain numbers, or why it is kept; None if nothing looks like numbers.

    `comma`: fractions follow a comma everywhere in the file; `has_points`: somewhere in it they follow a point.
    """
    fields = [one.strip() for one in texts]
    filled = [one for one in fields if one]
    if not filled:
        return None
    if _all(_FORTRAN, filled):
        if any(_BARE_EXPONENT.search(one) for one in filled) and not any(map(_LETTER.search, filled)):
            return Spelling(None, note=_RANGES)
        return Spelling([_of_fortran(one) for one in fields])
    if _all(_PERCENT, filled):
        commas = [one for one in filled if "," in one]
        if commas and not comma and all(map(_MAYBE_THOUSANDS.fullmatch, commas)):
            return Spelling(None, note=_UNSURE)
        return Spelling([_of_percent(one) for one in fields], "%")
    grouped = _grouped(fields, filled, comma=comma, has_points=has_points)
    if grouped is not None:
        return grouped
    if _all(_MONEY, filled):
        return Spelling(None, note="amounts of money were kept as texts: leave the currency out to have numbers")
    return None


def may_be_numbers(texts: list[str]) -> bool:
    """Return whether the first fields that are there have letters of numbers only: most texts are told so."""
    first = islice((one for one in texts if one.strip() and one[:1] not in _OF_WORDS), _SAMPLE)
    return all(_LIKELY.fullmatch(one.strip()) for one in first)


def _all(pattern: re.Pattern[str], fields: list[str]) -> bool:
    """Return whether all fields are of a pattern; most that are not are told by the first ones."""
    return all(map(pattern.fullmatch, islice(fields, _SAMPLE))) and all(map(pattern.fullmatch, fields))


def _of_fortran(text: str) -> str:
    return _EXPONENT.sub("e", text, count=1) if "e" not in text.lower() else text


def _of_percent(text: str) -> str:
    return text.rstrip("%").rstrip(_BLANKS).replace(",", ".")


def _grouped(fields: list[str], filled: list[str], *, comma: bool, has_points: bool) -> Spelling | None:
    """Return numbers whose thousands are apart, or whose fractions follow a comma where commas also separate fields."""
    for mark, point in ((".", ",") if comma else (",", "."), ("'", "."), ("\u2019", "."), *_BETWEEN_BLANKS):
        group = re.escape(mark)
        pattern = re.compile(rf"[+-]?(?:[1-9]\d{{0,2}}(?:{group}\d{{3}})+|\d+)(?:{re.escape(point)}\d*)?")
        if not _all(pattern, filled) or not any(mark in one for one in filled):
            continue
        if mark in ",." and not _is_sure(filled, mark, point, has_points and not comma):
            return Spelling(None, note=_UNSURE)
        return Spelling([one.replace(mark, "").replace(point, ".") for one in fields])
    if not comma and _all(_DECIMAL_COMMA, filled):
        return Spelling(
            [one.replace(",", ".") for one in fields], note="its commas were read as those before fractions"
        )
    return None


_RANGES: Final = (
    "fields such as 1.5-100 were kept as texts: nothing says whether they are ranges, or numbers with an exponent as "
    "Fortran writes it; write 1.5E-100"
)
_UNSURE: Final = (
    "numbers such as 1,234 were kept as texts: nothing says whether the comma is before thousands or a fraction; "
    "write them without it, or with a point"
)


def _is_sure(filled: list[str], mark: str, point: str, is_said: bool) -> bool:
    """Return whether marks can only be before thousands: fractions, or several marks, or all of the file says so."""
    return is_said or any(point in one or one.count(mark) > 1 for one in filled)
