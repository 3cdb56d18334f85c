"""From checked descriptions to VTK's arrays, attributes and cells, over the received memory. Imports VTK."""

from __future__ import annotations

from typing import Any

import numpy as np
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkDataSetAttributes

from ..checking.parse_arrays import ATTRIBUTES
from ..description import ArrayDescription, AttributesDescription, CellsDescription
from ..errors import DataSetError
from ..scalar_types import BIT, NUMERIC, STRING
from ..strings import read_strings
from .vtk_types import ARRAY_CLASSES

_ATTRIBUTE_NUMBERS = {name: number for number, name in enumerate(ATTRIBUTES)}


def build_array(array: ArrayDescription) -> Any:
    """Make the VTK array over the described bytes.

    Only strings, and bytes not aligned for their type, are copied.
    """
    built = ARRAY_CLASSES[array.type]()
    built.SetNumberOfComponents(array.components)
    if array.type == STRING:
        built.SetNumberOfTuples(array.tuples)
        for place, text in enumerate(read_strings(array)):
            built.SetValue(place, text)
    elif array.tuples:
        _point_at(built, array)
    if array.name is not None:
        built.SetName(array.name)
    for place, name in enumerate(array.component_names):
        if name is not None:
            built.SetComponentName(place, name)
    return built


def _point_at(built: Any, array: ArrayDescription) -> None:
    dtype = np.dtype(np.uint8) if array.type == BIT else NUMERIC[array.type]
    values = np.frombuffer(array.data, dtype=dtype)
    if not values.flags.aligned:
        values = values.copy()
    built.SetVoidArray(values, array.tuples * array.components, 1)
    # SetVoidArray keeps a pointer only. The buffer, not the array, must own the memory: shallow copies share it.
    built.GetBuffer()._numpy_reference = values


def build_field_data(data: Any, description: AttributesDescription) -> None:
    """Fill a vtkFieldData."""
    seen: set[str | None] = set()
    for array in description.arrays:
        built = build_array(array)
        if array.name in seen:
            # AddArray would replace the first array of that name; VTK allows two of them by a later SetName.
            built.SetName(None)
        data.AddArray(built)
        built.SetName(array.name)
        seen.add(array.name)


def build_attributes(data: Any, description: AttributesDescription) -> None:
    """Fill a vtkDataSetAttributes and set its active attributes."""
    build_field_data(data, description)
    for name, place in description.active:
        number = _ATTRIBUTE_NUMBERS[name]
        known = number < vtkDataSetAttributes.NUM_ATTRIBUTES
        if not known or data.SetActiveAttribute(place, number) != place:
            raise DataSetError(f"VTK refuses array {place} of the {data.GetClassName()} as {name}")


def build_points(array: ArrayDescription) -> Any:
    """Make points over the described bytes."""
    points = vtkPoints()
    points.SetData(build_array(array))
    return points


def build_cells(cells: CellsDescription) -> Any:
    """Make cells in the storage that they were sent in."""
    built = vtkCellArray()
    connectivity = build_array(cells.connectivity)
    first: Any = cells.cell_size if cells.offsets is None else build_array(cells.offsets)
    if not built.SetData(first, connectivity):
        raise DataSetError(f"VTK refuses {cells.count} cells of {cells.connectivity.tuples} ids")
    return built
