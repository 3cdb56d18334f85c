"""A check: one promise of the contract as a function that raises BrokenPromise when a backend does not keep it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from .stage import Stage

LIMIT_S: Final = 20.0
"""How long a check may take before it counts as hanging."""

CHECKS: Final[list[Check]] = []
"""Every check of the suite, in the order in which it runs."""


class BrokenPromise(AssertionError):
    """A promise that was not kept: what was expected, and what was seen."""

    def __init__(self, expected: str, seen: object) -> None:
        super().__init__(f"expected {expected}; saw {seen}")


class Check(NamedTuple):
    """A promise, and the function that tries it."""

    name: str
    promise: str
    function: Callable[[Stage], None]
    limit_s: float


def check(function: Callable[[Stage], None]) -> Callable[[Stage], None]:
    """Add a function to the suite; the first line of its docstring is the promise."""
    promise = (function.__doc__ or "").strip().partition("\n")[0]
    CHECKS.append(Check(function.__name__, promise, function, LIMIT_S))
    return function


def expect(kept: bool, expected: str, seen: object) -> None:
    """Raises BrokenPromise unless `kept`."""
    if not kept:
        raise BrokenPromise(expected, seen)
