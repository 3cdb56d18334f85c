"""What properties take that are lists with rules of their own: arrays, names, functions, series."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Mapping
from typing import Any, Final

from ..records import dataclass
from .checks import ANY_LENGTH, FRACTION, Choice, Name, Number, Several, Whole, is_list

_NO_ARRAY: Final = re.compile("No .*array")


class _TextList:
    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {"type": "str", "size": ANY_LENGTH, "kind": "indexed"}


class _NumberList:
    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {"type": "float", "size": ANY_LENGTH, "kind": "indexed"}


@dataclass(frozen=True)
class PointArray:
    """A point array: its name, or ("POINTS", name)."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {"type": "str", "size": 1, "kind": "indexed"}

    def __call__(self, value: object) -> str:
        """See Check."""
        if is_list(value) and len(value) == 2 and value[0] == "POINTS":
            value = value[1]
        return Name()(value)


@dataclass(frozen=True)
class PointArrayOrNone(PointArray):
    """A point array as ParaView's scripts have it, where the words "None" and "No ... array" mean none."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {**super().facts, "optional": True}

    def __call__(self, value: object) -> str | None:  # type: ignore[override]  # None is one more
        """See Check."""
        name = value[1] if is_list(value) and len(value) == 2 and value[0] in ("POINTS", None, "") else value
        if name is None or name in ("", "None") or (isinstance(name, str) and _NO_ARRAY.fullmatch(name)):
            return None
        return super().__call__(value)


@dataclass(frozen=True)
class Array(_TextList):
    """An array: (association, name), with an optional component."""

    associations: tuple[str, ...]

    def __call__(self, value: object) -> object:
        """See Check."""
        if not is_list(value) or len(value) not in (2, 3):
            raise ValueError('expected an array like ("POINTS", "pressure") or ("CELLS", "velocity", 0)')
        Choice("association", self.associations)(value[0])
        Name()(value[1])
        component = value[2] if len(value) == 3 else 0
        if not (type(component) is int and component >= 0) and not (isinstance(component, str) and component):
            raise ValueError(f'a component is 0, 1, ..., a name as "X", or "Magnitude", not {component!r}')
        return tuple(value)


@dataclass(frozen=True)
class Names(_TextList):
    """A list of at most `most` names."""

    what: str
    most: int

    def __call__(self, value: object) -> tuple[str, ...]:
        """See Check."""
        if not is_list(value) or len(value) > self.most:
            raise ValueError(f"expected a list of at most {self.most} names of {self.what}")
        return tuple(Name()(item) for item in value)


@dataclass(frozen=True)
class Numbers(_NumberList):
    """A list of at most `most` finite numbers, `size` at a time."""

    most: int
    size: int = 1

    def __call__(self, value: object) -> tuple[float, ...]:
        """See Check."""
        if not is_list(value) or len(value) > self.most or len(value) % self.size:
            several = f", {self.size} at a time" if self.size > 1 else ""
            raise ValueError(f"expected a list of at most {self.most} numbers{several}")
        return tuple(Number(-1e300, 1e300)(one) for one in value)


@dataclass(frozen=True)
class Nodes(_NumberList):
    """A flat list of finite numbers, `size` for each of at least two points, whose first ones grow."""

    size: int
    what: str

    def __call__(self, value: object) -> tuple[Any, ...]:
        """See Check."""
        if not is_list(value) or len(value) % self.size or len(value) < 2 * self.size:
            raise ValueError(f"expected {self.what}, at least twice")
        flat = Several(len(value), Number(-math.inf, math.inf))(value)
        positions = flat[:: self.size]
        if not all(map(math.isfinite, flat)) or any(b <= a for a, b in itertools.pairwise(positions)):
            raise ValueError(f"expected {self.what}, finite, with growing values")
        return flat


@dataclass(frozen=True)
class OpacityNodes(_NumberList):
    """A flat list of value, opacity, midpoint, sharpness, for each of at least two points, whose values grow."""

    def __call__(self, value: object) -> tuple[Any, ...]:
        """See Check."""
        flat = Nodes(4, "value, opacity, midpoint, sharpness")(value)
        for at, name in ((1, "an opacity"), (2, "a midpoint"), (3, "a sharpness")):
            if any(not 0.0 <= one <= 1.0 for one in flat[at::4]):
                raise ValueError(f"expected value, opacity, midpoint, sharpness; {name} is from 0 to 1")
        return flat


@dataclass(frozen=True)
class Colors(_NumberList):
    """A flat list of red, green, blue."""

    def __call__(self, value: object) -> tuple[Any, ...]:
        """See Check."""
        if not is_list(value) or len(value) % 3:
            raise ValueError("expected red, green, blue, red, green, blue, ..., each from 0 to 1")
        return tuple(FRACTION(one) for one in value)


@dataclass(frozen=True)
class Annotations(_TextList):
    """A flat list of value and text, of at most `most` different values; values may be texts, as in ParaView."""

    most: int = 4096

    def __call__(self, value: object) -> tuple[Any, ...]:
        """See Check."""
        if not is_list(value) or len(value) % 2 or len(value) > 2 * self.most:
            raise ValueError(f"expected a flat list of value, text, value, text, ... of at most {self.most} values")
        numbers = [_finite(one) for one in value[::2]]
        if len(set(numbers)) < len(numbers):
            raise ValueError("a value has one text, and one of these has two")
        if not all(isinstance(text, str) for text in value[1::2]):
            raise ValueError("expected value, text, value, text, ...: what follows a value is a text")
        return tuple(one for pair in zip(numbers, value[1::2], strict=True) for one in pair)


def _finite(value: object) -> float:
    number = told_number(value)
    if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
        raise ValueError(f"a value that has a text is a number, not {value!r:.40}")
    return float(number)


@dataclass(frozen=True)
class OfSeries(_TextList):
    """A flat list, as ParaView's: for each series its name, then `size` values that `each` takes; a map by name.

    Numbers may be texts, as they are in ParaView.
    """

    what: str
    each: Any
    size: int = 1

    def __call__(self, value: object) -> Mapping[str, Any]:
        """See Check."""
        if not is_list(value) or len(value) % (self.size + 1):
            raise ValueError(f"expected a flat list: name of the series, {self.what}, and so on")
        groups = [value[at : at + self.size + 1] for at in range(0, len(value), self.size + 1)]
        if isinstance(self.each, Number | Whole | Several):
            groups = [[label, *map(told_number, rest)] for label, *rest in groups]
        return {Name()(label): self.each(rest[0] if self.size == 1 else rest) for label, *rest in groups}


def told_number(value: object) -> object:
    """Return the number that a text is; anything else as it is."""
    if not isinstance(value, str):
        return value
    try:
        return float(value)
    except ValueError:
        return value
