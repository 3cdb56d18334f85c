"""Ranges of arrays as VTK tells them, found without keeping Python's lock: other threads go on meanwhile.

VTK finds a range once, keeps it with the array until that is modified, and keeps the lock while it looks: 0.3 s for the
numbers of 512 x 512 x 512 points. Here numpy looks, a part at a time, and VTK is told what it would have found.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import VTK_BIT, vtkAbstractArray, vtkDataArray, vtkInformationVector

Range = tuple[float, float]
Limits = npt.NDArray[np.float64]
"""Lowest and highest number, finite ones and all, of each component: (4, components), NaN where there are none."""

_LARGE: Final = 50_000
"""Arrays of fewer values are looked at by VTK: that takes less than a tenth of a millisecond."""
_AT_A_TIME: Final = 250_000
_MANY_POINTS: Final = 1_000_000
"""VTK keeps the lock for 3 ms to find the bounds of so many."""
_OVERFLOWING_BYTES: Final = 4
"""Of integers whose squares VTK's sums do not hold."""
_COMPONENTS: Final = ((vtkAbstractArray.PER_FINITE_COMPONENT(), 0), (vtkAbstractArray.PER_COMPONENT(), 2))
_LENGTHS: Final = ((vtkDataArray.L2_NORM_FINITE_RANGE(), 0), (vtkDataArray.L2_NORM_RANGE(), 2))
_OF_ONE: Final = vtkDataArray.COMPONENT_RANGE()


def finite_range(array: Any, component: int) -> Range | None:
    """Return the smallest and largest finite value of a component (-1: the magnitude); None if none is."""
    find_ranges(array, component)
    low, high = array.GetFiniteRange(component)
    return (low, high) if low <= high else None  # VTK's range of nothing is upside down


def full_range(array: Any, component: int) -> Range | None:
    """Return the smallest and largest value of a component (-1: the magnitude), be they infinite; None if none is."""
    find_ranges(array, component)
    low, high = array.GetRange(component)
    return (low, high) if low <= high else None


def find_ranges(array: Any, component: int) -> None:
    """Have VTK know the ranges of a component of a vtkDataArray, finite and not, as if it had looked itself.

    -1 is the magnitude; for any other, those of all components are found. Nothing is done where VTK knows them, or is
    as quick, or keeps the numbers in a way of its own. Magnitudes of integers are always found here: VTK squares them
    as integers, which overflow.
    """
    count = array.GetNumberOfComponents()
    of_length = component < 0 and count > 1
    is_wrong = of_length and array.IsIntegral() and array.GetDataTypeSize() >= _OVERFLOWING_BYTES
    if array.GetNumberOfValues() < (1 if is_wrong else _LARGE):
        return
    if not array.HasStandardMemoryLayout() or array.GetDataType() == VTK_BIT:
        return
    known = array.GetInformation()
    keys = _LENGTHS if of_length else _COMPONENTS
    if all(known.Has(key) for key, _ in keys):
        return
    limits = _limits(vtk_to_numpy(array).reshape(-1, count), of_length=of_length)
    if not limits[0].size or np.isnan(limits).any():
        return  # of what has no numbers VTK says what it says
    for key, first in _LENGTHS if of_length else ():
        known.Set(key, tuple(limits[first : first + 2, 0].tolist()), 2)
    for per, first in () if of_length else _COMPONENTS:
        ranges = vtkInformationVector()
        ranges.SetNumberOfInformationObjects(count)
        for index in range(count):
            ranges.GetInformationObject(index).Set(_OF_ONE, tuple(limits[first : first + 2, index].tolist()), 2)
        known.Set(per, ranges)


def find_bounds(data: Any) -> None:
    """Have VTK know the bounds of a data set, if it has very many points: a filter that needs them keeps no lock."""
    if data.IsA("vtkPointSet") and data.GetNumberOfPoints() >= _MANY_POINTS:
        from vtkmodules.vtkFiltersModeling import vtkOutlineFilter

        outline = vtkOutlineFilter()
        outline.SetInputDataObject(data)
        outline.Update()


def _limits(values: npt.NDArray[Any], *, of_length: bool) -> Limits:
    """Return the limits of (tuples, components): of each component, or of the lengths of the tuples."""
    found = np.full((4, 1 if of_length else values.shape[1]), np.nan)
    step = max(1, _AT_A_TIME // values.shape[1])
    for begin in range(0, len(values), step):
        columns = np.ascontiguousarray(values[begin : begin + step].T)  # each for itself: 25 times as fast
        columns = _squares(columns) if of_length else columns
        low, high = np.fmin.reduce(columns, axis=1), np.fmax.reduce(columns, axis=1)  # pass over NaN, as VTK
        finite_low, finite_high = low, high
        if not (np.isfinite(low) & np.isfinite(high)).all():
            finite = np.where(np.isfinite(columns), columns, np.nan)
            finite_low, finite_high = np.fmin.reduce(finite, axis=1), np.fmax.reduce(finite, axis=1)
        limits = np.array([finite_low, finite_high, low, high], np.float64)
        found[::2] = np.fmin(found[::2], limits[::2])
        found[1::2] = np.fmax(found[1::2], limits[1::2])
    return np.sqrt(found) if of_length else found


def _squares(columns: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Return the squares of the lengths of tuples, (1, tuples): added up in VTK's order, to the last digit."""
    total: npt.NDArray[np.float64] = np.square(columns[0], dtype=np.float64)
    for column in columns[1:]:
        total += np.square(column, dtype=np.float64)
    return total[None, :]
