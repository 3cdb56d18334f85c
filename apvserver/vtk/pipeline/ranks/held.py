"""What a rank holds of an output: its piece, perhaps with layers around it that belong to its neighbours."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray, vtk_to_numpy
from vtkmodules.vtkCommonCore import VTK_UNSIGNED_CHAR, vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkDataSetAttributes

from ...base.errors import PipelineError
from .extents import Extent, axis_of, dimensions, grown

STRUCTURED: Final = ("vtkImageData", "vtkStructuredGrid")
"""Classes whose pieces are parts of one extent."""
_CORNERS: Final = 3
JOINED: Final = (*STRUCTURED, "vtkPolyData", "vtkUnstructuredGrid")
"""Classes whose pieces can be put together."""


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


def cropped(image: Any, extent: Extent) -> Any:
    """Return an image of that part of an extent; itself if it is no larger."""
    if tuple(image.GetExtent()) == extent:
        return image
    copy = image.NewInstance()
    copy.ShallowCopy(image)
    copy.Crop(extent)
    return copy


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
    the face between two slabs that is the upper one. All ranks compute that from the same numbers.
    """
    axis = slab.axis
    if not data.GetNumberOfCells():
        return data
    low, high = (image.GetOrigin()[axis] + image.GetSpacing()[axis] * slab.own[2 * axis + end] for end in (0, 1))
    least = low if slab.own[2 * axis] > slab.whole[2 * axis] else -math.inf
    most = high if slab.own[2 * axis + 1] < slab.whole[2 * axis + 1] else math.inf
    along = vtk_to_numpy(data.GetPoints().GetData())[:, axis]
    of_all = [cells for cells in _cells_of(data) if cells.GetNumberOfCells()]
    is_own = np.concatenate([are_within(cells, along, least, most) for cells in of_all])
    return data if is_own.all() else _with_cells(data, is_own)


def _cells_of(data: Any) -> tuple[Any, ...]:
    return data.GetVerts(), data.GetLines(), data.GetPolys(), data.GetStrips()


def are_within(cells: Any, along: Any, least: float, most: float) -> Any:
    """Return for each cell whether the mean of a coordinate over its points is at least one number and below another.

    It is computed of those only that have a point there or beyond: of all others it is for sure.
    """
    offsets, corners = vtk_to_numpy(cells.GetOffsetsArray()), vtk_to_numpy(cells.GetConnectivityArray())
    is_doubtful = ((along <= least) | (along >= most))[corners]
    found = np.ones(len(offsets) - 1, bool)
    doubtful = np.flatnonzero(np.logical_or.reduceat(is_doubtful, offsets[:-1]))
    if len(doubtful):
        counts = offsets[doubtful + 1] - offsets[doubtful]
        begins = np.cumsum(counts) - counts
        places = np.repeat(offsets[doubtful] - begins, counts) + np.arange(counts.sum())
        middles = np.add.reduceat(along[corners[places]].astype(np.float64), begins) / counts
        found[doubtful] = (middles >= least) & (middles < most)
    return found


def _with_cells(data: Any, is_kept: Any) -> Any:
    """Return polygonal data with some of its cells, and without points that no cell has any more."""
    polygons = data.GetPolys()
    only_triangles = polygons.GetNumberOfCells() == data.GetNumberOfCells() and polygons.IsHomogeneous() == _CORNERS
    return with_triangles(data, is_kept) if only_triangles else with_marked_removed(data, is_kept)


def with_triangles(data: Any, is_kept: Any) -> Any:
    """Return triangles, some of them, in half the time that VTK takes."""
    corners = vtk_to_numpy(data.GetPolys().GetConnectivityArray()).reshape(-1, _CORNERS)
    cells_kept = np.flatnonzero(is_kept)
    in_one_run = len(cells_kept) and cells_kept[-1] - cells_kept[0] + 1 == len(cells_kept)
    kept = corners[cells_kept[0] : cells_kept[-1] + 1] if in_one_run else corners[cells_kept]
    stays = np.ones(data.GetNumberOfPoints(), bool)
    stays[corners[~is_kept]] = False
    stays[kept[~stays[kept]]] = True  # another cell has it
    numbers = np.flatnonzero(stays)
    renumbered = np.take(np.cumsum(stays) - 1, kept.ravel())
    cells = vtkCellArray()
    offsets = np.arange(0, _CORNERS * len(kept) + 1, _CORNERS, dtype=np.int64)
    cells.SetData(*(numpy_to_vtkIdTypeArray(one, deep=True) for one in (offsets, renumbered)))
    points = vtkPoints()
    points.SetData(taken(data.GetPoints().GetData(), numbers))
    made = data.NewInstance()
    made.SetPoints(points)
    made.SetPolys(cells)
    made.GetFieldData().ShallowCopy(data.GetFieldData())
    take_attributes(data.GetPointData(), made.GetPointData(), numbers)
    take_attributes(data.GetCellData(), made.GetCellData(), cells_kept)
    return made


def take_attributes(source: Any, target: Any, numbers: Any) -> None:
    """Give data some of the tuples of each array of other data, in the order of the arrays and marked as they are.

    Raises PipelineError for arrays that are not of numbers.
    """
    for index in range(source.GetNumberOfArrays()):
        array = source.GetArray(index)
        if array is None:
            name = source.GetAbstractArray(index).GetName()
            raise PipelineError(f"the array {name!r} is not of numbers: pieces with it cannot be put together")
        added, mark = target.AddArray(taken(array, numbers)), source.IsArrayAnAttribute(index)
        if mark >= 0:
            target.SetActiveAttribute(added, mark)


def taken(array: Any, numbers: Any) -> Any:
    """Return an array with some of its tuples."""
    return like(array, np.take(vtk_to_numpy(array), numbers, axis=0))


def like(array: Any, values: Any) -> Any:
    """Return an array of the kind and name of another, with other values."""
    found = numpy_to_vtk(values, deep=True, array_type=array.GetDataType())
    found.SetName(array.GetName())
    found.CopyComponentNames(array)
    return found


def with_marked_removed(data: Any, is_kept: Any) -> Any:
    """Return polygonal data with some of its cells, as VTK takes others away."""
    marked = data.NewInstance()
    marked.ShallowCopy(data)
    numbers = np.where(is_kept, 0, vtkDataSetAttributes.DUPLICATECELL).astype(np.uint8)
    marks = numpy_to_vtk(numbers, deep=True, array_type=VTK_UNSIGNED_CHAR)
    marks.SetName(vtkDataSetAttributes.GhostArrayName())
    marked.GetCellData().AddArray(marks)
    marked.RemoveGhostCells()
    marked.GetCellData().RemoveArray(vtkDataSetAttributes.GhostArrayName())
    return marked


def slab_of(whole: Sequence[int], own: Sequence[int], ranks: int) -> Slab:
    """Return a slab from plain numbers."""
    as_extent: Callable[[Sequence[int]], Extent] = lambda e: (e[0], e[1], e[2], e[3], e[4], e[5])  # noqa: E731
    return Slab(as_extent(whole), as_extent(own), ranks)
