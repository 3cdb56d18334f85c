"""Tables from text: each value is where the file has it, and what is missing is no number.

The right values are those that stand in the text, as RFC 4180 takes it apart; pandas finds the same in ordinary files.
"""

from __future__ import annotations

import csv
import math
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkIOInfovis import vtkDelimitedTextReader

from apvserver.vtk.base.errors import FileError
from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.files.reader_choice import choose_reader
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.types.catalog import construct
from apvserver.vtk.types.properties import set_properties

from ..harness.saving import values_of

Columns = dict[str, tuple[str, list[Any]]]


def opened(path: Path, **properties: Any) -> tuple[Columns, list[str]]:
    """The columns as (type, values), and what was told."""
    made, told = Pipeline(), list[Message]()
    type_name, chosen = choose_reader(path)
    made.create(1, type_name, {**chosen, **properties})
    Executor().execute(made, 1, on_message=told.append)
    table = made.algorithm(1).GetOutputDataObject(0)
    found = {}
    for (_, name), values in values_of(table).items():
        found[name] = (table.GetColumnByName(name).GetDataTypeAsString(), list(values))
    return found, [one.text for one in told]


def same(left: Any, right: Any) -> bool:
    return len(left) == len(right) and all(
        a == b or (isinstance(a, float) and math.isnan(a) and math.isnan(b)) for a, b in zip(left, right, strict=True)
    )


