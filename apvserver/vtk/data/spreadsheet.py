"""Pages of a table of what a data set holds: one row for each point, cell, or row of a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkDataArray, vtkStringArray
from vtkmodules.vtkCommonDataModel import vtkCompositeDataSet, vtkDataSet, vtkTable

from async_paraview.names import unknown_name

from ..base.array_types import as_numpy
from ..base.errors import SubsetError
from .original_ids import blocks_of

ASSOCIATIONS: Final = ("POINTS", "CELLS", "ROWS")
BLOCK: Final = "Block Number"
_ID: Final = {"POINTS": "Point ID", "CELLS": "Cell ID", "ROWS": "Row ID"}
COORDINATES: Final = "Points"
OF_DATA: Final = " (array)"
"""Tells an array from a column of ours that has its name."""
_MOST_EXACT: Final = 2**53
"""Larger integers are not all numbers of double precision."""


class Spreadsheet:
    """The rows of a data object. Nothing is copied before a page is asked for, and then only that page."""

    def __init__(self, data: Any, association: str, columns: Sequence[str] | None = None) -> None:
        """Make a sheet; `columns` are the names to take; None: all. Raises `SubsetError` for what there is not."""
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
        own = tuple(names)
        for _, part, _ in self._parts:
            attributes = _attributes(part, self._association)
            for index in range(attributes.GetNumberOfArrays()):
                name = attributes.GetAbstractArray(index).GetName()
                name = f"{name}{OF_DATA}" if name in own else name
                if name and name not in names:
                    names.append(name)
        return names

    @property
    def number_of_rows(self) -> int:
        """Of all blocks together."""
        return sum(count for _, _, count in self._parts)

    def page(self, first: int, count: int) -> Any:
        """Return rows `first` to before `first + count`, as far as there are some, as a new vtkTable."""
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
        """Return an array over the pieces; NaN, or an empty text, where a block lacks it, or has another kind."""
        name = name.removesuffix(OF_DATA) if not self._has(name) else name
        arrays = [_attributes(part, self._association).GetAbstractArray(name) for _, part, _, _ in pieces]
        kind, components = self._kind(name)
        arrays = [None if array is None or isinstance(array, vtkDataArray) != kind else array for array in arrays]
        if not kind:
            return _texts(arrays, pieces, components)
        values = []
        for array, (_, _, low, high) in zip(arrays, pieces, strict=True):
            rows = np.zeros((high - low, 0)) if array is None else as_numpy(array)[low:high].reshape(high - low, -1)
            missing = components - rows.shape[1]
            if missing:
                _check_exact(name, rows)
                rows = np.hstack([rows, np.full((high - low, missing), np.nan)])
            values.append(rows if components > 1 else rows[:, 0])
        if values and np.result_type(*values).kind == "f":
            for one in values:
                _check_exact(name, one)
        return _joined(values)

    def _has(self, name: str) -> bool:
        return any(_attributes(part, self._association).HasArray(name) for _, part, _ in self._parts)

    def _kind(self, name: str) -> tuple[bool, int]:
        """Return whether an array holds numbers in the first block that has it, and the most components of any."""
        found = [_attributes(part, self._association).GetAbstractArray(name) for _, part, _ in self._parts]
        numeric = [isinstance(array, vtkDataArray) for array in found if array is not None]
        alike = [array for array in found if isinstance(array, vtkDataArray) == numeric[0] and array is not None]
        return numeric[0], max(array.GetNumberOfComponents() for array in alike)


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


def _texts(arrays: list[Any], pieces: list[tuple[int, Any, int, int]], components: int) -> Any:
    column = vtkStringArray()
    column.SetNumberOfComponents(components)
    for array, (_, _, low, high) in zip(arrays, pieces, strict=True):
        own = 0 if array is None else array.GetNumberOfComponents()
        for row in range(low, high):
            for index in range(components):
                column.InsertNextValue(_text(array, row * own + index) if index < own else "")
    return column


def _text(array: Any, place: int) -> Any:
    return array.GetValue(place) if isinstance(array, vtkStringArray) else array.GetVariantValue(place).ToString()


def _check_exact(name: str, values: Any) -> None:
    """Raise SubsetError for integers that a column of floating-point numbers does not hold."""
    if values.dtype.kind in "iu" and values.size and max(-int(values.min()), int(values.max())) > _MOST_EXACT:
        raise SubsetError(
            f"{name} has integers beyond 2^53 in one block, and in another numbers of another kind, or none: no column "
            "holds both exactly. Ask for one block, or for other columns"
        )


def _joined(values: list[Any]) -> Any:
    joined = np.concatenate(values) if values else np.zeros(0)
    return numpy_to_vtk(np.ascontiguousarray(joined), deep=True)
