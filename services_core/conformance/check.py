"""A check: one promise of the contract as a function that raises BrokenPromise when a backend does not keep it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from .stage import Stage

LIMIT_S: Final = 20.0
"""How long a check may take before it counts as hanging."""

PROCESSES_LIMIT_S: Final = 40.0
"""The same for a check that starts a process, waits for a peer to be given up, or counts what is left."""

CHECKS: Final[list[Check]] = []
"""Every check of the suite, in the order in which it runs."""


class Check(NamedTuple):
    """A promise, and the function that tries it."""

    name: str
    promise: str
    function: Callable[[Stage], None]
    limit_s: float
    between_processes: bool
    """Whether it is of what happens between processes: not tried at private addresses, which are of one."""


def check(function: Callable[[Stage], None]) -> Callable[[Stage], None]:
    """Add a function to the suite; the first line of its docstring is the promise."""
    return _add(function, LIMIT_S)


def check_between_processes(function: Callable[[Stage], None]) -> Callable[[Stage], None]:
    """Add a function as `check` does, for addresses that other processes can connect to."""
    return _add(function, PROCESSES_LIMIT_S, between_processes=True)


def _add(
    function: Callable[[Stage], None], limit_s: float, *, between_processes: bool = False
) -> Callable[[Stage], None]:
    promise = (function.__doc__ or "").strip().partition("\n")[0]
    CHECKS.append(Check(function.__name__, promise, function, limit_s, between_processes))
    return function
