"""An algorithm of our own: reads tables from text. VTK's reader makes 0 of empty fields, and moves columns.

Of two columns of one name it keeps the first, and gives the numbers of the second to the next name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonCore import vtkOutputWindow, vtkStringArray
from vtkmodules.vtkCommonDataModel import vtkTable

from ....base.array_types import copied
from ....base.errors import FileError
from ....types.own_properties import OwnProperties, switch, text
from ...contents.tables.headings import names_of
from ...contents.tables.text_columns import Column, Writing, column_of, has_commas, has_points, is_number
from ...contents.tables.text_fields import BLANKS, Fields, as_utf8, fields_of, separator_said, separators_of

_MOST_COLUMNS: Final = 100_000
_COMMENT: Final = ord("#")
_HEAD_BYTES: Final = 1 << 16
_TOLD: Final = 5
_UNIT: Final = re.compile(r"\[([^][]*)\]|\(([^()]*)\)")


def first_row_names(path: str) -> bool:
    """Return whether the first row of a file holds names: it does unless all of it are numbers. Raises `FileError`."""
    try:
        with Path(path).open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except OSError as error:
        raise FileError(f"{path}: the server cannot read this file: {error}") from error
    try:
        comment, text = _without_comments(as_utf8(_whole_lines(head))[0])
        said, text = separator_said(text)
        separators = said or separators_of(text)
        fields = fields_of(text, separators, merge=separators == BLANKS)
    except FileError as error:
        raise FileError(f"{path}: {error}") from error
    if len(fields.rows) < 2:
        return True
    first = fields.texts(np.arange(fields.rows[0], fields.rows[1]))
    return not all(map(is_number, first)) or names_of(comment, separators, len(first)) is not None


def _whole_lines(head: bytes) -> bytes:
    """Leave out the line that is cut off where the head of a file ends; it may end inside of a character, too."""
    return head if len(head) < _HEAD_BYTES else head[: head.rfind(b"\n") // 2 * 2]


class CSVReader(OwnProperties, VTKPythonAlgorithmBase):
    """CSVReader - Reads a table from text with separators between the columns."""

    PROPERTIES: ClassVar = (
        text("FileName", doc="The file, on the server.", path=True),
        text("FieldDelimiterCharacters"),
        switch("HaveHeaders", True),
        switch("DetectNumericColumns", True),
        switch("MergeConsecutiveDelimiters", False),
    )

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=0, nOutputPorts=1, outputType="vtkTable")

    def files_looked_at(self) -> tuple[str, ...]:
        """Return the file that the output depends on; see `file_states`."""
        return (self.value_of("FileName"),) if self.value_of("FileName") else ()

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Read the table."""
        output = vtkTable.GetData(outInfo, 0)
        try:
            if not self.value_of("FileName"):
                raise FileError("FileName is empty: it names what is to be read")
            self._read(output)
        except (FileError, OSError) as error:
            vtkOutputWindow.GetInstance().DisplayErrorText(f"CSVReader: {self.value_of('FileName')}: {error}")
            return 0
        return 1

    def _read(self, output: Any) -> None:
        text, note = as_utf8(Path(self.value_of("FileName")).read_bytes())
        notes = [note] if note else []
        comment, text = _without_comments(text)
        given = self.value_of("FieldDelimiterCharacters")
        said, text = separator_said(text)
        separators = given or said or separators_of(text)
        merge = self.value_of("MergeConsecutiveDelimiters") or (not given and separators == BLANKS)
        fields = fields_of(text, separators, merge=merge)
        rows = _Rows(fields, comment, separators, self.value_of("HaveHeaders"))
        writing = Writing(
            has_commas(fields, separators), has_points(fields), rows.some_bare_numbers(), "," in separators
        )
        units = dict(zip(rows.names, rows.units, strict=False))
        for name, index in zip(rows.names, rows.columns(), strict=True):
            made = column_of(fields, index, numbers=self.value_of("DetectNumericColumns"), writing=writing)
            units[name] = made.unit or units.get(name, "")
            notes += [f"column {name!r}: {made.note}"] if made.note else []
            output.AddColumn(_as_array(name, made))
        for name, unit in units.items():
            if unit:
                output.GetFieldData().AddArray(_as_array(f"{name}_units", Column([unit])))
        for one in (*notes, *rows.notes):
            vtkOutputWindow.GetInstance().DisplayWarningText(f"CSVReader: {self.value_of('FileName')}: {one}")


