"""Writes tables as text of RFC 4180: VTK's writer does not double quotes, and writes numbers of 8 bits as letters."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy

from apvserver.vtk_bridge.errors import FileError
from apvserver.vtk_bridge.text_columns import is_number

_ROWS: Final = 4096
_ALL_DIGITS: Final = 17
"""This precision, and any above it, means: as many digits as it takes to read the same number back."""


def write_csv(path: Path, writer: Any, table: Any) -> list[str]:
    """Write a table as the properties of a vtkDelimitedTextWriter say; returns what to tell of the names.

    Text is put in quotes and numbers are not; of vectors each component is a column. Raises `FileError`, OSError.
    """
    columns = list(_columns(table))
    names, notes = _told_apart([name for name, _ in columns])
    digits = writer.GetPrecision()
    with path.open("w", encoding="utf-8", newline="") as stream:
        try:
            rows = csv.writer(
                stream,
                delimiter=writer.GetFieldDelimiter() or ",",
                quotechar=writer.GetStringDelimiter() or '"',
                quoting=csv.QUOTE_NONNUMERIC if writer.GetUseStringDelimiter() else csv.QUOTE_NONE,
                lineterminator="\n",
            )
            rows.writerow(names)
            for first in range(0, table.GetNumberOfRows(), _ROWS):
                some = [_plain(values[first : first + _ROWS], digits) for _, values in columns]
                rows.writerows(zip(*some, strict=True))
        except (csv.Error, TypeError) as error:
            raise FileError(f"{path.name}: these delimiters do not do: {error}; quotes hold any text") from error
    return [*notes, *_doubtful(columns, names)]


def _columns(table: Any) -> Iterator[tuple[str, Any]]:
    """The name and the values of each column, those of numbers as numpy arrays, those of texts as lists."""
    for number in range(table.GetNumberOfColumns()):
        column = table.GetColumn(number)
        name, components = column.GetName() or f"Field {number}", column.GetNumberOfComponents()
        values = _values(column)
        if components == 1:
            yield name, values
        else:
            yield from ((f"{name}:{one}", values[one::components]) for one in range(components))


def _values(column: Any) -> Any:
    """All values, those of a row behind each other."""
    count = column.GetNumberOfValues()
    if column.GetDataTypeAsString() == "bit":
        return np.array([column.GetValue(index) for index in range(count)], np.uint8)
    if column.IsNumeric():
        return vtk_to_numpy(column).ravel()
    if not column.IsA("vtkStringArray") and not column.IsA("vtkVariantArray"):
        raise FileError(f"the column {column.GetName()} is {column.GetClassName()}, which is no text and no number")
    found = [str(column.GetVariantValue(index).ToString()) for index in range(count)]
    if any("\0" in text for text in found):
        raise FileError(f"the texts of the column {column.GetName()} hold characters that are 0")
    return found


def _plain(values: Any, digits: int) -> list[Any]:
    if isinstance(values, list):
        return values
    if values.dtype.kind == "f" and digits < _ALL_DIGITS:
        return [float(f"{value:.{digits}g}") for value in values.tolist()]
    plain: list[Any] = values.tolist()
    return plain


def _told_apart(names: list[str]) -> tuple[list[str], list[str]]:
    """Names that are all different, and what to tell of those that were not."""
    made: dict[str, None] = {}
    notes = []
    for name in names:
        tries = (name if again == 0 else f"{name}_{again}" for again in range(len(names) + 1))
        new = next(one for one in tries if one not in made and (one == name or one not in names))
        made[new] = None
        if new != name:
            notes.append(f"there are two columns {name!r}, and the second is called {new!r} in the file")
    return list(made), notes


def _doubtful(columns: list[tuple[str, Any]], names: list[str]) -> list[str]:
    """Texts that read as numbers, where no number beside them shows what the quotes mean."""
    if any(not isinstance(values, list) and len(values) for _, values in columns):
        return []
    return [
        f"all texts of the column {name!r} are numbers, and will be read as such"
        for name, (_, values) in zip(names, columns, strict=True)
        if values and any(values) and all(not text or is_number(text) for text in values)
    ]
