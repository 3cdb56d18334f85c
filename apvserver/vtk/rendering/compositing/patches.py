"""Parts of pictures with depths, and how ranks make one of theirs.

By halves, and halves of these, each of which one rank puts together in the end (binary swap), after the ranks beyond
the largest power of two have given theirs to another one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from async_paraview.records import dataclass

from ...base.errors import VtkError
from ...base.ranks import Ranks

Colors = npt.NDArray[np.uint8]
Depths = npt.NDArray[np.float32]

FARTHEST: Final = 1.0
"""The depth of a pixel that shows nothing."""
_GOOD: Final = 0
_FAILED: Final = 1
_HEAD: Final = 5
"""So many numbers go ahead of a patch: whether it is one, and its box; or how long the text is that says why not."""


class CompositingFailed(VtkError, RuntimeError):
    """A rank could not draw its pieces, and says why."""


class PictureRanks(Ranks, Protocol):
    """The ranks of a session, as far as pictures need them."""

    def receive_into(self, of: int, memory: Sequence[Any]) -> None:
        """Receive memory from a rank into arrays of bytes."""

    def swap(self, other: int, given: Sequence[memoryview], sizes: Sequence[int]) -> list[memoryview]:
        """Send memory to a rank and receive some of it; both call this."""


@dataclass(frozen=True, slots=True)
class Box:
    """Some pixels of a picture: from its left and its bottom, up to but without its right and its top."""

    left: int
    bottom: int
    right: int
    top: int

    @property
    def numbers(self) -> list[int]:
        """Return its sides as plain data, in the order in which it takes them."""
        return [self.left, self.bottom, self.right, self.top]

    @property
    def shape(self) -> tuple[int, int]:
        """Return how many rows and columns it has."""
        return max(0, self.top - self.bottom), max(0, self.right - self.left)

    def with_other(self, other: Box) -> Box:
        """Return the box around both; an empty one adds nothing."""
        if not all(other.shape):
            return self
        if not all(self.shape):
            return other
        low = min(self.left, other.left), min(self.bottom, other.bottom)
        return Box(*low, max(self.right, other.right), max(self.top, other.top))

    def within(self, other: Box) -> tuple[slice, slice]:
        """Return where it stands in an array over another one."""
        rows = slice(self.bottom - other.bottom, self.top - other.bottom)
        return rows, slice(self.left - other.left, self.right - other.left)


NOWHERE: Final = Box(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Patch:
    """What a rank has drawn: RGBA, shape (rows, columns, 4), the lowest row first, and depths, 0 (near) to 1."""

    box: Box
    colors: Colors
    depths: Depths

    @classmethod
    def empty(cls, box: Box = NOWHERE) -> Patch:
        """Return one that shows nothing."""
        return cls(box, np.zeros((*box.shape, 4), np.uint8), np.full(box.shape, FARTHEST, np.float32))

    @property
    def buffers(self) -> list[memoryview]:
        """Return its memory."""
        return [self.colors.data.cast("B"), self.depths.data.cast("B")] if self.colors.size else []

    def rows(self, bottom: int, top: int) -> Patch:
        """Return the part of it between two rows of the picture; its memory is this one's."""
        box = self.box
        low, high = max(box.bottom, bottom), min(box.top, top)
        if low >= high:
            return Patch.empty()
        part = slice(low - box.bottom, high - box.bottom)
        return Patch(Box(box.left, low, box.right, high), self.colors[part], self.depths[part])


def lit_box(depths: Depths, box: Box) -> Box:
    """Return the smallest part of a box around all pixels that show something; `depths` are those of the box."""
    is_lit = depths < FARTHEST
    rows = np.flatnonzero(is_lit.any(axis=1))
    if not len(rows):
        return NOWHERE
    low, high = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(is_lit[low:high].any(axis=0))
    left, right = box.left + int(columns[0]), box.left + int(columns[-1]) + 1
    return Box(left, box.bottom + low, right, box.bottom + high)


class Memory:
    """Memory for what a rank sends, used again: fresh memory costs as much as what comes into it."""

    def __init__(self) -> None:
        """Have none yet."""
        self._blocks: list[Colors] = []

    def of(self, sizes: Sequence[int]) -> list[Colors]:
        """Return arrays of so many bytes, which are those of the call before."""
        while len(self._blocks) < len(sizes):
            self._blocks.append(np.empty(0, np.uint8))
        for number, size in enumerate(sizes):
            if len(self._blocks[number]) < size:
                self._blocks[number] = np.empty(size, np.uint8)
        return [self._blocks[number][:size] for number, size in enumerate(sizes)]


