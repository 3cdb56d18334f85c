"""In which order texts stand, while other threads go on: numpy's and Python's own sorts keep Python's lock for all."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

_AT_A_TIME: Final = 2000
"""Texts that are sorted, or given back, in one go: within a millisecond or two."""


def ranks_of(texts: Iterable[str]) -> npt.NDArray[np.int64]:
    """Return for each text how many different ones stand before it, by the numbers of their characters."""
    held = [text for text in texts]
    of = held.__getitem__
    parts = (range(at, min(at + _AT_A_TIME, len(held))) for at in range(0, len(held), _AT_A_TIME))
    runs = [iter(sorted(part, key=of)) for part in parts]  # each gives back its list when it is through
    order = np.fromiter((row for row in heapq.merge(*runs, key=of)), np.int64, len(held))
    ranks = np.zeros(len(held), np.int64)
    ranks[order] = np.fromiter(_ranks(held, order), np.int64, len(held))
    while held:
        del held[-_AT_A_TIME:]
    return ranks


def _ranks(texts: list[str], order: npt.NDArray[np.int64]) -> Iterator[int]:
    """Yield the ranks of texts that come in this order."""
    rank, before = 0, texts[order[0]] if len(order) else ""
    for at in range(0, len(order), _AT_A_TIME):
        for row in order[at : at + _AT_A_TIME].tolist():
            text = texts[row]
            if text != before:
                rank, before = rank + 1, text
            yield rank