NAN = math.nan
CASES: list[tuple[str, str | bytes, Columns]] = [
    ("an empty field", "id,p,note\n1,1.5,3\n2,,\n3,nan,none\n4,2.5,5\n",
     {"id": ("int", [1, 2, 3, 4]), "p": ("double", [1.5, NAN, NAN, 2.5]), "note": ("string", ["3", "", "none", "5"])}),
    ("an empty field at the end, integers", "a,b\n1,2\n3,\n", {"a": ("int", [1, 3]), "b": ("double", [2, NAN])}),
    ("nothing but empty fields", "a,b\n1,\n3,\n", {"a": ("int", [1, 3]), "b": ("double", [NAN, NAN])}),
    ("words for what is missing", "a,b\nNA,1\n2,N/A\n", {"a": ("double", [NAN, 2]), "b": ("double", [1, NAN])}),
    ("a name twice", "x,x,z,p\n0,1,0,1.5\n1,2,0,2\n",
     {"x": ("int", [0, 1]), "x_1": ("int", [1, 2]), "z": ("int", [0, 0]), "p": ("double", [1.5, 2])}),
    ("a name twice that is taken", "x,x,x_1\n0,1,2\n", {"x": ("int", [0]), "x_2": ("int", [1]), "x_1": ("int", [2])}),
    ("quotes", 'a,b\n"x, ""y""\nz",1\n"",2\n', {"a": ("string", ['x, "y"\nz', ""]), "b": ("int", [1, 2])}),
    ("quotes that are none", 'a,b\n5\'10" tall,1\n"q",2\n',
     {"a": ("string", ['5\'10" tall', "q"]), "b": ("int", [1, 2])}),
    ("texts of digits", 'a,b\n"1",2\n"02",3\n', {"a": ("string", ["1", "02"]), "b": ("int", [2, 3])}),
    ("all in quotes", '"a","b"\n"1","x"\n"2.5","y"\n', {"a": ("double", [1, 2.5]), "b": ("string", ["x", "y"])}),
    ("digits with underscores", "a\n1_000\n2\n", {"a": ("string", ["1_000", "2"])}),
    ("names of rows without a heading", '"a","b"\n"r1",1,2\n"r2",2,3\n',
     {"Field 0": ("string", ["r1", "r2"]), "a": ("int", [1, 2]), "b": ("int", [2, 3])}),
    ("separators at the ends", "a,b\n1,2,\n3,4,\n", {"a": ("int", [1, 3]), "b": ("int", [2, 4])}),
    ("separators at all ends", "a,b,\n1,2,\n3,4,\n", {"a": ("int", [1, 3]), "b": ("int", [2, 4])}),
    ("rows of other lengths", "a,b\n1,2,7\n3\n",
     {"a": ("int", [1, 3]), "b": ("double", [2, NAN]), "Field 2": ("double", [7, NAN])}),
    ("no names", "1.5,2\n3,4\n", {"Field 0": ("double", [1.5, 3]), "Field 1": ("int", [2, 4])}),
    ("lines without anything", "a,b\n\n1,2\n\n3,4\n\n", {"a": ("int", [1, 3]), "b": ("int", [2, 4])}),
    ("semicolons and commas", "a;b\n1,5;2\n-2,25e1;3\n", {"a": ("double", [1.5, -22.5]), "b": ("int", [2, 3])}),
    ("thousands with points", "a;b\n1.234,5;1,5\n", {"a": ("double", [1234.5]), "b": ("double", [1.5])}),
    ("thousands in quotes", 'a,b\n"1,234.5",1\n"-12,345,678.25",2\n',
     {"a": ("double", [1234.5, -12345678.25]), "b": ("int", [1, 2])}),
    ("some thousands, some missing", 'a,b\n"1,234,567",1\n12,2\nNA,3\n,4\n',
     {"a": ("double", [1234567, 12, NAN, NAN]), "b": ("int", [1, 2, 3, 4])}),
    ("whole thousands where points are before fractions", 'a,b\n"1,234",1.5\n567,2\n',
     {"a": ("int", [1234, 567]), "b": ("double", [1.5, 2])}),
    ("thousands or fractions", 'a,b\n"1,234",1\n"5,678",2\n',
     {"a": ("string", ["1,234", "5,678"]), "b": ("int", [1, 2])}),
    ("commas before fractions between commas", 'a,b\n"1,5",1\n"-0,125",2\n',
     {"a": ("double", [1.5, -0.125]), "b": ("int", [1, 2])}),
    ("lists", 'a,b\n"1,2,3",1\n"4,5",2\n', {"a": ("string", ["1,2,3", "4,5"]), "b": ("int", [1, 2])}),
    ("Swiss thousands", "a;b\n1'234.5;1\n7;2\n", {"a": ("double", [1234.5, 7]), "b": ("int", [1, 2])}),
    ("thousands after blanks", "a;b\n1 234,5;1\n7;2\n", {"a": ("double", [1234.5, 7]), "b": ("int", [1, 2])}),
    ("exponents of Fortran", "a,b\n1.5D+03,1\n-2.d0,2\n.25d-1,3\n7.125-101,4\n1.5,5\n",
     {"a": ("double", [1500, -2, 0.025, 7.125e-101, 1.5]), "b": ("int", [1, 2, 3, 4, 5])}),
    ("ranges that look like exponents", "a,b\n1.5-100,1\n0.5-250,2\n",
     {"a": ("string", ["1.5-100", "0.5-250"]), "b": ("int", [1, 2])}),
    ("names that look like exponents", "a,b\n1D3,1\n2D4,2\n", {"a": ("string", ["1D3", "2D4"]), "b": ("int", [1, 2])}),
    ("percent", "a,b\n12.5%,1\n3 %,2\n,3\n", {"a": ("double", [12.5, 3, NAN]), "b": ("int", [1, 2, 3])}),
    ("percent with thousands or fractions", 'a,b\n"1,234%",1\n"2,500%",2\n',
     {"a": ("string", ["1,234%", "2,500%"]), "b": ("int", [1, 2])}),
    ("percent with fractions behind commas", 'a,b\n"1,234%",1\n"2,5%",2\n',
     {"a": ("double", [1.234, 2.5]), "b": ("int", [1, 2])}),
    ("some percent", "a,b\n12.5%,1\n3,2\n", {"a": ("string", ["12.5%", "3"]), "b": ("int", [1, 2])}),
    ("long integers with thousands", 'a,b\n"9,007,199,254,740,993",1\n',
     {"a": ("long", [2**53 + 1]), "b": ("int", [1])}),
    ("tabs", "a b\tc\n1\t\n2\tx y\n", {"a b": ("int", [1, 2]), "c": ("string", ["", "x y"])}),
    ("a separator that is said", "sep=;\r\na;b\r\n1,5;2\r\n3;4\r\n", {"a": ("double", [1.5, 3]), "b": ("int", [2, 4])}),
    ("a separator that is said in quotes", '"sep=|"\na|b,c\n1|2\n', {"a": ("int", [1]), "b,c": ("int", [2])}),
    ("a name that says no separator", "sep=x,b\n1,2\n", {"sep=x": ("int", [1]), "b": ("int", [2])}),
    ("units below the names", "t,p,note\n[s],(Pa),\n0,1.5,a\n1,2,b\n",
     {"t": ("int", [0, 1]), "p": ("double", [1.5, 2]), "note": ("string", ["a", "b"])}),
    ("brackets that are no units", "a,b\n[s],[m]\n[x],[y]\n",
     {"a": ("string", ["[s]", "[x]"]), "b": ("string", ["[m]", "[y]"])}),
    ("bars", "a|b\n1|2\n", {"a": ("int", [1]), "b": ("int", [2])}),
    ("names in a comment", "# made by hand\n# x y\n1 2\n 3   4\n", {"x": ("int", [1, 3]), "y": ("int", [2, 4])}),
    ("a number sign that is none", "#,a\n#1,2\n#2,3\n", {"#": ("string", ["#1", "#2"]), "a": ("int", [2, 3])}),
    ("integers of 64 bits", "a,b\n9007199254740993,18446744073709551615\n-9223372036854775808,1\n",
     {"a": ("long", [9007199254740993, -(2**63)]), "b": ("unsigned long", [2**64 - 1, 1])}),
    ("integers that are longer", "a\n18446744073709551616\n1\n", {"a": ("string", ["18446744073709551616", "1"])}),
    ("long integers with a gap", "a,b\n9007199254740993,1\n,1\n",
     {"a": ("string", ["9007199254740993", ""]), "b": ("int", [1, 1])}),
    ("infinity", "a\n-inf\nInfinity\n1e308\n", {"a": ("double", [-math.inf, math.inf, 1e308])}),
    ("UTF-16", "a,ß\r\n1,é\r\n".encode("utf-16"), {"a": ("int", [1]), "ß": ("string", ["é"])}),
    ("a mark of UTF-8", "a,b\r1,é\r2,\r".encode("utf-8-sig"), {"a": ("int", [1, 2]), "b": ("string", ["é", ""])}),
    ("Windows-1252", "a,b\n1,é\n".encode("cp1252"), {"a": ("int", [1]), "b": ("string", ["é"])}),
    ("names only", "a,b\n", {"a": ("double", []), "b": ("double", [])}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), [one[1:] for one in CASES], ids=[one[0] for one in CASES])
