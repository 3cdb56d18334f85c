"""What a calculator computes as numbers of another type than double precision, told where that cannot hold them.

VTK converts as the processor does: what is no number, or too large, becomes whatever that makes of it (-2147483648).
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import VTK_DOUBLE, VTK_FLOAT, vtkDataArray
from vtkmodules.vtkCommonDataModel import vtkDataObject

from ...base.array_types import place_of, put_in_place
from ...base.blocks import parts
from ...types.definitions import PropertyDefinition
from ...types.own_properties import OwnProperties
from ..array_algorithm import FollowingAlgorithm

_TYPES: Final = (
    ("Char", 2), ("Signed Char", 15), ("Unsigned Char", 3), ("Short", 4), ("Unsigned Short", 5), ("Int", 6),
    ("Unsigned Int", 7), ("Long", 8), ("Unsigned Long", 9), ("Float", VTK_FLOAT), ("Double", VTK_DOUBLE),
    ("Id Type", 12),
)  # fmt: skip


class TypedResults(OwnProperties, FollowingAlgorithm):
    """TypedResults - Gives the result of the calculator before it the type that is wanted: whole numbers, say."""

    PROPERTIES: ClassVar = (
        PropertyDefinition(
            "ResultArrayType", "enum", 1, VTK_DOUBLE, enumeration=_TYPES, doc="The type of the numbers of the result."
        ),
    )
    part_of: ClassVar = "Calculator"

    def change(self, output: Any, *inputs: Any) -> None:
        """Convert what the calculator has made, and tell of what does not fit."""
        calculator, wanted = self.followed(), self.value_of("ResultArrayType")
        if wanted == VTK_DOUBLE:
            return
        name, kind = calculator.GetResultArrayName(), max(calculator.GetAttributeType(), vtkDataObject.POINT)
        none = beyond = 0
        for leaf, before in zip(parts(output), parts(calculator.GetInputDataObject(0, 0)), strict=True):
            attributes, had = leaf.GetAttributesAsFieldData(kind), before.GetAttributesAsFieldData(kind)
            array = None if attributes is None else attributes.GetArray(name)
            if array is None or array is had.GetArray(name) or array.GetDataType() != VTK_DOUBLE:
                continue
            made, of_none, of_beyond = _converted(array, wanted)
            none, beyond = none + of_none, beyond + of_beyond
            put_in_place(attributes, place_of(attributes, name), made)
        said = next(text for text, number in _TYPES if number == wanted)
        if none:
            self.warn(f"Calculator: {none} results are no number (NaN), which {said} has not: they are 0")
        if beyond:
            self.warn(f"Calculator: {beyond} results are beyond what {said} holds: they are its nearest value")


def _converted(array: Any, wanted: int) -> tuple[Any, int, int]:
    """Return an array of another type, how many of its values are no number, and how many do not fit into it."""
    made = vtkDataArray.CreateDataArray(wanted)
    made.SetNumberOfComponents(array.GetNumberOfComponents())
    made.SetNumberOfTuples(array.GetNumberOfTuples())
    made.SetName(array.GetName())
    made.CopyComponentNames(array)
    if not array.GetNumberOfValues():
        return made, 0, 0
    values: npt.NDArray[np.float64] = vtk_to_numpy(array)
    numbers = vtk_to_numpy(made)
    if numbers.dtype.kind == "f":
        limit = np.finfo(numbers.dtype).max
        beyond = np.isfinite(values) & (np.abs(values) > limit)
        numbers[...] = np.where(beyond, np.copysign(limit, values), values)
        return made, 0, int(np.count_nonzero(beyond))
    limits, none = np.iinfo(numbers.dtype), np.isnan(values)
    whole = np.where(none, 0.0, np.trunc(values))
    high = float(limits.max)  # of 64 bits it is rounded up, to what does not fit any more
    below, above = whole < float(limits.min), whole > high if int(high) == limits.max else whole >= high
    fits = ~(below | above)
    numbers[...] = np.where(fits, whole, 0.0).astype(numbers.dtype)
    numbers[below], numbers[above] = limits.min, limits.max
    return made, int(np.count_nonzero(none)), int(np.count_nonzero(~fits))
