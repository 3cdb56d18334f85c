"""Outlines of data in which there is nothing: none, where VTK's filters draw boxes of bounds that are none."""

from __future__ import annotations

from typing import Any

from ...base.blocks import parts
from ..array_algorithm import ArrayAlgorithm


class OutlineOfSomething(ArrayAlgorithm):
    """OutlineOfSomething - Hands on an outline (first input) unless the data (second input) has no points."""

    def __init__(self) -> None:
        super().__init__(inputs=2)

    def change(self, output: Any, *inputs: Any) -> None:
        """Empty the outline of nothing."""
        if not any(one.GetNumberOfPoints() for one in parts(inputs[1]) if one.IsA("vtkDataSet")):
            output.Initialize()