def test_values_are_those_of_the_text(text: str | bytes, wanted: Columns, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    found, _ = opened(path)
    assert list(found) == list(wanted)
    for name, (kind, values) in wanted.items():
        assert found[name][0].replace("long long", "long") == kind and same(found[name][1], values), found[name]


def test_words_between_blanks_of_any_number(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x  y\n 1   2.5\n3 4\n")
    assert opened(path)[0] == {"x": ("int", [1, 3]), "y": ("double", [2.5, 4])}
    path.write_text("x,y,z\n1,,3\n2,5,6\n")
    assert same(opened(path)[0]["y"][1], [NAN, 5]), "an empty field between commas is one"


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        ("Time [s]  Temp [K]", ["Time [s]", "Temp [K]"]),
        ("Time [s] Heat flux (W / m2)", None),
        ("Time [s] Flux (W / m2)", ["Time [s]", "Flux (W / m2)"]),
        ("Time in s \t Heat flux", ["Time in s", "Heat flux"]),
        ("Time in s   Heat flux", ["Time in s", "Heat flux"]),
    ],
)
@pytest.mark.parametrize("mark", ["", "# "])
def test_names_with_blanks_belong_to_their_columns(
    tmp_path: Path, heading: str, names: list[str] | None, mark: str
) -> None:
    """As a program for measurements writes them: no name is put to another column."""
    (tmp_path / "a.txt").write_text(f"{mark}{heading}\n0.5 300\n1.5 301\n")
    found, told = opened(tmp_path / "a.txt")
    if names is not None:
        assert found == dict(zip(names, (("double", [0.5, 1.5]), ("int", [300, 301])), strict=True)) and told == []
    elif mark:
        assert list(found) == ["Field 0", "Field 1"]
    else:
        assert told == [
            f"CSVReader: {tmp_path / 'a.txt'}: its heading has 7 words, and its rows have 2 fields: which name belongs "
            "to which column is not sure"
        ]


