"""What a rank holds of an output: its piece, perhaps with layers around it that belong to its neighbours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy

from async_paraview.records import dataclass

from ...base.data_making import cropped
from .extents import Extent, axis_of, dimensions, extent_of, grown
from .taking import are_within, with_cells

STRUCTURED: Final = ("vtkImageData", "vtkStructuredGrid")
"""Classes whose pieces are parts of one extent."""
JOINED: Final = (*STRUCTURED, "vtkPolyData", "vtkUnstructuredGrid")
"""Classes whose pieces can be put together."""


_ROUNDING: Final = 2.0**-22
"""So much, of the largest coordinate, one of single precision may be rounded."""


@dataclass(frozen=True, slots=True)
class Slab:
    """The place of a piece in an extent that is divided among ranks."""

    whole: Extent
    own: Extent
    ranks: int

    @property
    def axis(self) -> int:
        """Return the axis along which it is divided."""
        axis = axis_of(self.whole, self.ranks)
        assert axis is not None  # or it had not been divided
        return axis

    def grown(self, layers: int) -> Extent:
        """Return the extent with so many layers of the neighbours'."""
        return grown(self.own, self.whole, self.axis, layers)


@dataclass(frozen=True, slots=True)
class Held:
    """A rank's piece of an output.

    `data` may have more layers than the rank's own if there is a `slab`. `shares_points`: the pieces have points in
    common where they meet, which in the whole are one; else they share none.
    """

    data: Any
    slab: Slab | None = None
    shares_points: bool = True

    @property
    def is_structured(self) -> bool:
        """Return whether the piece is part of an extent."""
        return self.slab is not None and self.data.GetClassName() in STRUCTURED

    def own(self) -> Any:
        """Return the piece without its neighbours' layers."""
        if not self.is_structured:
            return self.data
        assert self.slab is not None
        return cropped(self.data, self.slab.own)

    def has_layers(self, layers: int) -> bool:
        """Return whether the piece has so many layers of the neighbours'."""
        if not self.is_structured:
            return True
        assert self.slab is not None
        wanted, held = self.slab.grown(layers), self.data.GetExtent()
        return all(held[2 * a] <= wanted[2 * a] and held[2 * a + 1] >= wanted[2 * a + 1] for a in range(3))

    def with_layers(self, layers: int) -> Any:
        """Return the piece with so many layers, which it must have."""
        if not self.is_structured:
            return self.data
        assert self.slab is not None
        return cropped(self.data, self.slab.grown(layers))


def in_first_layer(slab: Slab) -> Any:
    """Return for each point of a slab whether the rank before has it as well: those of its first layer, if any."""
    axis = slab.axis
    x, y, z = dimensions(slab.own)
    twice = np.zeros((z, y, x), bool)
    if slab.own[2 * axis] > slab.whole[2 * axis]:
        np.moveaxis(twice, 2 - axis, 0)[0] = True
    return twice.ravel()


def without_neighbours_cells(data: Any, image: Any, slab: Slab) -> Any:
    """Return what was made of an image with layers, cell by cell, without what was made of its neighbours' cells.

    Each cell was made within one cell of the image, or on its face: the rank has it in whose slab its middle is. On
    the face between two slabs that is the upper one. All ranks compute that from the same numbers. Points between two
    slabs stay on both, whether or not cells have them: of several at one place both ranks have all then, as the whole.
    """
    axis = slab.axis
    if not data.GetNumberOfPoints():
        return data
    low, high = (image.GetOrigin()[axis] + image.GetSpacing()[axis] * slab.own[2 * axis + end] for end in (0, 1))
    least = low if slab.own[2 * axis] > slab.whole[2 * axis] else -math.inf
    most = high if slab.own[2 * axis + 1] < slab.whole[2 * axis + 1] else math.inf
    along = vtk_to_numpy(data.GetPoints().GetData())[:, axis]
    by = np.abs(along).max() * _ROUNDING
    stays = (along >= least - by) & (along <= most + by)
    is_own = are_within(data, along, least, most)
    return data if is_own.all() and stays.all() else with_cells(data, is_own, stays)


def slab_of(whole: Sequence[int], own: Sequence[int], ranks: int) -> Slab:
    """Return a slab from plain numbers."""
    return Slab(extent_of(whole), extent_of(own), ranks)
