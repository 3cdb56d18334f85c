"""Which arrays a data set, or a composite of several, has, by what they are of."""

from __future__ import annotations

from typing import Any, Final

from vtkmodules.vtkCommonDataModel import vtkDataObject

from .blocks import parts

KINDS: Final = {"POINTS": vtkDataObject.POINT, "CELLS": vtkDataObject.CELL, "ROWS": vtkDataObject.ROW}
"""What arrays may be of, and VTK's number of it."""


def array_names(data: Any, association: str) -> set[str]:
    """Return the names of the arrays of that association, of any part."""
    found = set()
    for part in parts(data) if data is not None else ():
        attributes = part.GetAttributes(KINDS[association])
        for index in range(attributes.GetNumberOfArrays() if attributes is not None else 0):
            found.add(str(attributes.GetArrayName(index)))
    return found


def holds_anything(data: Any) -> bool:
    """Return whether there are points, cells or rows."""
    return data is not None and any(part.GetNumberOfElements(kind) for part in parts(data) for kind in KINDS.values())
