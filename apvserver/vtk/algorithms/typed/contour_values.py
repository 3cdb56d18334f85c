"""Values of contours with all their digits, and their normals by that name.

VTK 9.7 has values of contours of images and other structured grids in single precision, calls normals of contours of
rectilinear grids Gradients, in the place of which they stand, and makes no gradients in other cells.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.vtkCommonCore import VTK_FLOAT
from vtkmodules.vtkFiltersCore import vtkContourFilter

from ...base.array_types import as_numpy, copied, place_of, put_in_place
from ...base.blocks import parts
from ..array_algorithm import FollowingAlgorithm
from ..turning.vectors import NORMALS

_COPY: Final = "vtkValuesOfContours"
_GRADIENTS: Final = "Gradients"
_NO_GRADIENTS: Final = (
    "ComputeGradients makes gradients in images, rectilinear and structured grids only; Gradient in front of it makes "
    "them of all data"
)


class ContourValuesInFull(FollowingAlgorithm):
    """ContourValuesInFull - Gives points of the vtkContourFilter before it its values as doubles, if they are rounded.

    What single precision is contoured by stays of that. Normals get their name, and gradients their values.
    """

    part_of: ClassVar = "Contour"

    def change(self, output: Any, *inputs: Any) -> None:
        """Replace the array that is contoured by, where its type is another one than that of the input."""
        filter = self.followed()
        values = np.array(sorted({filter.GetValue(index) for index in range(filter.GetNumberOfContours())}))
        for leaf, before in zip(parts(output), parts(filter.GetInputDataObject(0, 0)), strict=True):
            self._mend_directions(leaf, before)
            scalars = before.GetPointData().GetScalars()
            name = "" if scalars is None or scalars.GetDataType() == VTK_FLOAT else scalars.GetName() or ""
            rounded = leaf.GetPointData().GetArray(name) if name else None
            if rounded is None or rounded.GetDataType() != VTK_FLOAT or not rounded.GetNumberOfTuples():
                continue
            made = copied(_in_full(filter, before, as_numpy(rounded), values))
            made.SetName(name)
            put_in_place(leaf.GetPointData(), place_of(leaf.GetPointData(), name), made)

    def _mend_directions(self, leaf: Any, before: Any) -> None:
        attributes, filter = leaf.GetPointData(), self.followed()
        normals = attributes.GetNormals()
        if normals is not None and normals.GetName() == _GRADIENTS:
            made = copied(as_numpy(normals))
            made.SetName(NORMALS)
            attributes.RemoveArray(_GRADIENTS)
            attributes.SetNormals(made)
            if filter.GetComputeGradients():
                attributes.AddArray(_again(filter, before).GetPointData().GetArray(_GRADIENTS))
        elif filter.GetComputeGradients() and leaf.GetNumberOfPoints() and not attributes.HasArray(_GRADIENTS):
            self.warn(_NO_GRADIENTS)


def _in_full(
    filter: Any, data: Any, rounded: npt.NDArray[np.float32], values: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return of which of the sorted values each point is."""
    if len(set(values.astype(np.float32).tolist())) == len(values):
        return _nearest(rounded, values)
    return _nearest(_interpolated(filter, data), values)


def _nearest(numbers: npt.NDArray[Any], values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return values[np.searchsorted((values[1:] + values[:-1]) / 2, numbers.astype(np.float64))]


def _interpolated(filter: Any, data: Any) -> npt.NDArray[np.float64]:
    """Return the array that is contoured by as VTK has others at the same points: between those of the data."""
    scalars = data.GetPointData().GetScalars()
    beside, bare = scalars.NewInstance(), data.NewInstance()
    beside.ShallowCopy(scalars)
    beside.SetName(_COPY)
    bare.CopyStructure(data)
    bare.GetCellData().ShallowCopy(data.GetCellData())  # hidden cells
    bare.GetPointData().SetScalars(scalars)
    bare.GetPointData().AddArray(beside)
    return np.asarray(as_numpy(_again(filter, bare).GetPointData().GetArray(_COPY)), np.float64)


def _again(filter: Any, data: Any) -> Any:
    """Return the same contours of other data of the same structure and active scalars, without normals."""
    again = vtkContourFilter()
    again.SetInputData(data)
    again.SetNumberOfContours(filter.GetNumberOfContours())
    for index in range(filter.GetNumberOfContours()):
        again.SetValue(index, filter.GetValue(index))
    again.SetGenerateTriangles(filter.GetGenerateTriangles())
    again.SetComputeNormals(False)
    again.SetComputeGradients(filter.GetComputeGradients())
    again.SetLocator(filter.GetLocator())
    again.Update()
    return again.GetOutput()
