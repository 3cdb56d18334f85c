"""Tables written as text: our reader, Python's csv module and pandas find every value again, exactly."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import vtkmodules.vtkCommonCore as core
import vtkmodules.vtkCommonDataModel as model

from apvserver.vtk.base.errors import FileError
from apvserver.vtk.files.writers.writing import write_data

from ..harness.saving import NUMBERS, array, read, values_of

HARD_TEXTS = ["a,b", 'say "so"', "two\nlines", "", " blanks ", "ß 漢", "1;5\t", "'", "#", "nan", "7"]


def texts(name: str, values: list[str]) -> Any:
    made = core.vtkStringArray()
    made.SetName(name)
    for value in values:
        made.InsertNextValue(value)
    return made


def table(*columns: Any) -> Any:
    made = model.vtkTable()
    for column in columns:
        made.GetRowData().AddArray(column)
    return made


def hard() -> Any:
    """Numbers at the ends of their ranges, and texts and names with everything that has a meaning in such a file."""
    columns = []
    for kind in NUMBERS:
        ends: Any = np.finfo(kind) if "float" in kind else np.iinfo(kind)
        columns.append(array(kind, np.resize(np.array([ends.min, ends.max, 0, 1, 7], kind), len(HARD_TEXTS))))
    with_gaps = np.arange(len(HARD_TEXTS)) / 3
    with_gaps[[0, 2, 5]] = math.nan, math.inf, -math.inf
    names = ['with "quotes", and commas', "Pressure [Pa]", "två\nlines", "#", "a:0"]
    columns += [array(name, with_gaps) for name in names]
    return table(*columns, array("a", np.arange(3.0 * len(HARD_TEXTS)).reshape(-1, 3)), texts("texts", HARD_TEXTS))


@pytest.mark.parametrize("extension", [".csv", ".tsv"])
def test_every_value_is_read_back_exactly(extension: str, tmp_path: Path) -> None:
    path, data = tmp_path / f"a{extension}", hard()
    told = write_data(str(path), data, {}).left_out
    assert told == "there are two columns 'a:0', and the second is called 'a:0_1' in the file"
    before, after = values_of(data), values_of(read(path))
    for (kind, name), values in before.items():
        for one in range(values.shape[1] if not isinstance(values, list) and values.ndim > 1 else 1):
            column = values[:, one] if name == "a" else values
            found = after[kind, name if name != "a" else ("a:0_1" if one == 0 else f"a:{one}")]
            if isinstance(column, list):
                assert found == column
            else:
                assert found.dtype.kind == (
                    "i" if column.dtype.kind == "u" and column.max() < 2**63 else column.dtype.kind
                )
                assert np.array_equal(
                    found,
                    column.astype(float) if column.dtype.kind == "f" else column,
                    equal_nan=column.dtype.kind == "f",
                )
    assert len(after) == len(before) + 2


def test_others_read_the_same(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas comes with xarray")
    path, data = tmp_path / "a.csv", hard()
    write_data(str(path), data, {})
    with path.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.reader(stream))
    assert [row[-1] for row in rows[1:]] == HARD_TEXTS
    frame = pandas.read_csv(path, keep_default_na=False, na_values=["nan"])
    for (_, name), values in values_of(data).items():
        if not isinstance(values, list) and values.ndim == 1 and name != "a:0":
            assert np.array_equal(frame[name].to_numpy(), values, equal_nan=values.dtype.kind == "f"), name


def test_whole_numbers_with_a_point_stay_such(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_data(str(path), table(array("x", np.array([1.0, 2.0])), array("i", np.array([1, 2]))), {})
    assert path.read_text() == '"x","i"\n1.0,1\n2.0,2\n'
    assert read(path).GetColumnByName("x").GetDataTypeAsString() == "double"


def test_texts_of_digits_stay_texts_beside_numbers_and_are_told_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    codes = texts("code", ["007", "1e5", ""])
    assert write_data(str(path), table(codes, array("i", np.arange(3))), {}).left_out is None
    assert values_of(read(path))[6, "code"] == ["007", "1e5", ""]
    told = write_data(str(path), table(codes), {}).left_out
    assert told == "all texts of the column 'code' are numbers, and will be read as such"


def test_bits_and_one_column_of_empty_texts(tmp_path: Path) -> None:
    path, bits = tmp_path / "a.csv", core.vtkBitArray()
    bits.SetName("b")
    for value in (1, 0, 1):
        bits.InsertNextValue(value)
    write_data(str(path), table(bits, texts("t", ["", "", ""])), {})
    found = values_of(read(path))
    assert found[6, "b"].tolist() == [1, 0, 1] and found[6, "t"] == ["", "", ""]


def test_properties_of_the_writer_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    data = table(array("x", np.array([1 / 3])), texts("t", ["a b"]))
    write_data(str(path), data, {"Precision": 3, "FieldDelimiter": ";", "UseStringDelimiter": False})
    assert path.read_text() == "x;t\n0.333;a b\n"
    with pytest.raises(FileError, match="these delimiters do not do for 'a b'; quotes hold any text"):
        write_data(str(path), data, {"FieldDelimiter": " ", "UseStringDelimiter": False})
    with pytest.raises(FileError, match="hold characters that are 0"):
        write_data(str(path), table(texts("t", ["a\0b"])), {})
    assert path.read_text() == "x;t\n0.333;a b\n"
