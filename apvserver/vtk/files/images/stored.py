"""What a file says of an image: how many samples, where they are, and how to get the values. No VTK in here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import numpy as np

from async_paraview.records import dataclass

from ...base.errors import FileError

Numbers = np.ndarray[Any, Any]
_SMALLEST: Final = 1e-12
_MOST_TIMES: Final = 1_000_000


@dataclass(frozen=True)
class StoredImage:
    """An image in a file. `load(step)` gives its values at a time: an array of z, y, x and component.

    `affine` takes an index (i, j, k, 1) to a place, as the file gives it. `times` is empty if there is no axis of time.
    `doubts` are sentences about what the file says and what was made of it.
    """

    size: tuple[int, int, int]
    affine: Numbers
    load: Callable[[int], Numbers]
    dtype: np.dtype[Any]
    name: str
    components: int = 1
    times: tuple[float, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Placement:
    """The affine as VTK holds it: the place of index 0, distances, and unit vectors of the axes as columns."""

    origin: tuple[float, ...]
    spacing: tuple[float, ...]
    direction: tuple[float, ...]


def times_of(count: int, first: float = 0.0, step: float = 1.0) -> tuple[float, ...]:
    """Return times at equal distances; none for one step. Raises `FileError` if there are too many to be true."""
    if count > _MOST_TIMES:
        raise FileError(f"its header says {count} times, and more than {_MOST_TIMES} are not read")
    return tuple(first + index * step for index in range(count)) if count > 1 else ()


def affine_of(origin: Any, spacing: Any, direction: Any = None) -> Numbers:
    """Return the matrix of up to three axes; what is not said of an axis is that of z, or y: 1 apart, at 0."""
    made = np.eye(4)
    count = len(spacing)
    axes = np.eye(3) if direction is None else completed(np.asarray(direction, float))
    distances = np.ones(3)
    distances[:count] = spacing
    made[:3, :3] = axes * distances
    made[: len(origin), 3] = origin
    return made


def completed(axes: Numbers) -> Numbers:
    """Complete three unit vectors, columns of which some are zero or not there, at right angles to the others.

    An axis of a single sample may be left out in files; VTK 9.7 writes zeros for some.
    """
    given = np.zeros((3, 3))
    given[: axes.shape[0], : axes.shape[1]] = axes[:3, :3]
    norms = np.linalg.norm(given, axis=0)
    known = norms > _SMALLEST
    given[:, known] /= norms[known]
    if known.all():
        return given
    for column in np.flatnonzero(~known):
        candidates = np.roll(np.eye(3), -int(column), axis=1)  # its own axis first
        others = given[:, np.linalg.norm(given, axis=0) > _SMALLEST]
        basis = np.linalg.qr(others)[0] if others.size else others
        rests = candidates - basis @ (basis.T @ candidates)
        lengths = np.linalg.norm(rests, axis=0)
        best = 0 if lengths[0] > 0.5 else int(np.argmax(lengths))
        given[:, column] = rests[:, best] / lengths[best]
    return given


def right_handed(image: StoredImage) -> StoredImage:
    """Return the same values at the same places, with right-handed axes: one axis is counted from its other end.

    Cells of a left-handed image have negative volumes in VTK. NIfTI has many: x counted from right to left.
    """
    axes = image.affine[:3, :3]
    if np.linalg.det(axes) >= 0:
        return image
    along = np.array([axes[np.argmax(np.abs(axes[:, one])), one] for one in range(3)])
    axis = int(np.flatnonzero(along < 0)[-1]) if (along < 0).any() else 2
    affine = image.affine.copy()
    affine[:3, 3] += affine[:3, axis] * (image.size[axis] - 1)
    affine[:3, axis] *= -1
    load = image.load

    def turned(step: int) -> Numbers:
        return np.flip(load(step), 2 - axis)

    return replace(image, affine=affine, load=turned)


def placement(affine: Numbers) -> Placement:
    """Return origin, spacing and direction of a matrix whose columns are not zero."""
    spacing = np.linalg.norm(affine[:3, :3], axis=0)
    direction = affine[:3, :3] / spacing + 0.0  # no negative zeros
    return Placement(tuple(affine[:3, 3].tolist()), tuple(spacing.tolist()), tuple(direction.ravel().tolist()))