def test_units_are_kept(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("t,p,n,share\n[s],(kg/m^3),[],\n0,1.5,2,50%\n")
    made = Pipeline()
    made.create(1, *choose_reader(tmp_path / "a.csv"))
    Executor().execute(made, 1)
    kept = made.algorithm(1).GetOutputDataObject(0).GetFieldData()
    units = {kept.GetArrayName(one): kept.GetAbstractArray(one).GetValue(0) for one in range(kept.GetNumberOfArrays())}
    assert units == {"t_units": "s", "p_units": "kg/m^3", "share_units": "%"}


def test_what_is_renamed_or_left_over_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for text, words in (
        ("x,x\n1,2\n", "the name 'x' occurs again, and the column 1 is called 'x_1'"),
        ("x,y\n1,2,3\n4,5\n", "some rows have 3 fields, and 2 columns have names"),
        ("x\n18446744073709551616\n", "kept as texts"),
        ("x,y\n1,é\n", "was read as Windows-1252"),
        ('x,y\n"1,234",1\n', "column 'x': numbers such as 1,234 were kept as texts"),
        ('x,y\n"1,5",1\n', "column 'x': its commas were read as those before fractions"),
        ("x;y\n$1.5;1\n", "column 'x': amounts of money were kept as texts"),
    ):
        path.write_bytes(text.encode("cp1252"))
        (told,) = opened(path)[1]
        assert words in told and str(path) in told
    path.write_text("1,2\n3,4\n")
    assert "HaveHeaders=False keeps it" in opened(path, HaveHeaders=True)[1][0]
    path.write_text("x,y\n1,2\n")
    assert opened(path)[1] == []


def test_what_is_set_is_what_is_done(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a;b\n1,2;3\n")
    assert opened(path, FieldDelimiterCharacters=",")[0] == {"a;b": ("int", [1]), "Field 1": ("string", ["2;3"])}
    assert opened(path, DetectNumericColumns=False)[0] == {"a": ("string", ["1,2"]), "b": ("string", ["3"])}
    assert opened(path, HaveHeaders=False)[0]["Field 0"] == ("string", ["a", "1,2"])


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n\0\1,2\n")
    with pytest.raises(FileError, match=r"a\.csv: .*this is no text"):
        opened(path)


def test_a_file_that_changes_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a\n1\n")
    made = Pipeline()
    made.create(1, "CSVReader", {"FileName": str(path)})
    Executor().execute(made, 1)
    path.write_text("a,b\n1,2\n3,4\n")
    Executor().execute(made, 1)
    assert made.algorithm(1).GetOutputDataObject(0).GetNumberOfRows() == 2


def test_pandas_finds_the_same_in_an_ordinary_file(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas comes with xarray")
    rng, path = np.random.default_rng(1), tmp_path / "a.csv"
    numbers = rng.normal(size=(20_000, 3)) * 10.0 ** rng.integers(-300, 300, (20_000, 3))
    frame = pandas.DataFrame(numbers, columns=["a", "b b", "c"])
    frame["i"] = rng.integers(-(2**62), 2**62, len(frame))
    frame["t"] = np.where(frame["i"] > 0, 'a "quoted", text', "é")
    frame.loc[::7, "a"] = np.nan
    frame.to_csv(path, index=False)
    found, told = opened(path)
    assert told == []
    for name in frame:
        assert np.array_equal(found[name][1], frame[name].to_numpy(), equal_nan=name in "abc"), name


@pytest.mark.deep
def test_large_tables_take_no_longer_than_by_the_reader_of_vtk(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(("i", "x", "y", "z", "t"))
        rows.writerows((i, i / 7, i / 11, i / 13, f"text {i % 7}") for i in range(1_500_000))
    took = []
    for name, more in (("CSVReader", {}), ("vtkDelimitedTextReader", {"FieldDelimiterCharacters": ","})):
        reader = construct(name)
        set_properties(reader, {"FileName": str(path), "HaveHeaders": True, "DetectNumericColumns": True, **more})
        assert name != "vtkDelimitedTextReader" or isinstance(reader, vtkDelimitedTextReader)
        begun = time.monotonic()
        reader.Update()
        took.append(time.monotonic() - begun)
        assert reader.GetOutputDataObject(0).GetNumberOfRows() == 1_500_000
    assert took[0] < 1.5 * took[1], took
