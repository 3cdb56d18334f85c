"""From VTK's arrays, attributes and cells to plain data and views of their memory. Imports VTK."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkDataArray, vtkStringArray
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkDataSetAttributes

from ..checking.parse_arrays import ATTRIBUTES
from ..checking.plain_values import show
from ..errors import DataSetError
from ..scalar_types import exact_size_bytes
from ..strings import pack_strings
from .vtk_types import NAME_OF_VTK_TYPE

Plain = dict[str, Any]

_STORAGE_BITS: Final = {
    vtkCellArray.Int64: 64,
    vtkCellArray.Int32: 32,
    vtkCellArray.FixedSizeInt64: 64,
    vtkCellArray.FixedSizeInt32: 32,
}


class BufferList:
    """The buffers of the data set being encoded, in the order of their numbers."""

    def __init__(self) -> None:
        self.views: list[memoryview] = []

    def add(self, view: memoryview) -> int | None:
        """Return the number of a buffer that now holds these bytes; None for no bytes."""
        if view.nbytes == 0:
            return None
        self.views.append(view)
        return len(self.views) - 1


def checked_text(value: object, what: str) -> str | None:
    """Return a name as VTK gives it, str or None. Raises DataSetError for bytes: what is not UTF-8."""
    if value is None or isinstance(value, str):
        return value
    raise DataSetError(f"{what}: expected a UTF-8 text, got {show(value)}")


def encode_array(array: Any, buffers: BufferList) -> Plain:
    """Describe an array and add its memory, without a copy if it lies tuple by tuple in one piece."""
    name = checked_text(array.GetName(), "array name")
    type_name = NAME_OF_VTK_TYPE.get(array.GetDataType())
    if type_name is None or not isinstance(array, vtkDataArray | vtkStringArray):
        raise DataSetError(
            f"array {name!r}: a {array.GetClassName()} cannot travel; numeric, bit and string arrays can"
        )
    components = array.GetNumberOfComponents()
    plain: Plain = {
        "name": name,
        "type": type_name,
        "components": components,
        "tuples": array.GetNumberOfTuples(),
        "buffer": buffers.add(array_memory(array, type_name)),
    }
    if array.HasAComponentName():
        plain["component_names"] = [
            checked_text(array.GetComponentName(i), f"component name of {name!r}") for i in range(components)
        ]
    return plain


def array_memory(array: Any, type_name: str) -> memoryview:
    """Return the array's values as read-only bytes; SOA and implicit arrays are copied."""
    count = array.GetNumberOfTuples() * array.GetNumberOfComponents()
    size = exact_size_bytes(type_name, count)
    if size is None:
        return pack_strings([array.GetValue(i) for i in range(count)])
    if size == 0:
        return memoryview(b"")
    if not array.HasStandardMemoryLayout():
        copy = vtkDataArray.CreateDataArray(array.GetDataType())
        copy.DeepCopy(array)
        array = copy
    return memoryview(array).cast("B").toreadonly()[:size]


def encode_field_data(data: Any, buffers: BufferList) -> Plain:
    """Describe all arrays of a vtkFieldData; None counts as empty."""
    count = 0 if data is None else data.GetNumberOfArrays()
    return {"arrays": [encode_array(data.GetAbstractArray(i), buffers) for i in range(count)]}


def encode_attributes(data: Any, buffers: BufferList) -> Plain:
    """Describe all arrays of a vtkDataSetAttributes, and which of them are the active ones."""
    places = [-1] * vtkDataSetAttributes.NUM_ATTRIBUTES
    data.GetAttributeIndices(places)
    active = {name: place for name, place in zip(ATTRIBUTES, places, strict=False) if place >= 0}
    return {**encode_field_data(data, buffers), "active": active}


def encode_cells(cells: Any, buffers: BufferList) -> Plain | None:
    """Describe cells in the storage they have; generic storage is copied to 64 bits. None if there are none."""
    if cells is None or not cells.GetNumberOfCells():
        return None
    count = cells.GetNumberOfCells()
    bits = _STORAGE_BITS.get(cells.GetStorageType())
    connectivity = cells.GetConnectivityArray()
    plain = {"count": count, "connectivity": _encode_ids(connectivity, bits, buffers)}
    if cells.IsStorageFixedSize():
        return {**plain, "cell_size": cells.GetCellSize(0)}
    return {**plain, "offsets": _encode_ids(cells.GetOffsetsArray(), bits, buffers)}


def _encode_ids(array: Any, bits: int | None, buffers: BufferList) -> Plain:
    """Describe an array of offsets or ids.

    Its class may be vtkIdTypeArray: what counts is the width of the storage.
    """
    if bits is None:
        memory = np.array(vtk_to_numpy(array), dtype=np.int64).data.cast("B").toreadonly()
    else:
        memory = array_memory(array, f"int{bits}")
    return {
        "name": None,
        "type": f"int{bits or 64}",
        "components": 1,
        "tuples": array.GetNumberOfTuples(),
        "buffer": buffers.add(memory),
    }
