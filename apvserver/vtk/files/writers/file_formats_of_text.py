"""What VTK cannot say of numbers in text: infinity, where its readers of XML lose it; VTK 9.7."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy

from ...base.blocks import parts
from .file_formats_of_legacy import no_empty_text
from .written_as import LEGACY_WRITERS

_KINDS: Final = range(7)
_ASCII_DATA_MODE = 0


def lost_in_text(writer: Any, data: Any) -> str | None:
    """Return why what a writer makes that is set to text would not be read as it was; None if it is not, or would."""
    if writer.IsA("vtkXMLWriterBase") and writer.GetDataMode() == _ASCII_DATA_MODE:
        name = next((name for name, values in _floats(data) if np.isneginf(values).any()), None)
        return name and f"VTK's readers take -inf in text for inf, and there is some in {name}; other modes hold it"
    return no_empty_text(writer, data) if type(writer).__name__ in LEGACY_WRITERS else None


def _floats(data: Any) -> Iterator[tuple[str, Any]]:
    """Yield the names and values of all arrays of numbers with fractions, of the points and axes also."""
    named = ((name, array) for name, array in _arrays(data) if array.GetDataTypeAsString() in ("float", "double"))
    return ((name, vtk_to_numpy(array)) for name, array in named if array.GetNumberOfValues())


def _arrays(data: Any) -> Iterator[tuple[str, Any]]:
    for part in parts(data):
        if part.IsA("vtkPointSet") and part.GetPoints() is not None:
            yield "its points", part.GetPoints().GetData()
        if part.IsA("vtkRectilinearGrid"):
            yield from ((f"its axis {axis}", getattr(part, f"Get{axis}Coordinates")()) for axis in "XYZ")
        for attributes in (part.GetFieldData(), *(part.GetAttributes(kind) for kind in _KINDS)):
            for index in range(attributes.GetNumberOfArrays() if attributes is not None else 0):
                yield attributes.GetArrayName(index) or "(without a name)", attributes.GetAbstractArray(index)
