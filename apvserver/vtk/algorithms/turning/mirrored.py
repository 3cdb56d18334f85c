"""What is wrong in what VTK's filter has mirrored: places of images, vectors, and arrays of cells and of textures.

VTK 9.7 puts the copy of an image off by twice the image's origin, lets coordinates of a rectilinear grid go down and
its vectors stay at other points, leaves out the arrays of cells of structured grids and of strips, with the marks of
what is hidden, and takes texture coordinates of three components for vectors.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkBoundingBox, vtkDataSetAttributes, vtkPolyData
from vtkmodules.vtkFiltersGeneral import vtkAxisAlignedReflectionFilter

from ...base.array_types import as_numpy, put_in_place, retyped
from ...base.blocks import parts
from ...base.errors import VtkError
from ...base.values.order import in_order
from ..array_algorithm import FollowingAlgorithm

_PLANES: Final = 3
"""Of the modes of the filter that are ends of the bounds, those of the minima come before those of the maxima."""


class MendedMirrors(FollowingAlgorithm):
    """MendedMirrors - Puts right what a filter has mirrored of its second input, the data set itself.

    Blocks stand in the order of the input, those that are mirrored behind the others, if these are there.
    """

    part_of: ClassVar = "Reflect or AxisAlignedReflect"

    def __init__(self) -> None:
        super().__init__(inputs=2)

    def change(self, output: Any, *inputs: Any) -> None:
        """Mend each block that is mirrored."""
        filter = self.followed()
        made, originals = list(parts(output)), list(parts(inputs[1]))
        copied = len(originals) if filter.GetCopyInput() else 0
        if made and len(made) != copied + len(originals):
            raise VtkError(f"there were {len(originals)} blocks, and there are {len(made)}: it is lost which is which")
        axis, at = _plane(filter, originals)
        for leaf, original in zip(made[copied:], originals, strict=False):
            if leaf.IsA("vtkDataSet"):
                _mend(leaf, original, axis, at, bool(filter.GetReflectAllInputArrays()))


def _plane(filter: Any, originals: list[Any]) -> tuple[int, float]:
    """Return along which axis things are mirrored, and where the mirror is on it."""
    mode = filter.GetPlaneMode()
    if mode == filter.PLANE:
        plane = filter.GetReflectionPlane()
        axis = int(np.abs(plane.GetNormal()).argmax())
        return axis, plane.GetOrigin()[axis]
    box = vtkBoundingBox()
    for one in originals:
        if one.IsA("vtkDataSet") and one.GetNumberOfPoints():
            box.AddBounds(one.GetBounds())
    axis = (mode - filter.X_MIN) % _PLANES
    return axis, box.GetBound(2 * axis + (mode - filter.X_MIN) // _PLANES) if box.IsValid() else 0.0


def _mend(leaf: Any, original: Any, axis: int, at: float, all_arrays: bool) -> None:
    if leaf.IsA("vtkImageData"):
        origin = list(leaf.GetOrigin())
        origin[axis] = 2 * at - original.GetOrigin()[axis]
        leaf.SetOrigin(origin)
    elif leaf.IsA("vtkRectilinearGrid"):
        _mend_coordinates(leaf, original, axis, at)
    of_points, of_cells = (_order(leaf, axis, cells=cells) for cells in (False, True))
    both = [
        (leaf.GetPointData(), original.GetPointData(), of_points),
        (leaf.GetCellData(), original.GetCellData(), of_cells),
    ]
    lost = original.GetCellData().GetNumberOfArrays() and not leaf.GetCellData().GetNumberOfArrays()
    wrong = both if leaf.IsA("vtkRectilinearGrid") else both[1:] if lost else []
    for attributes, before, order in wrong:
        attributes.ShallowCopy(in_order(_mirrored(before, axis, all_arrays), order))
    for attributes, before, order in both:
        _keep_textures(attributes, before, order)


def _mend_coordinates(leaf: Any, original: Any, axis: int, at: float) -> None:
    """Let coordinates of a rectilinear grid go up where those of the original do."""
    for index, letter in enumerate("XYZ"):
        before = getattr(original, f"Get{letter}Coordinates")()
        made = retyped(before)
        if index == axis:
            vtk_to_numpy(made)[...] = 2 * at - as_numpy(before)[::-1]
        getattr(leaf, f"Set{letter}Coordinates")(made)


def _order(leaf: Any, axis: int, *, cells: bool) -> npt.NDArray[np.int64] | None:
    """Return of which point or cell each one is the copy; None where they stand as they did.

    Those of structured grids stand the other way around along all axes, those of rectilinear grids along one.
    """
    if not (leaf.IsA("vtkStructuredGrid") or leaf.IsA("vtkRectilinearGrid")):
        return None
    extent = leaf.GetExtent()
    counts = [last - first + 1 for first, last in zip(extent[4::-2], extent[5::-2], strict=True)]
    shape = tuple(max(1, one - 1) for one in counts) if cells else tuple(counts)
    ids = np.arange(np.prod(shape, dtype=np.int64)).reshape(shape)
    return np.flip(ids, axis=None if leaf.IsA("vtkStructuredGrid") else 2 - axis).ravel()


def _mirrored(attributes: Any, axis: int, all_arrays: bool) -> Any:
    """Return arrays with vectors and tensors turned as the filter turns them: those of points without cells."""
    given = vtkDataSetAttributes()
    given.ShallowCopy(attributes)
    for index in range(given.GetNumberOfArrays()):
        array = given.GetArray(index)
        may_turn = array is not None and array.GetNumberOfComponents() in (3, 6, 9)
        if may_turn and array.IsIntegral() and array.GetDataTypeSize() > 1:  # bytes are colors
            put_in_place(given, index, retyped(array))
    count = given.GetNumberOfTuples()
    bare, points = vtkPolyData(), vtkPoints()
    points.SetNumberOfPoints(count)
    points.GetData().Fill(0.0)
    bare.SetPoints(points)
    bare.GetPointData().ShallowCopy(given)
    filter = vtkAxisAlignedReflectionFilter()
    filter.SetInputData(bare)
    filter.SetPlaneMode(filter.X_MIN + axis)
    filter.SetCopyInput(False)
    filter.SetReflectAllInputArrays(all_arrays)
    filter.Update()
    return next(parts(filter.GetOutputDataObject(0))).GetPointData() if count else given


def _keep_textures(attributes: Any, before: Any, order: npt.NDArray[np.int64] | None) -> None:
    """Put the arrays back that are marked as texture coordinates."""
    kept = before.GetTCoords()
    found = None if kept is None or not kept.GetName() else attributes.GetArray(kept.GetName())
    if found is None or found.GetNumberOfTuples() != kept.GetNumberOfTuples():
        return
    alone = vtkDataSetAttributes()
    alone.AddArray(kept)
    attributes.SetTCoords(in_order(alone, order).GetArray(0))
