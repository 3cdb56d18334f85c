"""Ids of what there is no more, with a number each: by bits, for they are many, and most follow each other."""

from __future__ import annotations

from typing import Final

_BITS: Final = 8
"""Ids that differ only in so many lowest bits have their bits together."""
_MASK: Final = (1 << _BITS) - 1


class RememberedIds:
    """Remembers at least the last so many ids, each with a small number, such as that of who has deleted it.

    A million ids that follow each other take 2 MB, as a dict a hundred times as much. What is forgotten is what was
    added first, some hundred at a time. Not thread-safe.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._count = 0
        self._blocks: dict[int, dict[int, int]] = {}
        """By the ids' upper bits: for each number, a bit for each id. Who was added to last is last."""

    def __len__(self) -> int:
        """Return how many are remembered."""
        return self._count

    def __contains__(self, id_: object) -> bool:
        """Return whether an id is remembered."""
        return isinstance(id_, int) and self.number_of(id_) is not None

    def number_of(self, id_: int) -> int | None:
        """Return the number that was given with an id, None if it is not remembered."""
        for number, bits in self._blocks.get(id_ >> _BITS, {}).items():
            if bits >> (id_ & _MASK) & 1:
                return number
        return None

    def add(self, id_: int, number: int = 0) -> None:
        """Remember an id; one that was remembered has another number then."""
        self.discard(id_)
        block = self._blocks.pop(id_ >> _BITS, None) or {}
        block[number] = block.get(number, 0) | 1 << (id_ & _MASK)
        self._blocks[id_ >> _BITS] = block
        self._count += 1
        while self._count - (oldest := _many(next(iter(self._blocks.values())))) >= self._most:
            del self._blocks[next(iter(self._blocks))]
            self._count -= oldest

    def discard(self, id_: int) -> None:
        """Forget an id."""
        number = self.number_of(id_)
        if number is None:
            return
        block = self._blocks[id_ >> _BITS]
        block[number] ^= 1 << (id_ & _MASK)
        self._count -= 1
        if not block[number]:
            del block[number]
        if not block:
            del self._blocks[id_ >> _BITS]

    def clear(self) -> None:
        """Forget all."""
        self._blocks.clear()
        self._count = 0


def _many(block: dict[int, int]) -> int:
    return sum(bits.bit_count() for bits in block.values())
