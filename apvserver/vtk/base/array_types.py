"""Arrays of VTK as arrays of another type, with their names, in the place that they had."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import get_vtk_array_type, numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import (
    VTK_BIT,
    VTK_DOUBLE,
    VTK_UNSIGNED_CHAR,
    vtkDataArray,
    vtkDataArrayCollection,
)

EXACT: Final = 2**53
"""Integers up to here are doubles as well, of those beyond some are not."""
LARGE_ARE_ROUNDED: Final = "integers beyond 2**53 are rounded here, where all is computed in double precision"
_AT_A_TIME: Final = 100_000
_SMALL_BYTES: Final = 2**18
"""So many are copied in a few microseconds."""


def as_numpy(array: Any) -> npt.NDArray[Any]:
    """Return the values of a vtkDataArray, (tuples,) or (tuples, components): its memory where it can be, else a copy.

    Bits, of which numpy knows only bytes, are copied as bytes of 0 and 1.
    """
    if array.GetDataType() == VTK_BIT:
        array = retyped(array, VTK_UNSIGNED_CHAR)
    elif not array.HasStandardMemoryLayout():  # of one that computes its values, or keeps components apart
        array = array.ToAOSDataArray()
    values: npt.NDArray[Any] = vtk_to_numpy(array)
    return values


def retyped(array: Any, vtk_type: int = VTK_DOUBLE) -> Any:
    """Return a new vtkDataArray of that type with the values and names of another; what does not fit is rounded."""
    made = vtkDataArray.CreateDataArray(vtk_type)
    if array.HasStandardMemoryLayout() and VTK_BIT not in (array.GetDataType(), vtk_type):
        made.SetNumberOfComponents(array.GetNumberOfComponents())
        made.SetNumberOfTuples(array.GetNumberOfTuples())
        if array.GetNumberOfValues():
            vtk_to_numpy(made)[...] = vtk_to_numpy(array)  # numpy lets other threads go on meanwhile
    else:
        made.DeepCopy(array)
    made.SetName(array.GetName())
    made.CopyComponentNames(array)
    return made


def copied(values: npt.NDArray[Any], array_type: int | None = None) -> Any:
    """Return a vtkDataArray, of the type that fits or of that one, with a copy of (tuples,) or (tuples, components).

    Other threads go on meanwhile: VTK's own copy keeps Python's lock, 0.1 s for 100 MB.
    """
    kind = get_vtk_array_type(values.dtype) if array_type is None else array_type
    if values.nbytes < _SMALL_BYTES or kind == VTK_BIT:
        return numpy_to_vtk(np.ascontiguousarray(values), deep=True, array_type=array_type)
    made = vtkDataArray.CreateDataArray(kind)
    made.SetNumberOfComponents(values.shape[1] if values.ndim > 1 else 1)
    made.SetNumberOfTuples(len(values))
    vtk_to_numpy(made)[...] = values.reshape(len(values)) if values.ndim > 1 and values.shape[1] == 1 else values
    return made


def seen_as_doubles(array: Any) -> Any:
    """Return a vtkDataArray whose values are those of another, as doubles when they are read, without a copy.

    For what is known to read such arrays (`reads_views` of the facts); VTK 9.6 has none.
    """
    from vtkmodules.vtkCommonCore import vtkCompositeArray

    kinds: Any = vtkCompositeArray  # a template, which VTK's stubs do not describe
    members = vtkDataArrayCollection()
    members.AddItem(array)
    made = kinds["float64"]()
    made.SetNumberOfComponents(array.GetNumberOfComponents())
    made.SetNumberOfTuples(array.GetNumberOfTuples())
    made.ConstructBackend(members)
    made.SetName(array.GetName())
    made.CopyComponentNames(array)
    return made


def is_exact_in_doubles(array: Any) -> bool:
    """Return whether doubles tell all values of an array apart: of large integers they do not."""
    if not array.IsIntegral() or array.GetDataTypeSize() < 8 or not array.GetNumberOfValues():
        return True
    if not array.HasStandardMemoryLayout():
        return True
    values = vtk_to_numpy(array)
    return bool(values.max() <= EXACT and values.min() >= -EXACT)


def put_in_place(attributes: Any, index: int, array: Any) -> None:
    """Replace an array of a data set's attributes by one of the same name; what it is marked as, it stays.

    One without a name becomes the last.
    """
    marked = attributes.IsArrayAnAttribute(index)
    if not array.GetName():
        attributes.RemoveArray(index)
    position = attributes.AddArray(array)
    if marked >= 0:
        attributes.SetActiveAttribute(position, marked)


def place_of(attributes: Any, name: str) -> int:
    """Return the number of the first array of that name. Raises `ValueError` if there is none."""
    return [attributes.GetArrayName(index) for index in range(attributes.GetNumberOfArrays())].index(name)


def runs(begins: Any, counts: Any) -> npt.NDArray[Any]:
    """Return for each of these integers it and those after it, so many, one run after the other."""
    before = np.cumsum(counts) - counts
    return repeated(begins - before, counts) + np.arange(counts.sum())


def repeated(values: Any, counts: Any) -> npt.NDArray[Any]:
    """Return each row of an array so many times: an int for all, or one for each. As numpy's repeat along axis 0.

    That keeps Python's lock: here it works on some at a time, and nothing is left to it where all counts are alike.
    """
    rows = np.asarray(values)
    if not isinstance(counts, int):
        if not len(rows) or (counts != counts[0]).any():
            some = range(0, len(rows), _AT_A_TIME)
            made = [np.repeat(rows[at : at + _AT_A_TIME], counts[at : at + _AT_A_TIME], axis=0) for at in some]
            return np.concatenate(made) if made else rows
        counts = int(counts[0])
    shape = len(rows), counts, *rows.shape[1:]
    return np.array(np.broadcast_to(rows[:, None], shape), order="C").reshape(len(rows) * counts, *rows.shape[1:])
