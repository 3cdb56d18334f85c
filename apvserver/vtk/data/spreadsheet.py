"""Pages of a table of what a data set holds: one row for each point, cell, or row of a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkDataArray, vtkStringArray
from vtkmodules.vtkCommonDataModel import vtkCompositeDataSet, vtkDataSet, vtkTable

from async_paraview.names import unknown_name
from async_paraview.records import dataclass

from ..base.array_types import as_numpy, copied
from ..base.errors import SubsetError
from ..base.values.distinct import numbered
from .original_ids import blocks_of
from .text_order import ranks_of

ASSOCIATIONS: Final = ("POINTS", "CELLS", "ROWS")
BLOCK: Final = "Block Number"
_ID: Final = {"POINTS": "Point ID", "CELLS": "Cell ID", "ROWS": "Row ID"}
COORDINATES: Final = "Points"
OF_DATA: Final = " (array)"
"""Tells an array from a column of ours that has its name."""
_MOST_EXACT: Final = 2**53
"""Larger integers are not all numbers of double precision."""


Piece = tuple[int, Any, npt.NDArray[np.int64]]
"""The number of a block, the block, and numbers of rows of it."""


@dataclass(frozen=True)
class Order:
    """By which column rows are sorted, and whether the largest comes first."""

    column: str
    descending: bool = False


class Spreadsheet:
    """The rows of a data object. Nothing is copied before a page is asked for, and then only that page."""

    def __init__(
        self, data: Any, association: str, columns: Sequence[str] | None = None, order: Order | None = None
    ) -> None:
        """Make a sheet; `columns` are the names to take; None: all. Raises `SubsetError` for what there is not.

        Rows that are equal in `order` stay in the order that they have in the data, as do all without it.
        """
        if association not in ASSOCIATIONS:
            raise SubsetError(unknown_name("association", association, ASSOCIATIONS))
        self._association = association
        self._parts = [(number, part, _count(part, association)) for number, part in _parts(data, association)]
        self._composite = isinstance(data, vtkCompositeDataSet)
        for column in [*(columns or ()), *([order.column] if order is not None else ())]:
            if column not in self.columns:
                raise SubsetError(unknown_name("column", column, self.columns))
        self._wanted = list(columns) if columns is not None else self.columns
        self._order: npt.NDArray[np.int64] | None = None
        if order is not None:
            self._order = self._sorted(order)

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
        last = min(first + count, self.number_of_rows)
        rows = np.arange(first, max(first, last)) if self._order is None else self._order[first:last]
        pieces, places = self._pieces(rows)
        table = vtkTable()
        for name in self._wanted:
            column = self._values(name, pieces)
            column = column if places is None else _in_places(column, places)
            made = _texts(column) if isinstance(column, list) else copied(column)
            made.SetName(name)
            table.AddColumn(made)
        return table

    def _pieces(self, rows: npt.NDArray[np.int64]) -> tuple[list[Piece], npt.NDArray[np.int64] | None]:
        """Return these rows block by block, and where in their order each of them stands; None: as they come."""
        begins = np.cumsum([0, *(count for _, _, count in self._parts)])
        of = np.searchsorted(begins, rows, side="right") - 1
        pieces = [
            (number, part, rows[of == at] - begins[at])
            for at, (number, part, _) in enumerate(self._parts)
            if (of == at).any()
        ]
        return pieces, None if self._order is None else np.argsort(of, kind="stable")

    def _sorted(self, order: Order) -> npt.NDArray[np.int64]:
        """Return the numbers of all rows as they are sorted."""
        pieces, _ = self._pieces(np.arange(self.number_of_rows))
        values = self._values(order.column, pieces)
        if isinstance(values, list):
            ranks = ranks_of("\0".join(row) for row in values)
            return np.argsort(-ranks if order.descending else ranks, kind="stable")
        keys = values if values.ndim == 1 else np.linalg.norm(values.astype(np.float64), axis=1)
        absent = np.isnan(keys) if keys.dtype.kind == "f" else np.zeros(len(keys), bool)
        ranks = numbered(keys)[1]
        ranks = -ranks if order.descending else ranks
        return np.lexsort((ranks, absent))

    def _values(self, name: str, pieces: list[Piece]) -> Any:
        """Return a column: an array, or of texts a list of rows, which are lists of texts."""
        if name == BLOCK and self._composite:
            return _joined([np.full(len(rows), number) for number, _, rows in pieces])
        if name == _ID[self._association]:
            return _joined([rows for _, _, rows in pieces])
        if name == COORDINATES and self._association == "POINTS":
            return _joined([vtk_to_numpy(part.GetPoints().GetData())[rows] for _, part, rows in pieces])
        return self._array(name, pieces)

    def _array(self, name: str, pieces: list[Piece]) -> Any:
        """Return an array over the pieces; NaN, or an empty text, where a block lacks it, or has another kind."""
        name = name.removesuffix(OF_DATA) if not self._has(name) else name
        arrays = [_attributes(part, self._association).GetAbstractArray(name) for _, part, _ in pieces]
        kind, components = self._kind(name)
        arrays = [None if array is None or isinstance(array, vtkDataArray) != kind else array for array in arrays]
        if not kind:
            return _rows_of_texts(arrays, pieces, components)
        values = []
        for array, (_, _, chosen) in zip(arrays, pieces, strict=True):
            count = len(chosen)
            rows = np.zeros((count, 0)) if array is None else as_numpy(array)[chosen].reshape(count, -1)
            missing = components - rows.shape[1]
            if missing:
                _check_exact(name, rows)
                rows = np.hstack([rows, np.full((count, missing), np.nan)])
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


def _rows_of_texts(arrays: list[Any], pieces: list[Piece], components: int) -> list[list[str]]:
    found: list[list[str]] = []
    for array, (_, _, rows) in zip(arrays, pieces, strict=True):
        own = 0 if array is None else array.GetNumberOfComponents()
        found += [
            [_text(array, row * own + index) if index < own else "" for index in range(components)]
            for row in rows.tolist()
        ]
    return found


def _texts(rows: list[list[str]]) -> Any:
    column = vtkStringArray()
    column.SetNumberOfComponents(len(rows[0]) if rows else 1)
    for row in rows:
        for text in row:
            column.InsertNextValue(text)
    return column


def _in_places(column: Any, places: npt.NDArray[np.int64]) -> Any:
    """Return a column whose entries stand where they belong; they come block by block."""
    if not isinstance(column, list):
        placed = np.empty_like(column)
        placed[places] = column
        return placed
    rows: list[list[str]] = [[]] * len(column)
    for place, row in zip(places.tolist(), column, strict=True):
        rows[place] = row
    return rows


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
    return np.concatenate(values) if values else np.zeros(0)
