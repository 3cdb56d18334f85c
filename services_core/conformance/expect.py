"""What a check expects: a promise that was not kept is an error which says what was expected, and what was seen."""

from __future__ import annotations


class BrokenPromise(AssertionError):
    """A promise that was not kept: what was expected, and what was seen."""

    def __init__(self, expected: str, seen: object) -> None:
        super().__init__(f"expected {expected}; saw {seen}")


def expect(kept: bool, expected: str, seen: object) -> None:
    """Raise BrokenPromise with `expected` and `seen` unless `kept`."""
    if not kept:
        raise BrokenPromise(expected, seen)