class _Rows:
    """Which rows are data, and what their columns are called."""

    def __init__(self, fields: Fields, comment: str, separators: str, named: bool) -> None:
        self._fields, self._separators = fields, separators
        self.notes: list[str] = []
        starts, counts = fields.rows[:-1], fields.counts
        self._starts, self._counts = starts, counts
        names = self._names_above(comment, separators, named)
        if names is None:
            names = self._first_names() if named and len(starts) else []
            if named and len(names) > 0 and all(map(is_number, names)):
                self.notes.append(
                    f"its first row, {names[:_TOLD]}, became names of columns; HaveHeaders=False keeps it"
                )
            self._starts, self._counts = (starts[1:], counts[1:]) if named else (starts, counts)
        self._leave_comments_out(len(names))
        self.units = self._units_below() if names else []
        self.names = self._named(names)

    def _texts_of(self, row: int) -> list[str]:
        first = int(self._starts[row])
        return [one.strip() for one in self._fields.texts(np.arange(first, first + int(self._counts[row])))]

    def _names_above(self, comment: str, separators: str, named: bool) -> list[str] | None:
        """Return the names in the comment above rows that have numbers at once; None if it has no such names."""
        if not named or not comment or not len(self._starts):
            return None
        first = self._texts_of(0)
        return names_of(comment, separators, len(first)) if any(map(is_number, first)) else None

    def _first_names(self) -> list[str]:
        """Return the names in the first row. Between blanks it can have more words than there are columns."""
        names, widest = self._texts_of(0), int(self._counts[1:].max()) if len(self._counts) > 1 else 0
        if self._separators != BLANKS or len(names) <= widest or not widest:
            return names
        first, last = int(self._starts[0]), int(self._starts[0] + self._counts[0] - 1)
        heading = str(self._fields.text.data[self._fields.starts[first] : self._fields.ends[last]], "utf-8")
        found = names_of(heading, BLANKS, widest)
        if found is None:
            self.notes.append(
                f"its heading has {len(names)} words, and its rows have {widest} fields: which name belongs to which "
                "column is not sure"
            )
        return found or names

    def _units_below(self) -> list[str]:
        """Return the units in a row of their own below the names, each in brackets, and leave that row out."""
        if len(self._starts) < 2:
            return []
        row, below = self._texts_of(0), self._texts_of(1)
        found = [_UNIT.fullmatch(one) for one in row]
        if not any(found) or any(one and not unit for one, unit in zip(row, found, strict=True)):
            return []
        if not any(unit and is_number(one) for unit, one in zip(found, below, strict=False)):
            return []
        self._starts, self._counts = self._starts[1:], self._counts[1:]
        return [one[1] or one[2] or "" if one else "" for one in found]

    def _leave_comments_out(self, expected: int) -> None:
        """Leave out rows that begin with # and are not as long as the others."""
        if not len(self._starts):
            return
        usual = expected or int(np.bincount(self._counts).argmax())
        remarks = (self._fields.text[self._fields.starts[self._starts]] == _COMMENT) & (self._counts != usual)
        self._starts, self._counts = self._starts[~remarks], self._counts[~remarks]

    def _named(self, names: Sequence[str]) -> list[str]:
        """Return a name for each column, no two alike."""
        widest = int(self._counts.max()) if len(self._counts) else len(names)
        if widest > _MOST_COLUMNS:
            raise FileError(f"a row has {widest} fields, and {_MOST_COLUMNS} are the most: is the separator right?")
        found = list(names)
        if (
            names
            and len(self._counts)
            and int(self._counts.min()) == widest == len(names) + 1
            and self._has_row_names()
        ):
            found.insert(0, "")
        found += [""] * (widest - len(found))
        if (len(names) < len(found) == widest and not found[-1]) or (names and not names[-1]):
            found = found[:-1] if self._ends_empty() else found
        if 0 < len(names) < len(found) and found[0]:
            self.notes.append(f"some rows have {widest} fields, and {len(names)} columns have names")
        return self._told_apart(found)

    def _told_apart(self, names: Sequence[str]) -> list[str]:
        made: dict[str, None] = {}
        for number, name in enumerate(names):
            plain = name or f"Field {number}"
            tries = (plain if again == 0 else f"{plain}_{again}" for again in range(len(names) + 1))
            new = next(one for one in tries if one not in made and (one == plain or one not in names))
            made[new] = None
            if name and new != name:
                self.notes.append(f"the name {name!r} occurs again, and the column {number} is called {new!r}")
        return list(made)

    def _ends_empty(self) -> bool:
        """Return whether all rows end with a separator."""
        last = self._starts + self._counts - 1
        return bool((self._fields.ends[last] == self._fields.starts[last]).all())

    def _has_row_names(self) -> bool:
        """Return whether each row begins with quotes, or blanks are between: R writes them without a heading."""
        return bool(self._fields.quoted[self._starts].all()) or self._separators == BLANKS

    def columns(self) -> Any:
        """Return, of each column, the fields by index, below 0 where a row has none."""
        for number in range(len(self.names)):
            there = self._counts > number
            yield np.where(there, self._starts + number, -1)

    def some_bare_numbers(self) -> bool:
        """Return whether a file that has quotes leaves numbers without: then quotes say what is text."""
        quoted = self._fields.quoted
        if not quoted.any() or not len(self._starts):
            return False
        sample = self._fields.texts(np.flatnonzero(~quoted[: 1 << 16])[: 1 << 10])
        return any(map(is_number, sample))


def _without_comments(text: bytes) -> tuple[str, bytes]:
    """Return the last of the lines that begin with # above the rest, without that, and the rest."""
    comment, rest = b"", text
    while rest.startswith(b"#"):
        comment, _, rest = rest.partition(b"\n")
    if not rest or rest.isspace():  # which looks no further than the first letter
        return "", text  # all of it begins so: then that says nothing
    return comment.lstrip(b"# \t").rstrip().decode("utf-8", "replace"), rest


def _as_array(name: str, column: Column) -> Any:
    if isinstance(column.values, np.ndarray):
        made = copied(np.ascontiguousarray(column.values))
    else:
        made = vtkStringArray()
        made.SetNumberOfValues(len(column.values))
        for index, text in enumerate(column.values):
            made.SetValue(index, text)
    made.SetName(name)
    return made
