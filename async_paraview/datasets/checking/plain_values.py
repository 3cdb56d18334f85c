"""Checked reading of plain values that came from a peer: each function returns the value or raises DataSetError."""

from __future__ import annotations

import math
from typing import Any

from ..errors import DataSetError

_SHOWN = 60


def show(value: object) -> str:
    """Return a short text for an error message; a hostile value cannot make it long."""
    if isinstance(value, str | bytes):
        return repr(value[:_SHOWN])
    if isinstance(value, bool | int | float) and not (isinstance(value, int) and value.bit_length() > 128):
        return repr(value)
    return type(value).__name__ if value is not None else "nothing"


def mapping(value: object, what: str) -> dict[str, Any]:
    """Return a dict whose keys are texts."""
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise DataSetError(f"{what}: expected a map with text keys, got {show(value)}")
    return value


def sequence(value: object, what: str, *, length: int | None = None) -> list[Any] | tuple[Any, ...]:
    """Return a list or tuple, of exactly `length` items if that is given."""
    if not isinstance(value, list | tuple):
        raise DataSetError(f"{what}: expected a list, got {show(value)}")
    if length is not None and len(value) != length:
        raise DataSetError(f"{what}: expected {length} items, got {len(value)}")
    return value


def integer(value: object, what: str, *, low: int, high: int) -> int:
    """Return an int (not a bool) with low <= value <= high."""
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise DataSetError(f"{what}: expected an integer from {low} to {high}, got {show(value)}")
    return value


def number(value: object, what: str) -> float:
    """Return a float, of a float or int; it may be infinite or not a number."""
    if not isinstance(value, float | int) or isinstance(value, bool):
        raise DataSetError(f"{what}: expected a number, got {show(value)}")
    try:
        return float(value)
    except OverflowError:
        raise DataSetError(f"{what}: expected a number that fits a float, got {show(value)}") from None


def finite_numbers(value: object, what: str, *, length: int) -> tuple[float, ...]:
    """Return `length` finite numbers."""
    numbers = tuple(number(item, what) for item in sequence(value, what, length=length))
    if not all(math.isfinite(item) for item in numbers):
        raise DataSetError(f"{what}: expected finite numbers, got {numbers}")
    return numbers


def text(value: object, what: str) -> str:
    """Return a text that UTF-8 can carry and a C string can hold (VTK aborts on the first, truncates the other)."""
    if not isinstance(value, str):
        raise DataSetError(f"{what}: expected a UTF-8 text, got {show(value)}")
    if "\0" in value:
        raise DataSetError(f"{what}: expected a text without NUL, got {show(value)}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise DataSetError(f"{what}: expected a UTF-8 text, got lone surrogates in {show(value)}") from None
    return value


def optional_text(value: object, what: str) -> str | None:
    """Return a text as `text` does, or None."""
    return None if value is None else text(value, what)
