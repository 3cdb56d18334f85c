"""Arrays that do not have a value for each point or cell: whatever uses them reads what is not there."""

from __future__ import annotations

from typing import Any, Final

from vtkmodules.vtkCommonDataModel import vtkDataObject

from ...base.blocks import parts

_KINDS: Final = {vtkDataObject.POINT: "points", vtkDataObject.CELL: "cells"}


def leave_out_wrong_sizes(algorithm: Any) -> list[str]:
    """Remove such arrays from what an algorithm has just made; what to tell of them."""
    told: dict[str, None] = {}
    for port in range(algorithm.GetNumberOfOutputPorts()):
        data = algorithm.GetOutputDataObject(port)  # it was just made: asking makes nothing
        for part in parts(data) if data is not None else ():
            if part.IsA("vtkDataSet"):
                told.update(dict.fromkeys(_left_out(part)))
    return list(told)


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
