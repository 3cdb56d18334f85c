"""Arrays of a data set whose tuples stand in another order."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import VTK_BIT
from vtkmodules.vtkCommonDataModel import vtkDataSetAttributes

from ..array_types import as_numpy


def in_order(attributes: Any, order: npt.NDArray[np.int64] | None) -> Any:
    """Return arrays, texts as well, whose tuples stand in another order."""
    if order is None:
        return attributes
    made = vtkDataSetAttributes()
    for index in range(attributes.GetNumberOfArrays()):
        position = made.AddArray(_tuples(attributes.GetAbstractArray(index), order))
        if (marked := attributes.IsArrayAnAttribute(index)) >= 0:
            made.SetActiveAttribute(position, marked)
    return made


def _tuples(array: Any, order: npt.NDArray[np.int64]) -> Any:
    made = array.NewInstance()
    made.SetName(array.GetName())
    made.SetNumberOfComponents(array.GetNumberOfComponents())
    made.CopyComponentNames(array)
    made.SetNumberOfTuples(len(order))
    if array.IsA("vtkDataArray") and array.GetDataType() != VTK_BIT and len(order):
        vtk_to_numpy(made)[...] = as_numpy(array)[order]
    else:
        for position, one in enumerate(order.tolist()):
            made.SetTuple(position, one, array)
    return made
