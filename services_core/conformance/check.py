"""A check: one promise of the contract as a function that raises BrokenPromise when a backend does not keep it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from .stage import Stage

LIMIT_S: Final = 20.0
"""How long a check may take before it counts as hanging."""

CHECKS: Final[list[Check]] = []
"""Every check of the suite, in the order in which it runs."""


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
