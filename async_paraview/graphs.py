"""Walks through pipelines, the same for client and server. Without recursion: chains may be long."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar


class Numbered(Protocol):
    """What stands in a pipeline: anything with an id."""

    @property
    def id(self) -> int:
        """Return the id, another for each."""


T = TypeVar("T", bound=Numbered)


def in_order(start: T, ahead: Callable[[T], Iterable[T]], found: dict[int, T] | None = None) -> dict[int, T]:
    """Return, by id, all that can be reached from `start`, each after what `ahead` gives for it; `start` is the last.

    What is in `found` already is taken as walked through; the rest is added to it.
    """
    found = {} if found is None else found
    stack: list[tuple[T, bool]] = [(start, False)]
    while stack:
        one, is_done = stack.pop()
        if is_done:
            found[one.id] = one
        elif one.id not in found:
            stack.append((one, True))
            stack += [(other, False) for other in reversed(list(ahead(one)))]
    return found
