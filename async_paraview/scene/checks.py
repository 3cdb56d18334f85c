"""What values a property of a view, representation or text takes: checked the same way on both sides, and described."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol, TypeGuard

from ..names import unknown_name
from ..records import dataclass

ANY_LENGTH: Final = 0
"""The size of a property that is a list of any length."""


class Check(Protocol):
    """What one property takes."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """Return what a definition says of it: `type`, `size`; `range`, `enumeration`, `kind` where there are any."""

    def __call__(self, value: object) -> Any:
        """Return the value as a server stores it. Raises ValueError, saying what is expected."""


@dataclass(frozen=True)
class Number:
    """A finite number from `low` to `high`."""

    low: float
    high: float

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {"type": "float", "size": 1, **_limits(self.low, self.high)}

    def __call__(self, value: object) -> float:
        """See Check."""
        if type(value) is float and self.low <= value <= self.high:  # as most are
            return value
        if isinstance(value, bool) or not isinstance(value, int | float) or not self.low <= value <= self.high:
            raise ValueError(f"expected a number from {self.low:g} to {self.high:g}")
        return float(value)


@dataclass(frozen=True)
class Whole:
    """An integer from `low` to `high`."""

    low: int
    high: int

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {"type": "int", "size": 1, **_limits(self.low, self.high)}

    def __call__(self, value: object) -> int:
        """See Check."""
        number = Number(self.low, self.high)(value)
        if number != int(number):
            raise ValueError("expected a whole number")
        return int(number)


@dataclass(frozen=True)
class Several:
    """A list of `count` values that one check takes, as a tuple."""

    count: int
    each: Number | Whole

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {**self.each.facts, "size": self.count}

    def __call__(self, value: object) -> tuple[Any, ...]:
        """See Check."""
        if not is_list(value) or len(value) != self.count:
            raise ValueError(f"expected {self.count} numbers")
        return tuple(map(self.each, value))


@dataclass(frozen=True)
class Direction:
    """Three coordinates that are not all zero."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return POSITION.facts

    def __call__(self, value: object) -> tuple[Any, ...]:
        """See Check."""
        direction = POSITION(value)
        if not any(direction):
            raise ValueError("expected a direction, not zero")
        return direction


@dataclass(frozen=True)
class Interval:
    """(low, high), both finite, low not above high."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {"type": "float", "size": 2}

    def __call__(self, value: object) -> tuple[Any, ...]:
        """See Check."""
        low, high = Several(2, Number(-math.inf, math.inf))(value)
        if not (math.isfinite(low) and math.isfinite(high) and low <= high):
            raise ValueError("expected (low, high), finite, low not above high")
        return low, high


@dataclass(frozen=True)
class Choice:
    """One of some names; `what` says of what."""

    what: str
    names: tuple[str, ...]

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {"type": "enum", "size": 1, "enumeration": [[name, at] for at, name in enumerate(self.names)]}

    def __call__(self, value: object) -> str:
        """See Check."""
        if value not in self.names:
            raise ValueError(unknown_name(self.what, value, self.names))
        return str(value)


@dataclass(frozen=True)
class Flag:
    """True or False; 1 and 0 as well."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {"type": "bool", "size": 1}

    def __call__(self, value: object) -> bool:
        """See Check."""
        if not isinstance(value, bool | int | float) or value not in (0, 1):
            raise ValueError("expected True or False")
        return bool(value)


@dataclass(frozen=True)
class Text:
    """A text."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {"type": "str", "size": 1}

    def __call__(self, value: object) -> str:
        """See Check."""
        if not isinstance(value, str):
            raise ValueError("expected a text")
        return value


@dataclass(frozen=True)
class Name:
    """A text that is not empty."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {"type": "str", "size": 1}

    def __call__(self, value: object) -> str:
        """See Check."""
        if not isinstance(value, str) or not value:
            raise ValueError("expected a name")
        return value


@dataclass(frozen=True)
class Only:
    """Certain values alone, of which the first is what all of them mean; `why` says why there are no others."""

    values: tuple[Any, ...]
    why: str

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {"type": "str", "size": 1, "optional": None in self.values}

    def __call__(self, value: object) -> Any:
        """See Check."""
        if not any(value == one for one in self.values):
            raise ValueError(self.why)
        return self.values[0]


@dataclass(frozen=True)
class OrNone:
    """What another check takes, or None."""

    check: Check

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {**self.check.facts, "optional": True}

    def __call__(self, value: object) -> Any:
        """See Check."""
        return None if value is None else self.check(value)


def is_list(value: object) -> TypeGuard[Sequence[Any]]:
    """Return whether a value is a list or tuple, and no text."""
    return isinstance(value, list | tuple) or (isinstance(value, Sequence) and not isinstance(value, str | bytes))


def _limits(low: float, high: float) -> dict[str, Any]:
    return {"range": [low, high]} if math.isfinite(low) and math.isfinite(high) else {}


COLOR: Final = Several(3, Number(0.0, 1.0))
FRACTION: Final = Number(0.0, 1.0)
POSITION: Final = Several(3, Number(-1e30, 1e30))
LENGTH: Final = Number(1e-30, 1e30)
