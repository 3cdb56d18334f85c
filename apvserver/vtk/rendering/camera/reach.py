"""How far what is drawn at points reaches around them: plain functions."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..images import Bounds

Floats = npt.NDArray[np.float64]


def around(places: Floats, scales: Floats, directions: Floats | None, shape: Sequence[float]) -> Bounds:
    """Return bounds of copies of a shape with those bounds, one at each place.

    Each is scaled by its row of `scales`, shape (n, 1) or (n, 3), and turned so that its x axis points along its row of
    `directions`, as vtkGlyph3DMapper does it. Without a place that is finite those of nothing at 0.
    """
    usable = np.isfinite(places).all(axis=1) & np.isfinite(scales).all(axis=1)
    turns = None if directions is None else _half_turns(directions[usable])
    places, scales = places[usable], scales[usable]
    if not len(places):
        return (0.0,) * 6
    low, high = np.full(3, np.inf), np.full(3, -np.inf)
    for corner in itertools.product(shape[0:2], shape[2:4], shape[4:6]):
        offsets = scales * np.asarray(corner)
        if turns is not None:
            offsets = 2.0 * np.sum(turns * offsets, axis=1, keepdims=True) * turns - offsets
        corners = places + offsets
        low, high = np.minimum(low, corners.min(axis=0)), np.maximum(high, corners.max(axis=0))
    return tuple(np.column_stack([low, high]).ravel().tolist())


def _half_turns(directions: Floats) -> Floats:
    """Return the unit axes of half turns that bring +x to directions; that of none, or of what is no number, is x."""
    lengths = np.linalg.norm(directions, axis=1, keepdims=True)
    known = np.isfinite(lengths) & (lengths > 0)
    units = np.where(known, directions, (1.0, 0.0, 0.0)) / np.where(known, lengths, 1.0)
    axes = units + np.array((1.0, 0.0, 0.0))
    opposite = np.linalg.norm(axes, axis=1, keepdims=True) < 1e-9
    axes = np.where(opposite, (0.0, 1.0, 0.0), axes)
    turned: Floats = axes / np.linalg.norm(axes, axis=1, keepdims=True)
    return turned