def nearest(one: Patch, other: Patch) -> Patch:
    """Return what is seen of two patches: at each pixel what is nearer, of equals the other: as if drawn later."""
    if not other.colors.size:
        return one
    if not one.colors.size:
        return other
    made = Patch.empty(one.box.with_other(other.box))
    place = one.box.within(made.box)
    made.colors[place], made.depths[place] = one.colors, one.depths
    place = other.box.within(made.box)
    depths = made.depths[place]
    is_nearer = other.depths <= depths
    np.copyto(depths, other.depths, where=is_nearer)
    np.copyto(made.colors[place], other.colors, where=is_nearer[..., None])
    return made


def give_patch(ranks: PictureRanks, own: Patch | str, height: int) -> None:
    """Have rank 0 get what the ranks but itself have drawn: all of them call this, and rank 0 `take_patches`.

    A text says why this rank has drawn nothing.
    """
    others = ranks.size - 1
    halves = 1 << (others.bit_length() - 1)
    number = ranks.rank - 1
    if number >= halves:
        _send(ranks, number - halves + 1, own)
        return
    if number + halves < others:
        own = _seen(own, _receive(ranks, number + halves + 1, Memory()))
    low, high, step = 0, height, halves // 2
    while step:
        partner, middle = number ^ step, (low + high) // 2
        keeps_low = not number & step
        kept = (low, middle) if keeps_low else (middle, high)
        given = (middle, high) if keeps_low else (low, middle)
        other = _swap(ranks, partner + 1, own if isinstance(own, str) else own.rows(*given))
        rest = own if isinstance(own, str) else own.rows(*kept)
        own = _seen(rest, other) if partner > number else _seen(other, rest)
        low, high, step = *kept, step // 2
    _send(ranks, 0, own)


def take_patches(ranks: PictureRanks, memory: dict[int, Memory]) -> Patch:
    """Return, on rank 0, what is seen of all that the others have drawn. Raises CompositingFailed, after all came.

    It is in `memory`, by rank, which the next call uses again.
    """
    halves = 1 << ((ranks.size - 1).bit_length() - 1)
    found: list[Patch] = []
    problems: list[str] = []
    for rank in range(1, halves + 1):
        one = _receive(ranks, rank, memory.setdefault(rank, Memory()))
        if isinstance(one, str):
            problems.append(one)
        else:
            found.append(one)
    if problems:
        raise CompositingFailed("; ".join(dict.fromkeys(problems)))
    whole = found[0]
    for one in found[1:]:
        whole = nearest(whole, one)
    return whole


def _seen(one: Patch | str, other: Patch | str) -> Patch | str:
    if isinstance(one, str) or isinstance(other, str):
        return one if isinstance(one, str) else other
    return nearest(one, other)


def _send(ranks: PictureRanks, to: int, own: Patch | str) -> None:
    ranks.send(to, [_head(own), *_buffers(own)])


def _receive(ranks: PictureRanks, of: int, memory: Memory) -> Patch | str:
    head = ranks.receive(of, [8 * _HEAD])[0]
    arrays = memory.of(_sizes(head))
    ranks.receive_into(of, arrays)
    return _patch(head, [one.data for one in arrays])


def _swap(ranks: PictureRanks, other: int, own: Patch | str) -> Patch | str:
    head = ranks.swap(other, [_head(own)], [8 * _HEAD])[0]
    return _patch(head, ranks.swap(other, _buffers(own), _sizes(head)))


def _head(own: Patch | str) -> memoryview:
    if isinstance(own, str):
        numbers = [_FAILED, len(own.encode()), 0, 0, 0]
    else:
        numbers = [_GOOD, own.box.left, own.box.bottom, own.box.right, own.box.top]
    return np.array(numbers, np.int64).data.cast("B")


def _buffers(own: Patch | str) -> list[memoryview]:
    return [memoryview(own.encode())] if isinstance(own, str) else own.buffers


def _sizes(head: memoryview) -> list[int]:
    kind, *numbers = np.frombuffer(head, np.int64).tolist()
    if kind == _FAILED:
        return [numbers[0]]
    rows, columns = Box(*numbers).shape
    return [4 * rows * columns, 4 * rows * columns] if rows * columns else []


def _patch(head: memoryview, buffers: Sequence[memoryview]) -> Patch | str:
    kind, *numbers = np.frombuffer(head, np.int64).tolist()
    if kind == _FAILED:
        return bytes(buffers[0]).decode()
    box = Box(*numbers)
    if not buffers:
        return Patch.empty()
    colors = np.frombuffer(buffers[0], np.uint8).reshape(*box.shape, 4)
    return Patch(box, colors, np.frombuffer(buffers[1], np.float32).reshape(box.shape))
