"""Arrays of cells at the points: averages of the cells that can be seen, of integers too, in every filter that asks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkMultiBlockDataSet, vtkStructuredGrid
from vtkmodules.vtkFiltersGeneral import vtkImageDataToPointSet

from ..harness.apvdata import Numbers, image, made_of, numbers, places, with_cells

SQUARES = ["CELLS", "squares"]
"""0, 1, 4, 9, 16 in a row of cells: at the points 0, 0.5, 2.5, 6.5, 12.5, 16."""


def row(dtype: str, hidden: tuple[int, ...] = ()) -> vtkImageData:
    made = with_cells(image(6, 2, 2), squares=(np.arange(5) ** 2).astype(dtype))
    for cell in hidden:
        made.BlankCell(cell)
    return made


def as_structured(data: vtkImageData) -> vtkStructuredGrid:
    convert = vtkImageDataToPointSet()
    convert.SetInputData(data)
    convert.Update()
    made: vtkStructuredGrid = convert.GetOutput()
    return made


def blocks(*members: Any) -> Any:
    made = vtkMultiBlockDataSet()
    for index, member in enumerate(members):
        made.SetBlock(index, member)
    return made


def along(data: Any) -> Numbers:
    return np.unique(np.round(places(data)[:, 0], 6))


@pytest.mark.parametrize("dtype", ["u1", "i4", "i8", "f4"])
def test_integers_of_cells_are_averaged_with_fractions(dtype: str) -> None:
    """At 2.25, between 0.5 and 2.5, the surface is at 1 + 7/8; with rounded averages it would be at 1.625."""
    data = row(dtype)
    assert along(made_of("Contour", data, {"ContourBy": SQUARES, "Isosurfaces": [2.25]})).tolist() == [1.875]
    assert along(made_of("ClipByScalar", data, {"Scalars": SQUARES, "Value": 2.25})).tolist() == [0, 1, 1.875]
    kept = made_of("IsoVolume", data, {"InputScalars": SQUARES, "ThresholdRange": [2.25, 4.5]})
    assert along(kept).tolist() == [2, 3], "cells are kept whole, by their own values"
    warped = places(made_of("WarpByScalar", data, {"Scalars": SQUARES}))
    assert warped[:6, 2].tolist() == [0, 0.5, 2.5, 6.5, 12.5, 16]


def test_hidden_cells_have_no_part_in_averages() -> None:
    """The last three cells hold what stands for no value; at the end of the second one there is its value alone."""
    for hidden in (row("f8", (2, 3, 4)), row("i4", (2, 3, 4))):
        values = hidden.GetCellData().GetArray("squares")
        for cell in (2, 3, 4):
            values.SetTuple1(cell, -999)
        for data in (hidden, as_structured(hidden), blocks(hidden)):
            found = made_of("CellDatatoPointData", data, {"PassCellData": True})
            leaf = found.GetBlock(0) if found.IsA("vtkMultiBlockDataSet") else found
            assert numbers(leaf, "squares")[:3].tolist() == [0, 0.5, 1]
            assert numbers(leaf, "squares", "Cell")[:2].tolist() == [0, 1]
            found = made_of("WarpByScalar", data, {"Scalars": SQUARES})
            warped = places(found.GetBlock(0) if found.IsA("vtkMultiBlockDataSet") else found)
            assert warped[:3, 2].tolist() == [0, 0.5, 1]
        clipped = made_of("ClipByScalar", hidden, {"Scalars": SQUARES, "Value": 0.25})
        assert along(clipped)[:2].tolist() == [0, 0.5]  # what follows are hidden cells


def test_fill_values_of_hidden_cells_that_are_no_numbers_stay_there() -> None:
    data = row("f8", (4,))
    data.GetCellData().GetArray("squares").SetTuple1(4, np.nan)
    found = numbers(made_of("CellDatatoPointData", data), "squares")
    assert found[:5].tolist() == [0, 0.5, 2.5, 6.5, 9]
