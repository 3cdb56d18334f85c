"""Points, cells or values of the whole as rows of a table, with the columns that ParaView's CSV files have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkDataSet, vtkTable

from async_paraview.names import unknown_name
from async_paraview.records import dataclass

from ...base.array_types import copied
from ...base.blocks import parts
from ...base.errors import FileError, InvalidProperty
from ...data.spreadsheet import COORDINATES, OF_DATA, Spreadsheet

_POINTS: Final = "POINTS"
_CELLS: Final = "CELLS"
_FIELD: Final = "FIELD"
_ROWS: Final = "ROWS"
_ASSOCIATIONS: Final[Mapping[Any, str]] = {
    "Point Data": _POINTS, "Points": _POINTS, _POINTS: _POINTS, 0: _POINTS,
    "Cell Data": _CELLS, "Cells": _CELLS, _CELLS: _CELLS, 1: _CELLS,
    "Field Data": _FIELD, _FIELD: _FIELD, 2: _FIELD,
    "Row Data": _ROWS, "Rows": _ROWS, _ROWS: _ROWS, 6: _ROWS,
}  # fmt: skip
_CELL_TYPE: Final = "Cell Type"
_COLUMNS: Final = ("FieldAssociation", "AddMetaData", "AddTime", "AddTimeStep", "UseScientificNotation")


@dataclass(frozen=True)
class RowOptions:
    """What a file of rows is to have, by ParaView's names."""

    FieldAssociation: Any = None
    """None: rows of tables, points of everything else."""
    AddMetaData: bool = True
    """Whether points have their places."""
    AddTime: bool = False
    AddTimeStep: bool = False
    UseScientificNotation: bool = False


def taken_row_options(options: Mapping[str, Any]) -> tuple[RowOptions, dict[str, Any]]:
    """Return the options of rows, and all others. Raises `InvalidProperty`."""
    mine = {name: options[name] for name in _COLUMNS if name in options}
    for name, value in mine.items():
        if name != "FieldAssociation" and value not in (0, 1):
            raise InvalidProperty(f"{name} is True or False, not {value!r:.60}")
    if mine.get("FieldAssociation") not in (None, *_ASSOCIATIONS):
        known = [one for one in _ASSOCIATIONS if isinstance(one, str)]
        raise InvalidProperty(unknown_name("FieldAssociation", mine["FieldAssociation"], known))
    return RowOptions(**mine), {name: value for name, value in options.items() if name not in _COLUMNS}


def as_rows(data: Any, options: RowOptions, step: int | None) -> Any:
    """Return a table of points, cells or values of the whole; blocks follow each other. Tables have rows already.

    `step` is the number of the time among those of the source, None if that has no times. Raises `FileError`.
    """
    wanted = _ASSOCIATIONS.get(options.FieldAssociation) or (_ROWS if isinstance(data, vtkTable) else _POINTS)
    if (wanted == _ROWS) != isinstance(data, vtkTable):
        held = "rows only" if isinstance(data, vtkTable) else "points and cells, and no rows"
        raise FileError(f"FieldAssociation is {options.FieldAssociation!r}, and a {data.GetClassName()} has {held}")
    if wanted == _ROWS:
        table = vtkTable()
        table.ShallowCopy(data)
    elif wanted == _FIELD:
        table = _of_the_whole(data)
    else:
        table = _of_places(data, wanted, options)
    if not table.GetNumberOfColumns():
        raise FileError(f"there are no columns to write: this {data.GetClassName()} has no arrays of that kind")
    return _with_times(table, data, options, step)


def _of_places(data: Any, association: str, options: RowOptions) -> Any:
    """Return a row for each point or cell: arrays, then places of points, or types of cells."""
    names = Spreadsheet(data, association).columns
    last = [COORDINATES] if association == _POINTS else []
    own = {"Block Number", "Point ID", "Cell ID", *last}
    arrays = [name for name in names if name not in own]
    sheet = Spreadsheet(data, association, [*arrays, *(last if options.AddMetaData else [])])
    table = sheet.page(0, max(1, sheet.number_of_rows))
    for index in range(table.GetNumberOfColumns() - len(last) * options.AddMetaData):
        table.GetColumn(index).SetName(table.GetColumn(index).GetName().removesuffix(OF_DATA))
    if association == _CELLS:  # as VTK's vtkAttributeDataToTableFilter, by which ParaView makes rows
        kinds = [one.GetCellType(cell) for one in parts(data) if isinstance(one, vtkDataSet)
                 for cell in range(one.GetNumberOfCells())]  # fmt: skip
        table.AddColumn(_column(_CELL_TYPE, np.array(kinds, np.uint8)))
    return table


def _of_the_whole(data: Any) -> Any:
    held, table = data.GetFieldData(), vtkTable()
    arrays = [held.GetAbstractArray(index) for index in range(held.GetNumberOfArrays())]
    sizes = {array.GetNumberOfTuples() for array in arrays}
    if len(sizes) > 1:
        told = ", ".join(f"{array.GetName()} has {array.GetNumberOfTuples()}" for array in arrays)
        raise FileError(f"rows of arrays of the whole have one length, and {told}; PassArrays keeps some of them")
    for array in arrays:
        table.AddColumn(array)
    return table


def _with_times(table: Any, data: Any, options: RowOptions, step: int | None) -> Any:
    """Put the time, and the number of its step, before all other columns, as far as that is asked for and known."""
    information, key = data.GetInformation(), data.DATA_TIME_STEP()
    first = []
    if options.AddTimeStep and step is not None:
        first.append(_column("TimeStep", np.full(table.GetNumberOfRows(), step)))
    if options.AddTime and information.Has(key):
        first.append(_column("Time", np.full(table.GetNumberOfRows(), float(information.Get(key)))))
    if not first:
        return table
    made = vtkTable()
    for column in (*first, *(table.GetColumn(index) for index in range(table.GetNumberOfColumns()))):
        made.AddColumn(column)
    return made


def _column(name: str, values: Any) -> Any:
    made = copied(values)
    made.SetName(name)
    return made
