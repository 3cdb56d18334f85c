"""Arrays that do not have a value for each point or cell: whatever uses them reads what is not there."""

from __future__ import annotations

from typing import Any

from ...base.blocks import parts


def leave_out_wrong_sizes(algorithm: Any) -> list[str]:
    """Remove such arrays from what an algorithm has just made; what to tell of them."""
    told: list[str] = []
    for port in range(algorithm.GetNumberOfOutputPorts()):
        data = algorithm.GetOutputDataObject(port)  # it was just made: asking makes nothing
        for part in parts(data) if data is not None else ():
            if part.IsA("vtkDataSet"):
                told += _left_out(part.GetPointData(), part.GetNumberOfPoints(), "points")
                told += _left_out(part.GetCellData(), part.GetNumberOfCells(), "cells")
    return list(dict.fromkeys(told)) if told else told


def _left_out(attributes: Any, count: int, elements: str) -> list[str]:
    told = []
    for index in reversed(range(attributes.GetNumberOfArrays())):
        array = attributes.GetAbstractArray(index)
        if array is not None and array.GetNumberOfTuples() != count:
            told.append(
                f"the array {array.GetName()!r} was left out: VTK made {array.GetNumberOfTuples()} values for "
                f"{count} {elements}"
            )
            attributes.RemoveArray(index)
    return told
