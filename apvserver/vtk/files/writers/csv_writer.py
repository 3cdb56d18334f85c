"""Writes tables as text of RFC 4180: VTK's writer does not double quotes, and writes numbers of 8 bits as letters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy

from async_paraview.records import dataclass

from ...base.errors import FileError
from ..contents.tables.text_columns import is_number

_ROWS: Final = 4096
_ALL_DIGITS: Final = 17
"""This precision, and any above it, means: as many digits as it takes to read the same number back."""


def write_csv(path: Path, writer: Any, table: Any, *, scientific: bool = False) -> list[str]:
    """Write a table as the properties of a vtkDelimitedTextWriter say; returns what to tell of the names.

    Text is put in quotes and numbers are not; of vectors each component is a column. If `scientific`, numbers that are
    no integers have an exponent, and as many digits behind the point as the precision says. Raises `FileError`,
    OSError.
    """
    columns = list(_columns(table))
    names, notes = _told_apart([name for name, _ in columns])
    delimiter = writer.GetFieldDelimiter() or ","
    quote = (writer.GetStringDelimiter() or '"') if writer.GetUseStringDelimiter() else ""
    written = _Written(delimiter, quote, writer.GetPrecision(), scientific)
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(delimiter.join(written.texts(names)) + "\n")
        for first in range(0, table.GetNumberOfRows(), _ROWS):
            some = [written.column(values[first : first + _ROWS]) for _, values in columns]
            stream.writelines(line + "\n" for line in map(delimiter.join, zip(*some, strict=True)))
    return [*notes, *_doubtful(columns, names)]


@dataclass(frozen=True)
class _Written:
    """How fields are written: what is between them, around texts (nothing, if it is empty), and how many digits."""

    delimiter: str
    quote: str
    digits: int
    scientific: bool = False

    def column(self, values: Any) -> list[str]:
        if isinstance(values, list):
            return self.texts(values)
        if values.dtype.kind == "f" and self.scientific:
            return [f"{value:.{min(self.digits, _ALL_DIGITS - 1)}e}" for value in values.tolist()]
        if values.dtype.kind == "f" and self.digits < _ALL_DIGITS:
            return [repr(float(f"{value:.{self.digits}g}")) for value in values.tolist()]
        return list(map(repr, values.tolist()))

    def texts(self, texts: list[str]) -> list[str]:
        """Return the texts. Raises `FileError` for those that cannot be told from what is beside them."""
        quote = self.quote
        if quote:
            return [f"{quote}{text.replace(quote, quote * 2)}{quote}" for text in texts]
        wrong = next((one for one in texts if any(mark in one for mark in (self.delimiter, "\n", "\r", '"'))), None)
        if wrong is not None:
            raise FileError(f"these delimiters do not do for {wrong!r}; quotes hold any text")
        return texts


def _columns(table: Any) -> Iterator[tuple[str, Any]]:
    """Yield the name and the values of each column, those of numbers as numpy arrays, those of texts as lists."""
    for number in range(table.GetNumberOfColumns()):
        column = table.GetColumn(number)
        name, components = column.GetName() or f"Field {number}", column.GetNumberOfComponents()
        values = _values(column)
        if components == 1:
            yield name, values
        else:
            yield from ((f"{name}:{one}", values[one::components]) for one in range(components))


def _values(column: Any) -> Any:
    """Return all values, those of a row behind each other."""
    count = column.GetNumberOfValues()
    if column.GetDataTypeAsString() == "bit":
        return np.array([column.GetValue(index) for index in range(count)], np.uint8)
    if column.IsNumeric():
        return vtk_to_numpy(column).ravel()
    if column.IsA("vtkStringArray"):
        return _checked(column, list(map(column.GetValue, range(count))))
    if not column.IsA("vtkVariantArray"):
        raise FileError(f"the column {column.GetName()} is {column.GetClassName()}, which is no text and no number")
    return _checked(column, [str(column.GetValue(index).ToString()) for index in range(count)])


def _checked(column: Any, texts: list[str]) -> list[str]:
    if any("\0" in text for text in texts):
        raise FileError(f"the texts of the column {column.GetName()} hold characters that are 0")
    return texts


def _told_apart(names: list[str]) -> tuple[list[str], list[str]]:
    """Return names that are all different, and what to tell of those that were not."""
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
    """Return texts that read as numbers, where no number beside them shows what the quotes mean."""
    if any(not isinstance(values, list) and len(values) for _, values in columns):
        return []
    return [
        f"all texts of the column {name!r} are numbers, and will be read as such"
        for name, (_, values) in zip(names, columns, strict=True)
        if isinstance(values, list) and any(values) and all(not text or is_number(text) for text in values)
    ]
