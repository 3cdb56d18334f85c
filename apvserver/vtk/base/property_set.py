"""Properties of views and representations: named values, each with a default and a check of what it may be."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from services_core import suggest

from .errors import InvalidProperty, UnknownProperty, unknown_name

Check = Callable[[object], Any]


class PropertySet:
    """Named values, each with a default and a check; `update` changes all of them or none."""

    def __init__(self, schema: Mapping[str, tuple[Any, Check]], owner: str) -> None:
        self._schema = schema
        self._owner = owner
        self._values = {name: default for name, (default, _check) in schema.items()}

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def update(self, changes: Mapping[str, object]) -> None:
        """Applies checked values; raises as `checked` does, having changed nothing."""
        self._values.update(self.checked(changes))

    def checked(self, changes: Mapping[str, object]) -> dict[str, Any]:
        """The values as they will be stored, nothing stored yet. Raises `UnknownProperty`, `InvalidProperty`."""
        accepted = {}
        for name, value in changes.items():
            if name not in self._schema:
                message = unknown_name(f"property of a {self._owner}", name, self._schema)
                raise UnknownProperty(message, next(iter(suggest(name, self._schema, most=1)), None))
            try:
                accepted[name] = self._schema[name][1](value)
            except (TypeError, ValueError) as error:
                raise InvalidProperty(f"{self._owner}.{name} = {value!r}: {error}") from None
        return accepted

    def snapshot(self) -> Mapping[str, Any]:
        """All values now, read-only."""
        return MappingProxyType(dict(self._values))


def number(low: float, high: float) -> Check:
    """Accepts a finite number from low to high."""

    def check(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise ValueError(f"expected a number from {low:g} to {high:g}")
        return float(value)

    return check


def numbers(count: int, low: float, high: float) -> Check:
    """Accepts a sequence of `count` finite numbers from low to high, as a tuple of floats."""

    def check(value: object) -> tuple[float, ...]:
        is_sequence = isinstance(value, Sequence) and not isinstance(value, str | bytes)
        if not isinstance(value, Sequence) or not is_sequence or len(value) != count:
            raise ValueError(f"expected {count} numbers")
        return tuple(number(low, high)(item) for item in value)

    return check


def choice(kind: str, known: Sequence[str]) -> Check:
    """Accepts one of the known names; the error suggests the nearest."""

    def check(value: object) -> str:
        if value not in known:
            raise ValueError(unknown_name(kind, value, known))
        return str(value)

    return check


def flag(value: object) -> bool:
    """Accepts True, False, 1 and 0."""
    if value not in (True, False):
        raise ValueError("expected True or False")
    return bool(value)


def optional(check: Check) -> Check:
    """Accepts None besides what `check` accepts."""
    return lambda value: None if value is None else check(value)


def ordered_range(value: object) -> tuple[float, float]:
    """Accepts (low, high)."""
    low, high = numbers(2, -math.inf, math.inf)(value)
    if not (math.isfinite(low) and math.isfinite(high) and low <= high):
        raise ValueError("expected (low, high), finite, low not above high")
    return low, high


def whole_number(low: int, high: int) -> Check:
    """Accepts an integer from low to high."""
    check = number(low, high)

    def whole(value: object) -> int:
        if check(value) != int(check(value)):
            raise ValueError("expected a whole number")
        return int(check(value))

    return whole


def whole_numbers(count: int, low: int, high: int) -> Check:
    """Accepts a sequence of `count` integers from low to high, as a tuple."""
    check = whole_number(low, high)
    return lambda value: tuple(check(item) for item in numbers(count, low, high)(value))


def groups(size: int, what: str) -> Check:
    """Accepts a flat sequence of finite numbers, `size` for each of at least two points, whose first ones grow."""

    def check(value: object) -> tuple[float, ...]:
        if (
            not isinstance(value, Sequence)
            or isinstance(value, str | bytes)
            or len(value) % size
            or len(value) < 2 * size
        ):
            raise ValueError(f"expected {what}, at least twice")
        flat: tuple[float, ...] = numbers(len(value), -math.inf, math.inf)(value)
        positions = flat[::size]
        if not all(math.isfinite(item) for item in flat) or any(b <= a for a, b in itertools.pairwise(positions)):
            raise ValueError(f"expected {what}, finite, with growing values")
        return flat

    return check


def name(value: object) -> str:
    """Accepts a text that is not empty."""
    if not isinstance(value, str) or not value:
        raise ValueError("expected a name")
    return value


def text(value: object) -> str:
    """Accepts a text."""
    if not isinstance(value, str):
        raise ValueError("expected a text")
    return value


COLOR = numbers(3, 0.0, 1.0)
FRACTION = number(0.0, 1.0)
