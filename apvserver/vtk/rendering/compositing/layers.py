"""What ranks draw of what is seen through, and how it becomes one layer, before all that is opaque.

Each rank has the nearest groups of ranks before it and the farther ones behind it: neighbours in that order are put
together, then pairs of those, by halves of the picture (binary swap).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from async_paraview.records import dataclass

from .patches import NOWHERE, Box, Colors, CompositingFailed, Depths, PictureRanks

_FULL = 255


@dataclass(frozen=True, slots=True)
class Layer:
    """Pixels that are seen through: RGBA of bytes, the colors times how opaque they are, the lowest row first."""

    box: Box
    colors: Colors

    @classmethod
    def empty(cls, box: Box = NOWHERE) -> Layer:
        """Return one that shows nothing."""
        return cls(box, np.zeros((*box.shape, 4), np.uint8))

    def rows(self, bottom: int, top: int) -> Layer:
        """Return the part of it between two rows of the picture; its memory is this one's."""
        box = rows_of(self.box, bottom, top)
        return Layer(box, self.colors[box.within(self.box)]) if all(box.shape) else Layer.empty()


@dataclass(frozen=True, slots=True)
class Frame:
    """Of which picture a layer is: as which camera sees it, and which depths of what is opaque hide it."""

    size: tuple[int, int]
    camera: Mapping[str, Any]
    reduced: bool
    depths: tuple[Box, Depths] | None = None
    """In a box of pixels, 0 (near) to 1; None: nothing is opaque."""


def send_depths(ranks: PictureRanks, depths: Depths) -> None:
    """Send depths to the other ranks, which call `receive_depths`."""
    for rank in range(1, ranks.size):
        if depths.size:
            ranks.send(rank, [np.ascontiguousarray(depths).data.cast("B")])


def receive_depths(ranks: PictureRanks, box: Box) -> Depths:
    """Return the depths in a box that rank 0 sends."""
    rows, columns = box.shape
    if not rows * columns:
        return np.zeros(box.shape, np.float32)
    return np.frombuffer(ranks.receive(0, [4 * rows * columns])[0], np.float32).reshape(rows, columns)


def share_layer(ranks: PictureRanks, draw: Callable[[], Layer], order: Sequence[int], height: int) -> Layer:
    """Draw this rank's layer, and return those of all as one to rank 0; to others nothing. All ranks call this.

    Raises CompositingFailed, on all of them, where one of them cannot draw.
    """
    own, problem = Layer.empty(), None
    try:
        own = draw()
    except Exception as error:  # whatever it is: the others wait for this rank
        problem = f"rank {ranks.rank} of {ranks.size}: {type(error).__name__}: {error}"
    told: list[Any] = ranks.gather({"problem": problem, "box": own.box.numbers})
    verdict = ranks.broadcast(
        {"problems": [one["problem"] for one in told if one["problem"]], "boxes": [one["box"] for one in told]}
        if told
        else None
    )
    if verdict["problems"]:
        raise CompositingFailed("; ".join(verdict["problems"]))
    return composed(ranks, order, [Box(*one) for one in verdict["boxes"]], own, height)


def rows_of(box: Box, bottom: int, top: int) -> Box:
    """Return the part of a box between two rows of the picture."""
    low, high = max(box.bottom, bottom), min(box.top, top)
    return Box(box.left, low, box.right, high) if low < high and box.left < box.right else NOWHERE


def over(front: Layer, back: Layer) -> Layer:
    """Return two layers as one, of which the first is before the second."""
    if not front.colors.size:
        return back
    if not back.colors.size:
        return front
    made = Layer.empty(front.box.with_other(back.box))
    made.colors[back.box.within(made.box)] = back.colors
    behind = made.colors[front.box.within(made.box)]
    seen = behind * (_FULL - front.colors[..., 3:]).astype(np.uint16) + 128
    np.add(front.colors, ((seen + (seen >> 8)) >> 8).astype(np.uint8), out=behind)  # / 255, rounded
    return made


@dataclass(slots=True)
class _Group:
    """PictureRanks that follow each other, whose layers are one, of which the first has the part between two rows."""

    rank: int
    box: Box
    bottom: int
    top: int


def composed(ranks: PictureRanks, order: Sequence[int], boxes: Sequence[Box], own: Layer, height: int) -> Layer:
    """Return to rank 0 the layers of all ranks as one; to others nothing. All of them call this.

    `order` has the ranks, the nearest first, and `boxes` the box of each rank's layer.
    """
    halves = 1 << (len(order).bit_length() - 1)
    beyond = len(order) - halves
    groups = []
    for first in range(0, 2 * beyond, 2):
        one, other = order[first], order[first + 1]
        if ranks.rank == other:
            ranks.send(one, _buffers(own))
        elif ranks.rank == one:
            own = over(own, _received(ranks, other, boxes[other]))
        groups.append(_Group(one, boxes[one].with_other(boxes[other]), 0, height))
    groups += [_Group(one, boxes[one], 0, height) for one in order[2 * beyond :]]
    number = next((number for number, one in enumerate(groups) if one.rank == ranks.rank), None)
    step = 1
    while step < halves:
        if number is not None:
            own = _swapped(ranks, groups, number, step, own)
        groups = [_halved(groups, one, step) for one in range(halves)]
        step *= 2
    return _gathered(ranks, groups, number, own)


def _swapped(ranks: PictureRanks, groups: Sequence[_Group], number: int, step: int, own: Layer) -> Layer:
    """Return a rank's half of what its group and the one beside it show, with which it exchanges halves."""
    theirs = groups[number ^ step]
    kept, given = _halved(groups, number, step), _halved(groups, number ^ step, step)
    sent = _buffers(own.rows(given.bottom, given.top))
    box = rows_of(theirs.box, kept.bottom, kept.top)
    other = _layer(box, ranks.swap(theirs.rank, sent, _sizes(box)))
    rest = own.rows(kept.bottom, kept.top)
    return over(other, rest) if number & step else over(rest, other)


def _halved(groups: Sequence[_Group], number: int, step: int) -> _Group:
    """Return what a group is after it has exchanged halves with the one beside it."""
    one, other = groups[number], groups[number ^ step]
    middle = (one.bottom + one.top) // 2
    bottom, top = (middle, one.top) if number & step else (one.bottom, middle)
    box = rows_of(one.box, bottom, top).with_other(rows_of(other.box, bottom, top))
    return _Group(one.rank, box, bottom, top)


def _gathered(ranks: PictureRanks, groups: Sequence[_Group], number: int | None, own: Layer) -> Layer:
    if ranks.rank:
        if number is not None:
            ranks.send(0, _buffers(own))
        return Layer.empty()
    whole = NOWHERE
    for one in groups:
        whole = whole.with_other(one.box)
    made = Layer.empty(whole)
    for one in groups:
        part = own if one.rank == 0 else _received(ranks, one.rank, one.box)
        if part.colors.size:
            made.colors[part.box.within(whole)] = part.colors
    return made


def _received(ranks: PictureRanks, of: int, box: Box) -> Layer:
    return _layer(box, ranks.receive(of, _sizes(box)))


def _layer(box: Box, buffers: Sequence[memoryview]) -> Layer:
    if not buffers:
        return Layer.empty()
    return Layer(box, np.frombuffer(buffers[0], np.uint8).reshape(*box.shape, 4))


def _buffers(layer: Layer) -> list[memoryview]:
    return [np.ascontiguousarray(layer.colors).data.cast("B")] if layer.colors.size else []


def _sizes(box: Box) -> list[int]:
    rows, columns = box.shape
    return [4 * rows * columns] if rows * columns else []
