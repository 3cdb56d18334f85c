"""What is to be said of a picture, by who draws it: gathered in each thread while something is drawn."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

MOST_TOLD: Final = 20


class _OfThread(threading.local):
    def __init__(self) -> None:
        self.gathering: list[dict[str, None]] = []
        self.draws_formulas = False


_THREAD = _OfThread()


@contextmanager
def gathered() -> Iterator[dict[str, None]]:
    """Gather what this thread notes meanwhile, each remark once, in its order; who gathers around it gets it, too."""
    found: dict[str, None] = {}
    _THREAD.gathering.append(found)
    try:
        yield found
    finally:
        _THREAD.gathering.pop()
        note(found)


def told(found: Sequence[str]) -> tuple[str, ...]:
    """Return what is told of remarks: of many the first, and how many more there are."""
    more = len(found) - MOST_TOLD
    return (*found[:MOST_TOLD], f"{more} more remarks") if more > 0 else tuple(found)


def note(remarks: Iterable[str]) -> None:
    """Say something of the picture that is drawn."""
    if _THREAD.gathering:
        _THREAD.gathering[-1].update(dict.fromkeys(remarks))


def note_formulas() -> None:
    """Say that what this thread draws has formulas, from now on."""
    _THREAD.draws_formulas = True


def draws_formulas() -> bool:
    """Return whether what this thread draws may have formulas."""
    return _THREAD.draws_formulas
