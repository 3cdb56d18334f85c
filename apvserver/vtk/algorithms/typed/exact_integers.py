"""Large integers, unharmed, through what copies values by way of doubles: their bytes go through in their place.

Some of VTK's filters, which make faces, edges or points anew, hand all values on as doubles: of integers beyond 2^53
they change the last digits, and the largest ones become negative, or 0.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, ClassVar, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkDataArray
from vtkmodules.vtkCommonDataModel import vtkDataObject

from ...base.array_types import as_numpy, copied, is_exact_in_doubles
from ...base.blocks import parts
from ...types.own_properties import OwnProperties, number, switch
from ..array_algorithm import ArrayAlgorithm

_MARK: Final = "vtkExactIntegers "
_KINDS: Final = (vtkDataObject.POINT, vtkDataObject.CELL)
_BYTES: Final = 8


class IntegersAsBytes(OwnProperties, ArrayAlgorithm):
    """IntegersAsBytes - Puts the bytes of integers that are no doubles in their place; IntegersAgain undoes it."""

    PROPERTIES: ClassVar = (
        switch("AveragePointData", False, "Whether values are averaged, and not copied: then nothing is done."),
        number(
            "NonlinearSubdivisionLevel", 1, "Above 1 values of curved faces are interpolated: then nothing is done."
        ),
    )

    def change(self, output: Any, *inputs: Any) -> None:
        """Replace arrays."""
        if not self.value_of("AveragePointData") and self.value_of("NonlinearSubdivisionLevel") <= 1:
            put_bytes(parts(output))


class IntegersAgain(ArrayAlgorithm):
    """IntegersAgain - Gives back the integers whose bytes IntegersAsBytes has put in their place."""

    def change(self, output: Any, *inputs: Any) -> None:
        """Replace arrays."""
        put_integers(parts(output))


def put_bytes(leaves: Iterable[Any]) -> None:
    """Replace the integers that are not exact in doubles by their bytes: in all data sets that have such an array."""
    data_sets = [leaf for leaf in leaves if leaf.IsA("vtkDataSet")]
    for kind in _KINDS:
        held = [leaf.GetAttributes(kind) for leaf in data_sets]
        names = {one.GetName() for attributes in held for one in _arrays(attributes) if not is_exact_in_doubles(one)}
        for attributes in held:
            for array in _arrays(attributes):
                if array.GetName() in names and array.IsIntegral() and array.GetDataTypeSize() == _BYTES:
                    _put_bytes(attributes, array)


def put_integers(leaves: Iterable[Any]) -> None:
    """Undo what `put_bytes` has done, wherever the bytes are now."""
    for leaf in leaves:
        for attributes in (leaf.GetAttributes(kind) for kind in _KINDS) if leaf.IsA("vtkDataSet") else ():
            for array in _arrays(attributes):
                if (array.GetName() or "").startswith(_MARK):
                    _put_integers(attributes, array)


def _arrays(attributes: Any) -> list[Any]:
    found = (attributes.GetArray(index) for index in range(attributes.GetNumberOfArrays()))
    return [array for array in found if array is not None and array.GetName()]


def _put_bytes(attributes: Any, array: Any) -> None:
    count, name = array.GetNumberOfComponents(), array.GetName()
    marked = next(at for at in range(attributes.GetNumberOfArrays()) if attributes.GetArray(at) is array)
    names = [array.GetComponentName(at) for at in range(count)] if array.HasAComponentName() else []
    facts = [array.GetDataType(), count, attributes.IsArrayAnAttribute(marked), names, name]
    values = np.ascontiguousarray(as_numpy(array)).reshape(-1, count)
    made = copied(values.view(np.uint8).reshape(len(values), count * _BYTES))
    made.SetName(_MARK + json.dumps(facts))
    attributes.RemoveArray(name)
    attributes.AddArray(made)


def _put_integers(attributes: Any, array: Any) -> None:
    kind, count, marked, names, name = json.loads(array.GetName().removeprefix(_MARK))
    made = vtkDataArray.CreateDataArray(kind)
    made.SetNumberOfComponents(count)
    made.SetNumberOfTuples(array.GetNumberOfTuples())
    made.SetName(name)
    for at, text in enumerate(names):
        if text:
            made.SetComponentName(at, text)
    if array.GetNumberOfTuples():
        values = vtk_to_numpy(made)
        values[...] = np.ascontiguousarray(as_numpy(array)).view(values.dtype).reshape(values.shape)
    attributes.RemoveArray(array.GetName())
    attributes.AddArray(made)
    if marked >= 0:
        attributes.SetActiveAttribute(name, marked)
