"""One component of an array as an array of its own."""

from __future__ import annotations

from typing import Any, ClassVar

from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkDataObject

from ...base.array_types import copied
from ...base.blocks import parts, places
from ...base.errors import InvalidProperty
from ...types.own_properties import OwnProperties, number, text
from ..array_algorithm import ArrayAlgorithm


class ComponentOfArray(OwnProperties, ArrayAlgorithm):
    """ComponentOfArray - Adds one component of an array as an array."""

    PROPERTIES: ClassVar = (
        number("Component", 0, "Which component, counted from 0."),
        text("OutputArrayName", "Result", "The name of the new array."),
    )

    def __init__(self) -> None:
        ArrayAlgorithm.__init__(self)

    def change(self, output: Any, *inputs: Any) -> None:
        """Add the array, in each block that has the other one. Raises `InvalidProperty` without such a component."""
        if output.IsA("vtkCompositeDataSet"):
            output.CopyStructure(inputs[0])
            for place, block in places(inputs[0]):
                copy = block.NewInstance()
                copy.ShallowCopy(block)
                output.SetDataSet(place, copy)
        for part in parts(output):
            self._add(part)

    def _add(self, part: Any) -> None:
        information = self.GetInputArrayInformation(0)
        name, kind = information.Get(vtkDataObject.FIELD_NAME()), information.Get(vtkDataObject.FIELD_ASSOCIATION())
        attributes = part.GetAttributesAsFieldData(kind) if name else None
        array = attributes.GetArray(name) if attributes is not None else None
        if attributes is None or array is None:
            return
        index = self.value_of("Component")
        if not 0 <= index < array.GetNumberOfComponents():
            count = array.GetNumberOfComponents()
            raise InvalidProperty(f"Component is {index}, and {name!r} has {count} component(s), counted from 0")
        values = vtk_to_numpy(array)
        made = copied(values if values.ndim == 1 else values[:, index])
        made.SetName(self.value_of("OutputArrayName"))
        attributes.AddArray(made)
