"""Rows of blocks that have an array of the same name, and not the same kind of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints, vtkStringArray
from vtkmodules.vtkCommonDataModel import vtkMultiBlockDataSet, vtkPolyData

from apvserver.vtk.base.errors import SubsetError
from apvserver.vtk.data.spreadsheet import Spreadsheet

NAN = np.nan


def block(*arrays: Any) -> Any:
    points, made = vtkPoints(), vtkPolyData()
    points.SetNumberOfPoints(2)
    made.SetPoints(points)
    for array in arrays:
        array.SetName("A")
        made.GetPointData().AddArray(array)
    return made


def numbers(values: Any) -> Any:
    return numpy_to_vtk(np.array(values), deep=True)


def texts(*values: str, components: int = 1) -> Any:
    array = vtkStringArray()
    array.SetNumberOfComponents(components)
    for value in values:
        array.InsertNextValue(value)
    return array


def sheet(*blocks: Any) -> Spreadsheet:
    composite = vtkMultiBlockDataSet()
    for index, one in enumerate(blocks):
        composite.SetBlock(index, one)
    return Spreadsheet(composite, "POINTS", ["A"])


def column(spreadsheet: Spreadsheet, first: int, count: int) -> Any:
    return spreadsheet.page(first, count).GetColumn(0)


@pytest.mark.parametrize("scalar_first", [True, False])
def test_components_that_a_block_lacks_are_nan(scalar_first: bool) -> None:
    scalar, vector = block(numbers([1, 2])), block(numbers([[3.0, 4.0, 5.0], [6.0, 7.0, 8.0]]))
    rows = [[1, NAN, NAN], [2, NAN, NAN], [3, 4, 5], [6, 7, 8], [NAN] * 3, [NAN] * 3]
    order = [scalar, vector, block()] if scalar_first else [vector, scalar, block()]
    wanted = np.array(rows if scalar_first else [*rows[2:4], *rows[:2], *rows[4:]])
    spreadsheet = sheet(*order)
    np.testing.assert_array_equal(vtk_to_numpy(column(spreadsheet, 0, 6)), wanted)
    for page in range(3):  # pages of one block have the columns of all
        np.testing.assert_array_equal(vtk_to_numpy(column(spreadsheet, 2 * page, 2)), wanted[2 * page : 2 * page + 2])


def test_equal_integers_stay_integers() -> None:
    values = vtk_to_numpy(column(sheet(block(numbers([1, 2])), block(numbers([3, 2**60 + 1]))), 0, 4))
    assert values.tolist() == [1, 2, 3, 2**60 + 1]


def test_texts_of_one_block_beside_numbers_of_another() -> None:
    named, numbered = block(texts("a", "b")), block(numbers([1.0, 2.0]))
    found = column(sheet(named, numbered), 0, 4)
    assert [found.GetValue(row) for row in range(4)] == ["a", "b", "", ""]
    np.testing.assert_array_equal(vtk_to_numpy(column(sheet(numbered, named), 0, 4)), [1.0, 2.0, NAN, NAN])


def test_texts_of_several_components() -> None:
    found = column(sheet(block(texts("a", "b", "c", "d", components=2)), block(texts("e", "f"))), 0, 4)
    assert [found.GetValue(place) for place in range(8)] == ["a", "b", "c", "d", "e", "", "f", ""]


def test_integers_that_no_column_holds_exactly_are_refused() -> None:
    large = 2**53 + 1
    for others in (block(), block(numbers([0.5, 1.5])), block(numbers(np.array([1, 2], np.uint64)))):
        with pytest.raises(SubsetError, match=r"A has integers beyond 2\^53 in one block"):
            sheet(block(numbers([large, 2])), others).page(0, 4)
    exact = column(sheet(block(numbers([large, -large])), block(numbers(np.array([1, 2], np.int32)))), 0, 4)
    assert vtk_to_numpy(exact).tolist() == [large, -large, 1, 2]
    small = vtk_to_numpy(column(sheet(block(numbers([2**53, -(2**53)])), block()), 0, 4))
    np.testing.assert_array_equal(small, [2.0**53, -(2.0**53), NAN, NAN])
