"""What a program may have as data, as it travels. Imports VTK when it is called."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..encoded import EncodedDataSet

ARRAY_NAME = "values"


def snapshot(data: Any) -> EncodedDataSet:
    """Return the vtkDataObject that `data` is, or an image of a numpy array, as it travels.

    Axes of an array are z, y, x, and components last if there are four. What is returned has memory of its own: what
    happens to `data` afterwards does not matter. Only an array that nobody can write to, itself or what it is a view
    of, is taken as it is, without a copy. A snapshot stays as it is.

    Raises TypeError for anything else, ValueError for an array without values or of too many dimensions, DataSetError
    for what cannot travel.
    """
    if isinstance(data, EncodedDataSet):
        return data
    if isinstance(data, np.ndarray):
        image = _encoded(_image(data))
        return image if is_frozen(data) else image.copied()
    if hasattr(data, "IsA") and data.IsA("vtkDataObject"):
        return _encoded(data).copied()
    raise TypeError(f"a vtkDataObject, a PyVista mesh or a numpy array can be sent, not {type(data).__name__}")


def _encoded(data_object: Any) -> EncodedDataSet:
    from .encoder import encode

    return encode(data_object)


def is_frozen(array: np.ndarray[Any, Any]) -> bool:
    """Return whether nobody can write to the memory of an array: neither by it, nor by what it is a view of."""
    held: Any = array
    while isinstance(held, np.ndarray):
        if held.flags.writeable:
            return False
        if held.base is None:
            return True
        held = held.base
    return isinstance(held, bytes) or (isinstance(held, memoryview) and held.readonly)  # no file that is mapped


def _image(array: np.ndarray[Any, Any]) -> Any:
    from vtkmodules.util.numpy_support import numpy_to_vtk
    from vtkmodules.vtkCommonDataModel import vtkImageData

    if not 1 <= array.ndim <= 4 or not array.size:
        raise ValueError(f"an array of one to four dimensions with values can be sent, not one of shape {array.shape}")
    if array.dtype.kind not in "iufb":
        raise TypeError(f"an array of numbers can be sent, not one of {array.dtype}")
    # VTK's own conversion takes the bytes of other machines' numbers as they are.
    array = array.astype(np.uint8 if array.dtype.kind == "b" else array.dtype.newbyteorder("="), copy=False)
    components = array.shape[3] if array.ndim == 4 else 1
    lengths = (1,) * (3 - min(array.ndim, 3)) + array.shape[:3]
    image = vtkImageData()
    image.SetDimensions(lengths[2], lengths[1], lengths[0])
    flat = (
        np.ascontiguousarray(array).reshape(-1, components) if components > 1 else np.ascontiguousarray(array).ravel()
    )
    values = numpy_to_vtk(flat)
    values.SetName(ARRAY_NAME)
    image.GetPointData().SetScalars(values)
    return image
