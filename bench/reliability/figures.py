"""What a measurement of reliability yields: figures, each with what it is to reach and whether it does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ..targets import AT_LEAST, AT_MOST


@dataclass(frozen=True, slots=True)
class Target:
    """A bound for a figure."""

    sense: str
    bound: float

    def met(self, value: float) -> bool:
        """Return whether a value is good enough."""
        return value <= self.bound if self.sense == AT_MOST else value >= self.bound


def at_most(bound: float) -> Target:
    """Return the target of a figure that must not be larger."""
    return Target(AT_MOST, bound)


def at_least(bound: float) -> Target:
    """Return the target of a figure that must not be smaller."""
    return Target(AT_LEAST, bound)


@dataclass(frozen=True, slots=True)
class Figure:
    """One row: a value, of how many trials, and its target."""

    name: str
    value: float
    unit: str = ""
    many: int = 1
    """Of how many trials it was made."""
    target: Target | None = None
    note: str = ""
    """What else is worth knowing, in a few words."""

    @property
    def met(self) -> bool | None:
        """Return whether the target is reached; None without one."""
        return None if self.target is None else self.target.met(self.value)

    def row(self) -> dict[str, Any]:
        """Return the figure as plain data, for JSON."""
        target = self.target
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "many": self.many,
            "target": target and {"sense": target.sense, "bound": target.bound},
            "met": self.met,
            "note": self.note,
        }


Measures = Callable[[bool], Iterator[Figure]]
"""Measures, `quick` or in full, and yields each figure when it is known. Raises Absent where it cannot be measured."""


class Absent(Exception):
    """This machine cannot show it; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """Something that is done to servers and sessions, and measured."""

    name: str
    about: str
    """One sentence: what happens, and what is counted."""
    measure: Measures
