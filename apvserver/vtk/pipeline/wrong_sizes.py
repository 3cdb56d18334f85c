"""Arrays that do not have a value for each point or cell: whatever uses them reads what is not there."""

from __future__ import annotations

from typing import Any, Final

from vtkmodules.vtkCommonDataModel import vtkDataObject

from ..base.blocks import parts
from .nothing_made import held_output

_KINDS: Final = {vtkDataObject.POINT: "points", vtkDataObject.CELL: "cells"}


def leave_out_wrong_sizes(algorithm: Any) -> list[str]:
    """Remove such arrays from what an algorithm has just made; what to tell of them."""
    held = (held_output(algorithm, port) for port in range(algorithm.GetNumberOfOutputPorts()))
    found = (part for data in held if data is not None for part in parts(data) if part.IsA("vtkDataSet"))
    return list(dict.fromkeys(text for part in found for text in _left_out(part)))


def _left_out(part: Any) -> list[str]:
    told = []
    for kind, elements in _KINDS.items():
        attributes, count = part.GetAttributes(kind), part.GetNumberOfElements(kind)
        for index in reversed(range(attributes.GetNumberOfArrays())):
            array = attributes.GetAbstractArray(index)
            if array is not None and array.GetNumberOfTuples() != count:
                told.append(
                    f"the array {array.GetName()!r} was left out: VTK made {array.GetNumberOfTuples()} values for "
                    f"{count} {elements}"
                )
                attributes.RemoveArray(index)
    return told
