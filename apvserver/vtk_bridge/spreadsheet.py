"""Pages of a table of what a data set holds: one row for each point, cell, or row of a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkDataArray
from vtkmodules.vtkCommonDataModel import vtkCompositeDataSet, vtkDataSet, vtkTable

from .errors import SubsetError
from .geometry import unknown_name
from .origins import blocks_of

ASSOCIATIONS: Final = ("POINTS", "CELLS", "ROWS")
BLOCK: Final = "Block Number"
_ID: Final = {"POINTS": "Point ID", "CELLS": "Cell ID", "ROWS": "Row ID"}
COORDINATES: Final = "Points"


class Spreadsheet:
    """The rows of a data object. Nothing is copied before a page is asked for, and then only that page."""

    def __init__(self, data: Any, association: str, columns: Sequence[str] | None = None) -> None:
        """`columns` are the names to take; None: all. Raises `SubsetError` for what there is not."""
        if association not in ASSOCIATIONS:
            raise SubsetError(unknown_name("association", association, ASSOCIATIONS))
        self._association = association
        self._parts = [(number, part, _count(part, association)) for number, part in _parts(data, association)]
        self._composite = isinstance(data, vtkCompositeDataSet)
        if columns is not None:
            for column in columns:
                if column not in self.columns:
                    raise SubsetError(unknown_name("column", column, self.columns))
        self._wanted = list(columns) if columns is not None else self.columns

    @property
    def columns(self) -> list[str]:
        """The names of all columns."""
        names = [BLOCK] if self._composite else []
        names.append(_ID[self._association])
        names += [COORDINATES] if self._association == "POINTS" else []
        for _, part, _ in self._parts:
            attributes = _attributes(part, self._association)
            for index in range(attributes.GetNumberOfArrays()):
                name = attributes.GetAbstractArray(index).GetName()
                if name and name not in names:
                    names.append(name)
        return names

    @property
    def number_of_rows(self) -> int:
        """Of all blocks together."""
        return sum(count for _, _, count in self._parts)

    def page(self, first: int, count: int) -> Any:
        """Rows `first` to before `first + count`, as far as there are some, as a new vtkTable."""
        pieces, begin = [], 0
        for number, part, rows in self._parts:
            low, high = max(first - begin, 0), min(first + count - begin, rows)
            if low < high:
                pieces.append((number, part, low, high))
            begin += rows
        table = vtkTable()
        for name in self._wanted:
            column = self._column(name, pieces)
            column.SetName(name)
            table.AddColumn(column)
        return table

    def _column(self, name: str, pieces: list[tuple[int, Any, int, int]]) -> Any:
        if name == BLOCK and self._composite:
            values = [np.full(high - low, number) for number, _, low, high in pieces]
        elif name == _ID[self._association]:
            values = [np.arange(low, high) for _, _, low, high in pieces]
        elif name == COORDINATES and self._association == "POINTS":
            values = [vtk_to_numpy(part.GetPoints().GetData())[low:high] for _, part, low, high in pieces]
        else:
            return self._array(name, pieces)
        return _joined(values)

    def _array(self, name: str, pieces: list[tuple[int, Any, int, int]]) -> Any:
        """An array over the pieces; NaN, or an empty text, where a block does not have it."""
        arrays = [_attributes(part, self._association).GetAbstractArray(name) for _, part, _, _ in pieces]
        model = next((array for array in arrays if array is not None), None)
        if model is not None and not isinstance(model, vtkDataArray):
            column = model.NewInstance()
            for array, (_, _, low, high) in zip(arrays, pieces, strict=True):
                for row in range(low, high):
                    column.InsertNextValue(array.GetValue(row) if array is not None else "")
            return column
        components = model.GetNumberOfComponents() if model is not None else 1
        values = []
        for array, (_, _, low, high) in zip(arrays, pieces, strict=True):
            shape = (high - low, components) if components > 1 else (high - low,)
            values.append(vtk_to_numpy(array)[low:high] if array is not None else np.full(shape, np.nan))
        return _joined(values)


def _parts(data: Any, association: str) -> list[tuple[int, Any]]:
    if association == "ROWS":
        if not isinstance(data, vtkTable):
            raise SubsetError(f"only tables have rows, this is a {data.GetClassName()}: ask for POINTS or CELLS")
        return [(0, data)]
    if not isinstance(data, vtkDataSet | vtkCompositeDataSet):
        raise SubsetError(f"a {data.GetClassName()} has no {association.lower()}; tables have ROWS")
    return list(blocks_of(data))


def _count(part: Any, association: str) -> int:
    found = {"POINTS": "GetNumberOfPoints", "CELLS": "GetNumberOfCells", "ROWS": "GetNumberOfRows"}[association]
    return int(getattr(part, found)())


def _attributes(part: Any, association: str) -> Any:
    found = {"POINTS": "GetPointData", "CELLS": "GetCellData", "ROWS": "GetRowData"}[association]
    return getattr(part, found)()


def _joined(values: list[Any]) -> Any:
    joined = np.concatenate(values) if values else np.zeros(0)
    return numpy_to_vtk(np.ascontiguousarray(joined), deep=True)
