"""What the components of arrays are called: as the array says, else as ParaView does."""

from __future__ import annotations

from typing import Any, Final, Literal

AXES: Final = ("X", "Y", "Z")
SYMMETRIC: Final = ("XX", "YY", "ZZ", "XY", "YZ", "XZ")
MAGNITUDE: Final[Literal["Magnitude"]] = "Magnitude"


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
