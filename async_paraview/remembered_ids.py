"""Ids of what there is no more, with a number each: many, of which most follow each other."""

from __future__ import annotations

from array import array
from typing import Final

_BITS: Final = 5
"""Ids that differ only in so many lowest bits have their numbers in one array."""
_MASK: Final = (1 << _BITS) - 1
_NONE: Final = array("q", bytes(8 << _BITS))


class RememberedIds:
    """Remembers at least the last so many ids, each with a number from 0 on, such as that of who has deleted it.

    Ids that follow each other take 13 bytes each, a tenth of what they take in a dict. What is forgotten is what was
    added first, some thirty at a time. Not thread-safe.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._count = 0
        self._blocks: dict[int, array[int]] = {}
        """By the ids' upper bits: the number of each, plus 1, or 0. Who was added to last is last."""

    def __len__(self) -> int:
        """Return how many are remembered."""
        return self._count

    def __contains__(self, id_: object) -> bool:
        """Return whether an id is remembered."""
        return isinstance(id_, int) and self.number_of(id_) is not None

    def number_of(self, id_: int) -> int | None:
        """Return the number that was given with an id, None if it is not remembered."""
        number = self._blocks.get(id_ >> _BITS, _NONE)[id_ & _MASK]
        return number - 1 if number else None

    def add(self, id_: int, number: int = 0) -> None:
        """Remember an id; one that was remembered has another number then."""
        block = self._blocks.pop(id_ >> _BITS, None) or array("q", _NONE)
        self._count += not block[id_ & _MASK]
        block[id_ & _MASK] = number + 1
        self._blocks[id_ >> _BITS] = block
        while self._count - (oldest := _many(next(iter(self._blocks.values())))) >= self._most:
            del self._blocks[next(iter(self._blocks))]
            self._count -= oldest

    def discard(self, id_: int) -> None:
        """Forget an id."""
        if self.number_of(id_) is None:
            return
        block = self._blocks[id_ >> _BITS]
        block[id_ & _MASK] = 0
        self._count -= 1
        if not _many(block):
            del self._blocks[id_ >> _BITS]

    def clear(self) -> None:
        """Forget all."""
        self._blocks.clear()
        self._count = 0


def _many(block: array[int]) -> int:
    return len(block) - block.count(0)
