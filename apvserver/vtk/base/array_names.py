"""Which arrays a data set, or a composite of several, has, and what their components are called."""

from __future__ import annotations

from typing import Any, Final, Literal

from vtkmodules.vtkCommonDataModel import vtkDataObject

from .blocks import parts

KINDS: Final = {"POINTS": vtkDataObject.POINT, "CELLS": vtkDataObject.CELL, "ROWS": vtkDataObject.ROW}
"""What arrays may be of, and VTK's number of it."""

AXES: Final = ("X", "Y", "Z")
SYMMETRIC: Final = ("XX", "YY", "ZZ", "XY", "YZ", "XZ")
MAGNITUDE: Final[Literal["Magnitude"]] = "Magnitude"


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


def default_name(index: int, count: int) -> str:
    """Return the name of a component that its array gives none: X, Y, Z; XX, YY, ZZ, XY, YZ, XZ; else its number."""
    names = AXES if count <= len(AXES) else SYMMETRIC if count == len(SYMMETRIC) else ()
    return names[index] if index < len(names) else str(index)


def component_name(array: Any, index: int) -> str:
    """Return the name of a component of a vtkDataArray of several components."""
    return array.GetComponentName(index) or default_name(index, array.GetNumberOfComponents())


def component_numbers(array: Any) -> dict[str, int]:
    """Return all names that mean a component of a vtkDataArray, and its number.

    Those that the array gives come first.
    """
    count = array.GetNumberOfComponents()
    found = {default_name(index, count): index for index in range(count)}
    return found | {array.GetComponentName(index): index for index in range(count) if array.GetComponentName(index)}
