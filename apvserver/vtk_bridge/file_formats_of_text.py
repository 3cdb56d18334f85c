"""What VTK cannot say of numbers in text: digits in legacy files, and infinity where its readers lose it; VTK 9.7."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy

from apvserver.vtk_bridge.information import parts
from apvserver.vtk_bridge.written_as import LEGACY_WRITERS

_DIGITS: Final = {4: 6, 8: 11}
"""Of numbers of so many bytes in legacy files."""
_KINDS: Final = range(7)
_ASCII_FILE_TYPE, _ASCII_DATA_MODE = 1, 0
_LEGACY: Final = 'Binary, which is the default, and .vtu and .vtp with DataMode="Ascii" hold all'


def lost_in_text(writer: Any, data: Any) -> str | None:
    """Why a writer that is set to text would lose numbers, None if it is not, or does not."""
    if writer.IsA("vtkXMLWriterBase") and writer.GetDataMode() == _ASCII_DATA_MODE:
        name = next((name for name, values in _floats(data) if np.isneginf(values).any()), None)
        return name and f"VTK's readers take -inf in text for inf, and there is some in {name}; other modes hold it"
    if type(writer).__name__ in LEGACY_WRITERS and writer.GetFileType() == _ASCII_FILE_TYPE:
        return next((why for name, values in _floats(data) if (why := _lost(name, values)) is not None), None)
    return None


def _lost(name: str, values: Any) -> str | None:
    if not np.isfinite(values).all():
        return f"VTK's readers stop at nan and inf in its text, and there is some in {name}; {_LEGACY}"
    digits = _DIGITS[values.itemsize]
    return None if _is_short(values, digits) else f"its text has {digits} digits, and {name} has more; {_LEGACY}"


def _is_short(values: Any, digits: int) -> bool:
    """Whether all numbers are the same after they were written with so many digits."""
    some = values[values != 0]
    plain = np.abs(some.astype(float))
    places = digits - 1 - np.floor(np.log10(plain)).astype(int)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        up, down = 10.0 ** np.clip(places, 0, 300), 10.0 ** np.clip(-places, 0, 300)
        rounded = np.where(places >= 0, np.round(plain * up) / up, np.round(plain / down) * down)
    return bool((rounded.astype(values.dtype) == np.abs(some)).all())


def _floats(data: Any) -> Iterator[tuple[str, Any]]:
    """The names and values of all arrays of numbers with fractions, of the points and axes also."""
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
